/** The limits of the model's runs, so low that short runs meet each; and who there is. */

/** So many in so many seconds. */
export interface Limit {
  max: number;
  window: number;
}

const DAY = 86_400;

/** As the model reads them. */
export const LIMITS = {
  attempts: 2,
  failures: { max: 3, window: 900 },
  row: 7,
  cooldown: 30,
  codeLife: 600,
  markLife: DAY,
  user: [
    { max: 3, window: 600 },
    { max: 5, window: 3600 },
  ],
  number: [
    { max: 2, window: 600 },
    { max: 4, window: 3600 },
  ],
  numberDay: { max: 5, window: DAY },
  network: { max: 6, window: 3600 },
  country: { max: 6, window: 3600 },
  all: { max: 7, window: 3600 },
  day: { max: 9, window: DAY },
} satisfies Record<string, number | Limit | Limit[]>;

const { attempts, failures, cooldown, user, number, network, country, all } = LIMITS;

/** The same, as `twoFactor()` takes them. */
export const OPTIONS = {
  limits: {
    attempts,
    failures,
    cooldown,
    user,
    number,
    network,
    country,
    all,
    consecutiveFailures: LIMITS.row,
    perDay: LIMITS.numberDay.max,
  },
  maxPerDay: LIMITS.day.max,
};

export const USERS = ["ann", "bob"] as const;
export const NUMBERS = ["+12025550123", "+12025550188", "+14165550142"] as const;
export const PURPOSES = ["", "settings", "transfer"] as const;

/** What a purpose describes where this is the amount. */
export function describe(purpose: string, amount: string): string {
  return purpose === "transfer" ? `pay ${amount} USD` : "";
}
