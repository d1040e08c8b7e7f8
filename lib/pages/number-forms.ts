/** Shows the number page and takes in its forms: a number, a text once more, the code from the text. */

import { tellForeignForm } from "../request/fail-closed";
import { PROOF_AGE, type EnrolmentFlow, type EnrolmentSurvey } from "../flows/enrolment-flow";
import type { Channel } from "../outcome/channel";
import type { EmitEvent } from "../outcome/events";
import type { Issued } from "../flows/issuer";
import type { PageSettings } from "../options/page-settings";
import type { Refusal } from "../outcome/refusal";
import { leaveSession, sessionOf } from "../session/session";
import type { Settings } from "../options/settings";
import { codePage } from "./views/code-page";
import { queryOf } from "./visit/demand";
import type { PostedForm } from "./posted-form";
import type { Renderer } from "./renderer";
import { mistakeOf } from "./views/mistake";
import {
  flashOf,
  flashOfAsking,
  flashQuery,
  type Flash,
  type FlashKind,
  type FlashSeals,
} from "./visit/flash";
import { numberPage, savedPage, type NumberMistake } from "./views/number-page";
import { undouble, slipIn } from "./typed-code";
import type { View } from "./views/view";
import { PAGE_PATHS, queryIn, type Visit } from "./visit/visit";
import { leadOn, redirect } from "./response";

/** What the number page works with. */
export interface NumberFormsParts {
  settings: Settings;
  pages: PageSettings;
  enrolment: EnrolmentFlow;
  seals: FlashSeals;
  renderer: Renderer;
  emit: EmitEvent;
}

type Surveyed = Extract<EnrolmentSurvey, { ok: true }>;

// Mistakes in the number itself, which are told beside the field.
const IN_NUMBER: ReadonlySet<string> = new Set([
  "invalid_number",
  "country_not_allowed",
  "cannot_text_number",
] satisfies (FlashKind & Refusal["code"])[]);

export class NumberForms {
  readonly #parts: NumberFormsParts;

  constructor(parts: NumberFormsParts) {
    this.#parts = parts;
  }

  /** Shows where the user stands. Sends nothing, checks nothing, changes nothing. */
  async show(visit: Visit): Promise<void> {
    const { req } = visit;
    const { seals, renderer } = this.#parts;
    const survey = await this.#survey(visit);
    if (survey === undefined) return;
    const locale = renderer.localeFor(req, survey);
    if (renderer.tellNews(visit, survey.challenge, locale)) return;
    const session = sessionOf(req);
    const query = queryIn(req);
    const sealed = query.get("notice");
    const notice = seals.open(sealed, session.id) ?? seals.open(sealed, ownerOf(survey.subject));
    if (notice?.kind === "number_saved") return this.#showSaved(visit, survey);
    if (!survey.isPermitted) {
      this.#askForProof(visit, survey);
      return;
    }
    // A notice of the session before: Back, or another tab, from where the number was not proved yet.
    if (query.has("notice") && notice === undefined && isOver(survey)) {
      leadOn(visit);
      return;
    }
    const view = renderer.view(visit, locale, session.id);
    session.begin();
    const { challenge } = survey;
    if (challenge === undefined || query.has("other")) return this.#form(visit, survey, { notice });
    const { numberActions } = view;
    const otherNumber = addressOf(visit, { other: "1" });
    const state = {
      to: challenge.to,
      challenge,
      hindrance: undefined,
      isStepUp: false,
      notice,
      otherNumber,
    };
    const page = codePage({ ...view, actions: numberActions }, state);
    await renderer.write(visit, view, page, 200);
  }

  /** Takes in the form that was posted to `path`. */
  async take(visit: Visit, path: string, form: PostedForm): Promise<void> {
    if (!form.isOwn()) {
      await this.#takeStale(visit, path);
      return;
    }
    const survey = await this.#survey(visit);
    if (survey === undefined) return;
    if (!survey.isPermitted) this.#askForProofAgain(visit, survey);
    else if (path === PAGE_PATHS.number)
      await this.#propose(visit, survey, form.field("number").trim());
    else if (path === PAGE_PATHS.numberText) await this.#resend(visit, form.channel());
    else await this.#check(visit, survey, form.field("auth_code"));
  }

  /** Takes in a form that is not of this session, which a code in another tab may have renewed. */
  async #takeStale(visit: Visit, path: string): Promise<void> {
    const survey = await this.#parts.enrolment.survey(visit.req);
    const isDone = survey.ok && survey.isPermitted && isOver(survey) && path !== PAGE_PATHS.number;
    // Also a second click, which the first has left without a session: the page knows.
    if (isDone || !survey.ok) leadOn(visit);
    else {
      tellForeignForm(this.#parts.emit, visit.req);
      this.goTo(visit, { kind: "stale_form" });
    }
  }

