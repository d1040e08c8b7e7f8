/** The ways in which people write one number: at home, from abroad, and out of a phone's own lists. */

import { Metadata, type MetadataJson } from "libphonenumber-js/core";
import type { CountryCode, PhoneNumber } from "libphonenumber-js/max";
import metadata from "libphonenumber-js/metadata.max.json";

/** One way of writing a number, and the default country that it is read with. */
export interface Spelling {
  way: string;
  typed: string;
  defaultCountry: CountryCode | undefined;
}

const digitsOf = (text: string) => text.replace(/\D/g, "");
const DIGITS = Array.from("0123456789");
const upTo = (length: number): string[] =>
  length === 0
    ? [""]
    : ["", ...upTo(length - 1).flatMap((text) => DIGITS.map((digit) => digit + text))];
// "+" is dialled as one of these; no country has a longer one that is in use, but China.
const DIALLED = [...new Set(upTo(5))].filter((text) => text !== "");

/** What a country dials in front of a country code, "00" among it. */
export function exitCodesOf(country: CountryCode): string[] {
  const chosen = new Metadata(metadata as unknown as MetadataJson);
  chosen.selectNumberingPlan(country);
  const pattern = chosen.numberingPlan?.IDDPrefix() ?? "00";
  const all = /^\d+$/.test(pattern)
    ? [pattern]
    : DIALLED.filter((text) => new RegExp(`^(?:${pattern})$`).test(text));
  return [...new Set(["00", ...all])];
}

/** As people write it at home. */
export function nationalSpellings(number: PhoneNumber, home: CountryCode): Spelling[] {
  const { nationalNumber: national } = number;
  const written = number.formatNational();
  return [
    { way: "national", typed: written },
    { way: "national", typed: digitsOf(written) },
    { way: "national", typed: written.replace(/[ -]/g, ".") },
    { way: "without trunk", typed: national },
  ].map((each) => ({ ...each, defaultCountry: home }));
}

/** As people write it for the whole world, and get that wrong. */
export function internationalSpellings(number: PhoneNumber): Omit<Spelling, "defaultCountry">[] {
  const { countryCallingCode: code, nationalNumber: national, number: e164 } = number;
  const written = number.formatInternational();
  const home = number.formatNational();
  const trunk = digitsOf(home).replace(new RegExp(`${national}$`), "");
  const marked = [
    { way: "international", typed: written },
    { way: "international", typed: `(+${code}) ${written.slice(code.length + 2)}` },
    { way: "trunk kept", typed: `+${code} (0)${national}` },
    { way: "trunk kept", typed: `+${code} 0${national}` },
    { way: "trunk kept", typed: `+${code} ${home}` },
    { way: "trunk kept", typed: `+${code} (${trunk || "0"}) ${national}` },
    { way: "doubled code", typed: `+${code} ${code} ${national}` },
    { way: "doubled code", typed: `+${code} ${code} 0${national}` },
    { way: "doubled code", typed: `+${code} ${code} ${home}` },
    { way: "doubled code", typed: `+${code} 00${code} ${national}` },
    { way: "doubled code", typed: `+${code} +${code} ${national}` },
  ];
  return [
    ...marked,
    ...marked.map(({ way, typed }) => ({
      way: way === "international" ? "00" : way,
      typed: typed.replace("+", "00"),
    })),
    { way: "copied", typed: `\u202a${written.replace(/ /g, "\u00a0")}\u202c` },
    { way: "copied", typed: written.replace(/ /g, "\u2011") },
    { way: "copied", typed: e164.slice(1) },
    { way: "copied", typed: ` ${e164.slice(1)}` },
    { way: "copied", typed: `${code}${code}${national}` },
    { way: "copied", typed: `${code}0${national}` },
  ];
}
