/** The named counters, over any engine of rate-limiter-flexible: taken, or how long to wait. */

import { isThenable, within } from "../std/deadline";
import {
  makeMissingTable,
  readingOf,
  type CounterEngine,
  type EngineReading,
  type NearEngine,
} from "./engine";
import { TwoFactorError } from "../outcome/errors";
import { type Key, type KeyRing } from "../crypto/keys";
import { mac } from "../crypto/mac";
import { LruCache } from "../std/lru-cache";
import { chain, type MaybePromise } from "../std/maybe-promise";
import type { Limit } from "../outcome/quota";

/** A limit with the name it is counted under. */
export interface Counter extends Limit {
  readonly name: string;
}

/** One count: whether it was within the limit, the count with it, and the wait until the window ends. */
export interface Taken {
  ok: boolean;
  count: number;
  waitMs: number;
}

/** A counter of one key, to be taken together with others. */
export interface Charge {
  counter: Counter;
  /** Whose counter it is: a random id, or what `nameOf` makes of one that tells something. */
  key: string;
}

/** The name that an engine knows a counter of one key by. */
export function pathOf({ counter, key }: Charge): string {
  return `${counter.name}:${key}`;
}

type Engine = CounterEngine | NearEngine;

const ENGINE_DEADLINE_MS = 2000;
const NO_END = -1;
const nothing = (): undefined => undefined;

/** What a counter stands at that nobody has taken. */
export const NOTHING_TAKEN: Taken = { ok: true, count: 0, waitMs: 0 };

/**
 * The counters of one `twoFactor()`. Every call ends within two seconds, or rejects with `unavailable`.
 * In this process's memory it has ended when it returns; none ever throws at once.
 */
export class Counters {
  readonly #engine: Engine;
  readonly #keys: KeyRing;
  readonly #deadlineMs: number | undefined;
  readonly #tidying = new Set<Promise<unknown>>();
  readonly #names = new LruCache<string>();

  constructor(engine: Engine, keys: KeyRing, isRemote: boolean) {
    this.#engine = engine;
    this.#keys = keys;
    this.#deadlineMs = isRemote ? ENGINE_DEADLINE_MS : undefined;
  }

