/** Reads the fields of a request for a code or of an answer: strings alone, and none that is not served. */

import { own } from "./own";
import { refusal, type Refusal } from "./refusal";

/** What a request for a code may ask. */
export interface RequestFields {
  /** The number to text. In user mode it must be the user's own. */
  number?: string;
  /** How the code travels: `sms`. */
  channel?: string;
  /** BCP 47 tag of the text's language. */
  locale?: string;
  /** A name from the option `purposes`. */
  purpose?: string;
  /** Step-up: ask although the session is verified. */
  fresh?: boolean;
}

/** What an answer holds. */
export interface AnswerFields {
  /** The one-time code. `code` is another name for it. */
  auth_code?: string;
  code?: string;
  /** The number that it was sent to. */
  number?: string;
}

/** A request for a code, read. */
export interface ReadRequest {
  number: string | undefined;
  locale: string | undefined;
  purpose: string;
  isFresh: boolean;
}

/** An answer, read. */
export interface ReadAnswer {
  code: string;
  number: string | undefined;
}

const ASKED = ["number", "channel", "locale", "purpose"] as const;
const ANSWERED = ["number", "auth_code", "code"] as const;

type Reading<T> = { ok: true; fields: T } | Refusal;

/** Reads a request for a code. */
export function readRequestFields(
  fields: object,
  purposes: ReadonlySet<string>,
): Reading<ReadRequest> {
  const wrong = firstNotText(fields, ASKED) ?? firstUnserved(fields);
  if (wrong !== undefined) return wrong;
  const [number, channel, locale, purpose] = texts(fields, ASKED);
  if (channel !== undefined && channel !== "sms") return invalid("This channel is not served.");
  if (locale !== undefined && !/^[A-Za-z0-9_-]{1,35}$/.test(locale)) {
    return invalid("Expected `locale` to be a language tag such as es-MX.");
  }
  if (purpose !== undefined && purpose !== "" && !purposes.has(purpose)) {
    return invalid("This purpose is not served.");
  }
  const isFresh = readFlag(own(fields, "fresh"));
  if (isFresh === undefined) return invalid("Expected `fresh` to be true or false.");
  return { ok: true, fields: { number, locale, purpose: purpose ?? "", isFresh } };
}

/** Reads an answer. */
export function readAnswerFields(fields: object): Reading<ReadAnswer> {
  const wrong = firstNotText(fields, ANSWERED) ?? firstUnserved(fields);
  if (wrong !== undefined) return wrong;
  const [number, authCode, code] = texts(fields, ANSWERED);
  const submitted = authCode ?? code;
  if (submitted === undefined) return invalid("There is no code in the request.");
  if (authCode !== undefined && code !== undefined) {
    return invalid("Expected one of `auth_code` and `code`, got both.");
  }
  return { ok: true, fields: { code: submitted, number } };
}

function invalid(detail: string): Refusal {
  return refusal("invalid_request", { detail });
}

function texts(fields: object, names: readonly string[]): (string | undefined)[] {
  return names.map((name) => own(fields, name) as string | undefined);
}

function firstNotText(fields: object, names: readonly string[]): Refusal | undefined {
  const wrong = names.find((name) => {
    const value = own(fields, name);
    return value !== undefined && typeof value !== "string";
  });
  return wrong === undefined ? undefined : invalid(`Expected \`${wrong}\` to be one string.`);
}

// Refused rather than passed over: whoever asks for one must not think that it was granted.
function firstUnserved(fields: object): Refusal | undefined {
  const name = ["recovery_code", "remember"].find((each) => own(fields, each) !== undefined);
  return name === undefined ? undefined : invalid(`\`${name}\` is not served.`);
}

// Forms have no booleans.
function readFlag(value: unknown): boolean | undefined {
  if (value === undefined || value === false || value === "false" || value === "0") return false;
  return value === true || value === "true" || value === "1" || value === "on" ? true : undefined;
}
