/** The options as the inside reads them: checked once, complete, defaults filled in. */

import {
  orElse,
  readBoolean,
  readFunction,
  readNames,
  readPath,
  readWhole,
  refuse,
  refuseUnknown,
  seconds,
} from "../std/option-checks";
import type { TestCodes } from "../challenge/test-codes";
import { channelsOf, isFactory, timeoutOf, type Sender } from "../delivery/sender";
import type { CounterStore } from "../ledger/ledger";
import { isChannel, type Channel } from "../outcome/channel";
import type { EventListener } from "../outcome/events";
import type { Telemetry } from "../outcome/telemetry";
import { readDeliveryStatus, type DeliverySettings } from "./delivery-settings";
import { readLocales, type LocaleSettings } from "./locale-settings";
import { MOST, readLimits, type LimitSettings } from "./limit-settings";
import type { WriteMessage } from "../delivery/own-words";
import { readAppHash, readAppName, readOrigin } from "../delivery/signature";
import type { BeforeSend, IsRequired, TwoFactorOptions, UserOf } from "./options";
import { readPages, type PageSettings } from "./page-settings";
import { readPurposes, type Purposes } from "./purposes";
import type { RecoveryStore } from "../records/records";
import { readRecovery } from "./recovery-settings";
import { readRemember, type RememberSettings } from "./remember-settings";
import { isCountry, type CountryCode } from "../phone/phone";
import { Languages } from "../std/language";
import { CALL_WORDS, type CallWords } from "../delivery/spoken";
import { TEXT_WORDS, type TextWords } from "../delivery/wording";
import { parseUrl } from "../std/url";
import { readTestNumbers } from "./test-numbers";

/** What `twoFactor()` works with. */
export interface Settings {
  secrets: readonly [string, ...string[]];
  user: UserOf | "from-request";
  isRequired: IsRequired | undefined;
  sender: Sender;
  /** `sms` always among them. */
  channels: ReadonlySet<Channel>;
  appName: string;
  /** Host of `origin`, for the text's last line. */
  host: string | undefined;
  message: WriteMessage | undefined;
  androidAppHash: string | undefined;
  strictSegments: boolean;
  /** The languages of texts. */
  texts: Languages<TextWords>;
  /** The languages of calls. */
  calls: Languages<CallWords>;
  /** What the pages are to say in the app's own words, by language, not checked yet. */
  pageWords: LocaleSettings["pages"];
  countries: ReadonlySet<string>;
  defaultCountry: CountryCode | undefined;
  codeTtl: number;
  codeLength: number;
  purposes: Purposes;
  allowGet: boolean;
  trustedOrigins: ReadonlySet<string>;
  counters: CounterStore | undefined;
  namespace: string;
  sendTimeout: number;
  maxPerDay: number;
  deliveryStatus: DeliverySettings | undefined;
  beforeSend: BeforeSend | undefined;
  rateLimitHeaders: boolean;
  path: string | undefined;
  limits: LimitSettings;
  /** Where recovery codes are kept; absent where there are none. */
  recovery: RecoveryStore | undefined;
  /** Absent where no browsers are remembered. */
  remember: RememberSettings | undefined;
  onEvent: EventListener | undefined;
  telemetry: Telemetry | undefined;
  /** Absent where the app has asked for none. */
  pages: PageSettings | undefined;
  openapi: boolean;
  /** Those that are over are none. */
  testCodes: TestCodes;
}

// A record of names alone makes the compiler miss none.
const OPTIONS: Record<keyof TwoFactorOptions, true> = {
  secret: true,
  user: true,
  isRequired: true,
  sender: true,
  channels: true,
  appName: true,
  origin: true,
  message: true,
  androidAppHash: true,
  strictSegments: true,
  locales: true,
  countries: true,
  defaultCountry: true,
  codeTtl: true,
  codeLength: true,
  purposes: true,
  allowGet: true,
  trustedOrigins: true,
  counters: true,
  namespace: true,
  sendTimeout: true,
  maxPerDay: true,
  deliveryStatus: true,
  beforeSend: true,
  rateLimitHeaders: true,
  path: true,
  limits: true,
  recovery: true,
  remember: true,
  onEvent: true,
  telemetry: true,
  pages: true,
  openapi: true,
  testNumbers: true,
};