  /** Hashes a user id, number or address, so that the store tells none of them. */
  nameOf(kind: string, ...fields: string[]): string {
    const name = (): string => nameUnder(this.#keys[0], [kind, ...fields]);
    const [field = "", ...more] = fields;
    // One text after a kind, which is a word of this package's own, can't be read in two ways.
    return more.length === 0 ? this.#names.get(`${kind}:${field}`, name) : name();
  }

  /** The same under each older secret, for what must outlast a rotation. */
  olderNamesOf(...fields: string[]): string[] {
    return this.#keys.slice(1).map((key) => nameUnder(key, fields));
  }

  /**
   * Counts one, atomically, and tells whether that was still within the limit. One that was counted too
   * late to be heard of is given back: whoever waited was refused, and tries again. No more than that
   * one, for others may stand on theirs.
   */
  take(charge: Charge): MaybePromise<Taken> {
    const begun = Date.now();
    return this.#take(charge, ({ msBeforeNext }) => {
      // A window that has begun since has not counted it.
      const isSame = charge.counter.window === 0 || Date.now() < begun + msBeforeNext;
      if (isSame) this.tidy(this.giveBack(charge));
    });
  }

  /** The same where all but the first are refused, and leave theirs: late, the first takes them along. */
  takeFirst(charge: Charge): MaybePromise<Taken> {
    return this.#take(charge, ({ consumedPoints }) => {
      if (consumedPoints === 1) this.tidy(this.clear(charge));
    });
  }

  /** The same for good, as a revocation has to be: one that is counted late stays. */
  note(charge: Charge): MaybePromise<Taken> {
    return this.#take(charge, nothing);
  }

  #take(charge: Charge, onLate: (reading: EngineReading) => void): MaybePromise<Taken> {
    const options = { customDuration: charge.counter.window };
    const name = pathOf(charge);
    const called = this.#call(
      (engine) => chain(engine.penalty(name, 1, options), readingOf),
      onLate,
    );
    return chain(called, ({ consumedPoints: count, msBeforeNext }) => {
      return { ok: count <= charge.counter.max, count, waitMs: Math.max(msBeforeNext, 0) };
    });
  }

  /** What a counter stands at, without counting; 0 once its window is over. */
  peek(charge: Charge): MaybePromise<Taken> {
    const { counter } = charge;
    const name = pathOf(charge);
    return this.#call((engine) =>
      chain<EngineReading | null, Taken>(engine.get(name), (found) => {
        if (found === null) return NOTHING_TAKEN;
        const { consumedPoints: count, msBeforeNext } = readingOf(found);
        // A key that has lost its end still counts.
        const isOver = counter.window !== 0 && msBeforeNext <= 0 && msBeforeNext !== NO_END;
        if (isOver) return NOTHING_TAKEN;
        return { ok: count < counter.max, count, waitMs: Math.max(msBeforeNext, 0) };
      }),
    );
  }

  /** Takes back what was counted, never below 0. */
  giveBack(charge: Charge, points = 1): MaybePromise<undefined> {
    const options = { customDuration: charge.counter.window };
    const name = pathOf(charge);
    // One call, so that a debt is made up for however late the engine tells of it.
    return this.#call<undefined>((engine) =>
      chain<EngineReading, undefined>(engine.reward(name, points, options), (reading) => {
        const { consumedPoints } = readingOf(reading);
        // Of what is below 0, this call answers for its own points; those beside it do for theirs.
        const excess = Math.min(points, -consumedPoints);
        if (excess <= 0) return undefined;
        return chain<EngineReading, undefined>(engine.penalty(name, excess, options), nothing);
      }),
    );
  }

  /** Sets a counter to a count, in a window that begins now. */
  set(charge: Charge, count: number, seconds: number): MaybePromise<undefined> {
    const name = pathOf(charge);
    return this.#call((engine) =>
      chain<unknown, undefined>(engine.set(name, count, seconds), nothing),
    );
  }

  /** Forgets a counter: it begins at nothing again. */
  clear(charge: Charge): MaybePromise<boolean> {
    return this.#call((engine) => engine.delete(pathOf(charge)));
  }

  /** Lets work that nobody waits for go on beside the answer. Its failure only leaves a count too high. */
  tidy(...work: MaybePromise<Taken | boolean | undefined>[]): void {
    for (const each of work) {
      if (!isThenable(each)) continue;
      const settled: Promise<unknown> = each.catch(() => undefined);
      this.#tidying.add(settled);
      void settled.then(() => this.#tidying.delete(settled));
    }
  }

  /** Resolves once all tidying has ended. */
  async settle(): Promise<void> {
    await Promise.all(this.#tidying);
  }

  #call<T>(use: (engine: Engine) => MaybePromise<T>, onLate?: (value: T) => void): MaybePromise<T> {
    if (this.#deadlineMs !== undefined) {
      return within(this.#withTable(use), this.#deadlineMs, onLate).catch((error: unknown) => {
        throw faultOf(error);
      });
    }
    try {
      return use(this.#engine);
    } catch (error) {
      return Promise.reject(faultOf(error));
    }
  }

  async #withTable<T>(use: (engine: Engine) => MaybePromise<T>): Promise<T> {
    try {
      return await use(this.#engine);
    } catch (error) {
      if (!(await makeMissingTable(this.#engine, error))) throw error;
      return use(this.#engine);
    }
  }
}

// An engine's own error can name hosts and keys: its kind alone goes on.
function faultOf(error: unknown): TwoFactorError {
  const kind = error instanceof Error ? error.name : typeof error;
  return new TwoFactorError("unavailable", "The counter store did not answer.", {
    reason: `counters:${kind}`,
  });
}

function nameUnder(key: Key, fields: string[]): string {
  return mac(key.counter, fields).subarray(0, 16).toString("base64url");
}
