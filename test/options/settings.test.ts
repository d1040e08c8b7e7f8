/** Options: each with its default, `undefined`, good and bad values, and the sentence that names the fix. */

import { outbox } from "../../lib/senders/outbox";
import { signalwire } from "../../lib/senders/signalwire/index";
import { readOptions } from "../../lib/options/settings";
import { memoryLedger } from "../../lib/ledger/memory";
import { twoFactor, type TwoFactorOptions } from "../../lib/index";

const GOOD = {
  secret: "0123456789abcdef".repeat(2),
  user: () => null,
  sender: () => undefined,
  appName: "Acme",
};

const read = (options: object) => readOptions({ ...GOOD, ...options });

const start = (options: object) => twoFactor({ ...GOOD, ...options });

test("with the four options that must be given, the defaults are the documented ones (R3)", () => {
  const settings = readOptions(GOOD);
  expect(settings).toMatchObject({
    secrets: [GOOD.secret],
    appName: "Acme",
    host: undefined,
    message: undefined,
    androidAppHash: undefined,
    strictSegments: false,
    countries: new Set(["US", "CA"]),
    defaultCountry: undefined,
    channels: new Set(["sms"]),
    codeTtl: 600,
    codeLength: 6,
    isRequired: undefined,
    purposes: new Map(),
    allowGet: false,
    trustedOrigins: new Set(),
    counters: undefined,
    namespace: "Acme",
    sendTimeout: 10,
    maxPerDay: 10_000,
    deliveryStatus: undefined,
    beforeSend: undefined,
    rateLimitHeaders: false,
    onEvent: undefined,
    openapi: false,
  });
  const texts = [
    { max: 5, window: 600 },
    { max: 10, window: 3600 },
  ];
  expect(settings.limits).toMatchObject({
    attempts: 5,
    failures: { max: 10, window: 900 },
    consecutiveFailures: 100,
    cooldown: 30,
    user: texts,
    number: texts,
    network: [{ max: 60, window: 3600 }],
    calls: [{ max: 3, window: 600 }],
    country: [{ max: 500, window: 3600 }],
    all: [{ max: 1000, window: 3600 }],
  });
  // Whoever is not signed in could be anybody, many times (C203).
  const { limits } = readOptions({ ...GOOD, user: "from-request" });
  expect(limits).toEqual({ ...settings.limits, network: [{ max: 15, window: 3600 }] });
});

const OPTIONAL = [
  "isRequired",
  "channels",
  "origin",
  "message",
  "androidAppHash",
  "strictSegments",
  "locales",
  "countries",
  "defaultCountry",
  "codeTtl",
  "codeLength",
  "purposes",
  "allowGet",
  "trustedOrigins",
  "counters",
  "namespace",
  "sendTimeout",
  "maxPerDay",
  "deliveryStatus",
  "beforeSend",
  "rateLimitHeaders",
  "limits",
  "onEvent",
  "pages",
  "openapi",
];

test.each(OPTIONAL)("`%s: undefined` is as if it were absent (B103)", (name) => {
  expect(read({ [name]: undefined })).toEqual(readOptions(GOOD));
});

const LIMITS = [
  "attempts",
  "failures",
  "consecutiveFailures",
  "cooldown",
  "user",
  "number",
  "network",
  "country",
  "all",
];

test.each<[string, object]>([
  ["outbox()", outbox({ print: false })],
  ["a function of the app's own, which is trusted", () => undefined],
])("%s may be the sender of calls", (_what, sender) => {
  expect(read({ channels: ["sms", "call"], sender }).channels).toContain("call");
});

test.each(LIMITS)("`limits.%s: undefined` is as if it were absent (B103)", (name) => {
  expect(read({ limits: { [name]: undefined } })).toEqual(readOptions(GOOD));
});

const limit = { max: 3, window: 60 };
const describe50 = () => "pay 50 USD";

