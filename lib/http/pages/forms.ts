/** Takes in the forms of the pages: asks for a text, checks a code, and goes back to a page by GET. */

import type { IncomingMessage } from "node:http";
import { circumstances, type Endpoints, type Survey } from "../../endpoints";
import type { EmitEvent } from "../../events";
import { refusal, type Refusal } from "../../refusal";
import { sessionOf } from "../../session";
import type { SettledPages, Settings } from "../../settings";
import { readBody } from "../body";
import { isSameOrigin } from "../same-origin";
import { queryOf } from "./demand";
import { TOKEN_FIELD, type Drawer } from "./drawer";
import type { Notice, NoticeKind, Seals } from "./notice";
import { once, slipIn } from "./typed-code";
import { localeFor, PAGE_PATHS, type Visit } from "./visit";
import { redirect } from "./writing";

/** What forms are taken in by. */
export interface FormsParts {
  settings: Settings;
  pages: SettledPages;
  endpoints: Endpoints;
  seals: Seals;
  drawer: Drawer;
  emit: EmitEvent;
}

export class Forms {
  readonly #parts: FormsParts;

  constructor(parts: FormsParts) {
    this.#parts = parts;
  }

  /** Takes in the form that was posted to `path`. */
  async take(visit: Visit, path: string): Promise<void> {
    const { req } = visit;
    const { settings, endpoints } = this.#parts;
    const locale = localeFor(req, undefined);
    if (!isSameOrigin(req, settings.trustedOrigins)) {
      this.#parts.emit({ type: "refused", code: "cross_site", ...circumstances(req) });
      await this.#parts.drawer.refuse(visit, refusal("cross_site"), locale);
      return;
    }
    const body = await readBody(req);
    if (!body.ok) {
      await this.#parts.drawer.refuse(visit, body, locale);
      return;
    }
    const token = own(body.fields, TOKEN_FIELD);
    if (this.#parts.pages.csrf === undefined && token === undefined) {
      this.#parts.emit({ type: "refused", code: "cross_site", ...circumstances(req) });
      await this.#parts.drawer.refuse(visit, refusal("cross_site"), locale);
      return;
    }
    const survey = await endpoints.survey(req, visit.demand);
    if (!survey.ok) {
      // Also a second click, which the first has left without a session: the page knows.
      this.goToPage(visit);
    } else if (!this.#isOwnForm(req, token)) {
      this.goToPage(visit, { kind: "stale_form" });
    } else if (path === PAGE_PATHS.text) {
      await this.#text(visit, survey);
    } else {
      await this.#check(visit, own(body.fields, "auth_code") ?? "");
    }
  }

  async #text(visit: Visit, survey: Extract<Survey, { ok: true }>): Promise<void> {
    const { req, res, demand } = visit;
    const { endpoints, pages } = this.#parts;
    if (survey.isMet) {
      redirect(res, demand.returnTo ?? pages.homePath);
      return;
    }
    const { purpose } = demand;
    // The user's own language goes first there too.
    const locale = localeFor(req, survey);
    const own = survey.locale === undefined ? { locale } : {};
    const issued = await endpoints.request(req, { purpose, fresh: true, ...own });
    if (!issued.ok && issued.code === "unavailable")
      await this.#parts.drawer.refuse(visit, issued, locale);
    else if (issued.ok)
      this.goToPage(visit, { kind: issued.status === "sent" ? "sent" : "pending" });
    else this.goToPage(visit, noticeOf(issued, "code_expired"));
  }

  async #check(visit: Visit, typed: string): Promise<void> {
    const { req, res, demand } = visit;
    const { endpoints, pages, settings } = this.#parts;
    const { codeLength } = settings;
    const answered = await endpoints.validate(req, { auth_code: once(typed, codeLength) });
    if (!answered.ok && answered.code === "unavailable") {
      await this.#parts.drawer.refuse(visit, answered, localeFor(req, undefined));
      return;
    }
    if (!answered.ok) {
      this.goToPage(visit, noticeOf(answered, slipIn(typed, codeLength)));
      return;
    }
    const survey = await endpoints.survey(req, demand);
    if (survey.ok && survey.isMet) redirect(res, demand.returnTo ?? pages.homePath);
    else this.goToPage(visit);
  }

  /** Goes to the page by GET, so that neither reload nor Back posts anything again. */
  goToPage(
    { req, res, base, demand }: Visit,
    told?: { kind: NoticeKind; retryAfter?: number },
  ): void {
    if (told === undefined) {
      redirect(res, `${base}/${queryOf(demand)}`);
      return;
    }
    const { kind, retryAfter = 0 } = told;
    const until = retryAfter > 0 ? Math.ceil(Date.now() / 1000) + retryAfter : 0;
    const notice: Notice = { kind, until };
    const sealed = this.#parts.seals.seal(notice, sessionOf(req).id);
    redirect(res, `${base}/${queryOf(demand, { notice: sealed })}`);
  }

  #isOwnForm(req: IncomingMessage, token: string | undefined): boolean {
    const { pages, seals } = this.#parts;
    if (pages.csrf !== undefined) return true;
    return token !== undefined && seals.isFormToken(token, sessionOf(req).id);
  }
}

const NOTICE_OF: Partial<Record<Refusal["code"], NoticeKind>> = {
  invalid_request: "code_empty",
  no_challenge: "code_expired",
  too_many_attempts: "too_many_attempts",
  too_many_requests: "too_many_requests",
  invalid_number: "invalid_number",
  country_not_allowed: "country_not_allowed",
  cannot_text_number: "cannot_text_number",
  send_refused: "send_refused",
  factor_disabled: "factor_disabled",
  delivery_failed: "delivery_failed",
};

/** What the page has to tell of a refusal; `slip` is what is wrong with a code that is not right. */
function noticeOf(
  { code, retryAfter, attemptsLeft }: Refusal,
  slip: NoticeKind,
): { kind: NoticeKind; retryAfter?: number } {
  if (code === "wrong_code") return { kind: attemptsLeft === 0 ? "code_spent" : slip };
  const kind = NOTICE_OF[code] ?? "unavailable";
  return retryAfter === undefined ? { kind } : { kind, retryAfter };
}

function own(fields: object, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? (fields as Record<string, unknown>)[name] : undefined;
  return typeof value === "string" ? value : undefined;
}
