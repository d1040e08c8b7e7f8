/** The options as the inside reads them: checked once, complete, defaults filled in. */

import { readBoolean, readFunction, readNames, readWhole, refuse, refuseUnknown } from "./checks";
import type { Limit } from "./counters";
import type { Sender } from "./delivery";
import type { MakeEngine } from "./engine";
import type { EventListener } from "./events";
import { readAppName, readOrigin } from "./message/signature";
import type {
  Alternatives,
  BeforeSend,
  FormFields,
  GuardOptions,
  LimitOptions,
  OnPhoneChange,
  OnRequired,
  PageLayout,
  PagesOptions,
  SavePhone,
  SendLimit,
  TwoFactorOptions,
  UserOf,
} from "./options";
import { isCountry, type CountryCode } from "./phone";

/** What `twoFactor()` works with. */
export interface Settings {
  secrets: readonly [string, ...string[]];
  user: UserOf | "from-request";
  sender: Sender;
  appName: string;
  /** Host of `origin`, for the text's last line. */
  host: string | undefined;
  countries: ReadonlySet<string>;
  defaultCountry: CountryCode | undefined;
  codeTtl: number;
  codeLength: number;
  purposes: ReadonlySet<string>;
  allowGet: boolean;
  trustedOrigins: ReadonlySet<string>;
  counters: MakeEngine | undefined;
  sendTimeout: number;
  maxPerDay: number;
  beforeSend: BeforeSend | undefined;
  rateLimitHeaders: boolean;
  path: string | undefined;
  limits: SettledLimits;
  onEvent: EventListener | undefined;
  /** Absent where the app has asked for none. */
  pages: SettledPages | undefined;
  openapi: boolean;
}

/** The pages' options, defaults filled in. */
export interface SettledPages {
  homePath: string;
  logOutPath: string | undefined;
  logInPath: string | undefined;
  supportUrl: string | undefined;
  savePhone: SavePhone | undefined;
  onPhoneChange: OnPhoneChange | undefined;
  endSessionsPath: string | undefined;
  alternatives: Alternatives | undefined;
  classPrefix: string;
  layout: PageLayout | undefined;
  csrf: false | FormFields | undefined;
}

/** The limits, each a list of windows. */
export interface SettledLimits {
  attempts: number;
  failures: Limit;
  consecutiveFailures: number;
  cooldown: number;
  perDay: number;
  user: SendLimit[];
  number: SendLimit[];
  network: SendLimit[];
  country: SendLimit[];
  all: SendLimit[];
}

export type { SendLimit };

/** The longest wait between two texts of one session, in seconds. */
export const LONGEST_COOLDOWN = 1920;
/** How long a mark may count at most, in seconds (NIST SP 800-63B-4 2.2.3: 24 hours at AAL2). */
export const LONGEST_MARK = 86_400;

// A record of names alone makes the compiler miss none.
const OPTIONS: Record<keyof TwoFactorOptions, true> = {
  secret: true,
  user: true,
  sender: true,
  appName: true,
  origin: true,
  countries: true,
  defaultCountry: true,
  codeTtl: true,
  codeLength: true,
  purposes: true,
  allowGet: true,
  trustedOrigins: true,
  counters: true,
  sendTimeout: true,
  maxPerDay: true,
  beforeSend: true,
  rateLimitHeaders: true,
  path: true,
  limits: true,
  onEvent: true,
  pages: true,
  openapi: true,
};
const LIMITS: Record<keyof LimitOptions, true> = {
  attempts: true,
  failures: true,
  consecutiveFailures: true,
  cooldown: true,
  perDay: true,
  user: true,
  number: true,
  network: true,
  country: true,
  all: true,
};
const PAGES: Record<keyof PagesOptions, true> = {
  homePath: true,
  logOutPath: true,
  logInPath: true,
  supportUrl: true,
  savePhone: true,
  onPhoneChange: true,
  endSessionsPath: true,
  alternatives: true,
  classPrefix: true,
  layout: true,
  csrf: true,
};
const GUARD: Record<keyof GuardOptions, true> = { maxAge: true, purpose: true, onRequired: true };

