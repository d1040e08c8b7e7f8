/** Every country's mobile number, in the ways people write it: read as itself or refused, and docs/numbers.md tells which. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  getCountries,
  getExampleNumber,
  type CountryCode,
  type PhoneNumber,
} from "libphonenumber-js/max";
import examples from "libphonenumber-js/examples.mobile.json";
import { e164Of } from "./kit";
import { exitCodesOf, internationalSpellings, nationalSpellings, type Spelling } from "./spellings";

interface Written extends Spelling {
  home: CountryCode;
  meant: string;
}

const DOCUMENT = join(__dirname, "..", "..", "docs", "numbers.md");
const WAYS = [
  "national",
  "without trunk",
  "international",
  "00",
  "exit code",
  "copied",
  "trunk kept",
  "doubled code",
] as const;
// One whose own prefix for abroad is longer than "00", one with many such, and one with neither.
const ELSEWHERE: CountryCode[] = ["SG", "BR", "US"];

const NUMBERS = getCountries().flatMap((country): [CountryCode, PhoneNumber][] => {
  const number = getExampleNumber(country, examples);
  return number === undefined ? [] : [[country, number]];
});
const ABROAD = NUMBERS.filter((_, at) => at % 25 === 3).map(([, number]) => number);

function spellingsOf(home: CountryCode, number: PhoneNumber): Written[] {
  const meant = number.number;
  const national = nationalSpellings(number, home).map((each) => ({ ...each, home, meant }));
  const international = internationalSpellings(number).flatMap((each) =>
    [undefined, home, ...(/^\W*(?:\+|00)/.test(each.typed) ? ELSEWHERE : [])].map(
      (defaultCountry) => ({ ...each, defaultCountry, home, meant }),
    ),
  );
  const dialled = exitCodesOf(home).flatMap((code) =>
    [number, ...ABROAD].map((other) => ({
      way: "exit code",
      typed: code + other.number.slice(1),
      defaultCountry: home,
      home,
      meant: other.number,
    })),
  );
  return [...national, ...international, ...dialled];
}

const results = NUMBERS.flatMap(([home, number]) => spellingsOf(home, number)).map((written) => ({
  ...written,
  read: e164Of(written.typed, written.defaultCountry),
}));

const cellOf = (home: CountryCode, way: string): string => {
  const all = results.filter((each) => each.home === home && each.way === way);
  const refused = all.filter(({ read }) => read === undefined).length;
  return `${String(all.length - refused)}${refused > 0 ? ` (−${String(refused)})` : ""}`;
};

function tableOf(): string {
  const head = ["country", "code", ...WAYS];
  const rows = NUMBERS.map(([home, { countryCallingCode }]) => [
    home,
    `+${countryCallingCode}`,
    ...WAYS.map((way) => cellOf(home, way)),
  ]);
  // As Prettier sets tables.
  const widths = head.map((_, at) =>
    Math.max(3, ...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  );
  const line = (row: string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

test("all 245 countries are there, each with its exit codes (C243)", () => {
  expect(NUMBERS).toHaveLength(245);
  expect(exitCodesOf("US")).toEqual(["00", "011"]);
  expect(exitCodesOf("AU")).toContain("0011");
  expect(exitCodesOf("KR")).toEqual(expect.arrayContaining(["001", "002", "00700"]));
});

test("no way of writing a number makes another one (C243)", () => {
  const others = results.filter(({ read, meant }) => read !== undefined && read !== meant);
  expect(others).toEqual([]);
});

test.each(["national", "without trunk", "international"])("%s, each is read (C243)", (wanted) => {
  const refused = results.filter(({ way, read }) => way === wanted && read === undefined);
  expect(refused).toEqual([]);
});

test("what messengers and address books make of a number is read, or refused where it was ended (C243)", () => {
  expect(e164Of("553187654321")).toBe("+5531987654321");
  expect(e164Of("5491157447700", "AR")).toBe("+5491157447700");
  expect(e164Of("+54 11 15-5744-7700")).toBe("+5491157447700");
  expect(e164Of("5215512345678")).toBeUndefined();
  expect(e164Of("5215512345678", "MX")).toBeUndefined();
  expect(e164Of("+33 0 06 12 34 56 78", "FR")).toBeUndefined();
});

test("docs/numbers.md tells of each country what is read and what is refused (C243)", () => {
  const before = readFileSync(DOCUMENT, "utf8");
  const [intro = ""] = before.split(/(?<=^## By country\n)/m);
  const after = `${intro}\n${tableOf()}\n`;
  // WRITE_TABLES=1 puts it there, after the tables of numbers have changed.
  if (process.env["WRITE_TABLES"] === "1") writeFileSync(DOCUMENT, after);
  else expect(before).toBe(after);
});
