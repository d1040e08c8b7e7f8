/** Marks: what a right answer leaves in the session, whether one holds for what is asked, and how it is dropped. */

import { bind, isBound } from "../challenge/binding";
import { CLOCK_TOLERANCE_MS, ENROLMENT, type Challenge } from "../challenge/challenge";
import type { KeyRing } from "../crypto/keys";
import { mac } from "../crypto/mac";
import { note, peek, take, type Entry, type Note, type Peek, type Take } from "../ledger/ledger";
import { countOf, type GuardedLedger } from "../ledger/guarded";
import { drop, MARGIN_MS, peekDropped } from "../limits/attempts";
import type { Lockout } from "../limits/lockout";
import { LONGEST_MARK } from "../options/guard-settings";
import type { Mark } from "../session/state";
import { chain, type MaybePromise } from "../std/maybe-promise";

/** What a mark must meet. */
export interface Demand {
  marks: readonly Mark[];
  subject: string;
  /** E.164; see `Passer` for users who have none. */
  phone: string;
  purpose: string;
  /** Seconds. */
  maxAge: number;
}

/** Who has proved it, and what the mark is bound to. */
export interface Proved {
  subject: string;
  /** See `Passer`. */
  number: string;
  /** How events show the subject, where it is a number. */
  shown: string | undefined;
}

/** What of a mark names it in the ledger. */
interface Named {
  carriedBy?: string;
  answered: { id: string };
}

const RENEWED = "renewed";
const LIFE_MS = LONGEST_MARK * 1000 + MARGIN_MS;

/** The marks of one `twoFactor()`. */
export class Marks {
  readonly #keys: KeyRing;
  readonly #ledger: GuardedLedger;
  readonly #lockout: Lockout;

  constructor(keys: KeyRing, ledger: GuardedLedger, lockout: Lockout) {
    this.#keys = keys;
    this.#ledger = ledger;
    this.#lockout = lockout;
  }

  /** The session's mark that meets a demand, unless it has been dropped. */
  find(demand: Demand): MaybePromise<Mark | undefined> {
    const { marks, subject, phone, purpose, maxAge } = demand;
    const now = Date.now();
    const mark = marks.find((each) => each.subject === subject && each.purpose === purpose);
    if (mark === undefined || mark.at > now + CLOCK_TOLERANCE_MS) return undefined;
    if (now - mark.at >= maxAge * 1000) return undefined;
    if (!isBound(this.#keys, mark.binding, subject, phone)) return undefined;
    // A slow request can write a dropped mark back into its session, never into the ledger.
    const entries = this.standing(mark);
    return chain(this.#ledger.step({ entries }), (outcome) =>
      entries.every((entry) => countOf(outcome, entry).count === 0) ? mark : undefined,
    );
  }

  /** Whether support has switched a user's factor off. */
  isOff(subject: string): MaybePromise<boolean> {
    const entries = this.#lockout.peekOff(subject);
    return chain(this.#ledger.step({ entries }), (outcome) =>
      entries.some((entry) => countOf(outcome, entry).count > 0),
    );
  }

  /** Reads whether a mark still holds: all of them at nothing. None does while support has switched the factor off. */
  standing({ subject, carriedBy, answered: { id } }: Mark): Peek[] {
    const off = this.#lockout.peekOff(subject);
    // One that was never carried ends under one name.
    return carriedBy === undefined
      ? [peek(id, RENEWED), ...off]
      : [peek(carriedBy, RENEWED), peekDropped(id), ...off];
  }

  /**
   * Ends marks where they stand: the session has another id since, which may carry them on. Undone with
   * their step, where the session could not be renewed.
   */
  endAll(marks: readonly Named[]): Take[] {
    return distinct(
      marks.map((mark) => take(placeOf(mark), RENEWED, 1, LIFE_MS, { isRecorded: true })),
    );
  }

  /** Drops a mark for good, wherever it was carried to. */
  drop(mark: Named): Note[] {
    return [note(placeOf(mark), RENEWED, LIFE_MS), drop(mark.answered.id)];
  }

  /**
   * What names the proof that a session may be verified by without a code, under each key, the newest first. Log-out
   * drops it: so a proof at the same moment, of which the session tells nothing yet, verifies nobody. And it is
   * one for each id of a session, which a proof renews.
   */
  proofIds(sessionId: string): string[] {
    return this.#keys.map((key) => mac(key.counter, ["proof/1", sessionId]).toString("base64url"));
  }

  /** The mark of a proof without a code. */
  makeOther(
    { subject, number, shown }: Proved,
    { id, purpose, amr }: { id: string; purpose: string; amr: string[] },
  ): Mark {
    return {
      subject,
      purpose,
      binding: bind(this.#keys[0], subject, number),
      amr,
      at: Date.now(),
      answered: { id },
      ...(shown !== undefined && { shown }),
    };
  }

  /** The mark of a right answer. */
  make({ subject, number: phone, shown }: Proved, challenge: Challenge, amr: string[]): Mark {
    const { id, purpose, issuedAt, expiresAt, key } = challenge;
    const isEnrolment = purpose === ENROLMENT;
    return {
      subject,
      // Once it is on record, the number is the second factor, and has just been proved.
      purpose: isEnrolment ? "" : purpose,
      binding: bind(this.#keys[0], subject, phone),
      amr,
      at: Date.now(),
      answered: { id, issuedAt, expiresAt, key, ...(isEnrolment && { purpose }) },
      ...(challenge.phone !== undefined && !isEnrolment && { phone }),
      ...(shown !== undefined && { shown }),
    };
  }
}

/** A step names each counter once. */
export function distinct<T extends Entry>(entries: readonly T[]): T[] {
  const seen = new Map(entries.map((entry) => [`${entry.scope} ${entry.field}`, entry]));
  return [...seen.values()];
}

/** Whose answer has made this copy of a mark. */
function placeOf({ carriedBy, answered }: Named): string {
  return carriedBy ?? answered.id;
}
