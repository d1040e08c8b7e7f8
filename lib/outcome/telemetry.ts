/** What operators measure by, as the inside knows it: work that takes time, events, and what budgets have left. */

import type { MaybePromise } from "../std/maybe-promise";
import type { Channel } from "./channel";
import type { TwoFactorEvent } from "./event";

/** Work that takes time: the two endpoints', a sender's call, a step of the counter store. */
export type WorkName = "request-auth" | "validate-auth" | "send" | "ledger";

/** What a piece of work has come to, in words of which there are few: they name series. */
export interface WorkFacts {
  /** `sent`, `verified` and the like, or a refusal's code. */
  outcome: string;
  /** How a code was sent. */
  channel?: Channel;
  /** ISO 3166-1 alpha-2 code of the country of the number. */
  country?: string;
  /** Absent or empty for the plain second factor. */
  purpose?: string;
  /** The sender, by its function's name. */
  sender?: string;
}

/** How a budget that users share stood when a text was asked for. */
export interface BudgetStand {
  /** Its name, as events have it: `country3600`, `all3600` or `day`. */
  budget: string;
  /** Whose it is, where each country has one. */
  country?: string;
  /** Texts that were taken from it. */
  used: number;
  /** Texts that it holds. */
  limit: number;
  /** Milliseconds until its window ends. */
  endsIn: number;
}

/** What measures a second factor, such as `openTelemetry()` from `express-sms-2fa/opentelemetry`. It decides nothing. */
export interface Telemetry {
  /** Does `work` once, and gives or throws what it does; `tell` says what it came to. */
  measure<T>(
    name: WorkName,
    work: () => MaybePromise<T>,
    tell: (given: T) => WorkFacts,
  ): MaybePromise<T>;
  /** Hears of each event, as `onEvent` does. */
  hear(event: TwoFactorEvent): void;
  /** Hears how a budget stands. */
  note(stand: BudgetStand): void;
}

/** Does work, measured where anything measures. */
export function measured<T>(
  telemetry: Telemetry | undefined,
  name: WorkName,
  work: () => MaybePromise<T>,
  tell: (given: T) => WorkFacts,
): MaybePromise<T> {
  return telemetry === undefined ? work() : telemetry.measure(name, work, tell);
}

/** What an endpoint's answer came to. */
export function outcomeOf(
  answer: { ok: true; status: string } | { ok: false; code: string },
): WorkFacts {
  return { outcome: answer.ok ? answer.status : answer.code };
}
