/** Serves the pages below the mount path, and takes in the navigations that the guard refuses. */

import { createHash } from "node:crypto";
import type { Request, Response } from "express";
import type { IncomingMessage, ServerResponse } from "node:http";
import { circumstances, type Endpoints, type Survey } from "../../endpoints";
import { statusOf } from "../../errors";
import type { EmitEvent } from "../../events";
import { refusal, type Refusal } from "../../refusal";
import { sessionOf } from "../../session";
import type { SettledPages, Settings } from "../../settings";
import { readBody } from "../body";
import type { Mount, Next } from "../mount";
import { isSameOrigin } from "../same-origin";
import { codePage } from "./code-page";
import { isStepUp, queryOf, readDemand, type Demand } from "./demand";
import { frame } from "./frame";
import { html } from "./html";
import { messagePage } from "./message-page";
import type { Notice, NoticeKind, Seals } from "./notice";
import { returnPath } from "./return-path";
import { SCRIPT } from "./script";
import { styleSheet } from "./style";
import { once, slipIn } from "./typed-code";
import type { Page, View } from "./view";
import { choosePageLocale, wordsOf, type PageLocale } from "./words";
import { redirect, refuseMethod, writeAsset, writePage } from "./writing";

/** What is served below the mount path for the pages. */
export const PAGE_PATHS = {
  page: "/",
  code: "/code",
  text: "/text",
  style: "/pages.css",
  script: "/pages.js",
} as const;

/** What the pages work with. */
export interface PagesParts {
  settings: Settings;
  pages: SettledPages;
  endpoints: Endpoints;
  seals: Seals;
  emit: EmitEvent;
}

/** One visit. */
interface Visit {
  req: IncomingMessage;
  res: ServerResponse;
  /** The mount path. */
  base: string;
  demand: Demand;
}

/** The hidden field that ties a form to its session. */
const TOKEN_FIELD = "form_token";

export class Pages {
  readonly #parts: PagesParts;
  readonly #style: string;
  readonly #versions: { style: string; script: string };
  #hasWarned = false;

  constructor(parts: PagesParts) {
    this.#parts = parts;
    this.#style = styleSheet(parts.pages.classPrefix);
    this.#versions = { style: versionOf(this.#style), script: versionOf(SCRIPT) };
  }

