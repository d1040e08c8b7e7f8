/** Tells which number some digits stand for, where trunk zeros and dialling prefixes leave a choice. */

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

/** The number that `typed`, digits with separators, stands for; none where two are as likely. */
export function readDigits(
  typed: string,
  defaultCountry: CountryCode | undefined,
): PhoneNumber | undefined {
  // "+49 (0)171": the zero is dialled inside the country only, save where it is part of the number.
  const texts = [...new Set([typed, typed.replace(/\(\s*0\s*\)/, "")])].map(bare);
  const international = texts.flatMap(readInternational);
  // A plus leaves a default country nothing to say.
  if (defaultCountry === undefined || texts[0]?.startsWith("+") === true) {
    const number = likeliest(international);
    return number !== undefined && lacksCode(texts[0] ?? "", number) ? undefined : number;
  }
  const number = likeliestAt(defaultCountry, typed, texts, international);
  // As it will be read when it comes back, with its country code.
  return number && likeliest(readInternational(number.number));
}

/** What it stands for where `country`'s own ways of dialling are understood. */
function likeliestAt(
  country: CountryCode,
  typed: string,
  texts: string[],
  international: PhoneNumber[],
): PhoneNumber | undefined {
  const national = texts.flatMap((text) => parse(text, country) ?? []);
  if (texts.some(isMarked)) {
    // Some countries dial abroad by more than "00", so that their "001 65" is "+65", not "+1 65".
    const isDialled = ({ number }: PhoneNumber) =>
      texts.some((text) => text.endsWith(number.slice(1)));
    return surest([likeliest(international), likeliest(national.filter(isDialled))]);
  }
  // Form decoding turns a raw "+" into a space.
  if (/^ \d/.test(typed)) return likeliest([...international, ...national]);
  const code = loadNumbers().getCountryCallingCode(country);
  const own = international.filter((number) => number.countryCallingCode === code);
  const foreign = international.filter((number) => isForeign(number, texts, country));
  const domestic = likeliest([...own, ...national]);
  return domestic?.isValid() === true ? domestic : likeliest([...national, ...own, ...foreign]);
}

function bare(text: string): string {
  return text.replace(/[^+\d]/g, "");
}

/** Whether the input itself says that a country code comes first. */
function isMarked(bareText: string): boolean {
  return /^(?:\+|00)/.test(bareText);
}

/** As a number whose country code comes first: as it is and, if that gives a known number, without a trunk zero. */
function readInternational(text: string): PhoneNumber[] {
  const marked = text.replace(/^\+?(?:00)?/, "+");
  const kept = parse(marked);
  const { parsePhoneNumberFromString } = loadNumbers();
  const code = (kept ?? parsePhoneNumberFromString(marked, { extract: false }))?.countryCallingCode;
  const isTrunk = code !== undefined && /^0[1-9]/.test(marked.slice(code.length + 1));
  const dropped = isTrunk ? parse(`+${code}${marked.slice(code.length + 2)}`) : undefined;
  return [...(kept ? [kept] : []), ...(dropped?.isValid() === true ? [dropped] : [])];
}

function parse(text: string, defaultCountry?: CountryCode): PhoneNumber | undefined {
  const { parsePhoneNumberFromString } = loadNumbers();
  const typed = parsePhoneNumberFromString(text, {
    extract: false,
    ...(defaultCountry && { defaultCountry }),
  });
  if (!typed?.isPossible() || !/^\+[1-9]\d{6,14}$/.test(typed.number)) return undefined;
  if (defaultCountry === undefined && typed.number === text) return typed;
  // Read again without the default country, which else would count as the country of any area code.
  const number = parsePhoneNumberFromString(typed.number, { extract: false });
  return number?.isPossible() && number.number === typed.number ? number : undefined;
}

/** The first that stands in a known range, else the first. */
function likeliest(readings: PhoneNumber[]): PhoneNumber | undefined {
  // Asked only where there is a choice: it goes through the tables of a country.
  const isOne = readings.length === 1;
  return readings.find((reading) => isOne || reading.isValid()) ?? readings[0];
}

/** The only one, or the only one in a known range. */
function surest(readings: (PhoneNumber | undefined)[]): PhoneNumber | undefined {
  const [first, ...others] = readings.filter((reading) => reading !== undefined);
  if (first === undefined || others.every(({ number }) => number === first.number)) return first;
  const known = [first, ...others].filter((reading) => reading.isValid());
  return known.length === 1 ? known[0] : undefined;
}

/**
 * Whether digits without a plus, none of the default country's, may be a number of another one: as they
 * stand, and in a known range or too many for the default country. Else they are a slip of the hand.
 */
function isForeign(number: PhoneNumber, texts: string[], defaultCountry: CountryCode): boolean {
  const text = texts.find((each) => `+${each}` === number.number);
  if (text === undefined) return false;
  const { validatePhoneNumberLength } = loadNumbers();
  return number.isValid() || validatePhoneNumberLength(text, defaultCountry) === "TOO_LONG";
}

/** Whether it looks like a North American number without its country code: (202) 555-0123. */
function lacksCode(text: string, number: PhoneNumber): boolean {
  if (isMarked(text) || number.isValid()) return false;
  return parse(`+1${text}`)?.isValid() ?? false;
}
