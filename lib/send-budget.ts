/** What a text costs: the session's cooldown and the budgets of user, number, network, country and all. */

import type { Charge, Counter, Counters, Limit } from "./counters";
import { LONGEST_COOLDOWN, type SettledLimits } from "./settings";

/** Who asks for a text, and what has been paid for it so far. */
export interface Cost {
  cooldown: Charge;
  /** User and number. */
  narrow: Charge[];
  network: Charge[];
  /** Country and all. */
  broad: Charge[];
  taken: Charge[];
  isCooling: boolean;
}

/** Which limit was full, and until when. */
export interface Full {
  limit: string;
  waitMs: number;
}

/** Who a text is for and who asks for it. */
export interface Errand {
  /** Id of the session. */
  session: string;
  subject: string;
  /** E.164. */
  phone: string;
  country: string;
  purpose: string;
  /** Name of the network, or the counter key that `Cost` named for it. */
  network: string;
}

/** A text that was answered: what it cost is given back. */
export interface Settled {
  subject: string;
  phone: string;
  country: string;
  /** Counter key of the network, as the challenge keeps it. */
  networkKey: string;
  sends: number;
}

type Budget = "user" | "number" | "network" | "country" | "all";

/** Takes the cost of a text from narrow to broad, so that a refusal never spends a broader budget. */
export class SendBudget {
  readonly #counters: Counters;
  readonly #limits: SettledLimits;
  readonly #windows: Record<Budget, Counter[]>;

  constructor(counters: Counters, limits: SettledLimits) {
    this.#counters = counters;
    this.#limits = limits;
    const named = (name: string, windows: Limit[]) =>
      windows.map((limit) => ({ name: `${name}${limit.window}`, ...limit }));
    this.#windows = {
      user: named("user", limits.user),
      number: named("number", limits.number),
      network: named("network", limits.network),
      country: named("country", limits.country),
      all: named("all", limits.all),
    };
  }

  /** Seconds that a session waits after so many unanswered texts: doubling (NIST SP 800-63B-4 3.2.2). */
  waitAfter(unanswered: number): number {
    return Math.min(this.#limits.cooldown * 2 ** Math.min(unanswered, 12), LONGEST_COOLDOWN);
  }

  /** Key of a network's counters. */
  networkKey(network: string): string {
    return this.#name("network", network);
  }

  /** What a text would cost; nothing is taken yet. */
  costOf(errand: Errand, wait: number): Cost {
    return {
      cooldown: this.cooldownOf(errand, wait),
      narrow: [
        ...this.#charges("user", this.#name("user", errand.subject)),
        ...this.#charges("number", this.#name("number", errand.phone)),
      ],
      network: this.#charges("network", this.networkKey(errand.network)),
      broad: [
        ...this.#charges("country", this.#name("country", errand.country)),
        ...this.#charges("all", "all"),
      ],
      taken: [],
      isCooling: false,
    };
  }

  /** The cooldown of one subject and purpose in one session. */
  cooldownOf(errand: Omit<Errand, "phone" | "country" | "network">, wait: number): Charge {
    const { session, subject, purpose } = errand;
    return {
      counter: { name: "wait", max: 1, window: wait },
      key: this.#counters.nameOf("session", session, subject, purpose),
    };
  }

  /** The first round: cooldown, user and number together. Tells the limit that was full. */
  async takeNarrow(cost: Cost): Promise<Full | undefined> {
    const rounds = await Promise.allSettled([
      this.#counters.take(cost.cooldown),
      this.#takeAll(cost, cost.narrow),
    ]);
    const [cooldown, narrow] = rounds;
    cost.isCooling = cooldown.status === "fulfilled" && cooldown.value.ok;
    if (cooldown.status === "rejected" || narrow.status === "rejected") {
      this.refund(cost);
      throw rounds.find((each) => each.status === "rejected")?.reason as Error;
    }
    const full = cooldown.value.ok
      ? narrow.value
      : { limit: "cooldown", waitMs: cooldown.value.waitMs };
    if (full !== undefined) this.refund(cost);
    return full;
  }

  /** The second round, network, and the third, country and all. Tells the limit that was full. */
  async takeBroad(cost: Cost): Promise<Full | undefined> {
    try {
      const full =
        (await this.#takeAll(cost, cost.network)) ?? (await this.#takeAll(cost, cost.broad));
      if (full !== undefined) this.refund(cost);
      return full;
    } catch (error) {
      this.refund(cost);
      throw error;
    }
  }

  /** Gives back all that was taken for a text that was not sent, beside the answer. */
  refund(cost: Cost): void {
    const taken = cost.taken.splice(0);
    this.#counters.tidy(...taken.map((charge) => this.#counters.giveBack(charge)));
    this.release(cost);
  }

  /** Ends the cooldown of a text that was refused: the next try need not wait. The budgets stay spent. */
  release(cost: Cost): void {
    if (!cost.isCooling) return;
    cost.isCooling = false;
    this.#counters.tidy(this.#counters.clear(cost.cooldown));
  }

  /** Gives the budgets back for texts that were answered: only unanswered ones weigh (text pumping). */
  settle({ subject, phone, country, networkKey, sends }: Settled): void {
    const charges = [
      ...this.#charges("user", this.#name("user", subject)),
      ...this.#charges("number", this.#name("number", phone)),
      ...this.#charges("network", networkKey),
      ...this.#charges("country", this.#name("country", country)),
      ...this.#charges("all", "all"),
    ];
    this.#counters.tidy(...charges.map((charge) => this.#counters.giveBack(charge, sends)));
  }

  /** Forgets what a user's texts have cost. */
  async forgive(subject: string): Promise<void> {
    const key = this.#name("user", subject);
    const charges = this.#charges("user", key);
    await Promise.all(charges.map((charge) => this.#counters.clear(charge)));
  }

  #name(kind: string, value: string): string {
    return this.#counters.nameOf(kind, value);
  }

  #charges(of: Budget, key: string): Charge[] {
    return this.#windows[of].map((counter) => ({ counter, key }));
  }

  // Counters that do not depend on one another go out together; what was counted is noted even if one
  // of them fails.
  async #takeAll(cost: Cost, charges: Charge[]): Promise<Full | undefined> {
    const settled = await Promise.allSettled(charges.map((charge) => this.#counters.take(charge)));
    let full: Full | undefined;
    let fault: unknown;
    settled.forEach((each, index) => {
      const charge = charges[index];
      if (charge === undefined) return;
      if (each.status === "rejected") {
        fault = each.reason;
        return;
      }
      cost.taken.push(charge);
      if (!each.value.ok && each.value.waitMs >= (full?.waitMs ?? 0)) {
        full = { limit: charge.counter.name, waitMs: each.value.waitMs };
      }
    });
    if (fault !== undefined) throw fault as Error;
    return full;
  }
}
