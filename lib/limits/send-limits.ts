/** What a text or call is counted under: the session's cooldown, and user, number, network, country and all. */

import {
  clear,
  peek,
  proof,
  set,
  take,
  type Clear,
  type Entry,
  type Peek,
  type Raise,
  type Take,
} from "../ledger/ledger";
import { countOf, type StepOutcome } from "../ledger/guarded";
import { LONGEST_COOLDOWN } from "../options/limit-settings";
import type { SendLimit } from "../options/options";
import type { Settings } from "../options/settings";
import type { Channel } from "../outcome/channel";
import type { Budget } from "../outcome/events";
import type { Quota } from "../outcome/quota";
import type { BudgetStand } from "../outcome/telemetry";
import { lineOf } from "../phone/phone";
import type { CounterNames } from "./counter-names";

/** Who a text is for and who asks for it. */
export interface SendRequest {
  /** Id of the session. */
  session: string;
  subject: string;
  /** E.164. */
  phone: string;
  country: string;
  purpose: string;
  /** As `networkOf` names it. */
  network: string;
  /** Whether it is the number on record of the user who asks. */
  isOnRecord: boolean;
  channel: Channel;
}

/** What names a cooldown, which texts and calls share. */
export type Waiting = Pick<SendRequest, "session" | "subject" | "phone" | "purpose">;

/** The windows of each budget, and those that calls have beside them. */
type Windows = Record<Budget | "userCalls" | "numberCalls", readonly Window[]>;

/** One limit of a budget. */
interface Window extends SendLimit {
  budget: Budget;
  /** Its name in events, and its field in the ledger. */
  name: string;
  /** Whether a right answer gives it back. */
  isPaid: boolean;
  /** How many of it are for users who have never proved this number; all where it is absent. */
  share?: number;
}

/** A text's entry in the ledger for one limit. */
export interface Charge {
  window: Window;
  entry: Take;
}

/** What a text costs, as entries of one step. */
export interface Cost {
  cooldown: Take;
  /** Above 0 where this user has proved this number before: lifts the shares. */
  known: readonly Peek[];
  /** Above 0 where support has lately unlocked the user. */
  unlocked: Peek;
  charges: readonly Charge[];
}

/** A limit that was full, and how long that lasts. */
export interface Full {
  limit: string;
  waitMs: number;
}

const DAY = 86_400;
// The last fifth is for numbers that were proved before: pumped numbers never were.
const SHARE_OF_UNKNOWN = 0.8;
// Less than for a number on record, and counted apart: whoever names a number spends nothing of its owner's.
const SHARE_OF_STRANGERS = 0.6;
// Answers of others give these back at any time, so a longer wait would not be true.
const REFILLED: ReadonlySet<Budget> = new Set<Budget>(["network", "country", "all"]);
const SHARED: ReadonlySet<Budget> = new Set<Budget>(["country", "all", "day"]);
const LONGEST_REFILL_MS = 60_000;
const UNLOCKED = "unlocked";
const KNOWN = "known";

/** The counters of texts, as the settings have them. */
export class SendLimits {
  readonly #names: CounterNames;
  readonly #cooldown: number;
  readonly #knownMs: number;
  readonly #isUserKnown: boolean;
  readonly #windows: Windows;
  readonly #told: readonly Window[];

