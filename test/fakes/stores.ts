/** Session stores and counter stores as they are in bad times: far away, failing, silent, late. */

import session, { type SessionData } from "express-session";
import type { CounterStore, Step, StepAnswer } from "../../lib";
import { memoryLedger } from "../../lib/ledger/memory";
import { peek } from "../../lib/ledger/ledger";

type StoreCall = "get" | "set" | "destroy" | "touch";
type Callback = (error?: unknown) => void;

/** As far away as a real store: parallel requests overlap. */
export class SlowStore extends session.MemoryStore {
  readonly #ms: number;

  constructor(ms = 10) {
    super();
    this.#ms = ms;
  }

  override get(sid: string, done: (error: unknown, session?: SessionData | null) => void): void {
    setTimeout(() => {
      super.get(sid, done);
    }, this.#ms);
  }

  override set(sid: string, data: SessionData, done?: Callback): void {
    // As it is now, not as it will be once the store has it.
    const copy = JSON.parse(JSON.stringify(data)) as SessionData;
    setTimeout(() => {
      super.set(sid, copy, done);
    }, this.#ms);
  }

  override destroy(sid: string, done?: Callback): void {
    setTimeout(() => {
      super.destroy(sid, done);
    }, this.#ms);
  }
}

/** Fails, throws, or says nothing at all, once it is told so. */
export class FaultyStore extends session.MemoryStore {
  /** `reject`: as a store written with `async` does, which calls nobody back then. */
  readonly faults = new Map<StoreCall, "fail" | "throw" | "hang" | "reject">();

  override get(sid: string, done: (error: unknown, session?: SessionData | null) => void): unknown {
    return this.#meet("get", done, () => {
      super.get(sid, done);
    });
  }

  override set(sid: string, data: SessionData, done?: Callback): unknown {
    return this.#meet("set", done, () => {
      super.set(sid, data, done);
    });
  }

  override destroy(sid: string, done?: Callback): unknown {
    return this.#meet("destroy", done, () => {
      super.destroy(sid, done);
    });
  }

  #meet(call: StoreCall, done: Callback | undefined, act: () => void): unknown {
    const fault = this.faults.get(call);
    if (fault === "reject") return Promise.reject(new Error("store://user:password@host is down"));
    if (fault === "throw") throw new Error("store://user:password@host is closed");
    if (fault === "fail") done?.(new Error("store://user:password@host is down"));
    if (fault === undefined) act();
    return undefined;
  }
}

/** All that a memory store holds, as text. */
export async function dump(store: session.MemoryStore): Promise<string> {
  return new Promise((resolve, reject) => {
    store.all((error, sessions) => {
      if (error === undefined || error === null) resolve(JSON.stringify(sessions));
      else reject(new Error("The store can't be read."));
    });
  });
}

/** Counters at a distance: each step acts at once, and answers late; or fails, or never answers. */
export class DistantCounters implements CounterStore {
  readonly #inner = memoryLedger();
  readonly #ms: number;
  fault: "fail" | "throw" | "hang" | undefined;
  /** The steps that were asked for. */
  readonly steps: Step[] = [];

  constructor(ms = 0) {
    this.#ms = ms;
  }

  /** The names of counters that were asked for. */
  get names(): Set<string> {
    return new Set(
      this.steps.flatMap(({ record, entries }) => [
        record,
        ...entries.flatMap(({ scope, field }) => [scope, field]),
      ]),
    );
  }

  /** What stands at each counter that was ever asked for, by its field and scope; those at nothing are left out. */
  get counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { space, entries } of this.steps) {
      for (const { op, scope, field } of entries) {
        if (op === "settle" || op === "undo") continue;
        const entry = peek(scope, field);
        const asked = {
          id: "peek",
          space,
          record: "",
          mode: "any",
          life: 0,
          entries: [entry],
        } as const;
        const count = this.#inner.step(asked).counts[0]?.count ?? 0;
        if (count > 0) counts[`${field} ${scope}`] = count;
      }
    }
    return counts;
  }

  /** What stands at the counters of one field, in all. */
  countOf(field: string): number {
    return Object.entries(this.counts)
      .filter(([name]) => name.startsWith(`${field} `))
      .reduce((sum, [, count]) => sum + count, 0);
  }

  /** How many windows and steps it holds. */
  get size(): number {
    return this.#inner.size;
  }

  step(step: Step): Promise<StepAnswer> {
    this.steps.push(step);
    if (this.fault === "throw") throw new Error("redis://:password@host is closed");
    if (this.fault === "fail") return Promise.reject(new Error("redis://:password@host is down"));
    if (this.fault === "hang") return new Promise(() => undefined);
    if (this.#ms === 0) return Promise.resolve(this.#inner.step(step));
    return new Promise((resolve) => {
      // What went out first arrives first, as on one connection.
      setTimeout(() => {
        const answer = this.#inner.step(step);
        setTimeout(() => {
          resolve(answer);
        }, this.#ms / 2);
      }, this.#ms / 2);
    });
  }
}
