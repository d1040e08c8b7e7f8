/** The texts are tried at the start: what costs more than one cheap segment is told with its cause, or refused. */

import { twoFactor, type TwoFactorOptions } from "../../lib";
import { SECRET } from "../fakes/app";

const GOOD = { secret: SECRET, user: "from-request", appName: "Acme", sender: () => undefined };

/** The warnings of a start. */
function warningsOf(options: Partial<TwoFactorOptions>): string[] {
  const spy = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  try {
    twoFactor({ ...GOOD, ...options } as TwoFactorOptions);
    return spy.mock.calls.map(
      ([sentence, options]) => `${String(sentence)} ${JSON.stringify(options)}`,
    );
  } finally {
    spy.mockRestore();
  }
}

const strictly = (options: Partial<TwoFactorOptions>) => () =>
  twoFactor({ ...GOOD, ...options, strictSegments: true } as TwoFactorOptions);

test("one cheap segment in each language is nothing to tell of, nor to refuse (R43)", () => {
  const long = { appName: "A".repeat(20), origin: `https://${"h".repeat(22)}.example` };
  const options = { ...long, locales: { ja: false } } as const;
  expect(warningsOf(options)).toEqual([]);
  expect(strictly(options)).not.toThrow();
  expect(warningsOf(long)).toEqual([
    expect.stringMatching(/: ja 2 segments \(\d+ of 70\)\. .* leave a language out by `locales`\./),
  ]);
  expect(strictly(long)).toThrow("ja 2 segments");
});

test.each<[string, Partial<TwoFactorOptions>, string]>([
  ["an emoji in the name", { appName: "Acme \u{1f511}" }, "\u{1f511} (U+1F511)"],
  ["a letter that GSM-7 lacks", { appName: "Banco Ótimo" }, "Ó (U+00D3)"],
  ["a joiner that nobody sees", { appName: "Ac\u200dme" }, "because of U+200D"],
  [
    "own words with two such letters",
    { message: ({ code }) => `${code} «é» – “é”` },
    "« (U+00AB), » (U+00BB), – (U+2013), “ (U+201C), ” (U+201D)",
  ],
])("%s is named, and refused with strictSegments (R43, B088)", (_what, options, named) => {
  expect(warningsOf(options)).toEqual([expect.stringContaining(named)]);
  expect(warningsOf(options)[0]).toMatch(/UCS-2 .*SMS2FA_LONG_TEXT/);
  expect(strictly(options)).toThrow(named);
  expect(strictly(options)).toThrow(/`strictSegments`/);
});

test("own words of two segments in one language name it alone, with their length (R43)", () => {
  const message: TwoFactorOptions["message"] = ({ code, locale }) =>
    locale === "de" ? code.padEnd(161, "x") : code;
  expect(warningsOf({ message })).toEqual([
    expect.stringMatching(/GSM-7: de 2 segments \(161 of 160\)\. /),
  ]);
  expect(strictly({ message })).toThrow("de 2 segments (161 of 160)");
});

test("a described purpose may take a second segment, and no third; strictSegments allows none", () => {
  const purposes = { pay: { describe: () => "pay 50 USD" } };
  const origin = `https://${"h".repeat(12)}.example`;
  expect(warningsOf({ purposes, origin })).toEqual([]);
  expect(strictly({ purposes })).toThrow(/en 2 segments \(1\d\d of 160\)/);
  const long = warningsOf({ purposes, origin, appName: "A".repeat(120) });
  expect(long).toEqual([expect.stringContaining("3 segments")]);
});

test("the longest life and the longest code are what is tried", () => {
  const message: TwoFactorOptions["message"] = ({ code, minutes }) =>
    `${code} ${minutes}`.padEnd(157 + code.length, "x");
  expect(warningsOf({ message: (content) => message(content) })[0]).toContain("(163 of 160)");
  expect(warningsOf({ message, codeLength: 10 })[0]).toContain("(167 of 160)");
  const minutes: number[] = [];
  warningsOf({
    codeTtl: 300,
    message: (content) => {
      minutes.push(content.minutes);
      return content.code;
    },
  });
  expect(new Set(minutes)).toEqual(new Set([5]));
});

test.each([
  "",
  "FA+9qCX9VS",
  "FA+9qCX9VSuu",
  "FA-9qCX9VSu",
  "FA+9qCX9VS\n",
  " A+9qCX9VSu",
  7,
  null,
])("the hash %j is none that the SMS Retriever knows an app by", (androidAppHash) => {
  expect(() => twoFactor({ ...GOOD, androidAppHash } as unknown as TwoFactorOptions)).toThrow(
    /^Expected `androidAppHash` to be /,
  );
});

test("a hash is in the text, which still fits into 140 bytes, the host's line last (R49)", () => {
  const options = { androidAppHash: "FA+9qCX9VSu", origin: "https://acme.example" };
  expect(warningsOf(options)).toEqual([]);
  const long = { ...options, appName: "A".repeat(40) };
  expect(warningsOf(long)).toEqual([expect.stringContaining("140 bytes")]);
  expect(strictly(long)).toThrow("140 bytes");
});
