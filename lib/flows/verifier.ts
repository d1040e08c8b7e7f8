/** Checks answers, each in one step of the ledger, and marks the session of whoever gives the right one. No HTTP. */

import {
  channelOf,
  ENROLMENT,
  isLive,
  isOver,
  keyOfChallenge,
  type Challenge,
} from "../challenge/challenge";
import { isCodeOf, readCode } from "../challenge/code";
import { testCodeOf } from "../challenge/test-codes";
import { isOfAnotherRing, type KeyRing } from "../crypto/keys";
import { isSameInLength } from "../crypto/mac";
import { settle, type Entry } from "../ledger/ledger";
import { countOf, type GuardedLedger, type StepOutcome } from "../ledger/guarded";
import type { Attempts } from "../limits/attempts";
import { entriesOf, type Lockout } from "../limits/lockout";
import type { SendLimits } from "../limits/send-limits";
import type { Settings } from "../options/settings";
import { TwoFactorError } from "../outcome/errors";
import type { EmitEvent, TwoFactorEvent } from "../outcome/events";
import { refusal, wholeSeconds, type Refusal } from "../outcome/refusal";
import type { DescriptionOf } from "../request/descriptions";
import { factsOf, shownIfNumber, shownSubject } from "../request/facts";
import type { Subscriber } from "../request/subscriber";
import type { Session } from "../session/session";
import {
  isChallenge,
  withMark,
  withoutChallenges,
  type Mark,
  type SessionState,
} from "../session/state";
import { distinct, type Marks } from "../verification/marks";
import type { Suspicions } from "./suspicions";
import { verificationOf, type Verification } from "../verification/verification";

/** One submitted code. */
export interface Answer {
  session: Session;
  subscriber: Subscriber;
  /** Name of the network that answers, see `networkOf`. */
  network: string;
  /** What the purposes of open challenges describe just now. */
  descriptionOf: DescriptionOf;
  /** As submitted. */
  code: string;
  /** Whether the number submitted with it, if one was, is the subscriber's. */
  isNumberRight: boolean;
  /** For the code that puts a number on record: saves the number, before the right answer counts. */
  accept?: (() => Promise<void>) | undefined;
  /** Has the browser remembered, where that is asked for; tells whether it is. Not for a code of a purpose. */
  remember?: (() => Promise<boolean>) | undefined;
}

/** What a submitted code led to. */
export type Answered =
  | ({
      /** No refusal. */
      ok: true;
      /** The session is verified. */
      status: "verified";
      /** Recovery codes that are left, where one of them has verified the session. */
      recoveryCodesLeft?: number;
      /** Whether the browser is remembered; told where it was asked for. */
      remembered?: boolean;
    } & Verification)
  | Refusal;

/** The challenge of a code, open or answered. */
type Source = Omit<Challenge, "phone">;

/** What checking works with. */
export interface VerifierParts {
  settings: Settings;
  keys: KeyRing;
  ledger: GuardedLedger;
  attempts: Attempts;
  lockout: Lockout;
  sendLimits: SendLimits;
  marks: Marks;
  suspicions: Suspicions;
  emit: EmitEvent;
}

export class Verifier {
  readonly #parts: VerifierParts;

  constructor(parts: VerifierParts) {
    this.#parts = parts;
  }

