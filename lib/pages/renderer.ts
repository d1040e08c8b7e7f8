/** Draws pages for a visit, and answers with them. */

import type { Request, Response } from "express";
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { OpenChallenge } from "../flows/issuer";
import { readTarget, targetOf } from "../http/request-target";
import { answerJson, tellRetry } from "../http/response";
import { LONGEST_MARK } from "../options/guard-settings";
import { statusOf, TwoFactorError } from "../outcome/errors";
import type { EmitEvent } from "../outcome/events";
import type { PageSettings } from "../options/page-settings";
import { refusal, type Refusal } from "../outcome/refusal";
import { tellRefused } from "../request/fail-closed";
import { Languages } from "../std/language";
import type { Settings } from "../options/settings";
import { queryOf } from "./visit/demand";
import { leaveSession } from "../session/session";
import { newsOf } from "./views/delivery-line";
import { drawLayout, LayoutFault } from "./views/layout";
import { TOKEN_FIELD, type FormTokens } from "./form-token";
import { html } from "../std/html";
import { goOnPage, messagePage } from "./views/message-page";
import { returnPath } from "./visit/return-to";
import { SCRIPT } from "./views/script";
import { styleSheet } from "./views/style";
import type { Page, View } from "./views/view";
import { asksForNews, PAGE_PATHS, type Visit } from "./visit/visit";
import { PAGE_WORDS } from "./words/locale";
import { readPageWords } from "./words/own-words";
import type { PageWords } from "../options/page-words";
import { redirect, writePage } from "./response";

/** What pages are drawn by. */
export interface RendererParts {
  settings: Settings;
  pages: PageSettings;
  tokens: FormTokens;
  emit: EmitEvent;
}

export class Renderer {
  readonly #parts: RendererParts;
  /** The style sheet. */
  readonly style: string;
  readonly #versions: { style: string; script: string };
  readonly #languages: Languages<PageWords>;

  constructor(parts: RendererParts) {
    this.#parts = parts;
    this.style = styleSheet(parts.pages.classPrefix);
    this.#languages = new Languages<PageWords>(PAGE_WORDS, readPageWords(parts.settings.pageWords));
    this.#versions = { style: versionOf(this.style), script: versionOf(SCRIPT) };
  }

  /** The language that the visitor reads. */
  localeFor(
    req: IncomingMessage,
    survey?: { ok: true; locale: string | undefined } | { ok: false },
  ): string {
    const tag = survey?.ok === true ? survey.locale : undefined;
    return this.#languages.choose({ tags: [tag], acceptLanguage: req.headers["accept-language"] });
  }

  /** Shows why there is nothing to enter. */
  async refuse(visit: Visit, refused: Refusal, locale = this.localeFor(visit.req)): Promise<void> {
    const { req, res, demand } = visit;
    const { pages } = this.#parts;
    const view = this.view(visit, locale);
    const { words } = view;
    const { code } = refused;
    const { logInPath } = pages;
    // A guard in front of the log-in itself would send the browser in circles.
    if (code === "not_signed_in" && logInPath !== undefined && !isAt(req, logInPath)) {
      await this.goOn(visit, withReturn(logInPath, demand.returnTo), locale);
      return;
    }
    tellRetry(res, refused);
    const text =
      code === "not_signed_in"
        ? { title: words.signInTitle, text: words.signIn }
        : code === "no_number"
          ? { title: words.noNumberTitle, text: words.noNumber }
          : { title: words.troubleTitle, text: troubleIn(words, code) + words.stop.trimEnd() };
    // Nothing is left to be confirmed, as after Back: the way on is the app's.
    const link = { href: pages.homePath, text: words.submit };
    const way = code === "invalid_request" ? { link } : wayWithoutNumber(view, code);
    await this.write(visit, view, messagePage(view, { ...text, ...way }), statusOf(code));
  }

  /**
   * Leads on to a path of the app. After a form by a page in between: browsers hold `form-action` against
   * all redirects behind a form, and the app may well send the browser on to another site (CSP 3, 6.4.1).
   */
  async goOn(visit: Visit, to: string, locale: string): Promise<void> {
    if (!visit.isAfterForm) {
      redirect(visit.res, to);
      return;
    }
    const view = this.view(visit, locale);
    await this.write(visit, view, goOnPage(view, to), 200);
  }

