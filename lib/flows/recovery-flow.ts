/** Verifies a session by a recovery code, which is spent by that. No HTTP. */

import type { IncomingMessage } from "node:http";
import { countOf, type GuardedLedger, type StepOutcome } from "../ledger/guarded";
import { take, type Take } from "../ledger/ledger";
import type { Attempts } from "../limits/attempts";
import { entriesOf, type Lockout, type LockoutEntries } from "../limits/lockout";
import type { EmitEvent, TwoFactorEvent } from "../outcome/events";
import { refusal, type Refusal } from "../outcome/refusal";
import { readRecoveryCode } from "../recovery/code";
import type { RecoveryCodes } from "../recovery/recovery-codes";
import { tellRefused } from "../request/fail-closed";
import { factsOf, shownIfNumber } from "../request/facts";
import { networkOf } from "../request/network";
import type { Passer, Subscribers } from "../request/subscriber";
import { sessionOf, type Session } from "../session/session";
import { withMark, type SessionState } from "../session/state";
import type { Marks } from "../verification/marks";
import { verificationOf } from "../verification/verification";
import type { Suspicions } from "./suspicions";
import type { Answered } from "./verifier";

/** With so few left an event tells of it, and the pages offer a new set. */
export const FEW_LEFT = 2;

/** What recovery works with. */
export interface RecoveryFlowParts {
  codes: RecoveryCodes;
  ledger: GuardedLedger;
  attempts: Attempts;
  lockout: Lockout;
  suspicions: Suspicions;
  subscribers: Subscribers;
  marks: Marks;
  emit: EmitEvent;
}

/** One submitted code, and who has submitted it. */
interface Submission {
  session: Session;
  passer: Passer;
  about: Partial<TwoFactorEvent>;
  code: string;
}

export class RecoveryFlow {
  readonly #parts: RecoveryFlowParts;

  constructor(parts: RecoveryFlowParts) {
    this.#parts = parts;
  }

  /** Checks a submitted code, and renews and marks the session if it is right: for the plain second factor. */
  async answer(req: IncomingMessage, typed: string): Promise<Answered> {
    const { subscribers, emit } = this.#parts;
    const network = networkOf(req);
    const session = sessionOf(req);
    const found = await subscribers.toPass(req, [], "");
    if (!found.ok) return tellRefused(emit, req, found);
    const { passer } = found;
    const about = { amr: [...AMR], ...factsOf(passer, { network }) };
    const reading = readRecoveryCode(typed);
    // It can't be right, so refusing it tells nothing: a slip of the hand counts for nothing.
    if (reading.kind !== "code") return this.#tellWrong({ about });
    const submission = { session, passer, about, code: reading.code };
    // A session store that does not answer must not cost a code; a session that has ended must not come back.
    if (session.isBegun && !(await session.reload())) return this.#refuse(submission, SUPERSEDED);
    return this.#check(submission);
  }