  /** Checks a submitted code, and renews and marks the session if it is right. */
  async answer(answer: Answer): Promise<Answered> {
    const state = answer.session.read();
    const reading = readCode(answer.code, this.#parts.settings.codeLength);
    if (reading.kind === "empty") {
      return refusal("invalid_request", { detail: "There is no code in the request." });
    }
    const open = this.#openIn(answer, state);
    const [newest] = open;
    if (newest === undefined) {
      return this.#answerAgain(answer, state, reading.kind === "code" ? reading.code : "");
    }
    // It can't be right, so refusing it tells nothing: a slip of the hand costs no attempt.
    if (reading.kind === "malformed") return this.#malformed(answer, newest);
    const { code } = reading;
    const right = answer.isNumberRight
      ? open.find((challenge) => this.#isCodeOf(challenge, answer, code))
      : undefined;
    // Nothing of this is told before a step has counted it (parallel guesses).
    if (right !== undefined) return this.#right(answer, state, right);
    return this.#isAnswered(answer, state, code)
      ? this.#answerAgain(answer, state, code)
      : this.#wrong(answer, open, newest);
  }

  /** Drops marks and challenges of a session for good: a late write of the session revives neither. */
  async reset(session: Session): Promise<void> {
    const { settings, ledger, marks, emit } = this.#parts;
    const state = session.read();
    session.write({ challenges: [], marks: [] });
    // An answer or another proof that has just taken its claim makes a mark that is dropped.
    const others = settings.user === "from-request" ? [] : marks.proofIds(session.id);
    const made = [...state.challenges, ...others.map((id) => ({ id }))];
    const dropped = [...state.marks, ...made.map((answered) => ({ answered }))];
    const entries = distinct(dropped.flatMap((mark) => marks.drop(mark)));
    const [noted, saved] = await Promise.allSettled([
      entries.length === 0 ? undefined : ledger.step({ entries }),
      session.save(),
    ]);
    if (noted.status === "rejected") throw noted.reason as Error;
    if (saved.status === "rejected") throw saved.reason as Error;
    for (const { subject, shown } of state.marks) {
      emit({ type: "mark_dropped", subject: shown ?? shownSubject(subject) });
    }
  }

  /** The session's challenges that this answer may be for, the newest first. */
  #openIn(answer: Answer, { challenges }: SessionState): Challenge[] {
    const isEnrolment = answer.accept !== undefined;
    return challenges
      .filter((each) => (each.purpose === ENROLMENT) === isEnrolment)
      .filter((each) => this.#isLive(each, answer))
      .reverse();
  }

  /** What has changed since its code was asked for is waited for no more, as if it had never been asked. */
  #isLive(source: Source, { subscriber, descriptionOf }: Answer): boolean {
    const description = descriptionOf(source.purpose);
    if (description === undefined) return false;
    const { subject, phone } = subscriber;
    return isLive(this.#parts.keys, source, { subject, phone: phone.e164, description });
  }

  #isCodeOf(source: Source, { subscriber, descriptionOf }: Answer, code: string): boolean {
    const { keys, settings } = this.#parts;
    const { testCodes, codeLength } = settings;
    const { e164 } = subscriber.phone;
    const key = keyOfChallenge(keys, source);
    const description = descriptionOf(source.purpose);
    if (key === undefined || description === undefined) return false;
    const fixed = testCodeOf(testCodes, e164);
    if (fixed !== undefined) return isSameInLength(fixed, code);
    return isCodeOf(key, { ...source, description }, e164, codeLength, code);
  }

  async #malformed(answer: Answer, newest: Challenge): Promise<Refusal> {
    const { ledger, attempts } = this.#parts;
    const tried = attempts.peek(newest.id);
    const outcome = await ledger.step({ entries: [tried] });
    return this.#tellWrong(answer, newest, attempts.leftAfter(countOf(outcome, tried).count));
  }

