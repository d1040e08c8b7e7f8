/** The text leads with the code, names the app and its host, and costs one segment in every language. */

import fc from "fast-check";
import { TEXT_WORDS } from "../../lib/delivery/wording";
import { measureText } from "../../lib/delivery/segments";
import { readAppName } from "../../lib/delivery/signature";
import { composeText, type TextContent } from "../../lib/delivery/text";
import { LONGEST_DESCRIPTION } from "../../lib/options/purposes";
import { Languages } from "../../lib/std/language";

const acme = { appName: "Acme", code: "123456", minutes: 10, locale: "en" } as const;

type Locale = keyof typeof TEXT_WORDS;

const LOCALES = Object.keys(TEXT_WORDS) as Locale[];

const textOf = (content: Omit<TextContent, "words"> & { locale: Locale }): string => {
  const worded = composeText({ ...content, words: TEXT_WORDS[content.locale] });
  return worded.ok ? worded.text : worded.reason;
};

const TEXTS: Record<Locale, string> = {
  en: "123456 is your Acme security code. It expires in 10 minutes. Do not share it with anyone.",
  es: "123456 es tu clave de seguridad de Acme. Caduca en 10 minutos. No la compartas con nadie.",
  fr: "123456 est votre code de sécurité Acme. Il expire dans 10 minutes. Ne le donnez à personne.",
  de: "123456 ist Ihr Sicherheitscode für Acme. Er läuft in 10 Minuten ab. Geben Sie ihn nicht weiter.",
  pt: "123456 é o seu PIN de acesso Acme. Expira em 10 minutos. Nunca o revele a ninguém.",
  it: "123456 è il codice di sicurezza per Acme. Scade tra 10 minuti. Non lo comunichi a nessuno.",
  nl: "123456 is uw beveiligingscode voor Acme. Deze is 10 minuten geldig. Deel de code met niemand.",
  pl: "123456 to kod autoryzacyjny Acme. Wygasa za 10 min. Nie podawaj go nikomu.",
  ja: "123456 はAcmeの認証コードです。10分間有効です。共有しないでください。",
};
const SINGULAR: Record<Locale, string> = {
  en: "in 1 minute.",
  es: "en 1 minuto.",
  fr: "dans 1 minute.",
  de: "in 1 Minute ab.",
  pt: "em 1 minuto.",
  it: "tra 1 minuto.",
  nl: "is 1 minuut geldig.",
  pl: "za 1 min.",
  ja: "1分間有効です。",
};

describe.each(LOCALES)("the text in %s", (locale) => {
  test("leads with the code, names the app, its life and the warning (R44, R48, R50)", () => {
    expect(textOf({ ...acme, locale })).toBe(TEXTS[locale]);
  });

  test("says what a proof for a purpose is for (C205)", () => {
    expect(textOf({ ...acme, locale, purpose: "pay" })).toBe(
      TEXTS[locale].replace("Acme", "Acme (pay)"),
    );
  });

  test("says what it confirms in quotes, in the place of the purpose", () => {
    const description = "pay 50.00 USD to Alice";
    const text = textOf({ ...acme, locale, purpose: "pay", description });
    expect(text).toMatch(/(?:: "pay 50\.00 USD to Alice"\. |："pay 50\.00 USD to Alice"。)/);
    const isJapanese = locale === "ja";
    const sentence = isJapanese ? /[^。]*："[^"]*"。/ : /[^.]*: "[^"]*"\. /;
    // The text without it, as it is for the plain second factor; its life gives way to what it confirms in Japanese.
    expect(text.replace(sentence, isJapanese ? "" : " ")).toBe(
      isJapanese ? textOf({ ...acme, locale, minutes: 0 }) : TEXTS[locale],
    );
  });

  test("is two segments at most, of UCS-2 three, with the longest description, name, host and code (R43)", () => {
    const longest = { appName: "A".repeat(20), host: "h".repeat(30), minutes: 10 };
    const description = "x".repeat(LONGEST_DESCRIPTION);
    const text = textOf({ ...longest, code: "1234567890", locale, description });
    const most =
      locale === "ja" ? { encoding: "UCS-2", segments: 3 } : { encoding: "GSM-7", segments: 2 };
    expect(measureText(text)).toMatchObject(most);
  });

  test("promises no minute where less is left (C206)", () => {
    expect(textOf({ ...acme, locale, minutes: 0 })).not.toMatch(/\b[01] ?(?:min|分)/i);
  });

  test("says one minute in the singular", () => {
    expect(textOf({ ...acme, locale, minutes: 1 })).toContain(SINGULAR[locale]);
  });

  test.each(["123456", "1234567890"])("is one segment with code %s (R43, B088)", (code) => {
    // A name of 20 letters and a host of 30; in Japanese there is room for 31 of both, less twice the code's more.
    const isShort = locale === "ja";
    const longest = {
      appName: "A".repeat(isShort ? 7 : 20),
      host: "h".repeat(isShort ? 36 - 2 * code.length : 30),
      minutes: 10,
    };
    expect(measureText(textOf({ ...longest, code, locale }))).toMatchObject({
      encoding: isShort ? "UCS-2" : "GSM-7",
      segments: 1,
    });
  });

  test("ends a sentence once where the name has ended it", () => {
    expect(textOf({ ...acme, locale, appName: "Acme Inc." })).not.toContain("..");
  });

  test("ends in the line that binds the code to the host, after an empty one (R44, B087)", () => {
    expect(textOf({ ...acme, locale, host: "app.acme.example" })).toBe(
      `${TEXTS[locale]}\n\n@app.acme.example #123456`,
    );
  });
});

