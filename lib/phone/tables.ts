/** Reads the tables of numbers: what a text can stand for, and whether it is in a range that is assigned. */

import type * as Numbers from "libphonenumber-js/max";
import type { CountryCode, PhoneNumber } from "libphonenumber-js/max";

let numbers: typeof Numbers | undefined;

/**
 * Loads the tables of numbers, the dearest part of the start. `twoFactor()` calls it, so that neither
 * an app that only names the package pays for it, nor the first request.
 */
export function loadNumbers(): typeof Numbers {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded late
  return (numbers ??= require("libphonenumber-js/max") as typeof Numbers);
}

/** The number that digits stand for, if it has a possible length; national ones need a country. */
export function parse(text: string, defaultCountry?: CountryCode): PhoneNumber | undefined {
  const { parsePhoneNumberFromString } = loadNumbers();
  const typed = parsePhoneNumberFromString(text, {
    extract: false,
    ...(defaultCountry && { defaultCountry }),
  });
  if (!typed?.isPossible() || !/^\+[1-9]\d{6,14}$/.test(typed.number)) return undefined;
  const number = renewed(typed.number);
  if (defaultCountry === undefined && number === text) return typed;
  // Read again without the default country, which else would count as the country of any area code.
  const again = parsePhoneNumberFromString(number);
  return again?.isPossible() && again.number === number ? again : undefined;
}

// Brazil put a 9 in front of all mobile numbers until 2016. Phones and messengers still keep them
// without it, and nothing else has been assigned there.
function renewed(e164: string): string {
  return e164.replace(/^(\+55[1-9][1-9])([689]\d{7})$/, "$19$2");
}

// Regulators keep these for films, documentation and tests, so that no table has them.
const SET_ASIDE = /^\+(?:447700900\d{3}|441632960\d{3}|3363998\d{4})$/;

/** Whether it stands in a range that is known to be assigned. */
export function isKnown(number: PhoneNumber): boolean {
  return number.isValid() || SET_ASIDE.test(number.number);
}

/** Whether it is known to be a mobile number, or may be one where the two look alike. */
export function isMobile(number: PhoneNumber): boolean {
  return /MOBILE/.test(number.getType() ?? "");
}

let codes: Map<string, CountryCode[]> | undefined;

/** The countries of a calling code, in the order of their letters. */
export function countriesOfCode(code: string): readonly CountryCode[] {
  if (codes === undefined) {
    codes = new Map();
    const { getCountries, getCountryCallingCode } = loadNumbers();
    for (const country of getCountries()) {
      const own = getCountryCallingCode(country);
      codes.set(own, [...(codes.get(own) ?? []), country]);
    }
  }
  return codes.get(code) ?? [];
}

/** The calling code that international digits begin with. */
export function codeOf(digits: string): string | undefined {
  return [1, 2, 3]
    .map((length) => digits.slice(0, length))
    .find((code) => countriesOfCode(code).length > 0);
}