  async #propose(visit: Visit, survey: Surveyed, number: string): Promise<void> {
    const { req } = visit;
    const typed = number.slice(0, 64);
    const issued = await this.#parts.enrolment.propose(req, typed);
    if (!issued.ok && IN_NUMBER.has(issued.code))
      await this.#form(visit, survey, { typed, refused: issued });
    else await this.#goOn(visit, issued, "sms");
  }

  async #resend(visit: Visit, channel: Channel): Promise<void> {
    await this.#goOn(visit, await this.#parts.enrolment.resend(visit.req, channel), channel);
  }

  async #goOn(visit: Visit, issued: Issued, channel: Channel): Promise<void> {
    if (!issued.ok && issued.code === "unavailable") await this.#trouble(visit, issued);
    else this.goTo(visit, flashOfAsking(issued, channel));
  }

  async #check(visit: Visit, { isChange }: Surveyed, typed: string): Promise<void> {
    const { req } = visit;
    const { settings, enrolment } = this.#parts;
    const { codeLength } = settings;
    const answered = await enrolment.answer(req, undouble(typed, codeLength));
    if (answered.ok && isChange) {
      this.goTo(visit, { kind: "number_saved" });
    } else if (answered.ok) {
      leadOn(visit);
    } else if (answered.code === "unavailable") {
      await this.#trouble(visit, answered);
    } else if (answered.isSuperseded === true) {
      // A second click: the first has saved the number, and renewed the session.
      leaveSession(req);
      leadOn(visit);
    } else {
      this.goTo(visit, flashOf(answered, slipIn(typed, codeLength)));
    }
  }

  /** Goes to the number page by GET, so that neither reload nor Back posts anything again. */
  goTo(visit: Visit, told?: { kind: FlashKind; retryAfter?: number }): void {
    const { req, res } = visit;
    const query = told && flashQuery(told, this.#parts.seals, sessionOf(req).id);
    redirect(res, addressOf(visit, query));
  }

  async #survey(visit: Visit): Promise<Surveyed | undefined> {
    const survey = await this.#parts.enrolment.survey(visit.req);
    if (survey.ok) return survey;
    await this.#trouble(visit, survey);
    return undefined;
  }

  async #trouble(visit: Visit, refused: Refusal): Promise<void> {
    await this.#parts.renderer.refuse(visit, refused);
  }

  // Sends to the code page for a proof of the present number, or to where recovery codes are taken, and from there
  // back here.
  #askForProof(visit: Visit, { isChange }: Surveyed): void {
    const demand = { purpose: "", maxAge: PROOF_AGE, returnTo: addressOf(visit) };
    const page = isChange ? PAGE_PATHS.page : PAGE_PATHS.recovery;
    redirect(visit.res, visit.base + page + queryOf(demand));
  }

  // A form came too late: told of there, and once more where the number has to be entered again.
  #askForProofAgain(visit: Visit, survey: Surveyed): void {
    if (!survey.isChange) {
      this.#askForProof(visit, survey);
      return;
    }
    const { subject } = survey;
    const { seals } = this.#parts;
    const again = flashQuery({ kind: "number_again" }, seals, ownerOf(subject));
    const demand = { purpose: "", maxAge: PROOF_AGE, returnTo: addressOf(visit, again) };
    const first = flashQuery({ kind: "proof_first" }, seals, sessionOf(visit.req).id);
    redirect(visit.res, `${visit.base}/${queryOf(demand, first)}`);
  }

  async #form(
    visit: Visit,
    survey: Surveyed,
    {
      notice,
      typed = "",
      refused,
    }: { notice?: Flash | undefined; typed?: string; refused?: Refusal },
  ): Promise<void> {
    const { req } = visit;
    const { renderer } = this.#parts;
    const view = renderer.view(visit, renderer.localeFor(req, survey), sessionOf(req).id);
    const told =
      refused === undefined ? notice : { kind: flashOf(refused, "unavailable").kind, until: 0 };
    const mistake = told && mistakeIn(told, view);
    const isAgain = notice?.kind === "number_again";
    const page = numberPage(view, { isChange: survey.isChange, typed, mistake, isAgain });
    await renderer.write(visit, view, page, refused === undefined ? 200 : 422);
  }

  async #showSaved(visit: Visit, survey: Surveyed): Promise<void> {
    const { req, demand } = visit;
    const { renderer, pages } = this.#parts;
    const view = renderer.view(visit, renderer.localeFor(req, survey));
    const goOn = demand.returnTo ?? pages.homePath;
    await renderer.write(visit, view, savedPage(view, { to: survey.to, goOn }), 200);
  }
}

// A proof renews the session, so what is told behind it is sealed for the user.
function ownerOf(subject: string): string {
  return `user/${subject}`;
}

function addressOf({ base, demand }: Visit, more: Record<string, string> = {}): string {
  return base + PAGE_PATHS.number + queryOf(demand, more);
}

// Nothing is left to do where a number was proved just now, and no code is waited for.
function isOver({ isChange, challenge }: Surveyed): boolean {
  return isChange && challenge === undefined;
}

function mistakeIn(notice: Flash, view: View): NumberMistake | undefined {
  const { words } = view;
  const mistake = mistakeOf(notice, view, undefined);
  if (mistake === undefined) return undefined;
  const isAboutNumber = IN_NUMBER.has(notice.kind);
  // Where a number is asked for, there is no code to enter any more.
  if (mistake.isAboutCode) return { message: words.codeExpired, isAboutNumber };
  // The word of the code page is about a number on record.
  if (notice.kind === "invalid_number") return { message: words.numberWrong, isAboutNumber };
  return { message: mistake.message, isAboutNumber };
}
