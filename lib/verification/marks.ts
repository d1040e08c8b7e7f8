/** How things stand with a subscriber: the live challenge, its attempts, a block, the mark of a session. */

import {
  CLOCK_TOLERANCE_MS,
  isBound,
  isCurrent,
  keyOfChallenge,
  type Challenge,
} from "../challenge/challenge";
import type { Charge, Counter, Counters } from "../ledger/counters";
import { LONGEST_MARK } from "../options/guard-settings";
import type { KeyRing } from "../crypto/keys";
import { refusal, wholeSeconds, type Refusal } from "../outcome/refusal";
import type { Mark, SessionState } from "../session/session";
import type { Settings } from "../options/settings";
import { all, chain, type MaybePromise } from "../std/maybe-promise";
import type { Subscriber } from "../request/subscriber";

/** What a mark must meet. */
export interface Demand {
  state: SessionState;
  subject: string;
  /** E.164. */
  phone: string;
  purpose: string;
  /** Seconds. */
  maxAge: number;
}

// Counters outlive what they guard by a margin, whatever two servers' clocks say.
const MARGIN = 60;

/** Reads how things stand, and names the counters that the reading and the protocol share. */
export class Standing {
  readonly keys: KeyRing;
  readonly #counters: Counters;
  readonly #isUserKnown: boolean;
  readonly #attempts: Counter;
  readonly #claim: Counter;
  readonly #failures: Counter;
  readonly #consecutive: Counter;
  readonly #revoked: Counter = { name: "revoked", max: 0, window: LONGEST_MARK + MARGIN };
  readonly #dropped: Counter = { name: "dropped", max: 0, window: LONGEST_MARK + MARGIN };

  constructor(settings: Settings, keys: KeyRing, counters: Counters) {
    const { limits, codeTtl } = settings;
    this.keys = keys;
    this.#counters = counters;
    this.#isUserKnown = settings.user !== "from-request";
    this.#attempts = { name: "attempts", max: limits.attempts, window: codeTtl + MARGIN };
    this.#claim = { name: "claim", max: 1, window: codeTtl + MARGIN };
    this.#failures = { name: "failures", ...limits.failures };
    this.#consecutive = { name: "consecutive", max: limits.consecutiveFailures, window: 0 };
  }

  // What has a random id is counted under it. It tells nothing, and while secrets rotate, processes that
  // hash names under different keys would each count for themselves.

  /** Submitted codes of one challenge. */
  attempts({ id }: Challenge): Charge {
    return { counter: this.#attempts, key: id };
  }

  /** Single use of one challenge. */
  claim({ id }: Challenge): Charge {
    return { counter: this.#claim, key: id };
  }

  /** Wrong codes of one subject within the window. */
  failures(subject: string): Charge {
    return { counter: this.#failures, key: this.#counters.nameOf("user", subject) };
  }

  /**
   * Wrong codes of one subject in a row, over any time. None where the subject is a bare number, whose
   * count any stranger could raise.
   */
  consecutive(subject: string): Charge[] {
    if (!this.#isUserKnown) return [];
    return [{ counter: this.#consecutive, key: this.#counters.nameOf("user", subject) }];
  }

  /** The same as it was counted under older secrets: a rotation must not switch a factor on again. */
  olderConsecutive(subject: string): Charge[] {
    if (!this.#isUserKnown) return [];
    const names = this.#counters.olderNamesOf("user", subject);
    return names.map((key) => ({ counter: this.#consecutive, key }));
  }

  /** Whether a subject's factor was switched off under an older secret; then it is under the newest. */
  wasDisabled(subject: string): MaybePromise<boolean> {
    const older = this.olderConsecutive(subject);
    return older.length > 0 && this.#wasDisabledUnder(older, subject);
  }

  async #wasDisabledUnder(older: Charge[], subject: string): Promise<boolean> {
    const counts = await all(older.map((charge) => this.#counters.peek(charge)));
    if (counts.every(({ ok }) => ok)) return false;
    const row = this.consecutive(subject);
    this.#counters.tidy(...row.map((charge) => this.#counters.set(charge, charge.counter.max, 0)));
    return true;
  }

  /** A mark as it stands in a session of one id: it ends there when the session gets another. */
  copyOf({ carriedBy, answered }: Pick<Mark, "carriedBy" | "answered">): Charge {
    return { counter: this.#revoked, key: carriedBy ?? answered.id };
  }

  /** A mark for good, wherever it was carried to: dropped on purpose, perhaps before it was even made. */
  dropped(mark: Pick<Mark, "carriedBy" | "answered">): Charge[] {
    return [this.copyOf(mark), { counter: this.#dropped, key: mark.answered.id }];
  }

  /** Whether a challenge is the subscriber's, within its time, and of a secret in force. */
  isLive(challenge: Challenge, { subject, phone }: Subscriber): boolean {
    return (
      challenge.subject === subject &&
      isCurrent(challenge, Date.now()) &&
      keyOfChallenge(this.keys, challenge) !== undefined &&
      isBound(this.keys, challenge.binding, subject, phone.e164)
    );
  }

  /** Attempts that a challenge has left; none once it is used. */
  async attemptsLeft(challenge: Challenge): Promise<number> {
    const [attempts, claim] = await Promise.all([
      this.#counters.peek(this.attempts(challenge)),
      this.#counters.peek(this.claim(challenge)),
    ]);
    return claim.ok ? Math.max(0, this.#attempts.max - attempts.count) : 0;
  }

  /** The refusal that a subject's earlier failures call for, if they do. */
  async block(subject: string): Promise<Refusal | undefined> {
    const [row] = this.consecutive(subject);
    const [failures, consecutive, wasDisabled] = await Promise.all([
      this.#counters.peek(this.failures(subject)),
      row && this.#counters.peek(row),
      this.wasDisabled(subject),
    ]);
    if (consecutive?.ok === false || wasDisabled) return refusal("factor_disabled");
    if (failures.ok) return undefined;
    return refusal("too_many_attempts", { retryAfter: wholeSeconds(failures.waitMs) });
  }

  /** The session's mark that meets a demand, unless it has been revoked. */
  mark(demand: Demand): MaybePromise<Mark | undefined> {
    const { state, subject, phone, purpose, maxAge } = demand;
    const now = Date.now();
    const mark = state.marks.find((each) => each.subject === subject && each.purpose === purpose);
    if (mark === undefined || mark.at > now + CLOCK_TOLERANCE_MS) return undefined;
    if (now - mark.at >= maxAge * 1000) return undefined;
    if (!isBound(this.keys, mark.binding, subject, phone)) return undefined;
    // A slow request can write a dropped mark back into its session, never into the counters. One that
    // was never carried is asked for by one name: what drops it ends its only copy too.
    if (mark.carriedBy === undefined) {
      const copy = this.#counters.peek(this.copyOf(mark));
      return chain(copy, ({ count }) => (count === 0 ? mark : undefined));
    }
    const counts = all(this.dropped(mark).map((charge) => this.#counters.peek(charge)));
    return chain(counts, (found) => (found.every(({ count }) => count === 0) ? mark : undefined));
  }
}
