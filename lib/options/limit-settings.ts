/** The limits as the inside reads them: checked once, complete, defaults filled in. */

import { orElse, readWhole, refuse, refuseUnknown, seconds } from "../std/option-checks";
import type { Limit } from "../outcome/quota";
import type { LimitOptions, SendLimit } from "./options";

/** The limits, each a list of windows. */
export interface LimitSettings {
  attempts: number;
  failures: Limit;
  consecutiveFailures: number;
  cooldown: number;
  perDay: number;
  user: SendLimit[];
  number: SendLimit[];
  network: SendLimit[];
  calls: SendLimit[];
  country: SendLimit[];
  all: SendLimit[];
}

/** The longest wait between two texts of one session, in seconds. */
export const LONGEST_COOLDOWN = 1920;

/** The largest limit of any kind. */
export const MOST = 1_000_000_000;

const LIMITS: Record<keyof LimitOptions, true> = {
  attempts: true,
  failures: true,
  consecutiveFailures: true,
  cooldown: true,
  perDay: true,
  user: true,
  number: true,
  network: true,
  calls: true,
  country: true,
  all: true,
};

/** Checks the option `limits`. */
export function readLimits(value: unknown, user: unknown): LimitSettings {
  refuseUnknown("`limits`", value, LIMITS);
  const given: Partial<Record<keyof LimitOptions, unknown>> = value;
  // An office or a school stands behind one address; who is not signed in could be anybody.
  const network = user === "from-request" ? 15 : 60;
  const texts = [
    { max: 5, window: 600 },
    { max: 10, window: 3600 },
  ];
  return {
    attempts: readWhole("limits.attempts", given.attempts, { byDefault: 5, min: 1, max: 10 }),
    failures: readLimit("limits.failures", orElse(given.failures, { max: 10, window: 900 })),
    consecutiveFailures: readWhole("limits.consecutiveFailures", given.consecutiveFailures, {
      byDefault: 100,
      min: 1,
      max: 100,
    }),
    cooldown: readWhole("limits.cooldown", given.cooldown, seconds(30, 1, LONGEST_COOLDOWN)),
    perDay: readWhole("limits.perDay", given.perDay, { byDefault: 30, min: 1, max: MOST }),
    user: readWindows("limits.user", orElse(given.user, texts)),
    number: readWindows("limits.number", orElse(given.number, texts)),
    network: readWindows("limits.network", orElse(given.network, { max: network, window: 3600 })),
    calls: readWindows("limits.calls", orElse(given.calls, { max: 3, window: 600 })),
    country: readWindows("limits.country", orElse(given.country, { max: 500, window: 3600 })),
    all: readWindows("limits.all", orElse(given.all, { max: 1000, window: 3600 })),
  };
}

function readWindows(option: string, value: unknown): SendLimit[] {
  const limits = Array.isArray(value) ? (value as unknown[]) : [value];
  if (limits.length === 0) refuse(option, "to hold at least one limit", value);
  const read = limits.map((limit) => readSendLimit(option, limit));
  if (new Set(read.map(({ window }) => window)).size < read.length) {
    refuse(option, "to hold limits of different windows", value);
  }
  return read;
}

const LONGEST_WINDOW = 24 * 86_400;

function readSendLimit(option: string, value: unknown): SendLimit {
  refuseUnknown(`\`${option}\``, value, { max: true, window: true, mode: true });
  const { mode, ...limit } = value;
  if (mode !== undefined && mode !== "enforce" && mode !== "record") {
    refuse(`${option}.mode`, 'to be "enforce" or "record"', mode);
  }
  return { ...readLimit(option, limit), ...(mode !== undefined && { mode }) };
}

function readLimit(option: string, value: unknown): Limit {
  refuseUnknown(`\`${option}\``, value, { max: true, window: true });
  const { max, window } = value;
  if (max === undefined || window === undefined) {
    refuse(option, "to be `{ max, window }`, so many times in so many seconds", value);
  }
  return {
    max: readWhole(`${option}.max`, max, { byDefault: 0, min: 1, max: MOST }),
    window: readWhole(`${option}.window`, window, seconds(0, 1, LONGEST_WINDOW)),
  };
}
