/** Gives back what texts have cost once they are answered, to the very windows that have counted them. */

import { CLOCK_TOLERANCE_MS, type SentText } from "../challenge/challenge";
import type { Charge, Counters } from "../ledger/counters";
import type { SendCharges } from "./send-limits";
import { all, chain, type MaybePromise } from "../std/maybe-promise";

/** Texts that were answered. */
export interface Answered {
  subject: string;
  phone: string;
  country: string;
  texts: readonly SentText[];
}

/** The end of what texts cost. */
export class Settlement {
  readonly #charges: SendCharges;
  readonly #counters: Counters;

  constructor(charges: SendCharges, counters: Counters) {
    this.#charges = charges;
    this.#counters = counters;
  }

  /**
   * Gives the budgets back for texts that were answered, for only unanswered ones weigh (text pumping),
   * and remembers the number.
   */
  settle({ subject, phone, country, texts }: Answered): void {
    const networks = new Set(texts.map(({ network }) => network));
    const charges = this.#charges.ofAnswered(subject, phone, country);
    const known = this.#charges.knownAt(phone);
    this.#counters.tidy(
      ...charges.map((charge) => this.#giveBack(charge, texts)),
      ...[...networks].flatMap((key) => {
        const paid = texts.filter(({ network }) => network === key);
        return this.#charges.ofNetwork(key).map((charge) => this.#giveBack(charge, paid));
      }),
      this.#counters.set(known, 1, known.counter.window),
    );
  }

  /** Forgets what a user's texts have cost. */
  async forgive(subject: string): Promise<void> {
    const charges = this.#charges.ofUser(subject);
    await all(charges.map((charge) => this.#counters.clear(charge)));
  }

  // A window that has begun anew since has counted none of them: what others' texts cost there stays.
  #giveBack(charge: Charge, texts: readonly SentText[]): MaybePromise<undefined> {
    const now = Date.now();
    if (texts.every(({ until }) => now < until)) {
      return this.#counters.giveBack(charge, texts.length);
    }
    return chain(this.#counters.peek(charge), ({ count, waitMs }) => {
      // A give-back to no window would open one, for a moment below nothing.
      if (count === 0) return undefined;
      const begin = now + waitMs - charge.counter.window * 1000;
      const { length } = texts.filter(({ at }) => at >= begin - CLOCK_TOLERANCE_MS);
      return length === 0 ? undefined : this.#counters.giveBack(charge, length);
    });
  }
}