test.each<[string, object, object]>([
  ["a secret of 32 bytes", { secret: "éàüößçñô".repeat(2) }, { secrets: ["éàüößçñô".repeat(2)] }],
  [
    "secrets in rotation",
    { secret: ["abcdefgh".repeat(4), "stuvwxyz".repeat(4)] },
    { secrets: ["abcdefgh".repeat(4), "stuvwxyz".repeat(4)] },
  ],
  ["from-request", { user: "from-request" }, { user: "from-request" }],
  [
    "an origin, which is trusted too",
    { origin: "https://App.acme.example/" },
    { host: "app.acme.example", trustedOrigins: new Set(["https://app.acme.example"]) },
  ],
  ["countries", { countries: ["GB", "JM"] }, { countries: new Set(["GB", "JM"]) }],
  ["a default country", { defaultCountry: "GB" }, { defaultCountry: "GB" }],
  ["the shortest life", { codeTtl: 1 }, { codeTtl: 1 }],
  ["the longest life", { codeTtl: 600 }, { codeTtl: 600 }],
  ["the longest code", { codeLength: 10 }, { codeLength: 10 }],
  [
    "purposes by name",
    { purposes: ["pay", "a.b_c-1"] },
    {
      purposes: new Map([
        ["pay", { describe: undefined, isOnce: false }],
        ["a.b_c-1", { describe: undefined, isOnce: false }],
      ]),
    },
  ],
  [
    "purposes that say more",
    {
      purposes: { pay: { describe: describe50, once: true }, close: {}, open: { once: undefined } },
    },
    {
      purposes: new Map([
        ["pay", { describe: describe50, isOnce: true }],
        ["close", { describe: undefined, isOnce: false }],
        ["open", { describe: undefined, isOnce: false }],
      ]),
    },
  ],
  ["allowGet", { allowGet: true }, { allowGet: true }],
  [
    "trusted origins",
    { trustedOrigins: ["https://a.example", "http://localhost:3000"] },
    { trustedOrigins: new Set(["https://a.example", "http://localhost:3000"]) },
  ],
  ["a namespace", { namespace: "acme-staging" }, { namespace: "acme-staging" }],
  ["the longest namespace", { namespace: "n".repeat(100) }, { namespace: "n".repeat(100) }],
  ["the shortest deadline", { sendTimeout: 1 }, { sendTimeout: 1 }],
  ["the longest deadline", { sendTimeout: 60 }, { sendTimeout: 60 }],
  ["a day's most texts", { maxPerDay: 50 }, { maxPerDay: 50 }],
  ["rateLimitHeaders", { rateLimitHeaders: true }, { rateLimitHeaders: true }],
  ["openapi", { openapi: true }, { openapi: true }],
  [
    "a limit that only records",
    { limits: { user: { ...limit, mode: "record" } } },
    { limits: { user: [{ ...limit, mode: "record" }] } },
  ],
  ["pages: false", { pages: false }, {}],
  ["attempts", { limits: { attempts: 10 } }, { limits: { attempts: 10 } }],
  ["failures", { limits: { failures: limit } }, { limits: { failures: limit } }],
  [
    "consecutive failures",
    { limits: { consecutiveFailures: 1 } },
    { limits: { consecutiveFailures: 1 } },
  ],
  ["a cooldown", { limits: { cooldown: 1920 } }, { limits: { cooldown: 1920 } }],
  ["one window", { limits: { user: limit } }, { limits: { user: [limit] } }],
  [
    "several windows",
    { limits: { number: [limit, { max: 9, window: 600 }] } },
    { limits: { number: [limit, { max: 9, window: 600 }] } },
  ],
  ["a network's", { limits: { network: [limit] } }, { limits: { network: [limit] } }],
  ["a budget of calls", { limits: { calls: limit } }, { limits: { calls: [limit] } }],
  ["texts and calls", { channels: ["call", "sms"] }, { channels: new Set(["sms", "call"]) }],
  ["a country's", { limits: { country: limit } }, { limits: { country: [limit] } }],
  ["all", { limits: { all: limit } }, { limits: { all: [limit] } }],
])("%s is taken as it is", (_what, given, expected) => {
  expect(read(given)).toMatchObject(expected);
});

const NOT_WHOLE = [NaN, "", "5", -1, 0, 1.5, Infinity, null, true, {}, [5], 2 ** 31];

const WHOLE = ["codeTtl", "codeLength", "sendTimeout"];

const WHOLE_LIMITS = ["attempts", "consecutiveFailures", "cooldown"];

