/** Takes what a text costs, tells which limit was full, and gives back what was taken for none. */

import type { SentText } from "../challenge/challenge";
import { pathOf, type Charge, type Counters, type Taken } from "../ledger/counters";
import type { EmitEvent } from "../outcome/events";
import type { Quota } from "../outcome/quota";
import type { Charges, Errand, SendCharges, Window } from "./send-limits";
import { all, chain, settled } from "../std/maybe-promise";

/** What a text costs, and what has been taken of it so far. */
export interface Cost extends Charges {
  isKnown: boolean;
  country: string;
  taken: (Charge & {
    /** Epoch ms at which the window ends that has counted it. */
    endsAt: number;
  })[];
  isCooling: boolean;
  /** The tightest limit that the client may be told of. */
  quota: Quota | undefined;
}

/** Which limit was full, and until when. */
export interface Full {
  limit: string;
  waitMs: number;
}

const ASK_AGAIN_MS = 1000;

/** Takes the cost of a text from narrow to broad, so that a refusal never spends a broader budget. */
export class SendBudget {
  readonly #charges: SendCharges;
  readonly #counters: Counters;
  readonly #emit: EmitEvent;
  /** When a day's share was last found full, by its size. */
  readonly #fullDays = new Map<number, { at: number; waitMs: number }>();
  /** When the windows of countries and of all end, as this process has seen it: a few for each country. */
  readonly #broadEnds = new Map<string, number>();

  constructor(charges: SendCharges, counters: Counters, emit: EmitEvent) {
    this.#charges = charges;
    this.#counters = counters;
    this.#emit = emit;
  }

  /** What a text would cost; nothing is taken yet. */
  costOf(errand: Errand, wait: number): Cost {
    return {
      ...this.#charges.of(errand, wait),
      isKnown: false,
      country: errand.country,
      taken: [],
      isCooling: false,
      quota: undefined,
    };
  }

