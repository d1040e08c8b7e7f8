/** Shows the number page and takes in its forms: a number, a text once more, the code from the text. */

import { PROOF_AGE, type Enrolment, type EnrolmentSurvey } from "../../enrolment";
import type { Issued } from "../../issuer";
import type { SettledPages } from "../../page-settings";
import type { Refusal } from "../../refusal";
import { leaveSession, sessionOf } from "../../session";
import type { Settings } from "../../settings";
import { codePage } from "./code-page";
import { queryOf } from "./demand";
import type { Drawer } from "./drawer";
import { mistakeOf } from "./mistake";
import { noticeOf, noticeQuery, type Notice, type NoticeKind, type Seals } from "./notice";
import { numberPage, savedPage } from "./number-page";
import { once, slipIn } from "./typed-code";
import { localeFor, PAGE_PATHS, queryIn, type Visit } from "./visit";
import { redirect } from "./writing";

/** What the number page works with. */
export interface NumberFormsParts {
  settings: Settings;
  pages: SettledPages;
  enrolment: Enrolment;
  seals: Seals;
  drawer: Drawer;
}

type Surveyed = Extract<EnrolmentSurvey, { ok: true }>;

// Mistakes in what was typed, which are told beside the field.
const TYPED: Partial<Record<Refusal["code"], true>> = {
  invalid_number: true,
  country_not_allowed: true,
  cannot_text_number: true,
};

export class NumberForms {
  readonly #parts: NumberFormsParts;

  constructor(parts: NumberFormsParts) {
    this.#parts = parts;
  }

  /** Shows where the user stands. Sends nothing, checks nothing, changes nothing. */
  async show(visit: Visit): Promise<void> {
    const { req } = visit;
    const { seals, drawer } = this.#parts;
    const survey = await this.#survey(visit);
    if (survey === undefined) return;
    const locale = localeFor(req, survey);
    const session = sessionOf(req);
    const query = queryIn(req);
    const notice = seals.open(query.get("notice"), session.id);
    if (notice?.kind === "number_saved") return this.#showSaved(visit, survey);
    if (!survey.isPermitted) {
      this.#askForProof(visit);
      return;
    }
    const view = drawer.view(visit, locale, session.id);
    session.begin();
    const { challenge } = survey;
    if (challenge === undefined || query.has("other")) return this.#form(visit, survey, { notice });
    const { numberActions } = view;
    const otherNumber = addressOf(visit, { other: "1" });
    const state = { to: challenge.to, challenge, isStepUp: false, notice, otherNumber };
    const page = codePage({ ...view, actions: numberActions }, state);
    await drawer.write(visit, view, page, 200);
  }

  /** Takes in a form whose origin and token are in order. */
  async take(visit: Visit, path: string, field: (name: string) => string): Promise<void> {
    const survey = await this.#survey(visit);
    if (survey === undefined) return;
    if (!survey.isPermitted) this.#askForProof(visit);
    else if (path === PAGE_PATHS.number) await this.#propose(visit, survey, field("number").trim());
    else if (path === PAGE_PATHS.numberText) await this.#resend(visit, survey);
    else await this.#check(visit, survey, field("auth_code"));
  }

  async #propose(visit: Visit, survey: Surveyed, number: string): Promise<void> {
    const { req } = visit;
    const typed = number.slice(0, 64);
    const issued = await this.#parts.enrolment.propose(req, typed, localeFor(req, survey));
    if (!issued.ok && TYPED[issued.code])
      await this.#form(visit, survey, { typed, refused: issued });
    else await this.#goOn(visit, issued);
  }

  async #resend(visit: Visit, survey: Surveyed): Promise<void> {
    const { req } = visit;
    await this.#goOn(visit, await this.#parts.enrolment.resend(req, localeFor(req, survey)));
  }

  async #goOn(visit: Visit, issued: Issued): Promise<void> {
    if (!issued.ok && issued.code === "unavailable") await this.#trouble(visit, issued);
    else if (issued.ok) this.goTo(visit, { kind: issued.status === "sent" ? "sent" : "pending" });
    else this.goTo(visit, noticeOf(issued, "code_expired"));
  }

  async #check(visit: Visit, { isChange }: Surveyed, typed: string): Promise<void> {
    const { req, res, base, demand } = visit;
    const { settings, enrolment } = this.#parts;
    const { codeLength } = settings;
    const answered = await enrolment.answer(req, once(typed, codeLength));
    if (answered.ok && isChange) {
      this.goTo(visit, { kind: "number_saved" });
    } else if (answered.ok) {
      // The page knows whether all is proved that was asked for.
      redirect(res, `${base}/${queryOf(demand)}`);
    } else if (answered.code === "unavailable") {
      await this.#trouble(visit, answered);
    } else if (answered.isSuperseded === true) {
      // A second click: the first has saved the number, and renewed the session.
      leaveSession(req);
      redirect(res, `${base}/${queryOf(demand)}`);
    } else {
      this.goTo(visit, noticeOf(answered, slipIn(typed, codeLength)));
    }
  }

  /** Goes to the number page by GET, so that neither reload nor Back posts anything again. */
  goTo(visit: Visit, told?: { kind: NoticeKind; retryAfter?: number }): void {
    const { req, res } = visit;
    const query = told && noticeQuery(told, this.#parts.seals, sessionOf(req).id);
    redirect(res, addressOf(visit, query));
  }

  async #survey(visit: Visit): Promise<Surveyed | undefined> {
    const survey = await this.#parts.enrolment.survey(visit.req);
    if (survey.ok) return survey;
    await this.#trouble(visit, survey);
    return undefined;
  }

  async #trouble(visit: Visit, refused: Refusal): Promise<void> {
    await this.#parts.drawer.refuse(visit, refused, localeFor(visit.req, undefined));
  }

  // Sends to the code page for a proof of the present number, and from there back here.
  #askForProof(visit: Visit): void {
    const demand = { purpose: "", maxAge: PROOF_AGE, returnTo: addressOf(visit) };
    redirect(visit.res, `${visit.base}/${queryOf(demand)}`);
  }

  async #form(
    visit: Visit,
    survey: Surveyed,
    {
      notice,
      typed = "",
      refused,
    }: { notice?: Notice | undefined; typed?: string; refused?: Refusal },
  ): Promise<void> {
    const { req } = visit;
    const { drawer } = this.#parts;
    const view = drawer.view(visit, localeFor(req, survey), sessionOf(req).id);
    const { words } = view;
    const told =
      refused === undefined ? notice : { kind: noticeOf(refused, "unavailable").kind, until: 0 };
    const mistake =
      told?.kind === "invalid_number"
        ? words.numberWrong
        : told && mistakeOf(told, view, undefined)?.message;
    const page = numberPage(view, { isChange: survey.isChange, typed, mistake });
    await drawer.write(visit, view, page, refused === undefined ? 200 : 422);
  }

  async #showSaved(visit: Visit, survey: Surveyed): Promise<void> {
    const { req, demand } = visit;
    const { drawer, pages } = this.#parts;
    const view = drawer.view(visit, localeFor(req, survey));
    const goOn = demand.returnTo ?? pages.homePath;
    await drawer.write(visit, view, savedPage(view, { to: survey.to, goOn }), 200);
  }
}

function addressOf({ base, demand }: Visit, more: Record<string, string> = {}): string {
  return base + PAGE_PATHS.number + queryOf(demand, more);
}