describe("a number that is none, or out of bounds, throws with the option's name and bounds (B061, B103, B104, R2, R3)", () => {
  test.each(WHOLE.flatMap((name) => NOT_WHOLE.map((value) => [name, value] as const)))(
    "%s: %p",
    (name, value) => {
      const sentence = new RegExp(
        `^Expected \`${name}\` to be a whole number.* from \\d+ to \\d+, got `,
      );
      expect(() => start({ [name]: value })).toThrow(sentence);
    },
  );

  test.each(WHOLE_LIMITS.flatMap((name) => NOT_WHOLE.map((value) => [name, value] as const)))(
    "limits.%s: %p",
    (name, value) => {
      const sentence = new RegExp(`^Expected \`limits\\.${name}\` to be a whole number`);
      expect(() => start({ limits: { [name]: value } })).toThrow(sentence);
    },
  );

  test.each([
    [{ codeTtl: 601 }],
    [{ codeTtl: 300_000 }],
    [{ codeLength: 5 }],
    [{ codeLength: 11 }],
    [{ sendTimeout: 61 }],
    [{ limits: { attempts: 11 } }],
    [{ limits: { consecutiveFailures: 101 } }],
    [{ limits: { cooldown: 1921 } }],
  ])("%j, just beyond", (options) => {
    expect(() => start(options)).toThrow(/to be a whole number/);
  });
});

const WINDOWS = ["failures", "user", "number", "network", "calls", "country", "all"];

