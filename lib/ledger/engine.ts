/** The engine under the counters: what is used of it, its options, and the traps of each taken away. */

/** What an engine tells of one counter after a call. */
export interface EngineReading {
  /** What the counter stands at. */
  readonly consumedPoints: number;
  /** Milliseconds until its window ends; -1 where it has none. */
  readonly msBeforeNext: number;
}

/**
 * The part of a rate-limiter-flexible engine that is used: `RateLimiterRedis`, `RateLimiterValkey` and
 * `RateLimiterPostgres` have it. An engine of your own must count atomically over all processes.
 */
export interface CounterEngine {
  /** Adds, and opens a window where none is open. */
  penalty(
    key: string,
    points?: number,
    options?: { customDuration?: number },
  ): Promise<EngineReading>;
  /** Takes back. */
  reward(
    key: string,
    points?: number,
    options?: { customDuration?: number },
  ): Promise<EngineReading>;
  /** Reads; `null` where nothing is counted. */
  get(key: string): Promise<EngineReading | null>;
  /** Sets, for so many seconds; 0 is for ever. */
  set(key: string, points: number, secDuration: number): Promise<unknown>;
  /** Forgets. */
  delete(key: string): Promise<boolean>;
}

/** The same in this process's memory, where each call is done when it returns. */
export interface NearEngine {
  penalty(key: string, points?: number, options?: { customDuration?: number }): EngineReading;
  reward(key: string, points?: number, options?: { customDuration?: number }): EngineReading;
  get(key: string): EngineReading | null;
  set(key: string, points: number, secDuration: number): unknown;
  delete(key: string): boolean;
}

/** What the `counters` option is called with, to be spread into the engine's own options. */
export interface CounterEngineOptions {
  /** Also the name of the table in SQL engines. */
  keyPrefix: string;
  /** Not used: each counter knows its own limit, so that one engine serves them all. */
  points: number;
  /** Not used: each counter brings its own window. */
  duration: number;
  /** The engine need not make its table at start: it is made when it is first missed. */
  tableCreated: boolean;
  /** A Redis that is not there refuses at once, rather than count when it comes back. */
  rejectIfRedisNotReady: boolean;
  /** The same for Valkey. */
  rejectIfValkeyNotReady: boolean;
}

/** Makes an engine. */
export type MakeEngine = (options: CounterEngineOptions) => CounterEngine;

const OPTIONS: CounterEngineOptions = {
  keyPrefix: "sms2fa",
  points: 1_000_000_000,
  duration: 600,
  tableCreated: true,
  rejectIfRedisNotReady: true,
  rejectIfValkeyNotReady: true,
};

const METHODS = ["penalty", "reward", "get", "set", "delete"] as const;

// What the tests run for real. Some of the others count by reading and writing back.
const ATOMIC = new Set([
  "RateLimiterRedis",
  "RateLimiterValkey",
  "RateLimiterPostgres",
  "RateLimiterMemory",
]);

/** Traits of the library's engines that its public types do not show. */
interface Traits {
  insuranceLimiter?: unknown;
  useRedisPackage?: boolean;
  client?: { defineCommand?: unknown; eval?: unknown; sendCommand?: unknown };
  _createTable?: () => Promise<unknown>;
}

/** Makes the app's engine, refuses one that would fail open, and mends what would fail. */
export function engineFrom(make: MakeEngine): CounterEngine {
  const engine: unknown = make({ ...OPTIONS });
  if (!isEngine(engine)) {
    throw new TypeError(
      "Expected `counters` to make an engine of rate-limiter-flexible, such as " +
        "`(o) => new RateLimiterRedis({ storeClient, ...o })`.",
    );
  }
  const kind = engine.constructor.name;
  if (/^(?:RateLimiter|RLWrapper|Bursty)/.test(kind) && !ATOMIC.has(kind)) {
    throw new TypeError(
      `Expected \`counters\` to make one of ${[...ATOMIC].join(", ")}, got ${kind}: others are not ` +
        "atomic, or forget, or were not tried, and a code could be guessed or used more often.",
    );
  }
  const traits = engine as Traits;
  if (traits.insuranceLimiter !== undefined) {
    throw new TypeError(
      "Remove `insuranceLimiter` from the engine that `counters` makes: when its store fails, each " +
        "process would count by itself, and guesses would be let through many times over.",
    );
  }
  // The engine knows node-redis by a class name that it no longer has, and would call ioredis's methods.
  const { client } = traits;
  const isNodeRedis =
    typeof client?.sendCommand === "function" && client.defineCommand === undefined;
  if (traits.useRedisPackage === false && isNodeRedis) traits.useRedisPackage = true;
  return engine;
}

function isEngine(value: unknown): value is CounterEngine {
  if (typeof value !== "object" || value === null) return false;
  return METHODS.every((method) => typeof (value as Partial<CounterEngine>)[method] === "function");
}

/** What an engine told of a counter: numbers, or texts of them. Anything else tells nothing, and throws. */
export function readingOf(told: unknown): EngineReading {
  const { consumedPoints, msBeforeNext } = (told ?? {}) as Partial<Record<string, unknown>>;
  const reading = {
    consumedPoints: numberIn(consumedPoints),
    // Whole, as the times are that challenges keep of it.
    msBeforeNext: Math.ceil(numberIn(msBeforeNext)),
  };
  if (!Number.isFinite(reading.consumedPoints + reading.msBeforeNext)) throw new OddReading();
  return reading;
}

function numberIn(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : NaN;
}

/** The engine has answered with something that is no reading. */
class OddReading extends Error {
  override readonly name = "OddReading";
}

const UNDEFINED_TABLE = "42P01";

/** Makes the engine's table if `error` says that it is missing; tells whether it did. */
export async function makeMissingTable(engine: object, error: unknown): Promise<boolean> {
  const { _createTable: createTable } = engine as Traits;
  const { code } = (error ?? {}) as { code?: unknown };
  if (code !== UNDEFINED_TABLE || createTable === undefined) return false;
  // Several calls may miss it at once, and PostgreSQL lets one of them make it.
  await createTable.call(engine).catch(() => undefined);
  return true;
}
