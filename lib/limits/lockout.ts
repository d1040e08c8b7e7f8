/** Wrong codes of a user: so many within a window, and so many in a row that the factor is switched off. */

import {
  check,
  clear,
  peek,
  set,
  take,
  type Check,
  type Clear,
  type Peek,
  type Raise,
  type Take,
} from "../ledger/ledger";
import { countOf, type StepOutcome } from "../ledger/guarded";
import type { Settings } from "../options/settings";
import { refusal, wholeSeconds, type Refusal } from "../outcome/refusal";
import type { CounterNames } from "./counter-names";

/** How a user's wrong codes stand in one step. */
export interface LockoutEntries<T extends Check | Take | Peek = Check | Take | Peek> {
  failures: T;
  /** Absent where the subject is a bare number, whose count any stranger could raise. */
  row: T | undefined;
  /**
   * The row as it was counted under older secrets, as a rotation must not switch a factor on again, and whether
   * support has switched it off.
   */
  older: readonly Check[];
}

/** What shuts a user out, to be read in one step. */
export interface LockoutReading {
  failures: Peek;
  rows: readonly Peek[];
  off: readonly Peek[];
}

const LONGEST_BLOCK = 3600;
const FAILURES = "failures";
const ROW = "row";
/** Counted apart from wrong codes: what an attacker may type is no reason to refuse another factor. */
const OFF = "off";

/** Counts wrong codes, and tells whom they shut out. */
export class Lockout {
  readonly #names: CounterNames;
  readonly #limits: Settings["limits"];
  readonly #isUserKnown: boolean;

  constructor({ limits, user }: Pick<Settings, "limits" | "user">, names: CounterNames) {
    this.#names = names;
    this.#limits = limits;
    this.#isUserKnown = user !== "from-request";
  }

  /** Refuses whoever is shut out. A right answer `clears` what was counted. */
  check(subject: string, { clears = false } = {}): LockoutEntries<Check> {
    const { failures, consecutiveFailures } = this.#limits;
    return this.#entries(
      subject,
      (scope) => check(scope, FAILURES, failures.max, { clears }),
      (scope) => check(scope, ROW, consecutiveFailures, { clears }),
      clears,
    );
  }

  /** Refuses whom support has switched the factor off for. */
  checkOff(subject: string): Check[] {
    return this.#rowsOf(subject).map((scope) => check(scope, OFF, 1));
  }

  /** Counts a wrong code, unless its user is shut out. */
  count(subject: string): LockoutEntries<Take> {
    const { failures, consecutiveFailures } = this.#limits;
    return this.#entries(
      subject,
      (scope) => take(scope, FAILURES, failures.max, failures.window * 1000),
      // Over any time (NIST SP 800-63B-4 3.2.2).
      (scope) => take(scope, ROW, consecutiveFailures, 0),
    );
  }

  /** Forgets a user's wrong codes. */
  clear(subject: string): Clear[] {
    const rows = this.#rowsOf(subject).map((scope) => clear(scope, ROW));
    return [clear(this.#failuresOf(subject), FAILURES), ...rows];
  }

  /** Switches the factor off, until it is switched on. */
  switchOff(subject: string): Raise[] {
    return this.#rowsOf(subject).map((scope) => set(scope, OFF, 1, 0));
  }

  /** Takes back that support has switched it off. */
  switchOn(subject: string): Clear[] {
    return this.#rowsOf(subject).map((scope) => clear(scope, OFF));
  }

  /** Reads whether support has switched it off: any of them above 0. */
  peekOff(subject: string): Peek[] {
    return this.#rowsOf(subject).map((scope) => peek(scope, OFF));
  }

  /** Reads what shuts a user out. */
  peek(subject: string): LockoutReading {
    return {
      failures: peek(this.#failuresOf(subject), FAILURES),
      rows: this.#rowsOf(subject).map((scope) => peek(scope, ROW)),
      off: this.peekOff(subject),
    };
  }

  /** What a step has read: whether the factor is off, and seconds that a block still lasts, 0 for none. */
  standingIn(
    outcome: StepOutcome,
    { failures, rows, off }: LockoutReading,
  ): { isDisabled: boolean; blockedFor: number } {
    const { failures: limit, consecutiveFailures } = this.#limits;
    const { count, waitMs } = countOf(outcome, failures);
    const isAt = (max: number) => (entry: Peek) => countOf(outcome, entry).count >= max;
    return {
      isDisabled: off.some(isAt(1)) || rows.some(isAt(consecutiveFailures)),
      blockedFor: count >= limit.max ? wholeSeconds(waitMs) : 0,
    };
  }

  /** The refusal that a step has met, if it was this. */
  refusalIn(outcome: StepOutcome, { failures, row, older }: LockoutEntries): Refusal | undefined {
    const isOff = [row, ...older].some((entry) => entry && countOf(outcome, entry).isFull);
    if (isOff) return refusal("factor_disabled");
    const { isFull, waitMs } = countOf(outcome, failures);
    if (!isFull) return undefined;
    return refusal("too_many_attempts", { retryAfter: wholeSeconds(waitMs) });
  }

  /** Whether the wrong code that a step has counted was the one that switches the factor off. */
  isLast(outcome: StepOutcome, { row }: LockoutEntries): boolean {
    return row !== undefined && countOf(outcome, row).count >= this.#limits.consecutiveFailures;
  }

  /**
   * What makes a block that has just begun longer than the one before: it doubles from the window up to an
   * hour (NIST SP 800-63B-4 3.2.2).
   */
  lengthen(
    outcome: StepOutcome,
    subject: string,
    { failures, row }: LockoutEntries,
  ): Raise | undefined {
    const { max, window } = this.#limits.failures;
    const { count } = countOf(outcome, failures);
    if (count !== max) return undefined;
    const inRow = row === undefined ? count : countOf(outcome, row).count;
    const blocksBefore = Math.max(0, Math.ceil(inRow / max) - 1);
    const seconds = Math.max(window, Math.min(window * 2 ** blocksBefore, LONGEST_BLOCK));
    return set(this.#failuresOf(subject), FAILURES, max, seconds * 1000);
  }

  // A number that anybody may name is not the user whose id it happens to be.
  #failuresOf(subject: string): string {
    return this.#names.of(this.#isUserKnown ? "user" : "named", subject);
  }

  // The row has no end, and what shares a scope with it would keep a store's key for ever. Under older secrets too, for
  // a rotation lifts nothing. A number that anybody may name has none.
  #rowsOf(subject: string): string[] {
    if (!this.#isUserKnown) return [];
    return [this.#names.of("row", subject), ...this.#names.older("row", subject)];
  }

  #entries<T extends Check | Take>(
    subject: string,
    failures: (scope: string) => T,
    row: (scope: string) => T,
    clears = false,
  ): LockoutEntries<T> {
    const { consecutiveFailures } = this.#limits;
    const [newest, ...older] = this.#rowsOf(subject);
    return {
      failures: failures(this.#failuresOf(subject)),
      row: newest === undefined ? undefined : row(newest),
      older: [
        ...older.map((scope) => check(scope, ROW, consecutiveFailures, { clears })),
        ...this.checkOff(subject),
      ],
    };
  }
}

/** All entries, for a step. */
export function entriesOf({ failures, row, older }: LockoutEntries) {
  return row === undefined ? [failures, ...older] : [failures, row, ...older];
}
