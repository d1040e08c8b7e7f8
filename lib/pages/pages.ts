/** Serves the pages below the mount path, and takes in the navigations that the guard refuses. */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { CodeFlow } from "../flows/code-flow";
import type { EnrolmentFlow } from "../flows/enrolment-flow";
import type { RecoverySets } from "../flows/recovery-sets";
import type { EmitEvent } from "../outcome/events";
import type { PageSettings } from "../options/page-settings";
import { LONGEST_MARK } from "../options/guard-settings";
import { refusal, type Refusal } from "../outcome/refusal";
import { networkOf } from "../request/network";
import { sessionOf } from "../session/session";
import type { Settings } from "../options/settings";
import type { Mount } from "../http/mount";
import { failWith, type Next } from "../http/handler";
import type { GuardDemand, GuardPages } from "../http/guard";
import { refuseMethod } from "../http/response";
import { isReading, targetOf } from "../http/request-target";
import { codePage, type CodeState } from "./views/code-page";
import { isStepUp, queryOf, readDemand, type PageQuery } from "./visit/demand";
import { Renderer } from "./renderer";
import { CodeForms, isTicked } from "./code-forms";
import { readPostedForm } from "./posted-form";
import { FormTokens } from "./form-token";
import { tellRefused } from "../request/fail-closed";
import { addVary } from "../http/same-origin";
import type { KeyRing } from "../crypto/keys";
import { warn } from "../std/warning";
import { FlashSeals } from "./visit/flash";
import { NumberForms } from "./number-forms";
import { returnPath } from "./visit/return-to";
import { SCRIPT } from "./views/script";
import { RecoveryForms } from "./recovery-forms";
import {
  isAfterForm,
  NUMBER_PATHS,
  PAGE_PATHS,
  queryIn,
  RECOVERY_PATHS,
  type Visit,
} from "./visit/visit";
import { redirect, writeAsset, type Asset } from "./response";

/** What the pages work with. */
export interface PagesParts {
  settings: Settings;
  pages: PageSettings;
  codeFlow: CodeFlow;
  /** Absent where the app saves no numbers. */
  enrolment: EnrolmentFlow | undefined;
  /** Absent where the app has no recovery codes. */
  recoverySets: RecoverySets | undefined;
  keys: KeyRing;
  emit: EmitEvent;
}

export class Pages implements GuardPages {
  readonly #parts: PagesParts;
  readonly #renderer: Renderer;
  readonly #assets: ReadonlyMap<string, Asset>;
  readonly #codeForms: CodeForms;
  readonly #tokens: FormTokens;
  readonly #seals: FlashSeals;
  readonly #numberForms: NumberForms | undefined;
  readonly #recoveryForms: RecoveryForms | undefined;
  /** What is served below the mount path. */
  readonly paths: readonly string[];
  #hasWarned = false;

