/** The check of `testNumbers`: whose numbers they can be, how good a code is, and that each has an end. */

import type { TestCode, TestCodes } from "../challenge/test-codes";
import { isAllowedCountry, isTextable, maskPhone, readPhone } from "../phone/phone";
import { isProduction, refuseUnknown } from "../std/option-checks";
import { warn } from "../std/warning";
import type { TestNumber } from "./options";

const ENTRY: Record<keyof TestNumber, true> = { code: true, until: true };
const MOST_NUMBERS = 20;
const LONGEST_DAYS = 30;
const DAY_MS = 86_400_000;

/** Reads the numbers into their codes. Neither a number nor a code is ever shown. */
export function readTestNumbers(
  value: unknown,
  { codeLength, countries }: { codeLength: number; countries: ReadonlySet<string> },
): TestCodes {
  if (value === undefined) return new Map();
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(
      `Expected \`testNumbers\` to be an object such as { "+12025550100": { code: "135790", until: "2030-01-31" } }.`,
    );
  }
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length > MOST_NUMBERS) {
    throw new TypeError(`Expected \`testNumbers\` to hold ${MOST_NUMBERS} numbers at most.`);
  }
  const codes = entries.map(([number, entry]): [string, TestCode] => {
    const where = `\`testNumbers\`["${readNumber(number, countries)}"]`;
    refuseUnknown(where, entry, ENTRY);
    const code = readCode(where, entry["code"], codeLength);
    return [number, { code, until: readUntil(where, entry["until"]) }];
  });
  const now = Date.now();
  const isPast = codes.filter(([, { until }]) => until <= now);
  if (isPast.length > 0) {
    warn(
      "The date of one of `testNumbers` has passed: it is a number as any other now. Take it out.",
      "SMS2FA_TEST_NUMBERS",
    );
  }
  return new Map(codes.filter(([, { until }]) => until > now));
}

/** The masked number, for sentences. */
function readNumber(number: string, countries: ReadonlySet<string>): string {
  const read = readPhone(number);
  if (!read.ok || read.phone.e164 !== number) {
    throw new TypeError(
      `Expected \`testNumbers\` to name numbers as E.164, such as "+12025550100"; one is none, or is written otherwise.`,
    );
  }
  const masked = maskPhone(number);
  if (isAllowedCountry(read.phone, countries) && isTextable(read.phone)) return masked;
  throw new TypeError(
    `Expected \`testNumbers\` to name numbers that can be texted; ${masked} is of a country that is not in \`countries\`, ` +
      "or of a kind that gets no texts.",
  );
}

function readCode(where: string, value: unknown, digits: number): string {
  if (typeof value !== "string" || !/^\d+$/.test(value) || value.length !== digits) {
    throw new TypeError(
      `Expected \`code\` of ${where} to be a string of ${digits} digits, as \`codeLength\` says${orMissing(value)}`,
    );
  }
  if (isProduction() && isFirstGuess(value)) {
    throw new TypeError(
      `Expected \`code\` of ${where} to be hard to guess in production: no digit again and again, no row of digits.`,
    );
  }
  return value;
}

/** The end of a sentence that shows no value: that there is none, as of a variable that is not set, is no secret. */
function orMissing(value: unknown): string {
  return value === undefined ? ": none is given." : ".";
}

/** 000000, 123456, 987654: with a derived code as likely as any other, but people choose these. */
function isFirstGuess(code: string): boolean {
  const steps = Array.from(code.slice(1), (digit, index) => Number(digit) - Number(code[index]));
  const [first = 0] = steps;
  return Math.abs(first) <= 1 && steps.every((step) => step === first);
}

// With a zone, for a time without one would be another moment on another server.
const ISO_DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** `Date` reads the 30th of February as a day of March. */
function isDay(day: string): boolean {
  const at = new Date(day);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}

function readUntil(where: string, value: unknown): number {
  const isDate = typeof value === "string" && ISO_DATE.test(value) && isDay(value.slice(0, 10));
  const until = isDate ? Date.parse(value) : NaN;
  if (Number.isNaN(until)) {
    throw new TypeError(
      `Expected \`until\` of ${where} to be an ISO 8601 date, such as "2030-01-31" or "2030-01-31T18:00Z"${orMissing(value)}`,
    );
  }
  const left = until - Date.now();
  // In production a restart must not meet an error that the deployment did not.
  if (left <= 0 && !isProduction()) {
    throw new TypeError(`Expected \`until\` of ${where} to be to come: take the number out.`);
  }
  if (left > LONGEST_DAYS * DAY_MS && isProduction()) {
    throw new TypeError(
      `Expected \`until\` of ${where} to be at most ${LONGEST_DAYS} days ahead in production.`,
    );
  }
  return until;
}
