/** An app's own languages: added, changed or left out, for texts and pages alike, and checked at the start. */

import {
  twoFactor,
  type CallWords,
  type Locales,
  type Message,
  type PageWords,
  type TextWords,
} from "../../lib";
import { en } from "../../lib/pages/words/en";
import { SECRET, serve } from "../fakes/app";
import { askOnPage, open, servePages, wordsIn } from "../pages/visitor";

afterEach(() => {
  jest.restoreAllMocks();
});

const TEXT: TextWords = {
  names: (code, appName) => `${code} är din säkerhetskod för ${appName}.`,
  confirms: (what) => `Den bekräftar: ${what}.`,
  expires: (minutes) => `Den gäller i ${minutes} min.`,
  warns: "Lämna inte ut den.",
};

/** English, with a mark at each word, so that a page shows which words it was drawn with. */
const PAGES = Object.fromEntries(
  Object.entries(en).map(([name, word]: [string, unknown]) => [
    name,
    typeof word === "function"
      ? (told: string) => `§ ${String((word as (told: string) => unknown)(told))}`
      : name === "dir"
        ? word
        : `§ ${String(word)}`,
  ]),
) as unknown as PageWords;

const start = (locales: unknown, options: object = {}) =>
  twoFactor({
    secret: SECRET,
    user: () => null,
    appName: "Acme",
    sender: () => undefined,
    locales: locales as Locales,
    ...options,
  });

function hearWarnings(code: string): () => string[] {
  const spy = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  return () =>
    spy.mock.calls
      .filter(([, options]) => JSON.stringify(options).includes(code))
      .map(([sentence, options]) => `${String(sentence)} ${JSON.stringify(options)}`);
}

test("a new language is served on pages and in texts, by the user's tag and by the browser's", async () => {
  const s = await servePages({ options: { locales: { sv: { text: TEXT, pages: PAGES } } } });
  const ann = await s.signedIn();
  for (const [locale, accepted] of [
    ["sv-FI", "de"],
    [undefined, "sv, en;q=0.5"],
  ]) {
    await ann.signIn("ann", "+12025550123", { locale });
    const page = await open(ann, "/2fa/", { "Accept-Language": accepted ?? "" });
    expect(page.text).toContain('<html lang="sv" dir="ltr">');
    expect(page.text).toMatch(/<title>§ [^<]* – Acme<\/title>/);
    expect(page.text).not.toContain("undefined");
    await ann.ask({ fresh: true }).set("Accept-Language", accepted ?? "");
  }
  expect(s.sent[0]?.text).toMatch(
    /^\d{6} är din säkerhetskod för Acme\. Den gäller i 10 min\. Lämna/,
  );
  expect(s.sent[0]?.locale).toBe("sv");
});

test("of a language that is there some words change, and all others stay", async () => {
  const locales: Locales = {
    en: { text: { warns: "Keep it to yourself." }, pages: { send: "Send it" } },
  };
  const s = await servePages({ options: { locales } });
  const ann = await s.signedIn();
  const page = await open(ann, "/2fa/");
  expect(page.text).toContain(">Send it</button>");
  expect(page.text).toContain("<title>Confirm that it is you – Acme</title>");
  await ann.ask();
  expect(s.sent[0]?.text).toMatch(/is your Acme security code\. .* Keep it to yourself\.$/);
});

test("a language that is left out is served nowhere: the next that is asked for is", async () => {
  const s = await servePages({ options: { locales: { fr: false } } });
  const ann = await s.signedIn();
  await ann.signIn("ann", "+12025550123", { locale: "fr" });
  const page = await open(ann, "/2fa/", { "Accept-Language": "fr, de;q=0.5" });
  expect(page.text).toContain('<html lang="de"');
  await ann.ask({ locale: "fr" }).set("Accept-Language", "fr, es;q=0.5");
  expect(s.sent[0]?.text).toContain("es tu clave");
});

test("Arabic, which has pages alone, is texted in where an app words it", async () => {
  const text: TextWords = {
    names: (code, appName) => `${code} هو رمز ${appName}.`,
    confirms: (what) => `يؤكد: ${what}.`,
    expires: (minutes) => `يصلح ${minutes} دقائق.`,
    warns: "لا تشاركه.",
    encoding: "UCS-2",
  };
  const s = await serve({ options: { locales: { ar: { text } }, strictSegments: true } });
  const ann = await s.signedIn();
  await ann.ask({ locale: "ar-EG" });
  expect(s.sent[0]?.locale).toBe("ar");
  expect(s.sent[0]?.text).toContain("هو رمز Acme");
});