  constructor({ limits, maxPerDay, user, counters }: Settings, names: CounterNames) {
    this.#names = names;
    this.#cooldown = limits.cooldown;
    this.#isUserKnown = user !== "from-request";
    // The memory of a process is no place to keep numbers for longer.
    this.#knownMs = (counters === undefined ? 1 : 400) * DAY * 1000;
    this.#windows = {
      user: windowsOf("user", limits.user),
      // A day's texts stay counted: they were paid for.
      number: [
        ...windowsOf("number", limits.number),
        {
          ...windowOf("number", { max: limits.perDay, window: DAY }),
          name: "number-day",
          isPaid: false,
        },
      ],
      userCalls: windowsOf("user", limits.calls, "calls"),
      numberCalls: windowsOf("number", limits.calls, "calls"),
      network: windowsOf("network", limits.network),
      country: windowsOf("country", limits.country).map(shared),
      all: windowsOf("all", limits.all).map(shared),
      day: [
        shared({ ...windowOf("day", { max: maxPerDay, window: DAY }), name: "day", isPaid: false }),
      ],
    };
    // A stranger must not learn from a number's count whether others ask for it.
    const { user: users, network, userCalls } = this.#windows;
    const told = this.#isUserKnown ? [...users, ...network, ...userCalls] : network;
    // One that is only tried out refuses nothing, so clients need not heed it.
    this.#told = told.filter(({ mode }) => mode !== "record");
  }

  /** Seconds that a session waits after so many unanswered texts: doubling. */
  waitAfter(unanswered: number): number {
    return Math.min(this.#cooldown * 2 ** unanswered, LONGEST_COOLDOWN);
  }

  /** All that a text costs. `isForgiven`: after an unlock its number may be asked for as often once more. */
  costOf(request: SendRequest, wait: number, { isForgiven = false } = {}): Cost {
    const { subject, phone } = request;
    return {
      cooldown: take(this.#cooldownScope(request), "wait", 1, wait * 1000),
      known: [this.#knownScope(subject, phone), ...this.#names.older(KNOWN, subject, phone)].map(
        (scope) => proof(scope, KNOWN),
      ),
      unlocked: peek(this.#unlockedScope(subject), UNLOCKED),
      charges: [
        ...this.#narrow(request, isForgiven),
        ...this.#charges("country", this.#names.of("country", request.country)),
        ...this.#charges("all", this.#names.of("all")),
        ...this.#charges("day", this.#names.of("day")),
      ],
    };
  }

  /** What bounds the asking itself, for a text that a check or the gateway has refused: counted all the same. */
  asked(request: SendRequest): Take[] {
    return this.#narrow(request, false).map(({ entry }) => ({
      ...entry,
      isPaid: false,
      isRecorded: true,
    }));
  }

  /** The cooldown of one subject, number and purpose in one session, to read. */
  peekCooldown(waiting: Waiting): Peek {
    return peek(this.#cooldownScope(waiting), "wait");
  }

  /** Notes that this user has proved this number. */
  prove(subject: string, phone: string): Raise {
    return set(this.#knownScope(subject, phone), KNOWN, 1, this.#knownMs);
  }

  /** Forgets what a user's texts have cost the user, and lets them ask for their number once more. */
  unlock(subject: string): { counted: Clear[]; unlocked: Raise[] } {
    const { numberCalls, userCalls } = this.#windows;
    const brief = [...this.#windows.number.filter(isBrief), ...numberCalls];
    // Where the number is the subject, what was counted for it is known.
    if (!this.#isUserKnown) {
      const number = this.#names.of("named-number", lineOf(subject));
      return { counted: brief.map(({ name }) => clear(number, name)), unlocked: [] };
    }
    const user = this.#names.of("user", subject);
    const longest = Math.max(...brief.map(({ window }) => window));
    return {
      counted: [...this.#windows.user, ...userCalls].map(({ name }) => clear(user, name)),
      unlocked: [set(this.#unlockedScope(subject), UNLOCKED, 1, longest * 1000)],
    };
  }

  /** Reads what is left to a user: for each limit of theirs that refuses, how many and how many were taken. */
  peekUser(subject: string): { max: number; entry: Peek }[] {
    const scope = this.#isUserKnown
      ? this.#names.of("user", subject)
      : this.#names.of("named-number", lineOf(subject));
    return this.#windows[this.#isUserKnown ? "user" : "number"]
      .filter(({ mode }) => mode !== "record")
      .map(({ max, name }) => ({ max, entry: peek(scope, name) }));
  }

  /** The limit that refuses for longest. */
  fullIn(outcome: StepOutcome, { charges }: Cost): Full | undefined {
    const fulls = charges.flatMap(({ window, entry }) => {
      const { isFull, waitMs } = countOf(outcome, entry);
      if (!isFull || window.mode === "record") return [];
      const isRefilled = REFILLED.has(window.budget);
      return {
        limit: window.name,
        waitMs: isRefilled ? Math.min(waitMs, LONGEST_REFILL_MS) : waitMs,
      };
    });
    return fulls.sort((a, b) => b.waitMs - a.waitMs)[0];
  }

  /** Whether nothing but limits of the number refuses. */
  isNumberAlone(outcome: StepOutcome, { charges }: Cost): boolean {
    return charges.every(
      ({ window, entry }) =>
        window.budget === "number" || window.mode === "record" || !countOf(outcome, entry).isFull,
    );
  }

  /** What is left of the tightest limit that the client may be told of. */
  quotaIn(outcome: StepOutcome, { charges }: Cost): Quota | undefined {
    let tightest: Quota | undefined;
    for (const { window, entry } of charges) {
      const place = this.#told.indexOf(window) + 1;
      if (place === 0) continue;
      const { count, waitMs } = countOf(outcome, entry);
      const quota: Quota = {
        policy: place === 1 ? "send" : `send-${place}`,
        limit: { max: window.max, window: window.window },
        remaining: Math.max(0, window.max - count),
        resetIn: Math.ceil(waitMs / 1000),
      };
      if (tightest === undefined || isTighter(quota, tightest)) tightest = quota;
    }
    return tightest;
  }

  /** How the budgets that users share stood when a step took of them, or found them full. */
  standsIn(outcome: StepOutcome, charges: readonly Charge[], country: string): BudgetStand[] {
    return charges
      .filter(({ window }) => SHARED.has(window.budget))
      .map(({ window: { name, budget, max }, entry }) => {
        const { count, waitMs } = countOf(outcome, entry);
        const whose = budget === "country" && country !== "" && { country };
        return { budget: name, ...whose, used: count, limit: max, endsIn: waitMs };
      });
  }

  #narrow(request: SendRequest, isForgiven: boolean): Charge[] {
    const { subject, phone, network, isOnRecord, channel } = request;
    const number = this.#names.of(isOnRecord ? "number" : "named-number", lineOf(phone));
    const user = this.#names.of("user", subject);
    const isCall = channel === "call";
    const forNumber = (window: Window) => this.#forNumber(window, request, isForgiven);
    return [
      ...(this.#isUserKnown ? this.#charges("user", user) : []),
      ...(this.#isUserKnown && isCall ? this.#charges("userCalls", user) : []),
      ...this.#charges("number", number, forNumber),
      ...(isCall ? this.#charges("numberCalls", number, forNumber) : []),
      ...this.#charges("network", this.#names.of("network", network)),
    ];
  }

  #forNumber(window: Window, { isOnRecord }: SendRequest, isForgiven: boolean): number {
    const isStranger = this.#isUserKnown && !isOnRecord;
    const max = isStranger ? Math.max(1, Math.floor(window.max * SHARE_OF_STRANGERS)) : window.max;
    // A day's money is not support's to lift.
    return isForgiven && isBrief(window) ? max * 2 : max;
  }

  #charges(of: keyof Windows, scope: string, maxOf = (window: Window) => window.max): Charge[] {
    return this.#windows[of].map((window) => {
      const { name, share, isPaid, mode } = window;
      const max = maxOf(window);
      const more = { share: share ?? max, isPaid, isRecorded: mode === "record" };
      return { window, entry: take(scope, name, max, window.window * 1000, more) };
    });
  }

  #cooldownScope({ session, subject, phone, purpose }: Waiting): string {
    return this.#names.of("session", session, subject, phone, purpose);
  }

  #unlockedScope(subject: string): string {
    return this.#names.of(this.#isUserKnown ? "user" : "named", subject);
  }

  #knownScope(subject: string, phone: string): string {
    return this.#names.of(KNOWN, subject, phone);
  }
}

/** All entries, for a step. */
export function entriesOf({ cooldown, known, unlocked, charges }: Cost): Entry[] {
  return [cooldown, ...known, unlocked, ...charges.map(({ entry }) => entry)];
}

/** `name` tells the windows of one counter's scope apart. */
function windowsOf(budget: Budget, limits: readonly SendLimit[], name: string = budget): Window[] {
  return limits.map((limit) => windowOf(budget, limit, name));
}

function windowOf(budget: Budget, limit: SendLimit, name: string = budget): Window {
  return { ...limit, budget, name: `${name}${limit.window}`, isPaid: true };
}

function shared(window: Window): Window {
  return { ...window, share: Math.ceil(window.max * SHARE_OF_UNKNOWN) };
}

function isBrief({ isPaid }: Window): boolean {
  return isPaid;
}

function isTighter(a: Quota, b: Quota): boolean {
  return a.remaining === b.remaining ? a.resetIn > b.resetIn : a.remaining < b.remaining;
}
