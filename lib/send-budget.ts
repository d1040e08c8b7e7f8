/** What a text costs: the session's cooldown and the budgets of user, number, network, country and all. */

import { CLOCK_TOLERANCE_MS, type SentText } from "./challenge";
import type { Charge, Counter, Counters, Taken } from "./counters";
import type { EmitEvent } from "./events";
import { LONGEST_COOLDOWN } from "./limit-settings";
import type { SendLimit } from "./options";
import type { Quota } from "./refusal";
import type { Settings } from "./settings";
import { all, goOn, settled, type Soon } from "./soon";

/** Who a text is for and who asks for it. */
export interface Errand {
  /** Id of the session. */
  session: string;
  subject: string;
  /** E.164. */
  phone: string;
  country: string;
  purpose: string;
  /** As `networkOf` names it. */
  network: string;
}

/** What a text costs, and what has been taken of it so far. */
export interface Cost {
  cooldown: Charge;
  /** Taken together with the cooldown. */
  narrow: Charge[];
  middle: Charge[];
  /** Country and all. */
  broad: Charge[];
  /** Where it is noted that the number has been proved before, under each secret in force. */
  known: Charge[];
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

/** Texts that were answered. */
export interface Answered {
  subject: string;
  phone: string;
  country: string;
  texts: readonly SentText[];
}

type Budget = "user" | "number" | "network" | "country" | "all";
type Window = Counter & Pick<SendLimit, "mode">;

const DAY = 86_400;
// The last fifth of a day's texts is for numbers that were proved before: pumped numbers never were.
const SHARE_OF_UNKNOWN = 0.8;
const ASK_AGAIN_MS = 1000;

/** Takes the cost of a text from narrow to broad, so that a refusal never spends a broader budget. */
export class SendBudget {
  readonly #counters: Counters;
  readonly #emit: EmitEvent;
  readonly #cooldown: number;
  readonly #day: Counter;
  readonly #numberDay: Counter;
  readonly #isUserKnown: boolean;
  readonly #known: Counter;
  readonly #windows: Record<Budget, Window[]>;
  readonly #told: readonly string[];
  /** When a day's share was last found full, by its size. */
  readonly #fullDays = new Map<number, { at: number; waitMs: number }>();
  /** When the windows of countries and of all end, as this process has seen it: a few for each country. */
  readonly #broadEnds = new Map<string, number>();

  constructor(
    { limits, maxPerDay, user, counters: remote }: Settings,
    counters: Counters,
    emit: EmitEvent,
  ) {
    this.#counters = counters;
    this.#emit = emit;
    this.#cooldown = limits.cooldown;
    this.#day = { name: "day", max: maxPerDay, window: DAY };
    this.#numberDay = { name: "number-day", max: limits.perDay, window: DAY };
    this.#isUserKnown = user !== "from-request";
    // The memory of a process is no place to keep numbers for longer.
    this.#known = { name: "known", max: 0, window: (remote === undefined ? 24 : 400) * DAY };
    const named = (name: Budget, windows: SendLimit[]) =>
      windows.map((limit) => ({ name: `${name}${limit.window}`, ...limit }));
    this.#windows = {
      user: named("user", limits.user),
      number: named("number", limits.number),
      network: named("network", limits.network),
      country: named("country", limits.country),
      all: named("all", limits.all),
    };
    // A stranger must not learn from a number's count whether others ask for it.
    const told: Budget[] = user === "from-request" ? ["network"] : ["user", "network"];
    const windows = told.flatMap((budget) => this.#windows[budget]);
    // One that is only tried out refuses nothing, so clients need not heed it.
    this.#told = windows.filter(({ mode }) => mode !== "record").map(({ name }) => name);
  }

  /** Seconds that a session waits after so many unanswered texts: doubling. */
  waitAfter(unanswered: number): number {
    return Math.min(this.#cooldown * 2 ** Math.min(unanswered, 12), LONGEST_COOLDOWN);
  }

  /** Key of a network's counters. */
  networkKey(network: string): string {
    return this.#name("network", network);
  }

  /** What a text would cost; nothing is taken yet. */
  costOf(errand: Errand, wait: number): Cost {
    const { subject, phone, country, network } = errand;
    const ofUser = this.#charges("user", this.#name("user", subject));
    const numberKey = this.#name("number", phone);
    const ofNumber = [
      ...this.#charges("number", numberKey),
      { counter: this.#numberDay, key: numberKey },
    ];
    const ofNetwork = this.#charges("network", this.networkKey(network));
    return {
      cooldown: this.cooldownOf(errand, wait),
      // Where the client chooses the number, the network that asks is the narrower of the two, and a
      // refused one must not fill the store with numbers.
      narrow: this.#isUserKnown ? [...ofUser, ...ofNumber] : ofNetwork,
      middle: this.#isUserKnown ? ofNetwork : ofNumber,
      broad: [
        ...this.#charges("country", this.#name("country", country)),
        ...this.#charges("all", "all"),
      ],
      known: [numberKey, ...this.#counters.olderNamesOf("number", phone)].map((key) => ({
        counter: this.#known,
        key,
      })),
      isKnown: false,
      country,
      taken: [],
      isCooling: false,
      quota: undefined,
    };
  }