  /** Answers what is asked of the pages below `mount`; false where it is nothing of theirs. */
  serve(
    {
      req,
      res,
      path,
      mount,
    }: { req: IncomingMessage; res: ServerResponse; path: string; mount: Mount },
    next: Next,
  ): boolean {
    if (!Object.values<string>(PAGE_PATHS).includes(path)) return false;
    const base = this.#baseOf(req, mount);
    if (base === undefined) return false;
    if (path === PAGE_PATHS.style) writeAsset(req, res, { type: "text/css", text: this.#style });
    else if (path === PAGE_PATHS.script)
      writeAsset(req, res, { type: "text/javascript", text: SCRIPT });
    else this.#answer(this.#visit(req, res, base), path).catch(next);
    return true;
  }

  /** Sends a navigation to the page that asks for what a guard demands, and from there back. */
  takeIn(
    req: IncomingMessage,
    res: ServerResponse,
    { base, purpose, maxAge }: { base: string; purpose: string; maxAge: number },
  ): void {
    const { originalUrl } = req as Partial<Request>;
    const returnTo = returnPath(originalUrl ?? req.url, this.#exits(base));
    redirect(res, `${base}/${queryOf({ purpose, maxAge, returnTo })}`);
  }

  /** Tells a navigation that nothing can be checked just now. */
  async tellTrouble(
    req: IncomingMessage,
    res: ServerResponse,
    { base, refused }: { base: string; refused: Refusal },
  ): Promise<void> {
    const visit = this.#visit(req, res, base);
    await this.#refuse(visit, refused, localeFor(req, undefined));
  }

  async #answer(visit: Visit, path: string): Promise<void> {
    const { req, res } = visit;
    const isReading = req.method === "GET" || req.method === "HEAD";
    if (path === PAGE_PATHS.page) {
      if (isReading) await this.#show(visit);
      else refuseMethod(res, "GET, HEAD");
    } else if (isReading) {
      // The address of a form, opened again from the bar or the history.
      this.#goToPage(visit);
    } else if (req.method === "POST") {
      await this.#act(visit, path);
    } else {
      refuseMethod(res, "POST");
    }
  }

  /** Shows the page that the session stands at. Sends nothing, checks nothing, changes nothing. */
  async #show(visit: Visit): Promise<void> {
    const { req, res, demand } = visit;
    const { endpoints, pages, seals } = this.#parts;
    const survey = await endpoints.survey(req, demand);
    const locale = localeFor(req, survey);
    if (!survey.ok) {
      await this.#refuse(visit, survey, locale);
      return;
    }
    const { isMet, challenge, to } = survey;
    if (isMet) {
      redirect(res, demand.returnTo ?? pages.homePath);
      return;
    }
    const session = sessionOf(req);
    const notice = seals.open(queryIn(req).get("notice"), session.id);
    const view = this.#view(visit, locale, session.id);
    session.begin();
    const state = { to, challenge, isStepUp: isStepUp(demand), notice };
    await this.#write(visit, view, codePage(view, state), 200);
  }

  async #act(visit: Visit, path: string): Promise<void> {
    const { req } = visit;
    const { settings, endpoints } = this.#parts;
    const locale = localeFor(req, undefined);
    if (!isSameOrigin(req, settings.trustedOrigins)) {
      this.#parts.emit({ type: "refused", code: "cross_site", ...circumstances(req) });
      await this.#refuse(visit, refusal("cross_site"), locale);
      return;
    }
    const body = await readBody(req);
    if (!body.ok) {
      await this.#refuse(visit, body, locale);
      return;
    }
    const token = own(body.fields, TOKEN_FIELD);
    if (this.#parts.pages.csrf === undefined && token === undefined) {
      this.#parts.emit({ type: "refused", code: "cross_site", ...circumstances(req) });
      await this.#refuse(visit, refusal("cross_site"), locale);
      return;
    }
    const survey = await endpoints.survey(req, visit.demand);
    if (!survey.ok) {
      // Also a second click, which the first has left without a session: the page knows.
      this.#goToPage(visit);
    } else if (!this.#isOwnForm(req, token)) {
      this.#goToPage(visit, { kind: "stale_form" });
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
    if (!issued.ok && issued.code === "unavailable") await this.#refuse(visit, issued, locale);
    else if (issued.ok)
      this.#goToPage(visit, { kind: issued.status === "sent" ? "sent" : "pending" });
    else this.#goToPage(visit, noticeOf(issued, "code_expired"));
  }

  async #check(visit: Visit, typed: string): Promise<void> {
    const { req, res, demand } = visit;
    const { endpoints, pages, settings } = this.#parts;
    const { codeLength } = settings;
    const answered = await endpoints.validate(req, { auth_code: once(typed, codeLength) });
    if (!answered.ok && answered.code === "unavailable") {
      await this.#refuse(visit, answered, localeFor(req, undefined));
      return;
    }
    if (!answered.ok) {
      this.#goToPage(visit, noticeOf(answered, slipIn(typed, codeLength)));
      return;
    }
    const survey = await endpoints.survey(req, demand);
    if (survey.ok && survey.isMet) redirect(res, demand.returnTo ?? pages.homePath);
    else this.#goToPage(visit);
  }

  /** Goes to the page by GET, so that neither reload nor Back posts anything again. */
  #goToPage(
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

