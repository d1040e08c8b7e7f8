/** Takes in the forms of the pages: asks for a text, checks a code, and goes back to a page by GET. */

import type { IncomingMessage } from "node:http";
import { tellForeignForm, tellRefused } from "../request/fail-closed";
import type { CodeFlow, Survey } from "../flows/code-flow";
import type { EmitEvent } from "../outcome/events";
import { ownProperty } from "../std/own-property";
import type { PageSettings } from "../options/page-settings";
import { refusal } from "../outcome/refusal";
import { leaveSession, sessionOf } from "../session/session";
import type { Settings } from "../options/settings";
import { readBody, type BodyReading } from "../http/body";
import { addVary, isSameOrigin } from "../http/same-origin";
import { queryOf } from "./visit/demand";
import { TOKEN_FIELD, type Renderer } from "./renderer";
import { flashOf, flashQuery, type FlashKind, type Seals } from "./visit/flash";
import type { NumberForms } from "./number-forms";
import { undouble, slipIn } from "./typed-code";
import { localeFor, NUMBER_PATHS, PAGE_PATHS, type Visit } from "./visit/visit";
import { redirect } from "./response";

/** What forms are taken in by. */
export interface CodeFormsParts {
  settings: Settings;
  pages: PageSettings;
  endpoints: CodeFlow;
  seals: Seals;
  drawer: Renderer;
  /** Absent where the app saves no numbers. */
  numberForms: NumberForms | undefined;
  emit: EmitEvent;
}

export class CodeForms {
  readonly #parts: CodeFormsParts;

  constructor(parts: CodeFormsParts) {
    this.#parts = parts;
  }

  /** Takes in the form that was posted to `path`. */
  async take(visit: Visit, path: string): Promise<void> {
    const { req, res } = visit;
    const { endpoints, emit } = this.#parts;
    addVary(res);
    const body = await this.#read(req);
    if (!body.ok) {
      const refused = tellRefused(emit, req, body);
      await this.#parts.drawer.refuse(visit, refused, localeFor(req, undefined));
      return;
    }
    const token = textIn(body.fields, TOKEN_FIELD);
    const { numberForms } = this.#parts;
    if (numberForms !== undefined && NUMBER_PATHS.includes(path)) {
      if (this.#isOwnForm(req, token))
        await numberForms.take(visit, path, (name) => textIn(body.fields, name) ?? "");
      else await numberForms.takeStale(visit, path);
      return;
    }
    const survey = await endpoints.survey(req, visit.demand);
    if (!survey.ok) {
      // Also a second click, which the first has left without a session: the page knows.
      this.goToPage(visit);
    } else if (!this.#isOwnForm(req, token)) {
      tellForeignForm(emit, req);
      this.goToPage(visit, { kind: "stale_form" });
    } else if (path === PAGE_PATHS.text) {
      await this.#text(visit, survey);
    } else {
      await this.#check(visit, textIn(body.fields, "auth_code") ?? "");
    }
  }

  /** The fields of a form, if a page of this origin may have sent it. */
  async #read(req: IncomingMessage): Promise<BodyReading> {
    const { settings, pages } = this.#parts;
    if (!isSameOrigin(req, settings.trustedOrigins)) return refusal("cross_site");
    const body = await readBody(req);
    if (!body.ok || pages.csrf !== undefined) return body;
    return textIn(body.fields, TOKEN_FIELD) === undefined ? refusal("cross_site") : body;
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
    else this.goToPage(visit, flashOf(issued, "code_expired"));
  }

  async #check(visit: Visit, typed: string): Promise<void> {
    const { req, res, demand } = visit;
    const { endpoints, pages, settings } = this.#parts;
    const { codeLength } = settings;
    const answered = await endpoints.validate(req, { auth_code: undouble(typed, codeLength) });
    if (!answered.ok && answered.code === "unavailable") {
      await this.#parts.drawer.refuse(visit, answered, localeFor(req, undefined));
      return;
    }
    if (!answered.ok && answered.isSuperseded === true) {
      // A second click: the page knows what came of the first.
      leaveSession(req);
      this.goToPage(visit);
      return;
    }
    if (!answered.ok) {
      this.goToPage(visit, flashOf(answered, slipIn(typed, codeLength)));
      return;
    }
    const survey = await endpoints.survey(req, demand);
    if (survey.ok && survey.isMet) redirect(res, demand.returnTo ?? pages.homePath);
    else this.goToPage(visit);
  }

  /** Goes to the page by GET, so that neither reload nor Back posts anything again. */
  goToPage(
    { req, res, base, demand }: Visit,
    told?: { kind: FlashKind; retryAfter?: number },
  ): void {
    if (told === undefined) {
      redirect(res, `${base}/${queryOf(demand)}`);
      return;
    }
    const notice = flashQuery(told, this.#parts.seals, sessionOf(req).id);
    redirect(res, `${base}/${queryOf(demand, notice)}`);
  }

  #isOwnForm(req: IncomingMessage, token: string | undefined): boolean {
    const { pages, seals } = this.#parts;
    if (pages.csrf !== undefined) return true;
    return token !== undefined && seals.isFormToken(token, sessionOf(req).id);
  }
}

function textIn(fields: object, name: string): string | undefined {
  const value = ownProperty(fields, name);
  return typeof value === "string" ? value : undefined;
}
