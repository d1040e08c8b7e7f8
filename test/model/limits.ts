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
  rememberedLife: 7200,
  // How old a token becomes in use, and how long the one before is good once it has come back.
  rotation: 600,
  grace: 120,
  // How old a proof may be behind which recovery codes are made, and how long one that was submitted is no further guess.
  codesAge: 300,
  submittedLife: 660,
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
  remember: { maxAge: LIMITS.rememberedLife },
};

export const USERS = ["ann", "bob"] as const;
export const NUMBERS = ["+12025550123", "+12025550188", "+14165550142"] as const;
export const PURPOSES = ["", "settings", "transfer"] as const;

/** What a purpose describes where this is the amount. */
export function describe(purpose: string, amount: string): string {
  return purpose === "transfer" ? `pay ${amount} USD` : "";
}
