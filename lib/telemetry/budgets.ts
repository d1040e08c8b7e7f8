/** Remembers how shared budgets stood last: a window that has ended holds nothing any more. */

import type { BudgetStand } from "../outcome/telemetry";

type Stand = Omit<BudgetStand, "endsIn">;

/** One for each budget and country that is texted: there are few. */
export class Budgets {
  readonly #stands = new Map<string, { stand: Stand; endsAt: number }>();

  /** Notes how one stands. */
  note({ endsIn, ...stand }: BudgetStand): void {
    const { budget, country = "" } = stand;
    this.#stands.set(`${budget} ${country}`, { stand, endsAt: Date.now() + endsIn });
  }

  /** How they stand now, as far as this process knows. */
  standing(): Stand[] {
    const now = Date.now();
    return [...this.#stands.values()].map(({ stand, endsAt }) =>
      now < endsAt ? stand : { ...stand, used: 0 },
    );
  }
}
