/** Takes in the forms of the pages: asks for a text, checks a code, and goes back to a page by GET. */

import { tellForeignForm } from "../request/fail-closed";
import type { CodeFlow, Survey } from "../flows/code-flow";
import type { Channel } from "../outcome/channel";
import type { EmitEvent } from "../outcome/events";
import { leaveSession, sessionOf } from "../session/session";
import type { Settings } from "../options/settings";
import { queryOf } from "./visit/demand";
import type { PostedForm } from "./posted-form";
import type { Renderer } from "./renderer";
import { flashOf, flashOfAsking, flashQuery, type FlashKind, type FlashSeals } from "./visit/flash";
import { undouble, slipIn } from "./typed-code";
import { PAGE_PATHS, type Visit } from "./visit/visit";
import { leadOn, redirect } from "./response";

/** What forms are taken in by. */
export interface CodeFormsParts {
  settings: Settings;
  codeFlow: CodeFlow;
  seals: FlashSeals;
  renderer: Renderer;
  emit: EmitEvent;
}

// The box beside the code; after a mistake it stands as it was (WCAG 2.2, 3.3.7).
const BOX = "remember";
const TICKED = "on";

/** Whether the box was ticked in the form that led to this address. */
export function isTicked(query: URLSearchParams): boolean {
  return query.get(BOX) === TICKED;
}

export class CodeForms {
  readonly #parts: CodeFormsParts;

  constructor(parts: CodeFormsParts) {
    this.#parts = parts;
  }

  /** Takes in the form that was posted to `path`. */
  async take(visit: Visit, path: string, form: PostedForm): Promise<void> {
    const { codeFlow, emit } = this.#parts;
    const { req } = visit;
    const survey = await codeFlow.survey(req, visit.demand);
    if (!survey.ok) {
      // Also a second click, which the first has left without a session: the page knows.
      leadOn(visit);
    } else if (!form.isOwn()) {
      tellForeignForm(emit, req);
      this.goToPage(visit, { kind: "stale_form" });
    } else if (path === PAGE_PATHS.text) {
      await this.#send(visit, survey, form.channel());
    } else {
      await this.#check(visit, form);
    }
  }

  async #send(
    visit: Visit,
    survey: Extract<Survey, { ok: true }>,
    channel: Channel,
  ): Promise<void> {
    const { req, demand } = visit;
    const { codeFlow } = this.#parts;
    if (survey.isMet) {
      leadOn(visit);
      return;
    }
    const { purpose } = demand;
    const issued = await codeFlow.request(req, { channel, purpose, fresh: true }, { isForm: true });
    if (!issued.ok && issued.code === "unavailable")
      await this.#parts.renderer.refuse(visit, issued, this.#parts.renderer.localeFor(req, survey));
    else this.goToPage(visit, flashOfAsking(issued, channel));
  }

  async #check(visit: Visit, form: PostedForm): Promise<void> {
    const { req, res } = visit;
    const { codeFlow, settings } = this.#parts;
    const { codeLength } = settings;
    const typed = form.field("auth_code");
    const isToRemember = settings.remember !== undefined && form.field(BOX) === TICKED;
    const fields = {
      auth_code: undouble(typed, codeLength),
      ...(isToRemember && { remember: true }),
    };
    const answered = await codeFlow.validate(req, fields, res);
    if (!answered.ok && answered.code === "unavailable") {
      await this.#parts.renderer.refuse(visit, answered);
      return;
    }
    if (!answered.ok && answered.isSuperseded === true) {
      // A second click: the page knows what came of the first.
      leaveSession(req);
      leadOn(visit);
      return;
    }
    if (answered.ok) leadOn(visit);
    else this.goToPage(visit, flashOf(answered, slipIn(typed, codeLength)), isToRemember);
  }

  /** Goes to the page by GET, so that neither reload nor Back posts anything again. */
  goToPage(
    { req, res, base, demand }: Visit,
    told?: { kind: FlashKind; retryAfter?: number },
    isToRemember = false,
  ): void {
    if (told === undefined) {
      redirect(res, `${base}/${queryOf(demand)}`);
      return;
    }
    const notice = flashQuery(told, this.#parts.seals, sessionOf(req).id);
    const more = { ...notice, ...(isToRemember && { [BOX]: TICKED }) };
    redirect(res, `${base}/${queryOf(demand, more)}`);
  }
}
