/** Session stores and counter engines as they are in bad times: far away, failing, silent. */

import session, { type SessionData } from "express-session";
import { RateLimiterMemory } from "rate-limiter-flexible";
import type { CounterEngine } from "../../lib";

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

type EngineCall = keyof CounterEngine;

/** Counters at a distance: each call acts at once, and answers late; or fails, or never answers. */
export class DistantCounters implements CounterEngine {
  readonly #inner = new RateLimiterMemory({ points: 1_000_000_000, duration: 600 });
  readonly #ms: number;
  fault: "fail" | "throw" | "hang" | undefined;
  /** The names of counters that were asked for. */
  readonly keys = new Set<string>();
  /** The calls that were made, with their names. */
  readonly calls: [EngineCall, string][] = [];

  constructor(ms = 0) {
    this.#ms = ms;
  }

  penalty: CounterEngine["penalty"] = (key, points, options) =>
    this.#call("penalty", key, () => this.#inner.penalty(key, points, sweepable(options)));

  reward: CounterEngine["reward"] = (key, points, options) =>
    this.#call("reward", key, () => this.#inner.reward(key, points, sweepable(options)));

  get: CounterEngine["get"] = (key) => this.#call("get", key, () => this.#inner.get(key));

  set: CounterEngine["set"] = (key, points, seconds) =>
    this.#call("set", key, () => this.#inner.set(key, points, Math.min(seconds, LONGEST)));

  delete: CounterEngine["delete"] = (key) =>
    this.#call("delete", key, () => this.#inner.delete(key));

  #call<T>(call: EngineCall, key: string, act: () => Promise<T>): Promise<T> {
    this.keys.add(key);
    this.calls.push([call, key]);
    if (this.fault === "throw") throw new Error("redis://:password@host is closed");
    if (this.fault === "fail") return Promise.reject(new Error("redis://:password@host is down"));
    if (this.fault === "hang") return new Promise(() => undefined);
    if (this.#ms === 0) return act();
    return new Promise((resolve, reject) => {
      // What went out first arrives first, as on one connection.
      setTimeout(() => {
        const acted = act();
        setTimeout(() => {
          acted.then(resolve, reject);
        }, this.#ms / 2);
      }, this.#ms / 2);
    });
  }
}

// Node's timers, by which the memory behind forgets, end at 24.8 days.
const LONGEST = 24 * 86_400;

function sweepable(options: { customDuration?: number } = {}): { customDuration?: number } {
  const { customDuration = 600 } = options;
  return { customDuration: Math.min(customDuration, LONGEST) };
}