  constructor(parts: PagesParts) {
    this.#parts = parts;
    const { keys } = parts;
    this.#tokens = new FormTokens(keys);
    this.#seals = new FlashSeals(keys);
    const renderer = new Renderer({ ...parts, tokens: this.#tokens });
    this.#renderer = renderer;
    const formParts = { ...parts, renderer, seals: this.#seals };
    this.#assets = new Map([
      [PAGE_PATHS.style, { type: "text/css", text: renderer.style }],
      [PAGE_PATHS.script, { type: "text/javascript", text: SCRIPT }],
    ]);
    const { enrolment, recoverySets } = parts;
    this.#numberForms = enrolment && new NumberForms({ ...formParts, enrolment });
    this.#recoveryForms = recoverySets && new RecoveryForms({ ...formParts, sets: recoverySets });
    this.#codeForms = new CodeForms(formParts);
    const unserved = [
      ...(enrolment === undefined ? NUMBER_PATHS : []),
      ...(recoverySets === undefined ? RECOVERY_PATHS : []),
    ];
    this.paths = Object.values<string>(PAGE_PATHS).filter((path) => !unserved.includes(path));
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
    if (!this.paths.includes(path)) return false;
    const base = this.#baseOf(req, mount);
    if (base === undefined) return false;
    // Read while it is there: the client may hang up.
    networkOf(req);
    const asset = this.#assets.get(path);
    if (asset === undefined) this.#answer(this.#visit(req, res, base), path).catch(failWith(next));
    else if (isReading(req)) writeAsset(res, asset);
    else this.#refuseMethod({ req, res }, "GET, HEAD");
    return true;
  }

  /** The address of the page that asks for what a guard demands. */
  addressOf({ base, purpose, maxAge }: GuardDemand): string {
    return `${base}/${queryOf({ purpose, maxAge, returnTo: undefined })}`;
  }

  /** Sends a navigation there, and from there back. */
  takeIn(req: IncomingMessage, res: ServerResponse, { base, purpose, maxAge }: GuardDemand): void {
    const { path, query } = targetOf(req);
    const returnTo = returnPath(path + query, this.#exits(base));
    redirect(res, `${base}/${queryOf({ purpose, maxAge, returnTo })}`);
  }

  /** Sends a navigation of nobody's to the log-in, and from there back. */
  async askToSignIn(req: IncomingMessage, res: ServerResponse, base: string): Promise<void> {
    const { path, query } = targetOf(req);
    const exits = this.#exits(base);
    const demand = { purpose: "", maxAge: LONGEST_MARK, returnTo: returnPath(path + query, exits) };
    const visit = { req, res, base, demand, isAfterForm: false };
    await this.#renderer.refuse(visit, refusal("not_signed_in"));
  }

  /** Tells a navigation that nothing can be checked just now. */
  async tellTrouble(
    req: IncomingMessage,
    res: ServerResponse,
    { base, refused }: { base: string; refused: Refusal },
  ): Promise<void> {
    const visit = this.#visit(req, res, base);
    await this.#renderer.refuse(visit, refused);
  }

  async #answer(visit: Visit, path: string): Promise<void> {
    const { req } = visit;
    if (path === PAGE_PATHS.number && isReading(req) && this.#numberForms !== undefined) {
      await this.#numberForms.show(visit);
    } else if (RECOVERY_PATHS.includes(path) && isReading(req)) {
      await this.#recoveryForms?.show(visit, path);
    } else if (path === PAGE_PATHS.page) {
      if (isReading(req)) await this.#show(visit);
      else this.#refuseMethod(visit, "GET, HEAD");
    } else if (isReading(req)) {
      // The address of a form, opened again from the bar or the history.
      if (NUMBER_PATHS.includes(path)) this.#numberForms?.goTo(visit);
      else this.#codeForms.goToPage(visit);
    } else if (req.method === "POST") {
      await this.#take(visit, path);
    } else {
      this.#refuseMethod(visit, "GET, HEAD, POST");
    }
  }

  /** Takes in a form, and hands it to the page that it belongs to. */
  async #take(visit: Visit, path: string): Promise<void> {
    const { req, res } = visit;
    addVary(res);
    const posted = await readPostedForm(req, { ...this.#parts, tokens: this.#tokens });
    if (!posted.ok) {
      const refused = tellRefused(this.#parts.emit, req, posted);
      await this.#renderer.refuse(visit, refused);
      return;
    }
    const numberForms = NUMBER_PATHS.includes(path) ? this.#numberForms : undefined;
    const recoveryForms = RECOVERY_PATHS.includes(path) ? this.#recoveryForms : undefined;
    await (numberForms ?? recoveryForms ?? this.#codeForms).take(visit, path, posted.form);
  }

  #refuseMethod({ req, res }: Pick<Visit, "req" | "res">, allow: string): void {
    refuseMethod({ req, res, emit: this.#parts.emit }, allow);
  }

  /** Shows the page that the session stands at. Sends nothing, checks nothing, changes nothing. */
  async #show(visit: Visit): Promise<void> {
    const { req, demand } = visit;
    const { codeFlow, pages } = this.#parts;
    const survey = await codeFlow.survey(req, demand);
    const locale = this.#renderer.localeFor(req, survey);
    if (!survey.ok) {
      if (survey.code === "no_number" && this.#numberForms !== undefined) {
        this.#numberForms.goTo(visit);
        return;
      }
      await this.#renderer.refuse(visit, survey, locale);
      return;
    }
    const { isMet, challenge, hindrance, to, description } = survey;
    if (this.#renderer.tellNews(visit, challenge, locale)) return;
    if (isMet) {
      await this.#renderer.goOn(visit, demand.returnTo ?? pages.homePath, locale);
      return;
    }
    const session = sessionOf(req);
    const query = queryIn(req);
    const notice = this.#seals.open(query.get("notice"), session.id);
    const view = this.#renderer.view(visit, locale, session.id);
    session.begin();
    const remember = this.#rememberBox(demand, notice !== undefined && isTicked(query));
    const about = { isStepUp: isStepUp(demand), description, notice, remember };
    const state = { to, challenge, hindrance, ...about };
    await this.#renderer.write(visit, view, codePage(view, state), 200);
  }

  /** A fresh proof is for this once; what a link ticks is not believed. */
  #rememberBox(demand: PageQuery, isTicked: boolean): CodeState["remember"] {
    const { remember } = this.#parts.settings;
    if (remember === undefined || isStepUp(demand)) return undefined;
    return { seconds: remember.maxAge, isTicked };
  }

  #visit(req: IncomingMessage, res: ServerResponse, base: string): Visit {
    const { purposes } = this.#parts.settings;
    const entries = [PAGE_PATHS.number, PAGE_PATHS.recoveryCodes]
      .filter((path) => this.paths.includes(path))
      .map((path) => base + path);
    const demand = readDemand(queryIn(req), { purposes, exits: this.#exits(base), entries });
    return { req, res, base, demand, isAfterForm: isAfterForm(req) };
  }

  #exits(base: string): string[] {
    const { logInPath, logOutPath } = this.#parts.pages;
    return [base, logInPath, logOutPath].flatMap((path) => path?.split("?", 1) ?? []);
  }

  /** Where the pages stand for this request. At the root of the app they would hide its first page. */
  #baseOf(req: IncomingMessage, mount: Mount): string | undefined {
    const base = mount.baseOf(req);
    if (base !== undefined && base !== "") return returnPath(base, []);
    if (!this.#hasWarned) {
      this.#hasWarned = true;
      warn(
        "`pages` needs a mount path of its own, such as /2fa: none is served.",
        "SMS2FA_PAGES_AT_ROOT",
      );
    }
    return undefined;
  }
}