/** Checks the options, and throws a sentence that names the option and the fix. */
export function readOptions(options: unknown): Settings {
  refuseUnknown("twoFactor()", options, OPTIONS);
  const given: Partial<Record<keyof TwoFactorOptions, unknown>> = options;
  const sendTimeout = readWhole("sendTimeout", given.sendTimeout, seconds(10, 1, 60));
  const codeLength = readWhole("codeLength", given.codeLength, { byDefault: 6, min: 6, max: 10 });
  const countries =
    given.countries === undefined
      ? new Set(["US", "CA"])
      : readCountries("countries", given.countries);
  const host =
    given.origin === undefined ? undefined : readText("origin", given.origin, readOrigin);
  const channels = readChannels(orElse(given.channels, ["sms"]));
  const locales = readLocales(given.locales);
  return {
    secrets: readSecrets(given.secret),
    user: readUser(given.user),
    isRequired: readIsRequired(given.isRequired, given.user),
    sender: readSender(given.sender, { channels, sendTimeout }),
    channels,
    appName: readText("appName", given.appName, readAppName),
    host,
    message: readFunction("message", given.message) as Settings["message"],
    androidAppHash:
      given.androidAppHash === undefined
        ? undefined
        : readText("androidAppHash", given.androidAppHash, readAppHash),
    strictSegments: readBoolean("strictSegments", given.strictSegments),
    texts: new Languages<TextWords>(TEXT_WORDS, locales.text),
    calls: new Languages<CallWords>(CALL_WORDS, locales.call),
    pageWords: locales.pages,
    countries,
    defaultCountry: readDefaultCountry(given.defaultCountry),
    codeTtl: readWhole("codeTtl", given.codeTtl, seconds(600, 1, 600)),
    codeLength,
    purposes: readPurposes(orElse(given.purposes, [])),
    allowGet: readBoolean("allowGet", given.allowGet),
    // The app's own origin is known by name too where a proxy hides it.
    trustedOrigins: new Set([
      ...readTrustedOrigins(orElse(given.trustedOrigins, [])),
      ...(host === undefined ? [] : [`https://${host}`]),
    ]),
    counters: readCounters(given.counters),
    namespace: readNamespace(given.namespace, given.appName),
    sendTimeout,
    maxPerDay: readWhole("maxPerDay", given.maxPerDay, { byDefault: 10_000, min: 1, max: MOST }),
    deliveryStatus: readDeliveryStatus(given.deliveryStatus),
    beforeSend: readFunction("beforeSend", given.beforeSend) as Settings["beforeSend"],
    rateLimitHeaders: readBoolean("rateLimitHeaders", given.rateLimitHeaders),
    path: readPath("path", given.path),
    limits: readLimits(orElse(given.limits, {}), given.user),
    recovery: readRecovery(given.recovery, given.user),
    remember: readRemember(given.remember, given.user),
    onEvent: readFunction("onEvent", given.onEvent) as Settings["onEvent"],
    telemetry: readTelemetry(given.telemetry),
    pages: readPages(given.pages, given.user),
    openapi: readBoolean("openapi", given.openapi),
    testCodes: readTestNumbers(given.testNumbers, { codeLength, countries }),
  };
}

const MAKE_ONE = "Make one with `openssl rand -base64 48`.";

/** The secrets as they were given, each strong enough; throws a sentence that shows none of them. */
export function readSecrets(value: unknown): readonly [string, ...string[]] {
  if (Array.isArray(value) && value.length === 0) {
    throw new TypeError(
      `Expected \`secret\` to be a string, or an array of strings, got an empty array. ${MAKE_ONE}`,
    );
  }
  const [newest, ...older] = ((Array.isArray(value) ? value : [value]) as unknown[]).map(
    readSecret,
  );
  if (new Set([newest, ...older]).size <= older.length) {
    throw new TypeError(
      "Expected the array `secret` to hold each secret once: two are the same. To rotate, put a new " +
        `one in front. ${MAKE_ONE}`,
    );
  }
  return [newest as string, ...older];
}

const LEAST_BITS = 64;

// A secret is never shown, whatever is wrong with it.
function readSecret(value: unknown): string {
  if (typeof value !== "string") {
    throw new TypeError(
      "Expected `secret` to be a string, or an array of strings, of at least 32 bytes each, got " +
        `${typeof value}. ${MAKE_ONE}`,
    );
  }
  const bytes = Buffer.byteLength(value);
  if (bytes < 32) {
    throw new TypeError(`Expected \`secret\` to be at least 32 bytes, got ${bytes}. ${MAKE_ONE}`);
  }
  if (bitsIn(value) < LEAST_BITS) {
    throw new TypeError(
      `Expected \`secret\` to be random, got few characters again and again. ${MAKE_ONE}`,
    );
  }
  return value;
}

/** What a text could hold at most, by how often each of its bytes stands in it (Shannon). */
function bitsIn(text: string): number {
  const bytes = Buffer.from(text);
  const counts = new Map<number, number>();
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / bytes.length);
  return shares.reduce((sum, share) => sum - share * Math.log2(share), 0) * bytes.length;
}

function readUser(value: unknown): UserOf | "from-request" {
  if (value === "from-request") return value;
  if (typeof value === "function") return value as UserOf;
  return refuse("user", 'to be a function that tells who is signed in, or "from-request"', value);
}

function readIsRequired(value: unknown, user: unknown): Settings["isRequired"] {
  const isRequired = readFunction("isRequired", value) as Settings["isRequired"];
  if (isRequired === undefined || user !== "from-request") return isRequired;
  throw new TypeError(
    'Expected `isRequired` to be absent with `user: "from-request"`: there are no users to ask it about.',
  );
}

// Without texts the words of pages and refusals would not be true.
function readChannels(value: unknown): Set<Channel> {
  const channels = new Set(Array.isArray(value) ? (value as unknown[]) : []);
  const isGood = channels.has("sms") && [...channels].every(isChannel);
  return isGood
    ? (channels as Set<Channel>)
    : refuse("channels", 'to be ["sms"] or ["sms", "call"]', value);
}

