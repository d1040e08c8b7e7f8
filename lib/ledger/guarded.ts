/** Guards the ledger: every step ends in time with an answer that makes sense, or is refused and undone. */

import { within } from "../std/deadline";
import { TwoFactorError } from "../outcome/errors";
import { measured, type Telemetry } from "../outcome/telemetry";
import { randomId } from "../crypto/mac";
import { isThenable, type MaybePromise } from "../std/maybe-promise";
import {
  undo,
  type Count,
  type CounterStore,
  type Entry,
  type Step,
  type StepAnswer,
} from "./ledger";
import { faultOf, StoreFault } from "./store-fault";
import { UndoQueue, type Undoing } from "./undo-queue";

/** What a flow asks for at once. */
export interface StepRequest {
  /** The challenge. A step that takes without one can be undone all the same. */
  record?: string;
  /** `open` opens the record if it is not; `need` answers `gone` where it is not. @default "any" */
  mode?: Step["mode"];
  entries: readonly Entry[];
}

/** What became of it. Whatever else a store may tell is `unavailable`. */
export interface StepOutcome {
  readonly status: "ok" | "full" | "gone";
  /** One for each entry, in their order; empty where it is gone. */
  readonly counts: readonly Count[];
  /** As they were asked for. */
  readonly entries: readonly Entry[];
  /** With these, `undo` takes it back. */
  readonly record: string;
  readonly id: string;
}

const NOTHING: Count = { count: 0, waitMs: 0, isFull: false };

/** What a step has read at one of its entries. */
export function countOf({ entries, counts }: StepOutcome, entry: Entry): Count {
  return counts[entries.indexOf(entry)] ?? NOTHING;
}

/** How a ledger is guarded. */
export interface GuardedLedgerOptions {
  /** Part of every name in the store. */
  space: string;
  /** Milliseconds that a record stays open: the life of a code, and a margin. */
  life: number;
  /** Hears of each fault a word for events, and the fix in a sentence where one is known. */
  onError?: (reason: string, advice?: string) => void;
  telemetry?: Telemetry | undefined;
}

const DEADLINE_MS = 2000;

/** The ledger of one `twoFactor()`. In memory a step has ended when it returns; none throws at once. */
export class GuardedLedger {
  readonly #store: CounterStore;
  readonly #options: GuardedLedgerOptions;
  readonly #undoings = new UndoQueue((undoing) => this.#tryToUndo(undoing));

  constructor(store: CounterStore, options: GuardedLedgerOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Applies a step as a whole or not at all. Rejects with `unavailable` where that is not known. */
  step({ record, mode = "any", entries }: StepRequest): MaybePromise<StepOutcome> {
    const { space, life, telemetry } = this.#options;
    const id = nextId();
    const own = record ?? (entries.some(({ op }) => op === "take") ? id : "");
    const step: Step = { id, space, record: own, mode, life, entries };
    // In memory it is no call of anybody's: a microsecond, which measuring would double.
    if (this.#store.isShared === false) return this.#apply(step);
    return measured(telemetry, "ledger", () => this.#apply(step), outcomeIn);
  }

  #apply(step: Step): MaybePromise<StepOutcome> {
    try {
      const answer = this.#store.step(step);
      // Ours in memory, whose answers need no check.
      if (!isThenable(answer)) return outcomeOf(step, answer, this.#store.isShared !== false);
      return within(answer, DEADLINE_MS)
        .then((told) => outcomeOf(step, told, true))
        .catch((error: unknown) => this.#fail(step, error));
    } catch (error) {
      return this.#fail(step, error);
    }
  }

  /** Takes a step back, beside the answer: what it took is given back, and what it opened is closed. */
  undo({ record, id }: Pick<StepOutcome, "record" | "id">): void {
    const undoing = { record, id, until: Date.now() + this.#options.life };
    if (this.#store.isShared === false) void this.#store.step(this.#stepThatUndoes(undoing));
    else this.#undoings.add(undoing);
  }

  /** Resolves once nothing is left to be undone, or the store does not answer. */
  close(): Promise<void> {
    return this.#undoings.close();
  }

  #fail({ record, id }: Step, error: unknown): Promise<never> {
    const { reason, advice, isApplied } = faultOf(error);
    this.#options.onError?.(reason, advice);
    // Whoever asked is refused, so nothing may stay counted for it.
    if (record !== "" && isApplied !== false) this.undo({ record, id });
    const message = "The counter store did not answer.";
    return Promise.reject(new TwoFactorError("unavailable", message, { reason }));
  }

  async #tryToUndo(undoing: Undoing): Promise<boolean> {
    try {
      const step = this.#stepThatUndoes(undoing);
      const { status } = await within(Promise.resolve(this.#store.step(step)), DEADLINE_MS);
      return status === "ok";
    } catch {
      return false;
    }
  }

  #stepThatUndoes({ record, id }: Pick<Undoing, "record" | "id">): Step {
    const { space, life } = this.#options;
    const entries = [undo(record, id, life)];
    return { id: nextId(), space, record: "", mode: "any", life, entries };
  }
}

function outcomeIn({ status }: StepOutcome) {
  return { outcome: status };
}

// Steps need no secret for a name, only one that no other process gives.
const thisProcess = randomId().slice(0, 8);
let steps = 0;

function nextId(): string {
  steps += 1;
  return thisProcess + steps.toString(36);
}

function outcomeOf(
  { id, record, mode, entries }: Step,
  answer: StepAnswer,
  isForeign: boolean,
): StepOutcome {
  if (isForeign && !isSound(answer, entries, mode)) throw new StoreFault("OddAnswer");
  const { status, counts } = answer;
  if (status === "undone") throw new StoreFault("undone", { isApplied: false });
  if (status === "gone") return { status, counts: [], entries, record, id };
  // A client sent it twice where it was applied before: the first one is what counts.
  return { status: status === "full" ? "full" : "ok", counts, entries, record, id };
}

/** Whether an answer can be true: none may be taken for room that is not there. */
function isSound(
  answer: StepAnswer | undefined,
  entries: readonly Entry[],
  mode: Step["mode"],
): boolean {
  const { status = "", counts = [] } = answer ?? {};
  if (status === "undone") return true;
  // Whoever opens a record asks again where it is gone: for ever, were it told so then too.
  if (status === "gone") return mode === "need";
  if (!["ok", "again", "full"].includes(status) || counts.length !== entries.length) return false;
  const isTold = entries.every((entry, at) => isCount(counts[at], entry, status === "ok"));
  return (
    isTold && (status !== "full" || entries.some((entry, at) => isRefusedBy(entry, counts[at])))
  );
}

function isRefusedBy(entry: Entry, told: Count | undefined): boolean {
  const isEnforced = entry.op === "check" || (entry.op === "take" && !entry.isRecorded);
  return isEnforced && told?.isFull === true;
}

function isCount(
  told: Partial<Count> | null | undefined,
  entry: Entry,
  isApplied: boolean,
): boolean {
  const { count = -1, waitMs = -1, isFull } = told ?? {};
  const isNumber = Number.isSafeInteger(count) && count >= 0 && waitMs >= 0;
  if (!isNumber || typeof isFull !== "boolean") return false;
  if (!isApplied) return true;
  if (entry.op === "check") return count < entry.max;
  return entry.op !== "take" || (count > 0 && (entry.isRecorded || count <= entry.max));
}
