/** Counters in the memory of this process: no timer per key, one sweep for all, and a bound that locks. */

import type { EngineReading, NearEngine } from "./engine";

// A map that grows is copied whole, and a sweep walks a map whole: many small ones keep both short.
const SHARDS = 256;
const SWEEP_MS = 250;
/** About a gigabyte, and a million open challenges. */
const MOST_KEYS = 8_000_000;

// Of numbers below 2^31 alone, which V8 keeps in place: 48 bytes, and 64 with epoch ms in it.
class Tally {
  count: number;
  /** The whole seconds of the epoch ms at which it ends. */
  endsAt = 0;
  /** The window in ms, 0 for one that never ends; its last three digits are the ms beside `endsAt`. */
  windowMs: number;

  constructor(count: number, seconds: number) {
    this.count = count;
    this.windowMs = seconds * 1000;
  }
}

/** Makes the engine. */
export function memoryEngine(mostKeys = MOST_KEYS): NearEngine {
  return new MemoryEngine(mostKeys);
}

class MemoryEngine implements NearEngine {
  readonly #shards = Array.from({ length: SHARDS }, () => new Map<string, Tally>());
  readonly #mostKeys: number;
  #size = 0;
  #sweeping: NodeJS.Timeout | undefined;
  #nextShard = 0;

  constructor(mostKeys: number) {
    this.#mostKeys = mostKeys;
  }

  penalty(key: string, points = 1, options: Duration = {}): EngineReading {
    const now = Date.now();
    const tally = this.#live(key, now);
    if (tally === undefined) return this.#add(key, points, options.customDuration ?? 0, now);
    tally.count += points;
    return readingOf(tally, now);
  }

  /** A count that falls to nothing is dropped: it refuses nobody, and a stranger's refused calls leave none. */
  reward(key: string, points = 1, _options?: Duration): EngineReading {
    const now = Date.now();
    const tally = this.#live(key, now);
    if (tally === undefined) return { consumedPoints: 0, msBeforeNext: 0 };
    tally.count = Math.max(0, tally.count - points);
    if (tally.count === 0) this.#drop(key);
    return readingOf(tally, now);
  }

  get(key: string): EngineReading | null {
    const now = Date.now();
    const tally = this.#live(key, now);
    return tally === undefined ? null : readingOf(tally, now);
  }

  set(key: string, points: number, seconds: number): EngineReading {
    this.#drop(key);
    return this.#add(key, points, seconds, Date.now());
  }

  delete(key: string): boolean {
    return this.#drop(key);
  }

  #add(key: string, count: number, seconds: number, now: number): EngineReading {
    // Nothing that counts is put out for it: what was evicted would be guessed at anew. So this locks.
    if (this.#size >= this.#mostKeys) throw new MemoryFull();
    const tally = new Tally(count, seconds);
    restart(tally, now);
    this.#shardOf(key).set(key, tally);
    this.#size += 1;
    this.#sweeping ??= setInterval(() => {
      this.#sweep();
    }, SWEEP_MS).unref();
    return readingOf(tally, now);
  }

  #live(key: string, now: number): Tally | undefined {
    const tally = this.#shardOf(key).get(key);
    if (tally === undefined || isLive(tally, now)) return tally;
    this.#drop(key);
    return undefined;
  }

  #drop(key: string): boolean {
    if (!this.#shardOf(key).delete(key)) return false;
    this.#size -= 1;
    return true;
  }

  #sweep(): void {
    const shard = this.#shards[this.#nextShard] ?? new Map<string, Tally>();
    this.#nextShard = (this.#nextShard + 1) % SHARDS;
    const now = Date.now();
    for (const [key, tally] of shard) if (!isLive(tally, now)) this.#drop(key);
    if (this.#size > 0) return;
    clearInterval(this.#sweeping);
    this.#sweeping = undefined;
  }

  // Names end in an HMAC or a random id, so their last letters spread them evenly.
  #shardOf(key: string): Map<string, Tally> {
    const end = key.length - 2;
    const at = end < 1 ? 0 : (key.charCodeAt(end) * 31 + key.charCodeAt(end - 1)) % SHARDS;
    return this.#shards[at] as Map<string, Tally>;
  }
}

interface Duration {
  customDuration?: number;
}

function windowOf({ windowMs }: Tally): number {
  return windowMs - (windowMs % 1000);
}

function expiresAt({ endsAt, windowMs }: Tally): number {
  return endsAt * 1000 + (windowMs % 1000);
}

/** Lets the whole window begin at `now`. */
function restart(tally: Tally, now: number): void {
  const window = windowOf(tally);
  const end = now + window;
  tally.endsAt = Math.floor(end / 1000);
  tally.windowMs = window + (end % 1000);
}

function isLive(tally: Tally, now: number): boolean {
  const window = windowOf(tally);
  if (window === 0) return true;
  // A clock that was set back must not lengthen a window.
  if (expiresAt(tally) - now > window) restart(tally, now);
  return expiresAt(tally) > now;
}

function readingOf(tally: Tally, now: number): EngineReading {
  const msBeforeNext = windowOf(tally) === 0 ? -1 : expiresAt(tally) - now;
  return { consumedPoints: tally.count, msBeforeNext };
}

/** There is no room for one more counter. */
class MemoryFull extends Error {
  override readonly name = "MemoryFull";
}
