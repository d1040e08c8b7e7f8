/** Remembers what was reckoned for the last keys that were asked for, within a bound. */

const SIZE = 1000;
const LONGEST_KEY = 128;

/** The outcomes of a function that has no effects, for the last thousand keys or two. */
export class LruCache<T extends object | string> {
  #young = new Map<string, T>();
  #old = new Map<string, T>();

  /** What `reckon` gave for `key`, reckoned anew where it is not remembered. */
  get(key: string, reckon: () => T): T {
    const known = this.#young.get(key);
    if (known !== undefined) return known;
    const value = this.#old.get(key) ?? reckon();
    if (key.length > LONGEST_KEY) return value;
    if (this.#young.size >= SIZE) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
    return value;
  }
}