/** Checks the options, and throws a sentence that names the option and the fix. */
export function readOptions(options: unknown): Settings {
  refuseUnknown("twoFactor()", options, OPTIONS);
  const given: Partial<Record<keyof TwoFactorOptions, unknown>> = options;
  const host =
    given.origin === undefined ? undefined : readText("origin", given.origin, readOrigin);
  return {
    secrets: readSecrets(given.secret),
    user: readUser(given.user),
    sender: readSender(given.sender),
    appName: readText("appName", given.appName, readAppName),
    host,
    countries:
      given.countries === undefined
        ? new Set(["US", "CA"])
        : readCountries("countries", given.countries),
    defaultCountry: readDefaultCountry(given.defaultCountry),
    codeTtl: readWhole("codeTtl", given.codeTtl, seconds(600, 1, 600)),
    codeLength: readWhole("codeLength", given.codeLength, { byDefault: 6, min: 6, max: 10 }),
    purposes: readNames("purposes", orElse(given.purposes, []), PURPOSE_NAMES, (name) =>
      /^[a-z0-9][a-z0-9_.-]{0,63}$/.test(name),
    ),
    allowGet: readBoolean("allowGet", given.allowGet),
    // The app's own origin is known by name too where a proxy hides it.
    trustedOrigins: new Set([
      ...readTrustedOrigins(orElse(given.trustedOrigins, [])),
      ...(host === undefined ? [] : [`https://${host}`]),
    ]),
    counters: readFunction("counters", given.counters) as Settings["counters"],
    sendTimeout: readWhole("sendTimeout", given.sendTimeout, seconds(10, 1, 60)),
    maxPerDay: readWhole("maxPerDay", given.maxPerDay, { byDefault: 10_000, min: 1, max: MOST }),
    beforeSend: readFunction("beforeSend", given.beforeSend) as Settings["beforeSend"],
    rateLimitHeaders: readBoolean("rateLimitHeaders", given.rateLimitHeaders),
    path: readPath("path", given.path)?.replace(/\/+$/, ""),
    limits: readLimits(orElse(given.limits, {})),
    onEvent: readFunction("onEvent", given.onEvent) as Settings["onEvent"],
    pages: readPages(given.pages, given.user),
    openapi: readBoolean("openapi", given.openapi),
  };
}

const PURPOSE_NAMES = "names of 1 to 64 lower-case letters, digits, `_`, `.` and `-`";

// `null` is no absence: it comes from a mistake, and must not stand for a default.
function orElse(value: unknown, byDefault: unknown): unknown {
  return value === undefined ? byDefault : value;
}

function seconds(byDefault: number, min: number, max: number) {
  return { byDefault, min, max, unit: "seconds" };
}

function readSecrets(value: unknown): readonly [string, ...string[]] {
  const [newest, ...older] = (Array.isArray(value) ? value : [value]) as unknown[];
  return [readSecret(newest), ...older.map(readSecret)];
}

// A secret is never shown, whatever is wrong with it.
function readSecret(value: unknown): string {
  if (typeof value !== "string") {
    throw new TypeError(
      "Expected `secret` to be a string, or an array of strings, of at least 32 bytes each, got " +
        `${typeof value}. Make one with \`openssl rand -base64 48\`.`,
    );
  }
  const bytes = Buffer.byteLength(value);
  if (bytes < 32) {
    throw new TypeError(
      `Expected \`secret\` to be at least 32 bytes, got ${bytes}. ` +
        "Make one with `openssl rand -base64 48`.",
    );
  }
  return value;
}

function readUser(value: unknown): UserOf | "from-request" {
  if (value === "from-request") return value;
  if (typeof value === "function") return value as UserOf;
  return refuse("user", 'to be a function that tells who is signed in, or "from-request"', value);
}

function readSender(value: unknown): Sender {
  const sender = readFunction("sender", value);
  return sender === undefined
    ? refuse("sender", "to be a function, such as `signalwire()` makes", value)
    : (sender as Sender);
}

function readText(
  option: string,
  value: unknown,
  read: (text: string) => { ok: true; value: string } | { ok: false; why: string },
): string {
  if (typeof value !== "string") return refuse(option, "to be a string", value);
  const reading = read(value);
  // A user in front of a host may have a password behind: not to be shown.
  return reading.ok ? reading.value : refuse(option, reading.why, value.replace(/^.*@/s, "…@"));
}

function readCountries(option: string, value: unknown): Set<string> {
  const expected = 'ISO 3166-1 codes such as "US"';
  const countries = readNames(option, value, expected, isCountry);
  return countries.size > 0
    ? countries
    : refuse(option, `to hold at least one of ${expected}`, value);
}

function readDefaultCountry(value: unknown): CountryCode | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" && isCountry(value)
    ? value
    : refuse("defaultCountry", 'to be an ISO 3166-1 code such as "US"', value);
}

function readTrustedOrigins(value: unknown): Set<string> {
  return readNames("trustedOrigins", value, "origins such as https://app.example", (origin) => {
    return /^https?:/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin;
  });
}