const NOT_LIMITS: [unknown, RegExp][] = [
  [5, /an object of options/],
  ["5 per hour", /an object of options/],
  [null, /./],
  [{}, /to be `\{ max, window \}`/],
  [{ max: 5 }, /to be `\{ max, window \}`/],
  [{ window: 5 }, /to be `\{ max, window \}`/],
  [{ max: 0, window: 60 }, /\.max` to be a whole number/],
  [{ max: NaN, window: 60 }, /\.max` to be a whole number/],
  [{ max: 5, window: 0 }, /\.window` to be a whole number of seconds/],
  [{ max: 5, window: "60" }, /\.window` to be a whole number of seconds/],
  [{ max: 5, window: 2 ** 31 }, /\.window` to be a whole number of seconds/],
  [{ max: 5, windowMs: 60 }, /Unknown option `windowMs`.*Did you mean `window`\?/],
];

describe("a limit that is none throws with its name (B103, B104)", () => {
  test.each(
    WINDOWS.flatMap((name) => NOT_LIMITS.map(([value, why]) => [name, value, why] as const)),
  )("limits.%s: %j", (name, value, why) => {
    // `null` is no limit either: it must not pass for "none".
    expect(() => start({ limits: { [name]: value } })).toThrow(why);
    expect(() => start({ limits: { [name]: value } })).toThrow(`limits.${name}`);
  });

  test.each(WINDOWS.slice(1))("limits.%s: []", (name) => {
    expect(() => start({ limits: { [name]: [] } })).toThrow(/to hold at least one limit/);
  });
});

test.each([
  "capacitor://localhost",
  "ionic://localhost",
  "tauri://localhost",
  "app://-",
  "app://.",
  "chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb",
  "moz-extension://0b5b1c5e-5f4e-4d3f-9a52-7d4e2c2a3f11",
  "vscode-webview://1n2b4rgvtllqa3tfg8c1gm4h6e2e2s0v5q1k9d8u7y6x5w4t3r2s",
  "http://localhost:8100",
])("the app shell %s can be a trusted origin (C241)", (origin) => {
  expect(read({ trustedOrigins: [origin] }).trustedOrigins).toEqual(new Set([origin]));
});

test.each<[string, object, RegExp]>([
  ["no secret", { secret: undefined }, /^Expected `secret` to be a string.*got undefined.*openssl/],
  ["a secret that is no text", { secret: 7 }, /^Expected `secret` to be a string.*got number/],
  ["an empty secret", { secret: "" }, /at least 32 bytes, got 0/],
  ["a secret of 31 bytes", { secret: "x".repeat(31) }, /at least 32 bytes, got 31/],
  [
    "no secrets in an array (C254)",
    { secret: [] },
    /^Expected `secret`.*got an empty array.*openssl/,
  ],
  [
    "a secret of one character (C254)",
    { secret: "x".repeat(64) },
    /^Expected `secret` to be random.*openssl/,
  ],
  [
    "a secret of two characters (C254)",
    { secret: "ab".repeat(16) },
    /^Expected `secret` to be random/,
  ],
  [
    "a secret that stands there twice (C254)",
    { secret: [GOOD.secret, "stuvwxyz".repeat(4), GOOD.secret] },
    /^Expected the array `secret` to hold each secret once/,
  ],
  ["a short one among them", { secret: [GOOD.secret, "y"] }, /at least 32 bytes, got 1/],
  ["no user", { user: undefined }, /^Expected `user` to be a function.*"from-request"/],
  ["a user that is a name", { user: "ann" }, /^Expected `user`.*got "ann"/],
  ["no sender", { sender: undefined }, /^Expected `sender` to be a function.*signalwire\(\)/],
  ["a sender that is none", { sender: {} }, /^Expected `sender` to be a function/],
  ["signalwire uncalled (C213)", { sender: signalwire }, /got signalwire itself.*`signalwire\(\)`/],
  ["outbox uncalled (C213)", { sender: outbox }, /got outbox itself.*`outbox\(\)`/],
  [
    "one channel for many",
    { channels: "call" },
    /^Expected `channels` to be \["sms"\] or \["sms", "call"\]/,
  ],
  ["no channel", { channels: [] }, /^Expected `channels`/],
  ["calls alone", { channels: ["call"] }, /^Expected `channels`/],
  ["a channel that is none", { channels: ["sms", "fax"] }, /^Expected `channels`/],
  ["a null among channels", { channels: ["sms", null] }, /^Expected `channels`/],
  [
    "calls with a sender that says it serves none",
    { channels: ["sms", "call"], sender: Object.assign(() => null, { channels: ["sms"] }) },
    /^Expected `sender` to serve "call", which `channels` has: it says that it serves sms\. .*`callFrom`/,
  ],
  [
    "a sender that says what it serves as a text",
    { sender: Object.assign(() => null, { channels: "sms" }) },
    /^Expected `channels` of a sender to be an array of "sms" and "call", got "sms"\.$/,
  ],
  [
    "a sender that serves what there is not",
    { sender: Object.assign(() => null, { channels: ["sms", "voice"] }) },
    /^Expected `channels` of a sender to be an array of "sms" and "call", got an array\.$/,
  ],
  [
    "texts with a sender that says it serves none",
    { sender: Object.assign(() => null, { channels: ["call"] }) },
    /^Expected `sender` to serve "sms"/,
  ],
  ["no name", { appName: undefined }, /^Expected `appName` to be a string/],
  ["an empty name", { appName: "" }, /^Expected `appName`/],
  ["a name of two lines", { appName: "a\nb" }, /^Expected `appName`/],
  ["an origin with a path", { origin: "https://a.example/x" }, /^Expected `origin`/],
  ["an origin without TLS", { origin: "http://a.example" }, /^Expected `origin`/],
  ["an origin that is none", { origin: 7 }, /^Expected `origin` to be a string, got 7/],
  [
    "an origin without its scheme (C254)",
    { origin: "a.example" },
    /with its scheme: "https:\/\/a.example"/,
  ],
  ["one country for many", { countries: "US" }, /^Expected `countries` to be an array/],
  ["no country", { countries: [] }, /^Expected `countries` to hold at least one/],
  ["a country by its name", { countries: ["USA"] }, /^Expected `countries`.*got "USA"/],
  ["a country in small letters", { countries: ["us"] }, /^Expected `countries`.*got "us"/],
  ["the United Kingdom as UK (C254)", { countries: ["UK"] }, /got "UK"\. Did you mean "GB"\?$/],
  ["the same as default (C254)", { defaultCountry: "UK" }, /got "UK"\. Did you mean "GB"\?$/],
  ["a default country that is none", { defaultCountry: "XX" }, /defaultCountry.*got "XX"/],
  ["a default country that is no text", { defaultCountry: 1 }, /defaultCountry/],
  ["one purpose for many", { purposes: "pay" }, /^Expected `purposes` to be an array/],
  ["a purpose with a space", { purposes: ["a b"] }, /^Expected `purposes`.*got "a b"/],
  ["an empty purpose", { purposes: [""] }, /^Expected `purposes`/],
  [
    "allowGet as text",
    { allowGet: "false" },
    /^Expected `allowGet` to be true or false, got "false"/,
  ],
  ["allowGet as a number", { allowGet: 1 }, /^Expected `allowGet`/],
  ["allowGet as null", { allowGet: null }, /^Expected `allowGet`/],
  [
    "one origin for many",
    { trustedOrigins: "https://a.example" },
    /^Expected `trustedOrigins` to be an array/,
  ],
  [
    "a trusted origin with a slash",
    { trustedOrigins: ["https://a.example/"] },
    /^Expected `trustedOrigins`/,
  ],
  ["all origins", { trustedOrigins: ["*"] }, /^Expected `trustedOrigins`.*got "\*"/],
  ["a pattern of origins", { trustedOrigins: ["https://*.example"] }, /^Expected `trustedOrigins`/],
  ["every file (C241)", { trustedOrigins: ["file://"] }, /^Expected `trustedOrigins`/],
  ["a shell's with a path (C241)", { trustedOrigins: ["app://a/b"] }, /^Expected `trustedOrigins`/],
  ["a shell's in capitals (C241)", { trustedOrigins: ["App://a"] }, /^Expected `trustedOrigins`/],
  ["a scheme alone (C241)", { trustedOrigins: ["capacitor:"] }, /^Expected `trustedOrigins`/],
  ["the null origin", { trustedOrigins: ["null"] }, /^Expected `trustedOrigins`/],
  [
    "counters that are a function, as engines were made by",
    { counters: () => ({ step: () => null }) },
    /^Expected `counters` to be a store.*`redisCounters\(client\)`.*got a function: give the store that it makes; engines of rate-limiter-flexible are not served/,
  ],
  [
    "counters that are a Map",
    { counters: new Map() },
    /^Expected `counters` to be a store.*object/,
  ],
  ["counters that are null", { counters: null }, /^Expected `counters` to be a store.*got null/],
  ["counters that are a number", { counters: 5 }, /^Expected `counters` to be a store.*number/],
  ["counters without a step", { counters: { penalty: () => null } }, /without `step`/],
  ["counters whose step is none", { counters: { step: true } }, /without `step`/],
  [
    "counters in the memory of one process",
    { counters: memoryLedger() },
    /^Expected `counters` to be a store that all processes share\. Leave it out for the memory/,
  ],
  ["a purpose with a space", { purposes: { "to pay": {} } }, /^Expected `purposes` to hold names/],
  ["a purpose of no options", { purposes: { pay: true } }, /`purposes\.pay` to be given an object/],
  ["a purpose left out", { purposes: { pay: undefined } }, /`purposes\.pay` to be given an object/],
  ["a purpose's misspelt option", { purposes: { pay: { one: true } } }, /Did you mean `once`\?/],
  [
    "a description that is a text",
    { purposes: { pay: { describe: "pay" } } },
    /^Expected `purposes\.pay\.describe` to be a function/,
  ],
  [
    "once as a number",
    { purposes: { pay: { once: 1 } } },
    /^Expected `purposes\.pay\.once` to be true or false, got 1/,
  ],
  ["purposes that are a name", { purposes: "pay" }, /^Expected `purposes` to be an array of names/],
  ["purposes that are null", { purposes: null }, /^Expected `purposes` to be an array/],
  ["an empty namespace", { namespace: "" }, /^Expected `namespace` to be a string of 1 to 100/],
  ["a namespace that is long", { namespace: "n".repeat(101) }, /^Expected `namespace`/],
  ["a namespace that is no text", { namespace: 1 }, /^Expected `namespace`.*got 1/],
  ["no namespace", { namespace: null }, /^Expected `namespace`/],
  ["a day of no texts", { maxPerDay: 0 }, /^Expected `maxPerDay` to be a whole number/],
  ["a day without end", { maxPerDay: Infinity }, /^Expected `maxPerDay`/],
  ["a requirement that is none", { isRequired: true }, /^Expected `isRequired` to be a function/],
  [
    "a requirement without users",
    { isRequired: () => true, user: "from-request" },
    /^Expected `isRequired` to be absent with `user: "from-request"`/,
  ],
  ["a veto that is none", { beforeSend: true }, /^Expected `beforeSend` to be a function/],
  ["a document as text", { openapi: "3.1" }, /^Expected `openapi` to be true or false, got "3.1"/],
  ["headers as text", { rateLimitHeaders: "yes" }, /^Expected `rateLimitHeaders` to be true or/],
  [
    "a mode that is none",
    { limits: { user: { max: 1, window: 60, mode: "off" } } },
    /^Expected `limits.user.mode` to be "enforce" or "record", got "off"/,
  ],
  [
    "a mode where none is served",
    { limits: { failures: { max: 1, window: 60, mode: "record" } } },
    /Unknown option `mode` of `limits.failures`/,
  ],
  ["a listener that is none", { onEvent: "log" }, /^Expected `onEvent` to be a function/],
  ["limits that are none", { limits: 5 }, /limits/],
  ["pages", { pages: 1 }, /^Expected `pages`/],
])("%s throws a sentence that names the option (R92)", (_what, options, sentence) => {
  expect(() => start(options)).toThrow(TypeError);
  expect(() => start(options)).toThrow(sentence);
});

const TOKEN = "PT0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6071";

test.each<[string, object]>([
  ["user", { user: TOKEN }],
  ["appName", { appName: `Acme\n${TOKEN}` }],
  ["origin", { origin: `https://ann:${TOKEN}@app.acme.example` }],
  ["origin", { origin: `https://app.acme.example/?key=${TOKEN}` }],
  ["countries", { countries: [TOKEN] }],
  ["defaultCountry", { defaultCountry: TOKEN }],
  ["purposes", { purposes: [TOKEN] }],
  ["trustedOrigins", { trustedOrigins: [`https://ann:${TOKEN}@app.acme.example`] }],
  ["namespace", { namespace: TOKEN.repeat(3) }],
  ["path", { path: TOKEN }],
  ["pages.supportUrl", { pages: { supportUrl: TOKEN } }],
  ["secret", { secret: TOKEN.slice(0, 31) }],
  ["codeTtl", { codeTtl: TOKEN }],
  ["limits.user.mode", { limits: { user: { max: 1, window: 60, mode: TOKEN } } }],
  ["twoFactor()", { [TOKEN]: true }],
])("a token pasted into %s stands in no sentence (C265, R92)", (name, options) => {
  expect(() => start(options)).toThrow(name);
  expect(() => start(options)).not.toThrow(TOKEN.slice(0, 31));
});

