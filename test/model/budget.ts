/** A budget of texts: one window, booked and given back. */

/** Texts in one window, which the first of them begins. */
export class Budget {
  readonly #isPaid: boolean;
  #booked: unknown[] = [];
  #endsAt = 0;

  /** `isPaid`: a right answer gives back what its texts have taken of it. */
  constructor(isPaid: boolean) {
    this.#isPaid = isPaid;
  }

  count(now: number): number {
    return now < this.#endsAt ? this.#booked.length : 0;
  }

  book(now: number, window: number, what: unknown): void {
    if (this.count(now) === 0) {
      this.#booked = [];
      this.#endsAt = now + window * 1000;
    }
    this.#booked.push(what);
  }

  giveBack(what: unknown): void {
    if (this.#isPaid) this.#booked = this.#booked.filter((each) => each !== what);
  }
}

/** A budget that a text is booked in, and how many it may hold just now. */
export interface Line {
  budget: Budget;
  max: number;
  window: number;
  /** Whether it bounds the asking too, of texts that a gateway refuses. */
  isOfAsker: boolean;
}
