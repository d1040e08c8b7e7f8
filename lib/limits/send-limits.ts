/** What a text is charged to: the session's cooldown, and user, number, network, country and all. */

import type { Charge, Counter, Counters } from "../ledger/counters";
import { LONGEST_COOLDOWN } from "../options/limit-settings";
import type { SendLimit } from "../options/options";
import type { Settings } from "../options/settings";

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

/** What a text is charged to. */
export interface Charges {
  cooldown: Charge;
  /** Taken together with the cooldown. */
  narrow: Charge[];
  middle: Charge[];
  /** Country and all. */
  broad: Charge[];
  /** Where it is noted that the number has been proved before, under each secret in force. */
  known: Charge[];
}

type Budget = "user" | "number" | "network" | "country" | "all";
/** A counter of a limit, which may only be tried out. */
export type Window = Counter & Pick<SendLimit, "mode">;

const DAY = 86_400;
// The last fifth of a day's texts is for numbers that were proved before: pumped numbers never were.
const SHARE_OF_UNKNOWN = 0.8;

/** The counters of texts, as the settings have them. */
export class SendCharges {
  readonly #counters: Counters;
  readonly #cooldown: number;
  readonly #day: Counter;
  readonly #numberDay: Counter;
  readonly #isUserKnown: boolean;
  readonly #known: Counter;
  readonly #windows: Record<Budget, Window[]>;
  readonly #told: readonly string[];

  constructor({ limits, maxPerDay, user, counters: remote }: Settings, counters: Counters) {
    this.#counters = counters;
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

  /** All that a text is charged to. */
  of(errand: Errand, wait: number): Charges {
    const { subject, phone, country, network } = errand;
    const ofUser = this.ofUser(subject);
    const numberKey = this.#name("number", phone);
    const ofNumber = [
      ...this.#charges("number", numberKey),
      { counter: this.#numberDay, key: numberKey },
    ];
    const ofNetwork = this.ofNetwork(this.networkKey(network));
    return {
      cooldown: this.cooldownOf(errand, wait),
      // Where the client chooses the number, the network that asks is the narrower of the two, and a
      // refused one must not fill the store with numbers.
      narrow: this.#isUserKnown ? [...ofUser, ...ofNumber] : ofNetwork,
      middle: this.#isUserKnown ? ofNetwork : ofNumber,
      broad: this.#broadly(country),
      known: [numberKey, ...this.#counters.olderNamesOf("number", phone)].map((key) => ({
        counter: this.#known,
        key,
      })),
    };
  }

  /** The cooldown of one subject, number and purpose in one session. */
  cooldownOf(errand: Omit<Errand, "country" | "network">, wait: number): Charge {
    const { session, subject, phone, purpose } = errand;
    return {
      counter: { name: "wait", max: 1, window: wait },
      key: this.#counters.nameOf("session", session, subject, phone, purpose),
    };
  }

  /** The day's texts, of which numbers that were never proved have a share. */
  day(isKnown: boolean): Charge {
    const max = Math.ceil(this.#day.max * (isKnown ? 1 : SHARE_OF_UNKNOWN));
    return { counter: { ...this.#day, max }, key: "all" };
  }

  /** What answered texts are given back to, beside their networks. A day's stay counted: they were paid for. */
  ofAnswered(subject: string, phone: string, country: string): Charge[] {
    return [
      ...(this.#isUserKnown ? this.ofUser(subject) : []),
      ...this.#charges("number", this.#name("number", phone)),
      ...this.#broadly(country),
    ];
  }

  /** The counters of a user. */
  ofUser(subject: string): Charge[] {
    return this.#charges("user", this.#name("user", subject));
  }

  /** The counters of a network, by the key that `networkKey` gives. */
  ofNetwork(key: string): Charge[] {
    return this.#charges("network", key);
  }

  /** Where it is noted that a number has been proved. */
  knownAt(phone: string): Charge {
    return { counter: this.#known, key: this.#name("number", phone) };
  }

  /** Whether it is a counter of country, day or all. */
  isBroad({ name }: Counter): boolean {
    const { country, all } = this.#windows;
    return name === this.#day.name || [...country, ...all].some((each) => each.name === name);
  }

  /** What clients are told a limit by; nothing for one that they are not told of. */
  policyOf({ name }: Counter): string | undefined {
    const place = this.#told.indexOf(name) + 1;
    if (place === 0) return undefined;
    return place === 1 ? "send" : `send-${place}`;
  }

  #broadly(country: string): Charge[] {
    return [
      ...this.#charges("country", this.#name("country", country)),
      ...this.#charges("all", "all"),
    ];
  }

  #name(kind: string, value: string): string {
    return this.#counters.nameOf(kind, value);
  }

  #charges(of: Budget, key: string): Charge[] {
    return this.#windows[of].map((counter) => ({ counter, key }));
  }
}