  /** Shows why there is nothing to enter. */
  async #refuse(visit: Visit, refused: Refusal, locale: PageLocale): Promise<void> {
    const { res, demand } = visit;
    const { pages } = this.#parts;
    const view = this.#view(visit, locale);
    const { words } = view;
    const { code, retryAfter } = refused;
    if (code === "not_signed_in" && pages.logInPath !== undefined) {
      redirect(res, withReturn(pages.logInPath, demand.returnTo));
      return;
    }
    if (retryAfter !== undefined) res.setHeader("Retry-After", String(retryAfter));
    const text =
      code === "not_signed_in"
        ? { title: words.signInTitle, text: words.signIn }
        : code === "no_number"
          ? { title: words.noNumberTitle, text: words.noNumber }
          : code === "unavailable"
            ? { title: words.troubleTitle, text: `${words.unavailable}.` }
            : { title: words.troubleTitle, text: `${words.staleForm}.` };
    await this.#write(visit, view, messagePage(view, text), statusOf(code));
  }

  async #write(visit: Visit, view: View, page: Page, status: number): Promise<void> {
    const { req, res, base } = visit;
    const { layout } = this.#parts.pages;
    const assets = {
      style: `${base}${PAGE_PATHS.style}?v=${this.#versions.style}`,
      script: `${base}${PAGE_PATHS.script}?v=${this.#versions.script}`,
    };
    const document = await frame(page, view, { req: req as Request, assets, layout });
    writePage(res, document, { status, isFramed: layout !== undefined });
  }

  #view({ req, res, base, demand }: Visit, locale: PageLocale, sessionId?: string): View {
    const { settings, pages, seals } = this.#parts;
    const { csrf, classPrefix, logOutPath, supportUrl } = pages;
    const appFields =
      typeof csrf === "function" ? csrf(req as Request, res as unknown as Response) : {};
    const isOurs = csrf === undefined && sessionId !== undefined;
    const token = isOurs ? { [TOKEN_FIELD]: seals.formToken(sessionId) } : {};
    const query = queryOf(demand);
    return {
      words: wordsOf(locale),
      locale,
      appName: settings.appName,
      codeLength: settings.codeLength,
      prefix: classPrefix,
      hidden: hiddenFields({ ...appFields, ...token }),
      appHidden: hiddenFields(appFields),
      actions: {
        code: base + PAGE_PATHS.code + query,
        text: base + PAGE_PATHS.text + query,
      },
      logOutPath,
      supportUrl,
    };
  }

  #visit(req: IncomingMessage, res: ServerResponse, base: string): Visit {
    const { purposes } = this.#parts.settings;
    const demand = readDemand(queryIn(req), { purposes, exits: this.#exits(base) });
    return { req, res, base, demand };
  }

  #exits(base: string): string[] {
    const { logInPath, logOutPath } = this.#parts.pages;
    return [base, logInPath, logOutPath].flatMap((path) => path?.split("?", 1) ?? []);
  }

  #isOwnForm(req: IncomingMessage, token: string | undefined): boolean {
    const { pages, seals } = this.#parts;
    if (pages.csrf !== undefined) return true;
    return token !== undefined && seals.isFormToken(token, sessionOf(req).id);
  }

  /** Where the pages stand for this request. At the root of the app they would hide its first page. */
  #baseOf(req: IncomingMessage, mount: Mount): string | undefined {
    const { baseUrl } = req as Partial<Request>;
    const base = this.#parts.settings.path ?? baseUrl ?? mount.paths[0];
    if (base !== undefined && base !== "") return returnPath(base, []);
    if (!this.#hasWarned) {
      this.#hasWarned = true;
      process.emitWarning("`pages` needs a mount path of its own, such as /2fa: none is served.", {
        type: "ExpressSms2faWarning",
        code: "SMS2FA_PAGES_AT_ROOT",
      });
    }
    return undefined;
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

function localeFor(req: IncomingMessage, survey: Survey | undefined): PageLocale {
  const tag = survey?.ok === true ? survey.locale : undefined;
  return choosePageLocale(tag, req.headers["accept-language"]);
}

function queryIn({ url = "" }: IncomingMessage): URLSearchParams {
  const mark = url.indexOf("?");
  return new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
}

function own(fields: object, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? (fields as Record<string, unknown>)[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

function hiddenFields(fields: Record<string, string>) {
  return html`${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )}`;
}

function withReturn(path: string, returnTo: string | undefined): string {
  if (returnTo === undefined) return path;
  return `${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams({ returnTo }).toString()}`;
}

function versionOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}