  /**
   * Tells the script of a page that is open what has become of its text, where it is that which asks. It
   * leaves the session alone, for a right code may renew that meanwhile.
   */
  tellNews({ req, res }: Visit, challenge: OpenChallenge | undefined, locale: string): boolean {
    if (this.#parts.settings.deliveryStatus === undefined || !asksForNews(req)) return false;
    leaveSession(req);
    const news =
      challenge === undefined ? null : newsOf(challenge, this.#languages.wordsOf(locale));
    answerJson(res, { news });
    return true;
  }

  /** Answers with a page in its frame. */
  async write(visit: Visit, view: View, page: Page, status: number): Promise<void> {
    const { req, res, base } = visit;
    const { layout } = this.#parts.pages;
    const assets = {
      style: `${base}${PAGE_PATHS.style}?v=${this.#versions.style}`,
      script: `${base}${PAGE_PATHS.script}?v=${this.#versions.script}`,
    };
    try {
      const document = await drawLayout(page, view, { req: req as Request, assets, layout });
      writePage(res, document, { status, isFramed: layout !== undefined });
    } catch (error) {
      if (!(error instanceof LayoutFault)) throw error;
      const refused = this.#tellLayoutFault(req, error);
      tellRetry(res, refused);
      const { words } = view;
      const told = { title: words.troubleTitle, text: words.unavailable + words.stop.trimEnd() };
      const parts = { req: req as Request, assets, layout: undefined };
      const document = await drawLayout(messagePage(view, told), view, parts);
      writePage(res, document, { status: statusOf(refused.code), isFramed: false });
    }
  }

  #tellLayoutFault(req: IncomingMessage, { reason, message, cause }: LayoutFault): Refusal {
    const sentence = `${message} A page of trouble is shown in its place.`;
    const error = new TwoFactorError("unavailable", sentence, { reason, cause });
    return tellRefused(this.#parts.emit, req, refusal("unavailable"), error);
  }

  /** What a page of this visit is drawn with; its forms are tied to the session, where there is one. */
  view({ req, res, base, demand }: Visit, locale: string, sessionId?: string): View {
    const { settings, pages, tokens } = this.#parts;
    const { csrf, classPrefix, logOutPath, supportUrl, endSessionsPath } = pages;
    const appFields =
      typeof csrf === "function" ? csrf(req as Request, res as unknown as Response) : {};
    const isOurs = csrf === undefined && sessionId !== undefined;
    const token = isOurs ? { [TOKEN_FIELD]: tokens.make(sessionId) } : {};
    const query = queryOf(demand);
    return {
      words: this.#languages.wordsOf(locale),
      locale,
      appName: settings.appName,
      codeLength: settings.codeLength,
      isCallable: settings.channels.has("call"),
      prefix: classPrefix,
      hidden: hiddenFields({ ...appFields, ...token }),
      appHidden: hiddenFields(appFields),
      actions: {
        code: base + PAGE_PATHS.code + query,
        text: base + PAGE_PATHS.text + query,
      },
      numberActions: {
        number: base + PAGE_PATHS.number + query,
        code: base + PAGE_PATHS.numberCode + query,
        text: base + PAGE_PATHS.numberText + query,
      },
      // It stands for the plain second factor, not for what one code is to confirm.
      recoveryPath:
        settings.recovery !== undefined && demand.purpose === ""
          ? base + PAGE_PATHS.recovery + query
          : undefined,
      newNumberPath:
        settings.recovery !== undefined && pages.savePhone !== undefined && demand.purpose !== ""
          ? base + PAGE_PATHS.number + queryOf({ ...demand, purpose: "", maxAge: LONGEST_MARK })
          : undefined,
      recoveryActions: {
        code: base + PAGE_PATHS.recovery + query,
        make: base + PAGE_PATHS.recoveryCodes + query,
      },
      logOutPath,
      supportUrl,
      alternatives: () =>
        pages.alternatives?.(req as Request).filter(({ href }) => isLinkable(href)) ?? [],
      endSessionsPath,
    };
  }
}

// A link that runs a script would get round the policy of an app that has a loose one.
function isLinkable(href: string): boolean {
  return href.startsWith("https://") || returnPath(href, []) !== undefined;
}

// Whose number is gone may have kept recovery codes.
function wayWithoutNumber({ recoveryPath, words }: View, code: Refusal["code"]) {
  if (code !== "no_number" || recoveryPath === undefined) return {};
  return { link: { href: recoveryPath, text: words.useRecovery } };
}

function troubleIn(words: PageWords, code: Refusal["code"]): string {
  if (code === "unavailable") return words.unavailable;
  if (code === "cross_site") return words.foreignForm;
  return code === "invalid_number" ? words.invalidNumber : words.staleForm;
}

function hiddenFields(fields: Record<string, string>) {
  return html`${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )}`;
}

function isAt(req: IncomingMessage, page: string): boolean {
  return readTarget(page).trimmed.toLowerCase() === targetOf(req).trimmed.toLowerCase();
}

function withReturn(path: string, returnTo: string | undefined): string {
  if (returnTo === undefined) return path;
  return `${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams({ returnTo }).toString()}`;
}

function versionOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}