function readSender(
  value: unknown,
  { channels, sendTimeout }: Pick<Settings, "channels" | "sendTimeout">,
): Sender {
  const sender = readFunction("sender", value) as Sender | undefined;
  if (sender !== undefined && isFactory(sender)) {
    throw new TypeError(
      `Expected \`sender\` to be a sender, got ${sender.name} itself: call it, as \`${sender.name}()\`.`,
    );
  }
  if (sender === undefined) {
    return refuse("sender", "to be a function, such as `signalwire()` makes", value);
  }
  refuseUnserved(sender, channels);
  const timeout = timeoutOf(sender);
  if (timeout === undefined || timeout <= sendTimeout) return sender;
  throw new TypeError(
    `Expected \`timeout\` of ${sender.name}() to be \`sendTimeout\`, ${sendTimeout} seconds, at most, got ` +
      `${timeout}. Raise \`sendTimeout\`.`,
  );
}

function refuseUnserved(sender: Sender, channels: ReadonlySet<Channel>): void {
  const served = channelsOf(sender);
  const missing = [...channels].find((channel) => served?.includes(channel) === false);
  if (missing === undefined) return;
  throw new TypeError(
    `Expected \`sender\` to serve "${missing}", which \`channels\` has: it says that it serves ` +
      `${served?.join(", ")}. signalwire() with a \`messagingServiceSid\` serves calls once it has \`callFrom\`.`,
  );
}

function readCounters(value: unknown): CounterStore | undefined {
  if (value === undefined) return undefined;
  const { step, isShared } = (value ?? {}) as Partial<CounterStore>;
  if (typeof step !== "function") {
    throw new TypeError(
      "Expected `counters` to be a store, such as `redisCounters(client)` from express-sms-2fa/redis or " +
        `\`postgresCounters(pool)\` from express-sms-2fa/postgres, got ${kindOf(value)}.`,
    );
  }
  if (isShared === false) {
    throw new TypeError(
      "Expected `counters` to be a store that all processes share. Leave it out for the memory of this one.",
    );
  }
  return value as CounterStore;
}

function readTelemetry(value: unknown): Telemetry | undefined {
  if (value === undefined) return undefined;
  const { measure, hear, note } = (value ?? {}) as Partial<Telemetry>;
  if ([measure, hear, note].every((each) => typeof each === "function")) return value as Telemetry;
  const hint = typeof value === "function" ? " Call it, as `openTelemetry()`." : "";
  return refuse(
    "telemetry",
    "to be what `openTelemetry()` from express-sms-2fa/opentelemetry makes",
    value,
    hint,
  );
}

function kindOf(value: unknown): string {
  if (typeof value === "function")
    return "a function: give the store that it makes; engines of rate-limiter-flexible are not served";
  return value === null ? "null" : `a value of type ${typeof value} without \`step\``;
}

function readNamespace(value: unknown, appName: unknown): string {
  if (value === undefined) return String(appName);
  return typeof value === "string" && value.length > 0 && value.length <= 100
    ? value
    : refuse("namespace", "to be a string of 1 to 100 characters", value);
}

function readText(
  option: string,
  value: unknown,
  read: (text: string) => { ok: true; value: string } | { ok: false; why: string },
): string {
  if (typeof value !== "string") return refuse(option, "to be a string", value);
  const reading = read(value);
  return reading.ok ? reading.value : refuse(option, reading.why, value);
}

function readCountries(option: string, value: unknown): Set<string> {
  const expected = 'ISO 3166-1 codes such as "US"';
  const countries = readNames(option, value, expected, isCountry, countryHint);
  return countries.size > 0
    ? countries
    : refuse(option, `to hold at least one of ${expected}`, value);
}

function readDefaultCountry(value: unknown): CountryCode | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" && isCountry(value)
    ? value
    : refuse("defaultCountry", 'to be an ISO 3166-1 code such as "US"', value, countryHint(value));
}

// What people write who do not have the list at hand.
const MISNOMERS = new Map([
  ["UK", "GB"],
  ["EN", "GB"],
  ["GBR", "GB"],
  ["EL", "GR"],
  ["USA", "US"],
  ["CAN", "CA"],
]);

function countryHint(value: unknown): string {
  if (typeof value !== "string") return "";
  const code = value.trim().toUpperCase();
  const meant = MISNOMERS.get(code) ?? code;
  return isCountry(meant) ? ` Did you mean "${meant}"?` : "";
}

function readTrustedOrigins(value: unknown): Set<string> {
  const expected = "origins such as https://app.example or capacitor://localhost";
  return readNames("trustedOrigins", value, expected, isOrigin);
}

/** Whether a browser or an app's shell may send it as it stands. Not `null`, which every sandbox has. */
function isOrigin(origin: string): boolean {
  if (/^https?:/.test(origin)) return !origin.includes("*") && parseUrl(origin)?.origin === origin;
  return /^[a-z][a-z0-9+.-]*:\/\/[\w.~-]+(?::\d{1,5})?$/.test(origin);
}
