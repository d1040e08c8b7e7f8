/** Tells which number some digits stand for, where trunk zeros and dialling prefixes leave a choice. */

import type { CountryCode, PhoneNumber } from "libphonenumber-js/max";
import { isNeighbours, landlineOfNeighbour, readAtNeighbours } from "./plans";
import { codeOf, isKnown, isMobile, loadNumbers, parse } from "./tables";

// "+49 (0)171": the zero is dialled inside the country only, save where it is part of the number. No more than a
// prefix for abroad and a country code stand in front of it, and the number itself behind.
const TRUNK_ZERO = /^((?:\D*\d){0,6}\D*)\(\s*0\s*\)(?=(?:\D*\d){4})/;

/** The number that `typed`, digits with separators, stands for; none where two are as likely. */
export function readDigits(
  typed: string,
  defaultCountry: CountryCode | undefined,
): PhoneNumber | undefined {
  const texts = [...new Set([typed, typed.replace(TRUNK_ZERO, "$1")])].map(bare);
  // A plus leaves a default country nothing to say.
  if (defaultCountry === undefined || texts[0]?.startsWith("+") === true) {
    const number = only(readInternational(texts));
    return number !== undefined && lacksCode(texts[0] ?? "", number) ? undefined : number;
  }
  const number = readAt(defaultCountry, typed, texts);
  // As it will be read when it comes back, with its country code.
  return number && only(readInternational([number.number]));
}

/** What it stands for where `country`'s own ways of dialling are understood. */
function readAt(country: CountryCode, typed: string, texts: string[]): PhoneNumber | undefined {
  const readings = readInternational(texts);
  const national = texts.flatMap((text) => parse(text, country) ?? []);
  // Some countries dial abroad by more than "00", so that their "001 65" is "+65", not "+1 65".
  const dialled = national.filter((number) => isDialled(number, texts));
  if (texts.some(isMarked)) return surest([...readings, ...dialled.filter(isKnown)]);
  const international = only(readings);
  // Form decoding turns a raw "+" into a space.
  const hasPlus = /^ \d/.test(typed);
  if (hasPlus && international && isKnown(international)) return international;
  const own = international && isOf(country, international) ? [international] : [];
  const known = [...own, ...national].filter(isKnown);
  // Of two a mobile number is meant: at home people dial a landline with its zero.
  const home = only(known) ?? only(known.filter(isMobile));
  if (known.length > 0) return home && (landlineOfNeighbour(home, texts, country) ?? home);
  const neighbours = texts.flatMap((text) => readAtNeighbours(text, country) ?? []);
  if (neighbours.length > 0) return only(neighbours);
  // In no known range, only a plus makes a number: else it is a slip of the hand, and maybe a stranger's.
  if (hasPlus) return international;
  return international && isForeign(international, texts, country) ? international : undefined;
}

function bare(text: string): string {
  return text.replace(/[^+\d]/g, "");
}

/** Whether the input itself says that a country code comes first. */
function isMarked(bareText: string): boolean {
  return /^(?:\+|00)/.test(bareText);
}

function isOf(country: CountryCode, number: PhoneNumber): boolean {
  return number.countryCallingCode === loadNumbers().getCountryCallingCode(country);
}

/** Whether the number stands at the end of the input, as it does behind any prefix for abroad. */
function isDialled({ number }: PhoneNumber, texts: string[]): boolean {
  return texts.some((text) => text.endsWith(number.slice(1)));
}

/**
 * As a number whose country code comes first: as it is, else as the known number that it makes without
 * a trunk zero or a second country code. What may well be either is both.
 */
function readInternational(texts: string[]): PhoneNumber[] {
  const marked = texts.map((text) => text.replace(/^\+?(?:00)?/, "+"));
  const kept = marked.flatMap((text) => parse(text) ?? []);
  const known = kept.find(isKnown);
  if (known !== undefined && isMobile(known)) return [known];
  const trunkless = marked.flatMap(withoutTrunk).filter(isKnown);
  const single = marked.flatMap(withoutSecondCode).filter(isKnown);
  if (known === undefined) {
    const slips = [...trunkless, ...single];
    return slips.length > 0 ? slips : kept.filter((number) => !isNeighbours(number));
  }
  const isWeak = texts.length > 1 || !isOrdinaryLandline(known);
  const rivals = isWeak ? [...kept, ...trunkless, ...single] : single;
  return [known, ...rivals.filter(isMobile)];
}

/** Whether people have such a line: the tables allow some that are longer than any in use. */
function isOrdinaryLandline(number: PhoneNumber): boolean {
  return number.getType() === "FIXED_LINE" && number.nationalNumber.length <= 10;
}

function withoutTrunk(marked: string): PhoneNumber[] {
  const code = codeOf(marked.slice(1));
  if (code === undefined || !/^0[1-9]/.test(marked.slice(code.length + 1))) return [];
  return asList(parse(`+${code}${marked.slice(code.length + 2)}`));
}

/** "+49 49 171 …" and "+49 0049 171 …": an address book has put the code in front once more. */
function withoutSecondCode(marked: string): PhoneNumber[] {
  const code = codeOf(marked.slice(1));
  if (code === undefined) return [];
  const [, single] = new RegExp(`^\\+${code}(?:00)?(${code}\\d+)$`).exec(marked) ?? [];
  return single === undefined
    ? []
    : [...asList(parse(`+${single}`)), ...withoutTrunk(`+${single}`)];
}

function asList(number: PhoneNumber | undefined): PhoneNumber[] {
  return number === undefined ? [] : [number];
}

/** The only one, or the only one in a known range. */
function surest(readings: PhoneNumber[]): PhoneNumber | undefined {
  return only(readings) ?? only(readings.filter(isKnown));
}

function only([first, ...others]: PhoneNumber[]): PhoneNumber | undefined {
  return others.every(({ number }) => number === first?.number) ? first : undefined;
}

/** Whether digits without a plus are a known number of another country, and too many for the default one. */
function isForeign(number: PhoneNumber, texts: string[], country: CountryCode): boolean {
  const { validatePhoneNumberLength } = loadNumbers();
  return (
    isKnown(number) && texts.some((text) => validatePhoneNumberLength(text, country) === "TOO_LONG")
  );
}

/** Whether it looks like a North American number without its country code: (202) 555-0123. */
function lacksCode(text: string, number: PhoneNumber): boolean {
  if (isMarked(text) || isKnown(number)) return false;
  const american = parse(`+1${text}`);
  return american !== undefined && isKnown(american);
}