test("no engine that counts in one process for itself is taken for a shared store, whatever it is called (C221, C222)", () => {
  // As a minifier leaves its class.
  class t {
    penalty = () => Promise.resolve({ consumedPoints: 1 });
    get = () => Promise.resolve(null);
  }
  for (const counters of [new t(), () => new t(), t, memoryLedger()]) {
    expect(() => start({ counters })).toThrow(/^Expected `counters` to be a store/);
  }
});

test.each<[object, RegExp]>([
  [{ apName: "x" }, /^Unknown option `apName` of twoFactor\(\)\. Did you mean `appName`\?$/],
  [{ codettl: 5 }, /Did you mean `codeTtl`\?/],
  [{ Countries: [] }, /Did you mean `countries`\?/],
  [{ provider: 5 }, /^Unknown option `provider` of twoFactor\(\)\.$/],
  [{ limits: { attempt: 3 } }, /Unknown option `attempt` of `limits`\. Did you mean `attempts`\?/],
  [{ constructor: 1 }, /^Unknown option `constructor`/],
  [JSON.parse('{"__proto__": 1}') as object, /^Unknown option `__proto__`/],
])("a misspelt name throws, and the right one is suggested: %j (R92)", (options, sentence) => {
  // Spreading would lose an own `__proto__`.
  const whole = Object.assign(Object.create(null) as object, GOOD, options);
  for (const name of Object.getOwnPropertyNames(options)) {
    Object.defineProperty(whole, name, { value: 1, enumerable: true });
  }
  if ("limits" in options) expect(() => start(options)).toThrow(sentence);
  else expect(() => twoFactor(whole as TwoFactorOptions)).toThrow(sentence);
});

test.each([undefined, null, 7, "x", []])("options that are %p throw a sentence", (options) => {
  expect(() => twoFactor(options as unknown as TwoFactorOptions)).toThrow(
    /twoFactor\(\) to be given an object of options/,
  );
});

test("the options of the caller are neither kept nor changed", () => {
  const options = { ...GOOD, purposes: ["pay"], limits: { user: [limit] }, countries: ["US"] };
  const frozen = Object.freeze(structuredClone({ purposes: options.purposes }));
  const settings = readOptions(options);
  options.purposes.push("other");
  options.countries.push("GB");
  expect([...settings.purposes.keys()]).toEqual(frozen.purposes);
  expect([...settings.countries]).toEqual(["US"]);
});
