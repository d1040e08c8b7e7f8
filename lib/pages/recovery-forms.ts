/** Shows the pages of recovery codes and takes in their forms: a code that is typed, and a set that is made. */

import { randomId } from "../crypto/mac";
import type { CodeFlow } from "../flows/code-flow";
import { FEW_LEFT } from "../flows/recovery-flow";
import { MAKING_AGE, type RecoverySets } from "../flows/recovery-sets";
import type { PageSettings } from "../options/page-settings";
import type { EmitEvent } from "../outcome/events";
import type { Refusal } from "../outcome/refusal";
import { readRecoveryCode } from "../recovery/code";
import { tellForeignForm } from "../request/fail-closed";
import { leaveSession, sessionOf } from "../session/session";
import type { PostedForm } from "./posted-form";
import type { Renderer } from "./renderer";
import { leadOn, redirect } from "./response";
import { mistakeOf, type Mistake } from "./views/mistake";
import { newSetPage, recoveryPage, setPage } from "./views/recovery-page";
import type { View } from "./views/view";
import { queryOf } from "./visit/demand";
import { flashOf, flashQuery, type FlashKind, type FlashSeals } from "./visit/flash";
import { PAGE_PATHS, queryIn, type Visit } from "./visit/visit";

/** What the pages of recovery codes work with. */
export interface RecoveryFormsParts {
  pages: PageSettings;
  codeFlow: CodeFlow;
  sets: RecoverySets;
  seals: FlashSeals;
  renderer: Renderer;
  emit: EmitEvent;
}

const SLIPS = {
  empty: "recovery_empty",
  malformed: "recovery_malformed",
  code: "recovery_wrong",
} satisfies Record<string, FlashKind>;

export class RecoveryForms {
  readonly #parts: RecoveryFormsParts;

  constructor(parts: RecoveryFormsParts) {
    this.#parts = parts;
  }

  /** Shows the page at `path`. Spends nothing, makes nothing. */
  async show(visit: Visit, path: string): Promise<void> {
    if (path === PAGE_PATHS.recovery) await this.#showField(visit);
    else await this.#showSet(visit);
  }

  /** Takes in the form that was posted to `path`. */
  async take(visit: Visit, path: string, form: PostedForm): Promise<void> {
    const { sets, emit } = this.#parts;
    const { req } = visit;
    const survey = await sets.survey(req, MAKING_AGE);
    if (!survey.ok) {
      // Also a second click, which the first has left without a session: the page knows.
      this.#goTo(visit, path);
    } else if (!form.isOwn()) {
      tellForeignForm(emit, req);
      this.#goTo(visit, path, { kind: "stale_form" });
    } else if (path === PAGE_PATHS.recovery) {
      await this.#check(visit, form.field("recovery_code"));
    } else if (!survey.isProved) {
      this.#askForProof(visit);
    } else {
      await this.#make(visit, form.field("once"), survey.locale);
    }
  }

  async #showField(visit: Visit): Promise<void> {
    const { req, base, demand } = visit;
    const { sets, renderer } = this.#parts;
    const survey = await sets.survey(req, demand.maxAge);
    if (!survey.ok) return this.#refuse(visit, survey);
    // For a purpose none will do, and where it is proved none is needed: the code page knows the way.
    if (survey.isProved || demand.purpose !== "") {
      leadOn(visit);
      return;
    }
    const { view, mistake } = this.#draw(visit, renderer.localeFor(req, survey));
    const textPath = survey.hasNumber ? `${base}/${queryOf(demand)}` : undefined;
    await renderer.write(visit, view, recoveryPage(view, { mistake, textPath }), 200);
  }

  async #showSet(visit: Visit): Promise<void> {
    const { req } = visit;
    const { sets, renderer } = this.#parts;
    const survey = await sets.survey(req, MAKING_AGE, { isCounted: true });
    if (!survey.ok) return this.#refuse(visit, survey);
    if (!survey.isProved) {
      this.#askForProof(visit);
      return;
    }
    const { view, mistake } = this.#draw(visit, renderer.localeFor(req, survey));
    const { left = 0 } = survey;
    const state = { left, mistake, once: randomId(), goOn: this.#wayOn(visit) };
    await renderer.write(visit, view, setPage(view, state), 200);
  }

  async #check(visit: Visit, typed: string): Promise<void> {
    const { req, res } = visit;
    const answered = await this.#parts.codeFlow.validate(req, { recovery_code: typed }, res);
    if (answered.ok) {
      const { recoveryCodesLeft: left = FEW_LEFT + 1 } = answered;
      if (left > FEW_LEFT) leadOn(visit);
      else this.#goTo(visit, PAGE_PATHS.recoveryCodes);
    } else if (answered.code === "unavailable") {
      await this.#refuse(visit, answered);
    } else if (answered.isSuperseded === true) {
      // A second click: the page knows what came of the first.
      leaveSession(req);
      leadOn(visit);
    } else {
      const slip = SLIPS[readRecoveryCode(typed).kind];
      const told = answered.code === "invalid_request" ? { kind: slip } : flashOf(answered, slip);
      this.#goTo(visit, PAGE_PATHS.recovery, told);
    }
  }

  /** Shows the set in the answer itself, for it is kept nowhere. */
  async #make(visit: Visit, once: string, locale: string | undefined): Promise<void> {
    const { req } = visit;
    const { sets, renderer } = this.#parts;
    const made = await sets.makeOnce(req, once);
    if (!made.ok && made.code === "two_factor_required") this.#askForProof(visit);
    else if (!made.ok) await this.#refuse(visit, made);
    else if (made.codes === undefined)
      this.#goTo(visit, PAGE_PATHS.recoveryCodes, { kind: "recovery_made" });
    else {
      const view = renderer.view(visit, renderer.localeFor(req, { ok: true, locale }));
      const page = newSetPage(view, { codes: made.codes, goOn: this.#wayOn(visit) });
      await renderer.write(visit, view, page, 200);
    }
  }

  #draw(visit: Visit, locale: string): { view: View; mistake: Mistake | undefined } {
    const { req } = visit;
    const { renderer, seals } = this.#parts;
    const session = sessionOf(req);
    const notice = seals.open(queryIn(req).get("notice"), session.id);
    const view = renderer.view(visit, locale, session.id);
    session.begin();
    return { view, mistake: notice && mistakeOf(notice, view, undefined) };
  }

  async #refuse(visit: Visit, refused: Refusal): Promise<void> {
    await this.#parts.renderer.refuse(visit, refused);
  }

  #wayOn({ demand }: Visit): string {
    return demand.returnTo ?? this.#parts.pages.homePath;
  }

  // Sends to the code page for a fresh proof, and from there back here.
  #askForProof({ res, base, demand }: Visit): void {
    const returnTo = base + PAGE_PATHS.recoveryCodes + queryOf(demand);
    redirect(res, `${base}/${queryOf({ purpose: "", maxAge: MAKING_AGE, returnTo })}`);
  }

  /** Goes to a page by GET, so that neither reload nor Back posts anything again. */
  #goTo(
    { req, res, base, demand }: Visit,
    path: string,
    told?: { kind: FlashKind; retryAfter?: number },
  ): void {
    const query = told && flashQuery(told, this.#parts.seals, sessionOf(req).id);
    redirect(res, base + path + queryOf(demand, query));
  }
}
