/** Bounds how often passwords can be tried, per name and per address. */

import { RateLimiterRes, type RateLimiterAbstract } from "rate-limiter-flexible";
import { answered } from "../std/deadline";
import { keyOf } from "./accounts";

/** How many tries a window of so many seconds has. */
export interface Tries {
  points: number;
  duration: number;
}

/** Makes the counter of one kind of tries. */
export type MakeTries = (name: string, allowed: Tries) => RateLimiterAbstract;

const PER_NAME = { points: 10, duration: 900 };
const PER_ADDRESS = { points: 50, duration: 900 };

export class PasswordLimits {
  readonly #names: RateLimiterAbstract;
  readonly #addresses: RateLimiterAbstract;

  constructor(tries: MakeTries) {
    this.#names = tries("name", PER_NAME);
    this.#addresses = tries("address", PER_ADDRESS);
  }

  /**
   * Counts one try, before its outcome can be known: guesses sent at once would else all be compared.
   * Gives the whole seconds to wait where there were too many, and 0 where the try may go on.
   */
  async take(address: string, name?: string): Promise<number> {
    const waits = await Promise.all([
      waitFor(this.#addresses, address),
      name === undefined ? 0 : waitFor(this.#names, keyOf(name)),
    ]);
    return Math.max(...waits);
  }

  /** Takes back what the right password was counted as. */
  async forgive(address: string, name: string): Promise<void> {
    await answered(Promise.all([this.#names.delete(keyOf(name)), this.#addresses.reward(address)]));
  }
}

async function waitFor(limiter: RateLimiterAbstract, key: string): Promise<number> {
  try {
    await answered(limiter.consume(key));
    return 0;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
  }
}
