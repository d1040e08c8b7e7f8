/** Checks answers, and marks the session of whoever gives the right one. No HTTP. */

import {
  bind,
  ENROLMENT,
  isCodeOf,
  keyOfChallenge,
  readCode,
  type Challenge,
} from "../challenge/challenge";
import { NOTHING_TAKEN, type Charge, type Counters, type Taken } from "../ledger/counters";
import type { EmitEvent, TwoFactorEvent } from "../outcome/events";
import { LONGEST_MARK } from "../options/guard-settings";
import { refusal, wholeSeconds, type Refusal } from "../outcome/refusal";
import { replaceChallenge, type Mark, type Session, type SessionState } from "../session/session";
import type { Settings } from "../options/settings";
import type { Settlement } from "../limits/refunds";
import { all, chain, type MaybePromise } from "../std/maybe-promise";
import type { Standing } from "../verification/marks";
import { factsOf, isNumberOf, shownSubject } from "../request/facts";
import { type Subscriber } from "../request/subscriber";
import { verificationOf, type Verification } from "../verification/verification";

/** One submitted code. */
export interface Answer {
  session: Session;
  subscriber: Subscriber;
  /** Name of the network that answers, see `networkOf`. */
  network: string;
  /** As submitted. */
  code: string;
  /** Whether the number submitted with it, if one was, is the subscriber's. */
  isNumberRight: boolean;
  /** What has to be done before the right answer counts, such as to save the number that it proves. */
  accept?: (() => Promise<void>) | undefined;
}

/** What a submitted code led to. */
export type Answered =
  | ({
      /** No refusal. */
      ok: true;
      /** The session is verified. */
      status: "verified";
    } & Verification)
  | Refusal;

const LONGEST_BLOCK = 3600;

export class Verifier {
  readonly #settings: Settings;
  readonly #counters: Counters;
  readonly #standing: Standing;
  readonly #settlement: Settlement;
  readonly #emit: EmitEvent;

  constructor(
    settings: Settings,
    parts: { counters: Counters; standing: Standing; settlement: Settlement; emit: EmitEvent },
  ) {
    this.#settings = settings;
    this.#counters = parts.counters;
    this.#standing = parts.standing;
    this.#settlement = parts.settlement;
    this.#emit = parts.emit;
  }

