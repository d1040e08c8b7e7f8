/** Marks: what a right answer leaves in the session, whether one holds for what is asked, and how it is dropped. */

import { bind, isBound, type Bound } from "../challenge/binding";
import { CLOCK_TOLERANCE_MS, ENROLMENT, type Challenge } from "../challenge/challenge";
import type { Key, KeyRing } from "../crypto/keys";
import { mac } from "../crypto/mac";
import { note, take, type Entry, type Note, type Take } from "../ledger/ledger";
import { countOf, type GuardedLedger } from "../ledger/guarded";
import { drop, MARK_LIFE_MS } from "../limits/attempts";
import type { Lockout } from "../limits/lockout";
import type { Purposes } from "../options/purposes";
import type { Mark } from "../session/state";
import { chain, type MaybePromise } from "../std/maybe-promise";
import { RENEWED, Standings, type Standing } from "./standing";

/** What a mark must meet. */
export interface Demand extends Bound {
  marks: readonly Mark[];
  purpose: string;
  /** Seconds. */
  maxAge: number;
}

/** Who has proved it, and what the mark is bound to. */
export interface Proved extends Bound {
  /** How events show the subject, where it is a number. */
  shown: string | undefined;
}

/** What of a mark names it in the ledger. */
interface Named {
  carriedBy?: string;
  answered: { id: string };
}

/** How a mark has let a request pass. */
export interface Use {
  /** Whether this has spent it. */
  isSpent: boolean;
}

const spentBy = new WeakMap<object, Set<string>>();

/** The marks of one `twoFactor()`. */
export class Marks {
  readonly #keys: KeyRing;
  readonly #ledger: GuardedLedger;
  readonly #lockout: Lockout;
  readonly #standings: Standings;

  constructor(
    keys: KeyRing,
    ledger: GuardedLedger,
    { lockout, purposes }: { lockout: Lockout; purposes: Purposes },
  ) {
    this.#keys = keys;
    this.#ledger = ledger;
    this.#lockout = lockout;
    this.#standings = new Standings(lockout, purposes);
  }

  /** The session's mark that meets a demand, unless it has been dropped or spent. */
  find(demand: Demand): MaybePromise<Mark | undefined> {
    const mark = this.#markFor(demand);
    return mark && this.#ifHeld(mark, this.#standings.of(mark));
  }

  /**
   * The same for a request that is to pass by it, which spends the mark of a purpose that is good once. Of requests
   * at the same instant one has it, over any number of processes: it is one step of the ledger.
   */
  use(req: object, demand: Demand): MaybePromise<Use | undefined> {
    const mark = this.#markFor(demand);
    if (mark === undefined) return undefined;
    const { id } = mark.answered;
    // A second guard of the same request finds spent what the first has.
    if (!this.#standings.isOnce(mark) || spentBy.get(req)?.has(id) === true) {
      const kept = this.#ifHeld(mark, this.#standings.ofKept(mark));
      return chain(kept, (held) => held && { isSpent: false });
    }
    const { entries, isDone } = this.#standings.spending(mark);
    return chain(this.#ledger.step({ entries }), (outcome) => {
      if (!isDone(outcome)) return undefined;
      spentBy.set(req, (spentBy.get(req) ?? new Set()).add(id));
      return { isSpent: true };
    });
  }

  /** How it stands in the ledger. */
  standing(mark: Mark): Standing {
    return this.#standings.of(mark);
  }

  /** What a proof leaves in the ledger by which its mark is known. */
  note(id: string, purpose: string): Note[] {
    return this.#standings.noteMade(id, purpose);
  }

  #markFor(demand: Demand): Mark | undefined {
    const { marks, subject, purpose, maxAge } = demand;
    const now = Date.now();
    const mark = marks.find((each) => each.subject === subject && each.purpose === purpose);
    if (mark === undefined || mark.at > now + CLOCK_TOLERANCE_MS) return undefined;
    if (now - mark.at >= maxAge * 1000) return undefined;
    return isBound(this.#keys, mark.binding, demand) ? mark : undefined;
  }

  /** Whether support has switched a user's factor off. */
  isOff(subject: string): MaybePromise<boolean> {
    const entries = this.#lockout.peekOff(subject);
    return chain(this.#ledger.step({ entries }), (outcome) =>
      entries.some((entry) => countOf(outcome, entry).count > 0),
    );
  }

  // A slow request can write a dropped mark back into its session, never into the ledger.
  #ifHeld(mark: Mark, { entries, isHeld }: Standing): MaybePromise<Mark | undefined> {
    return chain(this.#ledger.step({ entries }), (outcome) => (isHeld(outcome) ? mark : undefined));
  }

  /**
   * Ends marks where they stand: the session has another id since, which may carry them on. Undone with
   * their step, where the session could not be renewed.
   */
  endAll(marks: readonly Named[]): Take[] {
    return distinct(
      marks.map((mark) => take(placeOf(mark), RENEWED, 1, MARK_LIFE_MS, { isRecorded: true })),
    );
  }

  /** Drops a mark for good, wherever it was carried to. */
  drop(mark: Named): Note[] {
    return [note(placeOf(mark), RENEWED, MARK_LIFE_MS), drop(mark.answered.id)];
  }

  /**
   * What names the proof that a session may be verified by without a code, under each key, the newest first. Log-out
   * drops it: so a proof at the same moment, of which the session tells nothing yet, verifies nobody. And it is
   * one for each id of a session, which a proof renews.
   */
  proofIds(sessionId: string): readonly [string, ...string[]] {
    const idUnder = (key: Key) => mac(key.counter, ["proof/1", sessionId]).toString("base64url");
    const [newest, ...older] = this.#keys;
    return [idUnder(newest), ...older.map(idUnder)];
  }

  /** The mark of a proof without a code. */
  makeOther(
    proved: Proved,
    { id, purpose, amr }: { id: string; purpose: string; amr: string[] },
  ): Mark {
    const { subject, shown } = proved;
    return {
      subject,
      purpose,
      binding: bind(this.#keys[0], proved),
      amr,
      at: Date.now(),
      answered: { id },
      ...(shown !== undefined && { shown }),
    };
  }

  /** The mark of a right answer. */
  make(proved: Proved, challenge: Challenge, amr: string[]): Mark {
    const { subject, phone, shown } = proved;
    const { id, purpose, issuedAt, expiresAt, key } = challenge;
    const isEnrolment = purpose === ENROLMENT;
    return {
      subject,
      // Once it is on record, the number is the second factor, and has just been proved.
      purpose: isEnrolment ? "" : purpose,
      binding: bind(this.#keys[0], proved),
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
