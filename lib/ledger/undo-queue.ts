/** Undoes what may have been applied, again until the store confirms it or the record has ended. */

import { setTimeout as pause } from "node:timers/promises";

/** A step to be undone. */
export interface Undoing {
  readonly record: string;
  readonly id: string;
  /** Epoch ms after which nothing is left to be undone. */
  readonly until: number;
}

// A store that hangs is asked for one at a time, and is not asked often.
const AT_ONCE = 8;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 10_000;
/** What is beyond stays counted until its windows end: it locks, it never opens. */
const MOST = 10_000;

/** The undoings of one ledger. */
export class UndoQueue {
  readonly #undo: (undoing: Undoing) => Promise<boolean>;
  readonly #closing = new AbortController();
  #waiting: Undoing[] = [];
  #running: Promise<void> | undefined;
  #failures = 0;

  /** `undo` tells whether the store has confirmed it, and never rejects. */
  constructor(undo: (undoing: Undoing) => Promise<boolean>) {
    this.#undo = undo;
  }

  /** How many are not yet confirmed. */
  get length(): number {
    return this.#waiting.length;
  }

  add(undoing: Undoing): void {
    if (this.#waiting.length >= MOST) this.#waiting.shift();
    this.#waiting.push(undoing);
    this.#running ??= this.#run();
  }

  /** Resolves once all are confirmed, or one more try has failed. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const now = Date.now();
      this.#waiting = this.#waiting.filter(({ until }) => until > now);
      const batch = this.#waiting.splice(0, this.#failures === 0 ? AT_ONCE : 1);
      const confirmed = await Promise.all(batch.map((each) => this.#undo(each)));
      // Behind the others, so that one that can't be undone holds up none.
      this.#waiting.push(...batch.filter((_, index) => confirmed[index] !== true));
      this.#failures = confirmed.every(Boolean) ? 0 : this.#failures + 1;
      if (this.#failures === 0) continue;
      if (this.#closing.signal.aborted) break;
      const ms = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS);
      await pause(ms, undefined, { ref: false, signal: this.#closing.signal }).catch(
        () => undefined,
      );
    }
    // Here, not once it is told of: what came in between would wait for the next one.
    this.#running = undefined;
  }
}