  /** What a challenge keeps of a text that is about to leave, for `settle()`. */
  textOf({ taken, broad }: Cost, network: string, at: number): SentText {
    // Country and all may be taken beside the saving of this.
    const ends = [
      ...taken.map(({ endsAt }) => endsAt),
      ...broad.map((charge) => this.#broadEnds.get(pathOf(charge)) ?? 0),
    ];
    return { at, network: this.networkKey(network), until: Math.min(...ends) };
  }

  /** The cooldown of one subject, number and purpose in one session. */
  cooldownOf(errand: Omit<Errand, "country" | "network">, wait: number): Charge {
    const { session, subject, phone, purpose } = errand;
    return {
      counter: { name: "wait", max: 1, window: wait },
      key: this.#counters.nameOf("session", session, subject, phone, purpose),
    };
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
    const day = this.#dayFor(cost);
    const full = await this.#takeOrRefund(cost, [...cost.broad, day]);
    if (full?.limit === day.counter.name) {
      this.#fullDays.set(day.counter.max, { at: Date.now(), waitMs: full.waitMs });
    }
    return full;
  }

  #dayFor({ isKnown }: Cost): Charge {
    const max = Math.ceil(this.#day.max * (isKnown ? 1 : SHARE_OF_UNKNOWN));
    return { counter: { ...this.#day, max }, key: "all" };
  }

  // Asked once a second and not taken anew for each: what a flood of refused requests takes and gives
  // back at any moment would eat the share that is kept for known numbers.
  #fullDay(cost: Cost): Full | undefined {
    const { name, max } = this.#dayFor(cost).counter;
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
    cost.taken = cost.taken.filter(({ counter }) => this.#isBroad(counter));
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

  /**
   * Gives the budgets back for texts that were answered, for only unanswered ones weigh (text pumping),
   * and remembers the number. A day's texts stay counted, of all and of the number: they were paid for.
   */
  settle({ subject, phone, country, texts }: Answered): void {
    const ofUser = this.#charges("user", this.#name("user", subject));
    const charges = [
      ...(this.#isUserKnown ? ofUser : []),
      ...this.#charges("number", this.#name("number", phone)),
      ...this.#charges("country", this.#name("country", country)),
      ...this.#charges("all", "all"),
    ];
    const networks = new Set(texts.map(({ network }) => network));
    this.#counters.tidy(
      ...charges.map((charge) => this.#giveBack(charge, texts)),
      ...[...networks].flatMap((key) => {
        const paid = texts.filter(({ network }) => network === key);
        return this.#charges("network", key).map((charge) => this.#giveBack(charge, paid));
      }),
      this.#counters.set(this.#knownAt(phone), 1, this.#known.window),
    );
  }

  /** Forgets what a user's texts have cost. */
  async forgive(subject: string): Promise<void> {
    const charges = this.#charges("user", this.#name("user", subject));
    await all(charges.map((charge) => this.#counters.clear(charge)));
  }

  // A window that has begun anew since has counted none of them: what others' texts cost there stays.
  #giveBack(charge: Charge, texts: readonly SentText[]): Soon<undefined> {
    const now = Date.now();
    if (texts.every(({ until }) => now < until)) {
      return this.#counters.giveBack(charge, texts.length);
    }
    return goOn(this.#counters.peek(charge), ({ count, waitMs }) => {
      // A give-back to no window would open one, for a moment below nothing.
      if (count === 0) return undefined;
      const begin = now + waitMs - charge.counter.window * 1000;
      const { length } = texts.filter(({ at }) => at >= begin - CLOCK_TOLERANCE_MS);
      return length === 0 ? undefined : this.#counters.giveBack(charge, length);
    });
  }

  #isBroad({ name }: Counter): boolean {
    const { country, all } = this.#windows;
    return name === this.#day.name || [...country, ...all].some((each) => each.name === name);
  }

  #name(kind: string, value: string): string {
    return this.#counters.nameOf(kind, value);
  }

  #knownAt(phone: string): Charge {
    return { counter: this.#known, key: this.#name("number", phone) };
  }

  #charges(of: Budget, key: string): Charge[] {
    return this.#windows[of].map((counter) => ({ counter, key }));
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
      if (this.#isBroad(charge.counter)) this.#broadEnds.set(pathOf(charge), endsAt);
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
      goOn(this.#counters.takeFirst(alert), ({ ok }) => {
        if (ok) this.#emit(about);
        return ok;
      }),
    );
    return isRecorded;
  }

  #noteQuota(cost: Cost, { counter }: Charge, { count, waitMs }: Taken): void {
    const place = this.#told.indexOf(counter.name) + 1;
    if (place === 0) return;
    const { max, window } = counter;
    const quota: Quota = {
      policy: place === 1 ? "send" : `send-${place}`,
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

function pathOf({ counter, key }: Charge): string {
  return `${counter.name}:${key}`;
}
