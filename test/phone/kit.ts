/** How tests read a number, one of every country, and digits of any script. */

import { getCountries, getExampleNumber } from "libphonenumber-js/max";
import examples from "libphonenumber-js/examples.mobile.json";
import { readPhone, type CountryCode } from "../../lib/phone/phone";

/** What a number reads as; nothing where it is refused. */
export function e164Of(typed: string, defaultCountry?: CountryCode): string | undefined {
  const reading = readPhone(typed, defaultCountry);
  return reading.ok ? reading.phone.e164 : undefined;
}

/** One mobile number of every country, as its numbering plan has it. */
export const KNOWN = getCountries().flatMap((country) => {
  const number = getExampleNumber(country, examples);
  if (number === undefined) return [];
  const { number: e164, countryCallingCode: code, nationalNumber: national } = number;
  return [{ country, e164, code, national }];
});

/** Writes the digits of a text in the script that has this zero. */
export const inAnyScript = (zero: number) => (text: string) =>
  text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
