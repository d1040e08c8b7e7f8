/** Knows which countries share numbers: by one way of dialling at home, by one range, or by two codes. */

import type { CountryCode, PhoneNumber } from "libphonenumber-js/max";
import { countriesOfCode, isKnown, isMobile, parse } from "./tables";

/**
 * Countries that dial each other as at home, though each has a calling code of its own. The last is
 * the one whose tables hold numbers of the others too.
 */
const ONE_DIALLING: readonly (readonly CountryCode[])[] = [
  ["GP", "BL", "MF", "MQ", "GF", "RE", "YT", "PM", "FR"],
  ["SM", "VA", "IT"],
  ["PS", "IL"],
];

const planOf = (country: CountryCode) => ONE_DIALLING.find((plan) => plan.includes(country)) ?? [];

/** The known number that a national text stands for in the countries that `country` dials as at home. */
export function readAtNeighbours(text: string, country: CountryCode): PhoneNumber | undefined {
  // One that is too short at home is no whole number.
  if (parse(text, country) === undefined) return undefined;
  for (const neighbour of planOf(country)) {
    // Saint-Pierre's own six digits are dialled behind its code from the others.
    const dialled = neighbour === "PM" ? text.replace(/^0?508(?=\d{6}$)/, "") : text;
    const number = parse(dialled, neighbour);
    if (number && isKnown(number)) return number;
  }
  return undefined;
}

/** The neighbour's landline that is meant where the tables of `country` hold it as its own too. */
export function landlineOfNeighbour(
  home: PhoneNumber,
  texts: string[],
  country: CountryCode,
): PhoneNumber | undefined {
  if (planOf(country).at(-1) !== country || home.getType() !== "FIXED_LINE") return undefined;
  return texts
    .flatMap((text) => readAtNeighbours(text, country) ?? [])
    .find((number) => lineOf(number.number) !== lineOf(home.number));
}

/** Whether its national part is a neighbour's, so that nobody has it behind this calling code. */
export function isNeighbours(number: PhoneNumber): boolean {
  const [country] = countriesOfCode(number.countryCallingCode);
  return country !== undefined && readAtNeighbours(number.nationalNumber, country) !== undefined;
}

/** The countries that a number may belong to, the likeliest first. */
export function countriesOf(number: PhoneNumber): string[] {
  const { country, countryCallingCode: code } = number;
  // Inside +1 every country but two is known by its area codes, so a number is of one country only.
  if (code === "1") return country === undefined ? overlaysOf(number) : [country];
  if (country === undefined) return number.getPossibleCountries();
  const sharing = countriesOfCode(code).filter((each) => isKnownIn(each, number));
  return [...new Set([country, ...sharing, ...lendersOf(country, number)])];
}

// An area code that no table knows yet is an overlay of the United States or Canada, if it can be
// one at all. 700 is carriers' own.
function overlaysOf({ number }: PhoneNumber): string[] {
  return /^\+1(?!700)[2-9](?!11)\d\d[2-9]\d{6}$/.test(number) ? ["US", "CA"] : [];
}

function isKnownIn(country: CountryCode, number: PhoneNumber): boolean {
  // The same number, asked for another country of its code: the library's own question has no such form.
  const there = Object.create(number, { country: { value: country } }) as PhoneNumber;
  return there.isValid();
}

// Mobile networks of the islands and of Great Britain take numbers out of one range, and customers
// take theirs along.
function lendersOf(country: CountryCode, number: PhoneNumber): CountryCode[] {
  return ["GG", "IM", "JE"].includes(country) && isMobile(number) ? ["GB"] : [];
}

/**
 * One name for all numbers that reach one line. Argentina's 9 and Brazil's ninth digit are left out,
 * and San Marino's and Palestine's lines are reached by a neighbour's code too.
 */
export function lineOf(e164: string): string {
  return e164
    .replace(/^\+549(\d{10})$/, "+54$1")
    .replace(/^\+55(\d\d)9(\d{8})$/, "+55$1$2")
    .replace(/^\+390549(\d+)$/, "+3780549$1")
    .replace(/^\+972(5[69]\d{7})$/, "+970$1");
}