  /** Checks a submitted code, and renews and marks the session if it is right. */
  async answer(answer: Answer): Promise<Answered> {
    const { session, subscriber } = answer;
    const state = session.read();
    const { challenge } = state;
    const reading = readCode(answer.code, this.#settings.codeLength);
    if (reading.kind === "empty") {
      return refusal("invalid_request", { detail: "There is no code in the request." });
    }
    if (challenge === undefined || !this.#standing.isLive(challenge, subscriber)) {
      const code = reading.kind === "code" ? reading.code : "";
      return this.#answerAgain(answer, state, code);
    }
    if (reading.kind === "malformed") {
      // It can't be right, so refusing it tells nothing: a slip of the hand costs no attempt.
      const { count } = await this.#counters.peek(this.#standing.attempts(challenge));
      return this.#wrong(answer, challenge, count);
    }
    // Before the outcome can be known (parallel guesses), and before any counter of the subscriber.
    const attempt = await this.#counters.take(this.#standing.attempts(challenge));
    if (!attempt.ok) return this.#exhausted(answer, challenge);
    const isRight = this.#isCodeOf(challenge, subscriber, reading.code) && answer.isNumberRight;
    const counted = await this.#count(subscriber.subject, isRight ? challenge : undefined);
    const [failures, consecutive, claim, wasDisabled] = counted;
    if (!consecutive.ok || wasDisabled || !failures.ok) {
      // Nothing was decided, so nothing more is counted, and the code stays unused.
      const claimed = isRight ? [this.#standing.claim(challenge)] : [];
      this.#undo([...this.#standing.consecutive(subscriber.subject), ...claimed]);
    }
    if (!consecutive.ok || wasDisabled) return this.#refuse(answer, refusal("factor_disabled"));
    if (!failures.ok) {
      const retryAfter = wholeSeconds(failures.waitMs);
      return this.#refuse(answer, refusal("too_many_attempts", { retryAfter }));
    }
    if (!isRight) {
      if (consecutive.count === this.#settings.limits.consecutiveFailures) {
        this.#emit({ type: "factor_disabled", ...this.#about(answer, challenge) });
      }
      this.#lengthenBlock(subscriber.subject, failures.count, consecutive.count);
      return this.#wrong(answer, challenge, attempt.count);
    }
    // Usable once (ASVS 6.5.1), also from two requests at the same instant.
    if (!claim.ok) return this.#late(answer, challenge);
    // Each was counted with this answer in it.
    const before = Math.max(failures.count, consecutive.count) - 1;
    return this.#verify(answer, { state, challenge, failures: before });
  }

  /** The second round: failures, failures in a row, the claim of a right answer. All are counted or none. */
  async #count(subject: string, rightly: Challenge | undefined) {
    const taken: Charge[] = [];
    const take = (charge: Charge | undefined): MaybePromise<Taken> => {
      if (charge === undefined) return NOTHING_TAKEN;
      return chain(this.#counters.take(charge), (count) => {
        taken.push(charge);
        return count;
      });
    };
    const [row] = this.#standing.consecutive(subject);
    const failures = take(this.#standing.failures(subject));
    const consecutive = take(row);
    const claim = take(rightly && this.#standing.claim(rightly));
    const wasDisabled = this.#standing.wasDisabled(subject);
    try {
      return await Promise.all([failures, consecutive, claim, wasDisabled]);
    } catch (error) {
      // Nobody hears of the outcome, so a right code stays good for the next try.
      await Promise.allSettled([failures, consecutive, claim]);
      this.#undo(taken);
      throw error;
    }
  }

  /** Drops marks and challenge of a session for good: a late write of the session revives neither. */
  async reset(session: Session): Promise<void> {
    const { marks, challenge } = session.read();
    session.write({ marks: [] });
    // An answer that has just taken the claim makes a mark that is dropped.
    const dropped = [
      ...marks,
      ...(challenge === undefined ? [] : [{ answered: challenge }]),
    ].flatMap((each) => this.#standing.dropped(each));
    await Promise.all([
      ...dropped.map((charge) => this.#counters.note(charge)),
      // Ends the challenge.
      challenge && this.#counters.note(this.#standing.claim(challenge)),
      session.save(),
    ]);
    for (const { subject, shown } of marks) {
      this.#emit({ type: "mark_dropped", subject: shown ?? shownSubject(subject) });
    }
  }

  /** Switches a user's factor on again, and forgets their failures and texts. */
  async unlock(subject: string): Promise<void> {
    const older = this.#standing.olderConsecutive(subject);
    const charges = [...this.#failuresOf(subject), ...older];
    await Promise.all([
      ...charges.map((charge) => this.#counters.clear(charge)),
      this.#settlement.forgive(subject),
    ]);
    this.#emit({ type: "factor_unlocked", subject: shownSubject(subject) });
  }

  #isCodeOf(challenge: Challenge, { phone }: Subscriber, code: string): boolean {
    const key = keyOfChallenge(this.#standing.keys, challenge);
    if (key === undefined) return false;
    return isCodeOf(key, challenge, phone.e164, this.#settings.codeLength, code);
  }

  async #verify(
    answer: Answer,
    { state, challenge, failures }: { state: SessionState; challenge: Challenge; failures: number },
  ): Promise<Answered> {
    const { session, subscriber } = answer;
    const { subject } = subscriber;
    const mark = this.#makeMark(subscriber, challenge);
    // A proof of the number before is none of this one.
    const isEnrolment = challenge.purpose === ENROLMENT;
    const kept = state.marks.filter(
      (each) => !isEnrolment && each.subject === subject && each.purpose !== challenge.purpose,
    );
    // A log-out at this moment, which knows the challenge, ends these copies too.
    const carried = kept.map((each) => ({ ...each, carriedBy: challenge.id }));
    try {
      await answer.accept?.();
      await session.renew({ marks: [...carried, mark] });
    } catch (error) {
      // Nobody was let in, so the code stays good.
      this.#undo([this.#standing.claim(challenge)]);
      throw error;
    }
    this.#counters.tidy(
      ...this.#failuresOf(subject).map((charge) => this.#counters.clear(charge)),
      // A slow request can write them back under the old id, where log-out would not find them.
      ...state.marks.map((each) => this.#counters.note(this.#standing.copyOf(each))),
    );
    this.#settle(subscriber, challenge);
    const after = failures > 0 && { failures };
    this.#emit({ type: "verified", ...after, ...this.#about(answer, challenge) });
    this.#emit({ type: "session_renewed", ...this.#about(answer, challenge) });
    return { ok: true, status: "verified", ...verificationOf(mark) };
  }

  #makeMark({ subject, phone }: Subscriber, challenge: Challenge): Mark {
    const { purpose } = challenge;
    return {
      subject,
      // Once it is on record, the number is the second factor, and has just been proved.
      purpose: purpose === ENROLMENT ? "" : purpose,
      binding: bind(this.#standing.keys[0], subject, phone.e164),
      ...(challenge.phone !== undefined && purpose !== ENROLMENT && { phone: phone.e164 }),
      ...(isNumberOf(subject, phone) && { shown: shownSubject(subject, phone) }),
      amr: ["sms"],
      at: Date.now(),
      // Its texts are settled here, and each guarded call would read them.
      answered: { ...challenge, texts: [] },
    };
  }

  #settle({ subject, phone }: Subscriber, { texts }: Challenge): void {
    const country = phone.country ?? "";
    this.#settlement.settle({ subject, phone: phone.e164, country, texts });
  }

  // The answer of a session that is verified already, to the same code, is the same: a double click or
  // an automatic submit beside Enter must not turn success into failure.
  async #answerAgain(answer: Answer, state: SessionState, code: string): Promise<Answered> {
    const { session, subscriber } = answer;
    const { subject, phone } = subscriber;
    const marks = state.marks.filter(({ answered }) => this.#standing.isLive(answered, subscriber));
    const attempts = await all(
      marks.map(({ answered }) => this.#counters.take(this.#standing.attempts(answered))),
    );
    const again = marks.find(
      ({ answered }, index) =>
        attempts[index]?.ok === true && this.#isCodeOf(answered, subscriber, code),
    );
    if (again !== undefined && answer.isNumberRight) {
      const { purpose } = again;
      const demand = { state, subject, phone: phone.e164, purpose, maxAge: LONGEST_MARK };
      const mark = await this.#standing.mark(demand);
      if (mark) return { ok: true, status: "verified", ...verificationOf(mark) };
    }
    if (state.challenge !== undefined) {
      this.#emit({ type: "challenge_expired", ...this.#about(answer, state.challenge) });
      await replaceChallenge(session, state.challenge, unansweredOf(state));
    }
    return this.#refuse(answer, refusal("no_challenge"));
  }

  // The right code, but another request was first: no failure of the subscriber's. Its own claim goes too,
  // so that the code is good again where the first one's comes to nothing.
  #late(answer: Answer, challenge: Challenge): Refusal {
    this.#undo([...this.#failuresOf(answer.subscriber.subject), this.#standing.claim(challenge)]);
    return this.#refuse(answer, refusal("no_challenge", { isSuperseded: true }));
  }

  #wrong(answer: Answer, challenge: Challenge, count: number): Refusal {
    const attemptsLeft = Math.max(0, this.#settings.limits.attempts - count);
    this.#emit({ type: "wrong_code", attemptsLeft, ...this.#about(answer, challenge) });
    if (attemptsLeft === 0)
      this.#emit({ type: "attempts_exhausted", ...this.#about(answer, challenge) });
    return refusal("wrong_code", { attemptsLeft });
  }

  async #exhausted(answer: Answer, challenge: Challenge): Promise<Refusal> {
    const state = answer.session.read();
    await replaceChallenge(answer.session, challenge, unansweredOf(state));
    const retryAfter = wholeSeconds(challenge.resendAt - Date.now());
    return this.#refuse(answer, refusal("too_many_attempts", { retryAfter }));
  }

  /** What a subject's wrong codes are counted under. */
  #failuresOf(subject: string): Charge[] {
    return [this.#standing.failures(subject), ...this.#standing.consecutive(subject)];
  }

  #undo(charges: Charge[]): void {
    this.#counters.tidy(...charges.map((charge) => this.#counters.giveBack(charge)));
  }

  // NIST SP 800-63B-4 3.2.2: the wait grows with each further block, from the window up to an hour.
  #lengthenBlock(subject: string, failures: number, consecutive: number): void {
    const { max, window } = this.#settings.limits.failures;
    if (failures !== max) return;
    const blocksBefore = Math.max(0, Math.ceil(consecutive / max) - 1);
    const seconds = Math.max(window, Math.min(window * 2 ** blocksBefore, LONGEST_BLOCK));
    const charge = this.#standing.failures(subject);
    this.#counters.tidy(this.#counters.set(charge, max, seconds));
  }

  #refuse(answer: Answer, reason: Refusal): Refusal {
    const type = reason.code === "factor_disabled" ? "factor_disabled" : "refused";
    this.#emit({ type, code: reason.code, ...this.#about(answer) });
    return reason;
  }

  #about({ subscriber, network }: Answer, challenge?: Challenge): Partial<TwoFactorEvent> {
    return factsOf(subscriber, { purpose: challenge?.purpose ?? "", network });
  }
}

function unansweredOf({ unanswered }: SessionState): Omit<SessionState, "marks"> {
  return unanswered === undefined ? {} : { unanswered };
}