test("own words are escaped wherever a page has them, and so is what they are told", async () => {
  const evil = `"><img src=x onerror=alert(1)>'&`;
  const pages = Object.fromEntries(
    Object.entries(en).map(([name, word]: [string, unknown]) => [
      name,
      typeof word === "function"
        ? (told: string) => `${evil}${told}`
        : name === "dir"
          ? word
          : evil,
    ]),
  ) as unknown as PageWords;
  const s = await servePages({
    options: {
      locales: { en: { pages } },
      pages: { savePhone: () => undefined, logOutPath: "/log-out", supportUrl: "/help" },
    },
  });
  const ann = await s.signedIn();
  const bob = await s.signedIn("bob", null);
  for (const page of [
    await open(ann, "/2fa/"),
    await askOnPage(ann),
    await open(bob, "/2fa/number"),
  ]) {
    expect(page.text).not.toContain("<img");
    expect(page.text).not.toMatch(/onerror=[^&]*"/);
    expect(page.text).toContain("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&amp;");
  }
  // The end of the number is marked up by the page itself, and stays so.
  expect((await open(ann, "/2fa/")).text).toContain("&amp;<bdi>23</bdi>");
});

test.each<[string, unknown, RegExp]>([
  ["no languages", [], /^Expected `locales` to be languages with their words, such as/],
  [
    "a region",
    { "pt-BR": {} },
    /`locales` to name languages by the two letters.* Name it `pt`: regions/,
  ],
  ["an upper-case tag", { IT: {} }, /`locales` to name languages by the two letters of ISO 639-1/],
  [
    "a word for a tag",
    { svenska: {} },
    /`locales` to name languages by the two letters of ISO 639-1/,
  ],
  [
    "a language without words",
    { sv: {} },
    /^Expected `locales.sv` to have `text`, `call` or `pages`/,
  ],
  ["a text for words", { sv: "svenska" }, /^Expected `locales.sv` to be given an object/],
  [
    "a misspelt half",
    { sv: { page: PAGES } },
    /^Unknown option `page` of `locales.sv`\. Did you mean `pages`\?/,
  ],
  [
    "no English",
    { en: false },
    /^Expected `locales.en` to stay: it is for those who read no other/,
  ],
  [
    "a new text that lacks a word",
    { sv: { text: { ...TEXT, warns: undefined } } },
    /^Expected `locales.sv.text` to have every word, since the language is new; missing: `warns`\.$/,
  ],
  [
    "new pages that lack many",
    { sv: { pages: { dir: "ltr" } } },
    /^Expected `locales.sv.pages` to have every word.* missing: `stop`, `askTitle`, .*, \d+ more\.$/,
  ],
  [
    "new pages that lack one, in an app without pages",
    { sv: { pages: { ...PAGES, smsRisk: undefined } } },
    /missing: `smsRisk`\.$/,
  ],
  [
    "a misspelt word",
    { de: { pages: { sent: "Los" } } },
    /^Unknown option `sent` of `locales.de.pages`\. Did you mean `send`\?/,
  ],
  ["a number", { de: { pages: { send: 7 } } }, /^Expected `locales.de.pages.send` to be a text/],
  [
    "an empty word",
    { de: { pages: { send: " " } } },
    /^Expected `locales.de.pages.send` to be a text/,
  ],
  ["an odd direction", { de: { pages: { dir: "up" } } }, /to be "ltr" or "rtl", got "up"\.$/],
  [
    "a text where a function is",
    { de: { pages: { hint: "Die Ziffern" } } },
    /^Expected `locales.de.pages.hint` to be a function that is told `digits` and gives a text/,
  ],
  [
    "a function that gives nothing",
    { de: { pages: { triesLeft: (tries: number) => (tries > 2 ? "" : "x") } } },
    /^Expected `locales.de.pages.triesLeft` to give a text when it is told 3, got ""\.$/,
  ],
  [
    "a function that throws",
    { de: { text: { expires: () => fail() } } },
    /^Expected `locales.de.text.expires` to give a text when it is told 1: it threw\.$/,
  ],
  [
    "a function that loses what it is told",
    { de: { pages: { willText: () => "Los." } } },
    /^Expected `locales.de.pages.willText` to give a text that holds what it is told, "23"\.$/,
  ],
  [
    "a text without its code",
    { de: { text: { names: (_code: string, appName: string) => `Der Code für ${appName}.` } } },
    /^Expected `locales.de.text.names` to give a text that holds what it is told/,
  ],
  [
    "a text that binds the code",
    { de: { text: { warns: "\n@evil.example #123456" } } },
    /^Expected `locales.de.text` to give a text without a line such as "@host #code"/,
  ],
  ["an odd alphabet", { de: { text: { encoding: "UTF-8" } } }, /to be "UCS-2", got "UTF-8"\.$/],
])("%s is refused at the start, in a sentence", (_what, locales, sentence) => {
  expect(() => start(locales)).toThrow(sentence);
  expect(() => start(locales, { pages: true })).toThrow(sentence);
});

function fail(): never {
  throw new Error("no such plural");
}

test("`undefined` for a language, a half or a word is as if it were absent (B103)", async () => {
  const locales = { sv: undefined, de: { text: undefined, pages: { send: undefined } } };
  const s = await servePages({ options: { locales } });
  const page = await open(await s.signedIn(), "/2fa/", { "Accept-Language": "de" });
  expect(page.text).toContain("Code per SMS schicken");
});

test("own letters that GSM-7 lacks are told at the start, unless the language has no others (R43)", () => {
  const warnings = hearWarnings("SMS2FA_LONG_TEXT");
  const warns = "Ουδείς.";
  start({ sv: { text: { ...TEXT, warns } } });
  expect(warnings()).toEqual([
    expect.stringMatching(/: sv 1 segment of UCS-2 because of Ο \(U\+039F\), υ \(U\+03C5\)/),
  ]);
  expect(() => start({ sv: { text: { ...TEXT, warns } } }, { strictSegments: true })).toThrow(
    "U+03C5",
  );
  start({ el: { text: { ...TEXT, warns, encoding: "UCS-2" } } });
  expect(warnings()).toHaveLength(1);
  start({ el: { text: { ...TEXT, warns: "Ω".repeat(70), encoding: "UCS-2" } } });
  expect(warnings()).toHaveLength(1);
  start({ el: { text: { ...TEXT, warns: `${warns}${"Ω".repeat(70)}`, encoding: "UCS-2" } } });
  expect(warnings()[1]).toMatch(/: el 2 segments \(114 of 70\)/);
});

test("a word that fails after the start leaves the page whole: ours stands in, and a warning says so once", async () => {
  const warnings = hearWarnings("SMS2FA_LOCALES");
  let isBroken = false;
  const hint = (digits: number) => (isBroken ? fail() : `${digits} Stück`);
  const label = "Kennzahl";
  const s = await servePages({ options: { locales: { de: { pages: { hint, label } } } } });
  const ann = await s.signedIn();
  await ann.signIn("ann", "+12025550123", { locale: "de" });
  expect(wordsIn(await askOnPage(ann))).toContain("6 Stück");
  isBroken = true;
  for (let each = 0; each < 2; each += 1) {
    const page = await open(ann, "/2fa/");
    expect([page.status, wordsIn(page)]).toEqual([
      200,
      expect.stringContaining("Die 6 Ziffern aus der SMS"),
    ]);
    expect(wordsIn(page)).toContain("Kennzahl");
  }
  expect(warnings()).toEqual([
    expect.stringMatching(/^`locales\.de\.pages\.hint` gave no text\. .*no such plural\\n\s+at /),
  ]);
  expect(s.errors).toEqual([]);
});

test("a call speaks an own language, and ours where one of its words fails after the start", async () => {
  const warnings = hearWarnings("SMS2FA_LOCALES");
  let isBroken = false;
  const call: CallWords = {
    voice: "sv-SE",
    greets: (name) => (isBroken ? fail() : `Hej. ${name} ringer.`),
    asks: (key) => `Tryck ${key}.`,
    asksNext: (key) => `Tryck nu ${key}.`,
    confirms: (what) => `Den bekräftar: ${what}.`,
    tells: (digits) => `Din kod: ${digits}.`,
    warns: "Lämna inte ut den.",
  };
  const sent: Message[] = [];
  const sender = Object.assign((message: Message) => sent.push(message), {
    channels: ["sms", "call"] as const,
  });
  const locales = { sv: { text: TEXT, call }, fi: { text: TEXT } };
  const s = await serve({
    options: { locales, sender, channels: ["sms", "call"], limits: { cooldown: 1 } },
  });
  const languages = [];
  for (const [id, locale] of [
    ["ann", "sv"],
    ["bob", "fi"],
    ["cy", "sv"],
  ] as const) {
    isBroken = id === "cy";
    const client = await s.signedIn(id, `+1202555018${String(sent.length)}`);
    await client.ask({ channel: "call", locale });
    languages.push([sent.at(-1)?.spoken?.language, sent.at(-1)?.spoken?.greeting]);
  }
  expect(languages).toEqual([
    ["sv-SE", "Hej. Acme ringer."],
    ["en-US", expect.stringContaining("a call from Acme")],
    ["sv-SE", expect.stringContaining("a call from Acme")],
  ]);
  expect(warnings()).toEqual([
    expect.stringMatching(/^`locales\.sv\.call\.greets` gave no text\./),
  ]);
});

test("a call speaks a language that has words for calls alone, while its texts are in the next that is asked for", async () => {
  const call: CallWords = {
    voice: "ar-AE",
    greets: (name) => `مرحبا. هنا ${name}.`,
    asks: (key) => `اضغط ${key}.`,
    asksNext: (key) => `الآن اضغط ${key}.`,
    confirms: (what) => `${what}.`,
    tells: (digits) => `رمزك: ${digits}.`,
    warns: "لا تشاركه مع أحد.",
  };
  const s = await serve({
    options: {
      locales: { ar: { call }, fi: { text: TEXT } },
      channels: ["sms", "call"],
      limits: { cooldown: 1 },
    },
  });
  for (const channel of ["sms", "call"]) {
    for (const [index, language] of ["ar, fr;q=0.5", "fi, fr;q=0.5"].entries()) {
      const client = await s.signedIn(`${channel}${index}`, `+1202555018${s.sent.length}`);
      await client.ask({ channel }).set("Accept-Language", language);
    }
  }
  expect(s.sent.map(({ locale, spoken }) => [locale, spoken?.language])).toEqual([
    ["fr", undefined],
    ["fi", undefined],
    ["ar", "ar-AE"],
    ["fr", "fr-FR"],
  ]);
});

test("a text's word that fails after the start closes, as a `message` does", async () => {
  hearWarnings("SMS2FA_MESSAGE");
  let isBroken = false;
  const names: TextWords["names"] = (code, appName) => (isBroken ? fail() : `${code} ${appName}`);
  const s = await serve({ options: { locales: { en: { text: { names } } } } });
  const ann = await s.signedIn();
  isBroken = true;
  const asked = await ann.ask();
  expect([asked.status, asked.body]).toEqual([
    503,
    expect.objectContaining({ code: "unavailable" }),
  ]);
  expect(s.events.at(-1)).toMatchObject({ type: "send_failed", reason: "message_threw" });
  isBroken = false;
  expect((await ann.ask()).body).toMatchObject({ status: "sent" });
});

test("the compiler finds a missing word of a new language, and lets a known one change a few", () => {
  const { smsRisk, ...lacking } = PAGES;
  const good: Locales = {
    sv: { text: TEXT, pages: { ...lacking, smsRisk } },
    de: { pages: { send: "Los" } },
    ar: { text: TEXT },
    fr: false,
  };
  expect(Object.keys(good)).toHaveLength(4);
  const wrong: Locales[] = [
    // @ts-expect-error -- `smsRisk` is missing
    { sv: { pages: lacking } },
    // @ts-expect-error -- `warns` is missing
    { sv: { text: { names: TEXT.names, expires: TEXT.expires } } },
    // @ts-expect-error -- Arabic has no text that could stand in
    { ar: { text: { warns: "لا تشاركه." } } },
    // @ts-expect-error -- a function is wanted
    { de: { pages: { hint: "Die Ziffern" } } },
    // @ts-expect-error -- no such word
    { de: { pages: { sent: "Los" } } },
    // @ts-expect-error -- no such language
    { "pt-BR": { pages: PAGES } },
    // @ts-expect-error -- English stays
    { en: false },
    // @ts-expect-error -- what is not there can't be left out
    { sv: false },
  ];
  for (const locales of wrong.slice(0, 7)) expect(() => start(locales)).toThrow(TypeError);
});