  /** What a challenge keeps of a text that is about to leave, for its settlement. */
  textOf({ taken, broad }: Cost, network: string, at: number): SentText {
    // Country and all may be taken beside the saving of this.
    const ends = [
      ...taken.map(({ endsAt }) => endsAt),
      ...broad.map((charge) => this.#broadEnds.get(pathOf(charge)) ?? 0),
    ];
    return { at, network: this.#charges.networkKey(network), until: Math.min(...ends) };
  }

  /** The first round: the cooldown and what is narrowest. Tells the limit that was full. */
  async takeNarrow(cost: Cost): Promise<Full | undefined> {
    const [cooldown, narrow, known] = await Promise.allSettled([
      this.#counters.takeFirst(cost.cooldown),
      this.#takeAll(cost, cost.narrow),
      all(cost.known.map((charge) => this.#counters.peek(charge))),
    ]);
    cost.isCooling = cooldown.status === "fulfilled" && cooldown.value.ok;
    const fault = [cooldown, narrow, known].find((each) => each.status === "rejected");
    if (
      cooldown.status === "rejected" ||
      narrow.status === "rejected" ||
      known.status === "rejected"
    ) {
      this.refund(cost);
      throw fault?.reason as Error;
    }
    cost.isKnown = known.value.some(({ count }) => count > 0);
    const full = cooldown.value.ok
      ? (narrow.value ?? this.#fullDay(cost))
      : { limit: "cooldown", waitMs: cooldown.value.waitMs };
    if (full !== undefined) this.refund(cost);
    return full;
  }

  /** The second round. Tells the limit that was full. */
  async takeMiddle(cost: Cost): Promise<Full | undefined> {
    return this.#takeOrRefund(cost, cost.middle);
  }

  /** The third round: country and all. Tells the limit that was full. */
  async takeBroad(cost: Cost): Promise<Full | undefined> {
    const day = this.#charges.day(cost.isKnown);
    const full = await this.#takeOrRefund(cost, [...cost.broad, day]);
    if (full?.limit === day.counter.name) {
      this.#fullDays.set(day.counter.max, { at: Date.now(), waitMs: full.waitMs });
    }
    return full;
  }

  // Asked once a second and not taken anew for each: what a flood of refused requests takes and gives
  // back at any moment would eat the share that is kept for known numbers.
  #fullDay(cost: Cost): Full | undefined {
    const { name, max } = this.#charges.day(cost.isKnown).counter;
    const seen = this.#fullDays.get(max);
    if (seen === undefined) return undefined;
    const age = Date.now() - seen.at;
    if (age < 0 || age >= Math.min(ASK_AGAIN_MS, seen.waitMs)) return undefined;
    return { limit: name, waitMs: seen.waitMs - age };
  }

  async #takeOrRefund(cost: Cost, charges: Charge[]): Promise<Full | undefined> {
    try {
      const full = await this.#takeAll(cost, charges);
      if (full !== undefined) this.refund(cost);
      return full;
    } catch (error) {
      this.refund(cost);
      throw error;
    }
  }

  /** Gives back what a text would have cost that the app did not allow; what bounds its asking stays. */
  refundBroad(cost: Cost): void {
    cost.taken = cost.taken.filter(({ counter }) => this.#charges.isBroad(counter));
    this.refund(cost);
  }

  /** Gives back all that was taken for a text that was not sent, beside the answer. */
  refund(cost: Cost): void {
    const now = Date.now();
    const taken = cost.taken.splice(0).filter(({ endsAt }) => endsAt > now);
    this.#counters.tidy(...taken.map((charge) => this.#counters.giveBack(charge)));
    this.release(cost);
  }

  /** Ends the cooldown of a text that was refused: the next try need not wait. The budgets stay spent. */
  release(cost: Cost): void {
    if (!cost.isCooling) return;
    cost.isCooling = false;
    this.#counters.tidy(this.#counters.clear(cost.cooldown));
  }

  // Counters that do not depend on one another go out together; what was counted is noted even if one
  // of them fails.
  async #takeAll(cost: Cost, charges: Charge[]): Promise<Full | undefined> {
    const takings = await settled(charges.map((charge) => this.#counters.take(charge)));
    const fulls: Full[] = [];
    for (const [index, charge] of charges.entries()) {
      const taking = takings[index];
      if (taking?.status !== "fulfilled") continue;
      const { value: taken } = taking;
      const endsAt = Date.now() + taken.waitMs;
      cost.taken.push({ ...charge, endsAt });
      if (this.#charges.isBroad(charge.counter)) this.#broadEnds.set(pathOf(charge), endsAt);
      this.#noteQuota(cost, charge, taken);
      if (!taken.ok && !this.#isRecorded(cost, charge, taken.waitMs)) {
        fulls.push({ limit: charge.counter.name, waitMs: taken.waitMs });
      }
    }
    const fault = takings.find((taking) => taking.status === "rejected");
    if (fault !== undefined) throw fault.reason as Error;
    return fulls.sort((a, b) => b.waitMs - a.waitMs)[0];
  }

  /** Tells of a full limit, a broad one once in its window; true where it is only tried out. */
  #isRecorded({ country }: Cost, { counter, key }: Charge, waitMs: number): boolean {
    const isRecorded = (counter as Window).mode === "record";
    const type = isRecorded ? "budget_recorded" : "budget_exhausted";
    const about = { type, reason: counter.name, ...(country !== "" && { country }) } as const;
    const name = `told:${counter.name}:${counter.max}`;
    // Ends with the window that it tells of: the next one has its own.
    const alert = { counter: { name, max: 1, window: Math.max(1, Math.ceil(waitMs / 1000)) }, key };
    this.#counters.tidy(
      chain(this.#counters.takeFirst(alert), ({ ok }) => {
        if (ok) this.#emit(about);
        return ok;
      }),
    );
    return isRecorded;
  }

  #noteQuota(cost: Cost, { counter }: Charge, { count, waitMs }: Taken): void {
    const policy = this.#charges.policyOf(counter);
    if (policy === undefined) return;
    const { max, window } = counter;
    const quota: Quota = {
      policy,
      limit: { max, window },
      remaining: Math.max(0, max - count),
      resetIn: Math.ceil(waitMs / 1000),
    };
    if (cost.quota === undefined || isTighter(quota, cost.quota)) cost.quota = quota;
  }
}

function isTighter(a: Quota, b: Quota): boolean {
  return a.remaining === b.remaining ? a.resetIn > b.resetIn : a.remaining < b.remaining;
}