function readLimits(value: unknown): SettledLimits {
  refuseUnknown("`limits`", value, LIMITS);
  const given: Partial<Record<keyof LimitOptions, unknown>> = value;
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
    network: readWindows("limits.network", orElse(given.network, { max: 15, window: 3600 })),
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

const MOST = 1_000_000_000;
const LONGEST_WINDOW = 24 * 86_400; // The library's memory engine forgets by Node's timers, which end at 24.8 days.

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

function readPages(value: unknown, user: unknown): SettledPages | undefined {
  if (value === undefined || value === false) return undefined;
  if (user === "from-request") {
    throw new TypeError(
      'Expected `pages` to be absent or false with `user: "from-request"`: they are for users who ' +
        "are signed in, and ask nobody for a number.",
    );
  }
  const options = value === true ? {} : value;
  refuseUnknown("`pages`", options, PAGES);
  const given: Partial<Record<keyof PagesOptions, unknown>> = options;
  const { csrf } = given;
  return {
    homePath: readPath("pages.homePath", given.homePath) ?? "/",
    logOutPath: readPath("pages.logOutPath", given.logOutPath),
    logInPath: readPath("pages.logInPath", given.logInPath),
    supportUrl: readSupportUrl(given.supportUrl),
    ...readEnrolment(given),
    alternatives: readFunction(
      "pages.alternatives",
      given.alternatives,
    ) as SettledPages["alternatives"],
    classPrefix: readPrefix(given.classPrefix),
    layout: readFunction("pages.layout", given.layout) as SettledPages["layout"],
    csrf: csrf === false ? false : (readFunction("pages.csrf", csrf) as SettledPages["csrf"]),
  };
}

function readEnrolment(
  given: Partial<Record<keyof PagesOptions, unknown>>,
): Pick<SettledPages, "savePhone" | "onPhoneChange" | "endSessionsPath"> {
  const savePhone = readFunction("pages.savePhone", given.savePhone) as SettledPages["savePhone"];
  for (const option of ["onPhoneChange", "endSessionsPath"] as const) {
    if (given[option] !== undefined && savePhone === undefined) {
      throw new TypeError(
        `Expected \`pages.savePhone\` beside \`pages.${option}\`: without it no number is saved.`,
      );
    }
  }
  return {
    savePhone,
    onPhoneChange: readFunction(
      "pages.onPhoneChange",
      given.onPhoneChange,
    ) as SettledPages["onPhoneChange"],
    endSessionsPath: readPath("pages.endSessionsPath", given.endSessionsPath),
  };
}

const PATH = /^\/(?!\/)[\w\-.~!$&'()*+,;=:@%/?]*$/;

function readPath(option: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" && PATH.test(value)
    ? value
    : refuse(option, "to be a path of this origin, such as /account", value);
}

function readSupportUrl(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const isGood =
    typeof value === "string" &&
    (PATH.test(value) || (/^(?:https?|mailto):/.test(value) && URL.canParse(value)));
  return isGood
    ? value
    : refuse("pages.supportUrl", "to be a path, or a URL of https or mailto", value);
}

function readPrefix(value: unknown): string {
  if (value === undefined) return "sms2fa";
  return typeof value === "string" && /^[a-z][a-z0-9-]{0,31}$/i.test(value)
    ? value
    : refuse(
        "pages.classPrefix",
        "to begin with a letter, and to hold letters, digits and -",
        value,
      );
}

/** The guard's options as the inside reads them. */
export interface GuardSettings {
  maxAge: number;
  purpose: string;
  onRequired: OnRequired | undefined;
}

/** Checks the options of `require2fa()`. */
export function readGuardOptions(options: unknown, purposes: ReadonlySet<string>): GuardSettings {
  if (typeof options === "object" && options !== null && "headers" in options) {
    throw new TypeError(
      "`require2fa` was given a request: call it where it is mounted, as `require2fa()`.",
    );
  }
  refuseUnknown("require2fa()", options, GUARD);
  const given: Partial<Record<keyof GuardOptions, unknown>> = options;
  return {
    maxAge: readWhole("maxAge", given.maxAge, seconds(LONGEST_MARK, 1, LONGEST_MARK)),
    purpose: readPurpose(given.purpose, purposes),
    onRequired: readFunction("onRequired", given.onRequired) as GuardSettings["onRequired"],
  };
}

function readPurpose(value: unknown, purposes: ReadonlySet<string>): string {
  if (value === undefined) return "";
  return typeof value === "string" && purposes.has(value)
    ? value
    : refuse("purpose", "to be one of the names in `purposes`", value);
}
