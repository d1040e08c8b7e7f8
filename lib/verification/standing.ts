/** How a mark stands in the ledger, whatever its session says: left behind, dropped, switched off or spent. */

import { countOf, type StepOutcome } from "../ledger/guarded";
import {
  check,
  note,
  peek,
  take,
  type Check,
  type Note,
  type Peek,
  type Take,
} from "../ledger/ledger";
import { MARK_LIFE_MS, peekDropped } from "../limits/attempts";
import type { Lockout } from "../limits/lockout";
import type { Purposes } from "../options/purposes";
import type { Mark } from "../session/state";

/** How one stands. */
export interface Standing {
  /** What has to be read. */
  entries: readonly Peek[];
  /** Whether it holds, by what was read. */
  isHeld: (outcome: StepOutcome) => boolean;
}

/** What spends one that is good once. */
export interface Spending {
  /** A step that is applied where it holds and was not spent. */
  entries: readonly (Check | Peek | Take)[];
  /** Whether this has spent it. */
  isDone: (outcome: StepOutcome) => boolean;
}

/** Where it was left behind, as its session was renewed. */
export const RENEWED = "renewed";
// What the ledger knows nothing of, as after it was emptied, may have been spent.
const MADE = "made";
const SPENT = "spent";

/** How the marks of one `twoFactor()` stand. */
export class Standings {
  readonly #lockout: Lockout;
  readonly #purposes: Purposes;

  constructor(lockout: Lockout, purposes: Purposes) {
    this.#lockout = lockout;
    this.#purposes = purposes;
  }

  /** Whether a mark is good for one request. */
  isOnce({ purpose }: Pick<Mark, "purpose">): boolean {
    return this.#purposes.get(purpose)?.isOnce === true;
  }

  /** How it stands, spent or not. */
  of(mark: Mark): Standing {
    if (!this.isOnce(mark)) return this.ofKept(mark);
    const { id } = mark.answered;
    const over = [...this.#over(mark), peek(id, SPENT)];
    const made = peek(id, MADE);
    return {
      entries: [...over, made],
      isHeld: (outcome) => isNone(outcome, over) && countOf(outcome, made).count > 0,
    };
  }

  /** The same of one that this request has spent, or that is good for many. */
  ofKept(mark: Mark): Standing {
    const entries = this.#over(mark);
    return { entries, isHeld: (outcome) => isNone(outcome, entries) };
  }

  /** What spends it. Checked, not read, so that one which no longer holds here is not spent where it was carried to. */
  spending(mark: Mark): Spending {
    const { id } = mark.answered;
    const holds = this.#over(mark).map(({ scope, field }) => check(scope, field, 1));
    const made = peek(id, MADE);
    return {
      entries: [...holds, made, take(id, SPENT, 1, MARK_LIFE_MS)],
      isDone: (outcome) => outcome.status === "ok" && countOf(outcome, made).count > 0,
    };
  }

  /** What a proof leaves whose mark is good once. */
  noteMade(id: string, purpose: string): Note[] {
    return this.isOnce({ purpose }) ? [note(id, MADE, MARK_LIFE_MS)] : [];
  }

  /** Above 0 where it no longer holds. None does while support has switched the factor off. */
  #over({ subject, carriedBy, answered: { id } }: Mark): Peek[] {
    const off = this.#lockout.peekOff(subject);
    // One that was never carried ends under one name.
    return carriedBy === undefined
      ? [peek(id, RENEWED), ...off]
      : [peek(carriedBy, RENEWED), peekDropped(id), ...off];
  }
}

function isNone(outcome: StepOutcome, entries: readonly Peek[]): boolean {
  return entries.every((entry) => countOf(outcome, entry).count === 0);
}