  /** Counts an attempt at each open challenge and one failure, all or nothing. */
  async #wrong(answer: Answer, open: readonly Challenge[], newest: Challenge): Promise<Answered> {
    const { ledger, attempts, lockout, suspicions, emit } = this.#parts;
    const { subject } = answer.subscriber;
    const tried = open.map(({ id }) => attempts.take(id));
    const failed = lockout.count(subject);
    const outcome = await ledger.step({
      record: newest.id,
      mode: "need",
      entries: [...tried, ...entriesOf(failed)],
    });
    if (outcome.status === "gone") return this.#gone(answer, open);
    const shutOut = lockout.refusalIn(outcome, failed);
    if (outcome.status === "full") {
      if (shutOut !== undefined) return this.#refuse(answer, shutOut);
      const spent = open.filter((_, index) => countOf(outcome, tried[index] as Entry).isFull);
      return this.#exhausted(answer, open, spent);
    }
    const isLast = lockout.isLast(outcome, failed);
    if (isLast) emit({ type: "factor_disabled", ...this.#about(answer, newest) });
    const longer = lockout.lengthen(outcome, subject, failed);
    // Once in each block: its length must be true before anybody is told of it.
    if (longer !== undefined) await ledger.step({ entries: [longer] });
    const counts = tried.map((entry) => countOf(outcome, entry).count);
    const attemptsLeft = attempts.leftAfter(Math.min(...counts));
    const refused = this.#tellWrong(answer, newest, attemptsLeft);
    const failure = { isLast, isBlocked: longer !== undefined, isExhausted: attemptsLeft === 0 };
    suspicions.fail(failure, this.#about(answer, newest), newest);
    return refused;
  }

  /** Counts the attempt, claims the challenge, settles its texts and clears the failures, all or nothing. */
  async #right(answer: Answer, state: SessionState, challenge: Challenge): Promise<Answered> {
    const { ledger, attempts, lockout, sendLimits, marks } = this.#parts;
    const { subject, phone } = answer.subscriber;
    const { id } = challenge;
    const tried = attempts.take(id);
    const claim = attempts.claim(id);
    const kept = attempts.checkKept(id);
    const failed = lockout.check(subject, { clears: true });
    const outcome = await ledger.step({
      record: id,
      mode: "need",
      entries: [
        tried,
        claim,
        kept,
        ...entriesOf(failed),
        settle(id),
        sendLimits.prove(subject, phone.e164),
        // A slow request can write them back under the old session id, where log-out would not find them.
        ...marks.note(id, challenge.purpose),
        ...marks.endAll(state.marks),
      ],
    });
    if (outcome.status === "gone") return this.#gone(answer, [challenge]);
    if (outcome.status === "ok") {
      const { failures, row } = failed;
      const before = [failures, row].map((entry) => (entry ? countOf(outcome, entry).count : 0));
      return this.#verify(answer, { state, challenge, outcome, failures: Math.max(...before) });
    }
    const shutOut = lockout.refusalIn(outcome, failed);
    if (shutOut !== undefined) return this.#refuse(answer, shutOut);
    // The right code, but another request was first (ASVS 6.5.1: usable once).
    if (countOf(outcome, claim).isFull) {
      return this.#refuse(answer, refusal("no_challenge", { isSuperseded: true }));
    }
    if (countOf(outcome, kept).isFull) return this.#gone(answer, [challenge]);
    return this.#exhausted(answer, [challenge], [challenge]);
  }

  async #verify(
    answer: Answer,
    verified: {
      state: SessionState;
      challenge: Challenge;
      outcome: StepOutcome;
      failures: number;
    },
  ): Promise<Answered> {
    const { settings, ledger, suspicions, emit } = this.#parts;
    const { session, subscriber } = answer;
    const { state, challenge, outcome, failures } = verified;
    const mark = this.#makeMark(answer, challenge);
    try {
      await answer.accept?.();
      await session.renew(withMark(state, mark));
    } catch (error) {
      // Nobody was let in, so the code stays good.
      ledger.undo(outcome);
      throw error;
    }
    suspicions.settle(challenge.id);
    const after = failures > 0 && { failures };
    const about = this.#about(answer, challenge);
    const answeredIn = Math.max(0, Math.round((Date.now() - challenge.issuedAt) / 1000));
    emit({ type: "verified", answeredIn, ...after, ...about });
    if (testCodeOf(settings.testCodes, subscriber.phone.e164) !== undefined) {
      emit({ type: "test_number", reason: "verified", ...about });
    }
    emit({ type: "session_renewed", ...about });
    return verifiedBy(mark, answer);
  }

