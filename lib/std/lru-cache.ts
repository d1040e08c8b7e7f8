/** Remembers what was reckoned for the last keys that were asked for, within a bound. */

const LONGEST_KEY = 128;

/** The outcomes of a function for the last keys, as many as its size or twice that. */
export class LruCache<T extends object | string> {
  readonly #size: number;
  #young = new Map<string, T>();
  #old = new Map<string, T>();

  constructor(size = 1000) {
    this.#size = size;
  }

  /** What `reckon` gave for `key`, reckoned anew where it is not remembered. */
  get(key: string, reckon: () => T): T {
    const known = this.#young.get(key);
    if (known !== undefined) return known;
    const value = this.#old.get(key) ?? reckon();
    if (key.length > LONGEST_KEY) return value;
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
    return value;
  }
}
