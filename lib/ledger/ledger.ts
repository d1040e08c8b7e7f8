/** What a ledger is asked and what it answers: steps of entries, each applied as a whole or not at all. */

/** Names one counter. What shares a scope is kept, locked and moved together. */
export interface Named {
  /** Whose counter: an HMAC or a random id in shared stores, without white space. */
  readonly scope: string;
  /** Which of theirs: a word of letters, digits and `-`. */
  readonly field: string;
}

/** Counts one, and refuses the step where `max` is reached. A live window keeps its end. */
export interface Take extends Named {
  /** What it is. */
  readonly op: "take";
  /** How many. */
  readonly max: number;
  /** Milliseconds from the first one on; 0 never ends. */
  readonly window: number;
  /** Takes the place of `max` where no `proof` of the step stands above 0. */
  readonly share: number;
  /** Whether `settle` gives it back. Never true of an endless window. */
  readonly isPaid: boolean;
  /** Whether it only tells that it is full, and refuses nothing. */
  readonly isRecorded: boolean;
}

/** Refuses the step where `max` is reached, and counts nothing. */
export interface Check extends Named {
  /** What it is. */
  readonly op: "check";
  /** How many. */
  readonly max: number;
  /** Whether the counter ends where the step is applied. */
  readonly clears: boolean;
}

/** Counts one whatever it stands at. No `undo` takes it back. */
export interface Note extends Named {
  /** What it is. */
  readonly op: "note";
  /** Milliseconds from now on; 0 never ends. */
  readonly window: number;
}

/** Reads. As `proof`, a count above 0 lifts the shares of the step. */
export interface Peek extends Named {
  /** What it is. */
  readonly op: "peek" | "proof";
}

/** Raises a counter to `max` and its end to `window` from now on: never fewer, never sooner to end. */
export interface Raise extends Named {
  /** What it is. */
  readonly op: "set";
  /** How many. */
  readonly max: number;
  /** Milliseconds from now on; 0 never ends. */
  readonly window: number;
}

/** Ends a counter's window. */
export interface Clear extends Named {
  /** What it is. */
  readonly op: "clear";
}

/**
 * Gives back what the steps under the record `scope` have paid, to those windows that are still the same,
 * once. The record is the step's own, or the step has none.
 */
export interface Settle extends Named {
  /** What it is. */
  readonly op: "settle";
}

/**
 * Gives back all that the step `field` took under the record `scope` and that was not given back, and
 * closes the record if that step opened it. A step that arrives later than its undoing is refused, for
 * `window` ms. Stands alone in a step without a record.
 */
export interface Undo extends Named {
  /** What it is. */
  readonly op: "undo";
  /** Milliseconds from now on; 0 never ends. */
  readonly window: number;
}

/** One line of a step. A step names each counter once, and where it settles, none that was paid from. */
export type Entry = Take | Check | Note | Peek | Raise | Clear | Settle | Undo;

/** What is asked of a store at once. It is applied as a whole or not at all. */
export interface Step {
  /** Names this step: one that arrives again is not applied again. */
  readonly id: string;
  /** Keeps apps and secrets apart: part of every name. Empty in the memory of one process. */
  readonly space: string;
  /** The challenge under which the step leaves what it took. Empty where it takes nothing. */
  readonly record: string;
  /** `open` opens the record if it is not open; `need` refuses the step where it is not. */
  readonly mode: "open" | "need" | "any";
  /** Milliseconds: a record is open for so long, and what a step took is known for so long at least. */
  readonly life: number;
  /** What is taken, read and written, in this order. */
  readonly entries: readonly Entry[];
}

/** What an entry read; for a `take` or `note` that was applied, with itself counted. */
export interface Count {
  /** How many. */
  readonly count: number;
  /** Milliseconds until its window ends; `Infinity` for one that never ends, 0 where there is none. */
  readonly waitMs: number;
  /** Whether the step found a `take` or `check` full. */
  readonly isFull: boolean;
}

/** What became of a step. */
export interface StepAnswer {
  /**
   * `ok`: applied. `full`: not applied, and `isFull` says which. `again`: applied before. `undone`: not
   * applied, for its undoing came first. `gone`: not applied, for its record is not open.
   */
  readonly status: "ok" | "full" | "again" | "undone" | "gone";
  /** One for each entry, in their order; may be empty where it is `undone` or `gone`. */
  readonly counts: readonly Count[];
}

/**
 * Keeps the counters. It is shared by all processes of the app and applies each step atomically, by one
 * clock. Where it rejects, the step is undone by its id until the store confirms; an error with
 * `isApplied: false` says that surely nothing was applied.
 */
export interface CounterStore {
  /** Applies a step as a whole or not at all. */
  step(step: Step): StepAnswer | Promise<StepAnswer>;
  /** `false` where it lives in one process. @default true */
  readonly isShared?: boolean;
}

/** How a `take` differs from the plain one. */
export interface TakeOptions {
  share?: number;
  isPaid?: boolean;
  isRecorded?: boolean;
}

interface Line {
  op: Entry["op"];
  scope: string;
  field: string;
  max: number;
  window: number;
  share: number;
  isPaid: boolean;
  isRecorded: boolean;
  clears: boolean;
}

// All of one shape, whatever they are: what reads them is compiled for it once.
function line<T extends Entry>(
  op: T["op"],
  scope: string,
  field: string,
  max = 0,
  window = 0,
  share = max,
  isPaid = false,
  isRecorded = false,
  clears = false,
): T {
  const shape: Line = { op, scope, field, max, window, share, isPaid, isRecorded, clears };
  return shape as Entry as T;
}

/** See `Take`. */
export function take(
  scope: string,
  field: string,
  max: number,
  window: number,
  { share, isPaid, isRecorded }: TakeOptions = {},
): Take {
  return line("take", scope, field, max, window, share, isPaid, isRecorded);
}

/** See `Check`. */
export function check(scope: string, field: string, max: number, { clears = false } = {}): Check {
  return line("check", scope, field, max, 0, max, false, false, clears);
}

/** See `Note`. */
export function note(scope: string, field: string, window: number): Note {
  return line("note", scope, field, 0, window);
}

/** See `Peek`. */
export function peek(scope: string, field: string): Peek {
  return line("peek", scope, field);
}

/** See `Peek`. */
export function proof(scope: string, field: string): Peek {
  return line("proof", scope, field);
}

/** See `Raise`. */
export function set(scope: string, field: string, max: number, window: number): Raise {
  return line("set", scope, field, max, window);
}

/** See `Clear`. */
export function clear(scope: string, field: string): Clear {
  return line("clear", scope, field);
}

/** See `Settle`. */
export function settle(record: string): Settle {
  return line("settle", record, "");
}

/** See `Undo`. */
export function undo(record: string, id: string, window: number): Undo {
  return line("undo", record, id, 0, window);
}