  #makeMark({ subscriber, descriptionOf }: Answer, challenge: Challenge): Mark {
    const { subject, phone } = subscriber;
    const shown = shownIfNumber(subject, phone);
    const description = descriptionOf(challenge.purpose) ?? "";
    const proved = { subject, phone: phone.e164, description, shown };
    return this.#parts.marks.make(proved, challenge, amrOf(challenge));
  }

  // The answer of a session that is verified already, to the same code, is the same: a double click or
  // an automatic submit beside Enter must not turn success into failure.
  async #answerAgain(answer: Answer, state: SessionState, code: string): Promise<Answered> {
    const { ledger, attempts, marks } = this.#parts;
    const answered = this.#answeredIn(answer, state);
    const [first] = answered;
    if (first !== undefined) {
      const again = answer.isNumberRight
        ? answered.find(({ source }) => this.#isCodeOf(source, answer, code))
        : undefined;
      const tried = distinct(answered.map(({ source: { id } }) => attempts.take(id)));
      const standing = again && marks.standing(again.mark);
      const outcome = await ledger.step({
        record: first.source.id,
        mode: "need",
        entries: [...tried, ...(standing?.entries ?? [])],
      });
      const holds = standing?.isHeld(outcome) === true;
      if (outcome.status === "ok" && again !== undefined && holds) {
        return verifiedBy(again.mark, answer);
      }
    }
    return this.#gone(answer, this.#expiredIn(state));
  }

  /** The session's marks whose codes could still be answered, were they not used. */
  #answeredIn(answer: Answer, { marks }: SessionState) {
    return marks.flatMap((mark) => {
      const source = sourceOf(mark);
      return source !== undefined && this.#isLive(source, answer) ? [{ mark, source }] : [];
    });
  }

  /** Whether a code is one that has verified the session, while another purpose's is waited for. */
  #isAnswered(answer: Answer, state: SessionState, code: string): boolean {
    const { isNumberRight, accept } = answer;
    // On the number page it would pass for the code of the new number.
    if (!isNumberRight || accept !== undefined) return false;
    return this.#answeredIn(answer, state).some(({ source }) =>
      this.#isCodeOf(source, answer, code),
    );
  }

  /** The session's challenges that are over for good; those of another's clock, key or number may be another's. */
  #expiredIn({ challenges }: SessionState): Challenge[] {
    const now = Date.now();
    return challenges.filter((challenge) => isOver(challenge, now));
  }

  /** There is nothing to answer: drops what the session still holds of it. */
  async #gone(answer: Answer, ended: readonly Challenge[]): Promise<Refusal> {
    for (const each of ended) {
      this.#parts.emit({ type: "challenge_expired", ...this.#about(answer, each) });
    }
    this.#parts.emit(undefined, this.#doubtIn(answer.session.read()));
    await dropChallenges(answer.session, ended);
    return this.#refuse(answer, refusal("no_challenge"));
  }

  // What asked and what answers are then not the same: the code is right, and nobody is let in.
  #doubtIn({ challenges }: SessionState): TwoFactorError | undefined {
    const { keys } = this.#parts;
    return challenges.some(({ key }) => isOfAnotherRing(keys, key)) ? SHARED_SESSION : undefined;
  }

  async #exhausted(
    answer: Answer,
    open: readonly Challenge[],
    spent: readonly Challenge[],
  ): Promise<Answered> {
    const { session } = answer;
    await dropChallenges(session, spent);
    // Those of other purposes may still be answered.
    if (spent.length < open.length) {
      const rest = open.filter((each) => !spent.includes(each));
      return this.#wrong(answer, rest, rest[0] as Challenge);
    }
    const { unanswered } = session.read();
    const wait = this.#parts.sendLimits.waitAfter((unanswered?.count ?? 1) - 1) * 1000;
    const retryAfter = wholeSeconds((unanswered?.at ?? 0) + wait - Date.now());
    return this.#refuse(answer, refusal("too_many_attempts", { retryAfter }));
  }

  #tellWrong(answer: Answer, challenge: Challenge, attemptsLeft: number): Refusal {
    const { emit } = this.#parts;
    const about = this.#about(answer, challenge);
    emit({ type: "wrong_code", attemptsLeft, ...about });
    if (attemptsLeft === 0) emit({ type: "attempts_exhausted", ...about });
    return refusal("wrong_code", { attemptsLeft });
  }

  #refuse(answer: Answer, reason: Refusal): Refusal {
    const type = reason.code === "factor_disabled" ? "factor_disabled" : "refused";
    this.#parts.emit({ type, code: reason.code, ...this.#about(answer) });
    return reason;
  }

  #about(answer: Answer, challenge?: Challenge): Partial<TwoFactorEvent> {
    const { subscriber, descriptionOf, network } = answer;
    const { purpose = "" } = challenge ?? {};
    const what = { purpose, description: descriptionOf(purpose) ?? "", network };
    return factsOf(subscriber, challenge ? { ...what, channel: channelOf(challenge) } : what);
  }
}

/** Method names of RFC 8176: a confirmation by text, or by a call. */
function amrOf(challenge: Challenge): string[] {
  return [channelOf(challenge) === "call" ? "tel" : "sms"];
}

const SHARED_SESSION = new TwoFactorError(
  "no_challenge",
  "A code that one `twoFactor()` has sent was submitted to another one, which does not know it. Call `twoFactor()` " +
    "once in a process, and share its router and guards.",
  { reason: "session_shared" },
);

/** Tells of a mark. A code for a purpose was asked for that alone, so it has no browser remembered. */
async function verifiedBy(mark: Mark, { remember }: Answer): Promise<Answered> {
  const remembered = remember && { remembered: mark.purpose === "" && (await remember()) };
  return { ok: true, status: "verified", ...verificationOf(mark), ...remembered };
}

/** What the code of a mark's challenge is derived from, where it was one that has made the mark. */
function sourceOf({ subject, purpose, binding, answered }: Mark) {
  return isChallenge(answered) ? { subject, purpose, binding, ...answered } : undefined;
}

/** Drops challenges from a session as the store has it now; leaves one alone that has been renewed. */
async function dropChallenges(session: Session, ended: readonly Challenge[]): Promise<void> {
  if (ended.length === 0 || !(await session.refresh())) return;
  const state = session.read();
  const left = withoutChallenges(state, ended);
  if (left.challenges.length === state.challenges.length) return;
  session.write(left);
  await session.save();
}