test("in Japanese the life is left out where it would cost a second segment, and never the warning (R43)", () => {
  const whole = textOf({ ...acme, locale: "ja", host: "app.acme.example" });
  expect(whole).toContain("10分間有効です。共有しないでください。\n");
  const tight = textOf({ ...acme, locale: "ja", host: "application.acme.example" });
  expect(tight).toContain("認証コードです。共有しないでください。\n");
  expect([whole, tight].map((text) => measureText(text).segments)).toEqual([1, 1]);
});

test("a code keeps its leading zero, in the sentence and in the last line", () => {
  const text = textOf({ ...acme, code: "012345", host: "app.acme.example" });
  expect(text).toMatch(/^012345 is/);
  expect(text).toMatch(/#012345$/);
});

test("no name moves or forges the last line, and the code stands where it is looked for (R47)", () => {
  const name = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
    fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom("@", "#", " ", "\n", "\r", "\u2028", "a", ".", "1"),
      minLength: 1,
      maxLength: 20,
    }),
  );
  const code = fc.stringMatching(/^\d{6,10}$/);
  fc.assert(
    fc.property(name, code, fc.constantFrom(...LOCALES), (typed, digits, locale) => {
      const reading = readAppName(typed);
      if (!reading.ok) return;
      const text = textOf({
        appName: reading.value,
        code: digits,
        minutes: 10,
        locale,
        host: "app.acme.example",
      });
      const lines = text.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/);
      expect(lines).toEqual([lines[0], "", `@app.acme.example #${digits}`]);
      expect(text.startsWith(`${digits} `)).toBe(true);
      // The pattern by which Chromium finds the line, wherever it stands.
      expect(text.match(/@[a-zA-Z0-9.-]+ #[^#\s]+/g)).toEqual([`@app.acme.example #${digits}`]);
      if (!/\d/.test(reading.value)) expect(text.match(/\d{3,}/g)).toEqual([digits, digits]);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["fr-CA", "fr"],
  ["pt_BR", "pt"],
  ["DE", "de"],
  ["es-419", "es"],
  ["en-GB-oxendict", "en"],
  ["sv", "en"],
  ["fra", "en"],
  ["french", "en"],
  ["", "en"],
  ["__proto__", "en"],
  ["constructor", "en"],
  ["fr\nen", "en"],
  [undefined, "en"],
])("the tag %j is written to in %s", (tag, locale) => {
  expect(new Languages(TEXT_WORDS).choose({ tags: [tag] })).toBe(locale);
});
