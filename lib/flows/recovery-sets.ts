/** Makes recovery codes behind a fresh proof, and tells who may have some made. No HTTP. */

import type { IncomingMessage } from "node:http";
import type { GuardedLedger } from "../ledger/guarded";
import { take } from "../ledger/ledger";
import { MARGIN_MS } from "../limits/attempts";
import { TwoFactorError } from "../outcome/errors";
import type { EmitEvent } from "../outcome/events";
import { refusalOf, type Refusal } from "../outcome/refusal";
import type { RecoveryCodes } from "../recovery/recovery-codes";
import { failClosed, tellRefused } from "../request/fail-closed";
import { factsOf } from "../request/facts";
import { networkOf } from "../request/network";
import type { Passer, Subscribers } from "../request/subscriber";
import { sessionOf } from "../session/session";
import type { Mark } from "../session/state";
import type { Marks } from "../verification/marks";

/** Seconds that the proof may be old behind which a set is made: a stolen password must not make itself a factor. */
export const MAKING_AGE = 300;
// Longer than a proof is fresh enough for the form to be taken again.
const FORM_MS = MAKING_AGE * 1000 + MARGIN_MS;

/** How the signed-in user stands. */
export type RecoverySurvey =
  | {
      ok: true;
      /** Whether the session is verified for the plain second factor, and so recently. */
      isProved: boolean;
      /** Codes that are left, where they were to be counted and it is proved. */
      left: number | undefined;
      /** Whether there is a number on record that can be read. */
      hasNumber: boolean;
      /** BCP 47 tag, as the user has it. */
      locale: string | undefined;
    }
  | Refusal;

/** What a form has made: no codes where it had made them before. */
export type Made = { ok: true; codes: string[] | undefined } | Refusal;

/** What making works with. */
export interface RecoverySetsParts {
  codes: RecoveryCodes;
  ledger: GuardedLedger;
  subscribers: Subscribers;
  marks: Marks;
  emit: EmitEvent;
}

export class RecoverySets {
  readonly #parts: RecoverySetsParts;

  constructor(parts: RecoverySetsParts) {
    this.#parts = parts;
  }

  /** Makes a set in the place of all before. Whatever hinders that is thrown, and told of as an event. */
  async make(req: IncomingMessage): Promise<string[]> {
    const { emit } = this.#parts;
    // Read while it is there: the client may hang up.
    const network = networkOf(req);
    try {
      return await this.#make(await this.#freshlyProved(req), network);
    } catch (error) {
      tellRefused(emit, req, refusalOf(error), error);
      throw error;
    }
  }

  /** The same for a form, which is good for one set: a reload of the answer must not void what it has shown. */
  async makeOnce(req: IncomingMessage, form: string): Promise<Made> {
    const { codes, ledger, emit } = this.#parts;
    const network = networkOf(req);
    return failClosed<Made>(emit, req, async () => {
      const passer = await this.#freshlyProved(req);
      const once = take(codes.nameOf(passer.subject, form), "made", 1, FORM_MS);
      const outcome = await ledger.step({ entries: [once] });
      if (outcome.status !== "ok") return { ok: true, codes: undefined };
      try {
        return { ok: true, codes: await this.#make(passer, network) };
      } catch (error) {
        ledger.undo(outcome);
        throw error;
      }
    });
  }

  /** How the signed-in user stands, to a proof of an age in seconds. Only reads. */
  async survey(
    req: IncomingMessage,
    maxAge: number,
    { isCounted = false } = {},
  ): Promise<RecoverySurvey> {
    const { codes, subscribers, emit } = this.#parts;
    return failClosed<RecoverySurvey>(emit, req, async () => {
      const kept = sessionOf(req).readMarks();
      const found = await subscribers.toPass(req, kept, "");
      if (!found.ok) return found;
      const { passer } = found;
      const isProved = await this.#isProved(passer, kept, maxAge);
      const left = isProved && isCounted ? await codes.left(passer.subject) : undefined;
      const hasNumber = passer.phone !== undefined;
      return { ok: true, isProved, left, hasNumber, locale: passer.locale };
    });
  }

  async #make(passer: Passer, network: string): Promise<string[]> {
    const { codes, emit } = this.#parts;
    const made = await codes.make(passer.subject);
    emit({ type: "recovery_codes_made", ...factsOf(passer, { network }) });
    return made;
  }

  /** The signed-in user, who has just been verified. */
  async #freshlyProved(req: IncomingMessage): Promise<Passer> {
    const kept = sessionOf(req).readMarks();
    const found = await this.#parts.subscribers.toPass(req, kept, "");
    if (!found.ok) {
      throw new TwoFactorError(found.code, "Nobody is signed in: recovery codes are a user's own.");
    }
    if (await this.#isProved(found.passer, kept, MAKING_AGE)) return found.passer;
    throw new TwoFactorError(
      "two_factor_required",
      "Recovery codes are made behind a second factor of the last five minutes: put " +
        `\`require2fa({ maxAge: ${MAKING_AGE} })\` in front.`,
    );
  }

  async #isProved(
    { subject, number: phone }: Passer,
    marks: readonly Mark[],
    maxAge: number,
  ): Promise<boolean> {
    const demand = { marks, subject, phone, purpose: "", description: "", maxAge };
    return (await this.#parts.marks.find(demand)) !== undefined;
  }
}
