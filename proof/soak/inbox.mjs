/** The phones of all users: the texts that the gateway has taken, by number. */

// A text that was taken and then answered late comes after this long, and a slow machine adds to it.
const PATIENCE_MS = 8000;
const KEPT = 50;

export class Inbox {
  #texts = new Map();
  #waiting = new Map();

  put({ to, body }) {
    const texts = this.#of(to);
    texts.push({ body, code: /^\d+/.exec(body)?.[0] ?? "" });
    if (texts.length > KEPT) texts.shift();
    for (const wake of this.#waiting.get(to) ?? []) wake();
  }

  /** The codes that a phone has had. */
  codesOf(number) {
    return new Set(this.#of(number).map(({ code }) => code));
  }

  /** The newest text that holds these words. */
  newest(number, words = "") {
    return this.#of(number).findLast(({ body }) => body.includes(words))?.code;
  }

  /**
   * The code of the next text but those that `seen` holds: waits for it, as people do. Without one, that of the
   * newest with these words, or nothing.
   */
  async next(number, seen, words = "") {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = this.newest(number, words);
      if (found !== undefined && !seen.has(found)) return found;
      const left = end - performance.now();
      if (left <= 0) return found;
      await this.#change(number, left);
    }
  }

  #change(number, ms) {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(number) ?? new Set();
      this.#waiting.set(number, waiting);
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      waiting.add(wake);
    });
  }

  #of(number) {
    let texts = this.#texts.get(number);
    if (texts === undefined) this.#texts.set(number, (texts = []));
    return texts;
  }
}