  /**
   * Counts the code as a wrong one before the store is asked, all or nothing: of any number of parallel codes no more
   * are looked for than may be wrong, and who is shut out spends none. One that was submitted a moment ago is no
   * further guess: it is looked for once, and counts once.
   */
  async #check(submission: Submission): Promise<Answered> {
    const { ledger, attempts, lockout, codes } = this.#parts;
    const { passer, code } = submission;
    const { subject } = passer;
    const counted = lockout.count(subject);
    const first = take(codes.nameOf(subject, code), "submitted", 1, attempts.life);
    const outcome = await ledger.step({ entries: [first, ...entriesOf(counted)] });
    if (outcome.status === "full") {
      const shutOut = lockout.refusalIn(outcome, counted);
      return shutOut === undefined
        ? this.#tellWrongIfHere(submission)
        : this.#refuse(submission, shutOut);
    }
    let isRight: boolean;
    try {
      isRight = await codes.spend(subject, submission.code);
    } catch (error) {
      // Whether it was right is not known, so it was no wrong one.
      ledger.undo(outcome);
      throw error;
    }
    return isRight
      ? this.#right(submission, outcome, counted)
      : this.#wrong(submission, outcome, counted);
  }

  async #wrong(
    submission: Submission,
    outcome: StepOutcome,
    counted: LockoutEntries<Take>,
  ): Promise<Answered> {
    const { ledger, lockout, suspicions, emit } = this.#parts;
    const { passer, about } = submission;
    const isLast = lockout.isLast(outcome, counted);
    if (isLast) emit({ type: "factor_disabled", ...about });
    const longer = lockout.lengthen(outcome, passer.subject, counted);
    // Once in each block: its length must be true before anybody is told of it.
    if (longer !== undefined) await ledger.step({ entries: [longer] });
    const failure = { isLast, isBlocked: longer !== undefined, isExhausted: false };
    suspicions.failRecovery(failure, about, passer.subject);
    return this.#tellWrongIfHere(submission);
  }

  /** Tells that a code is wrong; after a second click, whose first has renewed the session, that alone. */
  async #tellWrongIfHere(submission: Submission): Promise<Refusal> {
    const { session } = submission;
    const isHere = !session.isBegun || (await session.reload().catch(() => true));
    return isHere ? this.#tellWrong(submission) : this.#refuse(submission, SUPERSEDED);
  }

  /** Clears the failures and claims the session. The code stays spent whatever comes: it may be known by now. */
  async #right(
    submission: Submission,
    counted: StepOutcome,
    { failures, row }: LockoutEntries<Take>,
  ): Promise<Answered> {
    const { ledger, attempts, lockout, marks } = this.#parts;
    const { session, passer } = submission;
    const state = session.read();
    const [id] = marks.proofIds(session.id);
    const off = lockout.checkOff(passer.subject);
    const claims = [attempts.claim(id), attempts.checkKept(id), ...off];
    const cleared = [...lockout.clear(passer.subject), ...marks.endAll(state.marks)];
    let outcome: StepOutcome;
    try {
      outcome = await ledger.step({ entries: [...claims, ...cleared] });
    } catch (error) {
      ledger.undo(counted);
      throw error;
    }
    if (outcome.status !== "ok") {
      const isOff = off.some((entry) => countOf(outcome, entry).isFull);
      return this.#refuse(submission, isOff ? refusal("factor_disabled") : SUPERSEDED);
    }
    const before = [failures, row].map((entry) => (entry ? countOf(counted, entry).count - 1 : 0));
    return this.#verify(submission, { state, id, outcome, failures: Math.max(...before) });
  }

  async #verify(
    { session, passer, about }: Submission,
    proved: { state: SessionState; id: string; outcome: StepOutcome; failures: number },
  ): Promise<Answered> {
    const { ledger, marks, codes, emit } = this.#parts;
    const { state, id, outcome, failures } = proved;
    const shown = shownIfNumber(passer.subject, passer.phone);
    const { subject, number } = passer;
    const by = { subject, phone: number, description: "", shown };
    const mark = marks.makeOther(by, { id, purpose: "", amr: [...AMR] });
    try {
      await session.renew(withMark(state, mark));
    } catch (error) {
      ledger.undo(outcome);
      throw error;
    }
    const recoveryCodesLeft = await codes.left(passer.subject).catch(() => undefined);
    const left = recoveryCodesLeft !== undefined && { recoveryCodesLeft };
    emit({ type: "confirmed", ...(failures > 0 && { failures }), ...left, ...about });
    emit({ type: "session_renewed", ...about });
    if (recoveryCodesLeft !== undefined && recoveryCodesLeft <= FEW_LEFT) {
      emit({ type: "recovery_codes_low", ...left, ...about });
    }
    return { ok: true, status: "verified", ...verificationOf(mark), ...left };
  }

  #tellWrong({ about }: Pick<Submission, "about">): Refusal {
    this.#parts.emit({ type: "wrong_code", ...about });
    return refusal("wrong_code", { detail: "Check the code against your list. Each works once." });
  }

  #refuse({ about }: Submission, reason: Refusal): Refusal {
    const type = reason.code === "factor_disabled" ? "factor_disabled" : "refused";
    this.#parts.emit({ type, code: reason.code, ...about });
    return reason;
  }
}

const AMR = ["recovery"];
const SUPERSEDED = refusal("no_challenge", { isSuperseded: true });
