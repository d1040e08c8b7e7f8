/** Reads what people type as a phone number into E.164, and says where it belongs and what it is. */

import type { CountryCode, PhoneNumber, PhoneNumberType } from "libphonenumber-js/max";
import { readDigits } from "./parse";
import { countriesOf } from "./plans";
import { loadNumbers } from "./tables";
import { asciiDigits, UNSEEN } from "../std/typed-text";

export { lineOf } from "./plans";
export type { CountryCode };

/** One number, as it is dialled from anywhere, and what is known of it without asking a gateway. */
export interface Phone {
  /** Such as `+14155550100`. */
  e164: string;
  /**
   * ISO 3166-1 alpha-2 code of the country whose budget a text counts under. Undefined for satellite
   * and other networks of no country, and for `+1` numbers that can't have such an area code.
   */
  country: string | undefined;
  /** The countries it may belong to, the likeliest first: more than one in ranges not yet assigned. */
  countries: readonly string[];
  kind: PhoneKind;
  /** Line type as libphonenumber tells it; unknown in many ranges. */
  type: PhoneNumberType | undefined;
}

/**
 * What a text to a number meets: a line of a person (`ordinary`, toll-free lines too), a rate above
 * the usual one (`premium`), a line that forwards at a price or stores (`forwarding`: personal,
 * company-wide, pager and voicemail numbers), or a network of no country (`global`, satellites).
 */
export type PhoneKind = "ordinary" | "premium" | "forwarding" | "global";

/** What an input reads as. */
export type PhoneReading = { ok: true; phone: Phone } | { ok: false };

const NOT_A_NUMBER: PhoneReading = { ok: false };
const LONGEST_INPUT = 64;
const UNSEEN_MARKS = new RegExp(`[${UNSEEN}]`, "gu");
const DOT = String.raw`.\u00b7\u2022\u2027\u2219\u22c5\u30fb`;
const DASH = String.raw`\p{Pd}\u2043\u2212\u30fc~\u2053\u223c`;
const SEPARATOR = `[\\p{Zs}\\t/()[\\]${DOT}${DASH}]`;
const WRITTEN_NUMBER = new RegExp(`^${SEPARATOR}*\\+?(?:${SEPARATOR}*\\d)+${SEPARATOR}*$`, "u");

/**
 * Reads a number in the spelling of any keyboard or business card; never throws. It must have a
 * possible length, not a known range: ranges are assigned faster than tables are updated. Digits that
 * lack a `+` are read as international; with `defaultCountry` they must be in a known range, at home,
 * in a country dialled as at home, or else abroad.
 */
export function readPhone(input: string, defaultCountry?: CountryCode): PhoneReading {
  // Before any pattern, so that no input is slow to refuse.
  if (input.length > LONGEST_INPUT) return NOT_A_NUMBER;
  const typed = asciiDigits(input.replace(UNSEEN_MARKS, "").normalize("NFKC"));
  if (!WRITTEN_NUMBER.test(typed.trim())) return NOT_A_NUMBER;
  const number = readDigits(typed, defaultCountry);
  return number === undefined ? NOT_A_NUMBER : { ok: true, phone: describe(number) };
}

/** Hides all of a number but its last two digits, its length too. */
export function maskPhone(e164: string): string {
  return `••••${e164.slice(-2)}`;
}

/** Whether `code` is an ISO 3166-1 alpha-2 code, in capitals, of a country with a numbering plan. */
export function isCountry(code: string): code is CountryCode {
  return (loadNumbers().getCountries() as string[]).includes(code);
}

/** Whether the number may belong to one of `countries`. A number of no known country never does. */
export function isAllowedCountry(phone: Phone, countries: ReadonlySet<string>): boolean {
  return phone.countries.some((country) => countries.has(country));
}

/**
 * Whether texts may go to the number: not at a premium, to a forwarding line or by satellite, where
 * each text pays whoever pumps them. Landlines pass: many take texts, and the gateway knows which.
 */
export function isTextable(phone: Phone): boolean {
  return phone.kind === "ordinary";
}

function describe(number: PhoneNumber): Phone {
  const countries = countriesOf(number);
  const type: PhoneNumberType | undefined = number.getType();
  return {
    e164: number.number,
    country: countries[0],
    countries,
    kind: kindOf(number, type),
    type,
  };
}

function kindOf(number: PhoneNumber, type: PhoneNumberType | undefined): PhoneKind {
  if (number.isNonGeographic()) return "global";
  switch (type) {
    case "PREMIUM_RATE":
    case "SHARED_COST":
      return "premium";
    case "PERSONAL_NUMBER":
    case "UAN":
    case "PAGER":
    case "VOICEMAIL":
      return "forwarding";
    case "FIXED_LINE":
    case "MOBILE":
    case "FIXED_LINE_OR_MOBILE":
    case "TOLL_FREE":
    case "VOIP":
    case undefined:
      return "ordinary";
  }
}
