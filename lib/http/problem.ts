/** Puts refusals into words: the problems of RFC 9457. */

import { statusOf, type RefusalCode } from "../outcome/errors";
import type { Refusal } from "../outcome/refusal";

/** A refusal as the client reads it. */
export interface Problem {
  /** Stable name of this kind of problem. */
  type: string;
  /** The kind of problem in a few words. */
  title: string;
  /** The HTTP status, as in the status line. */
  status: number;
  /** What clients tell problems apart by. */
  code: RefusalCode;
  /** What to do about it. */
  detail: string;
  /** Codes that may still be tried, after a wrong one. */
  attemptsLeft?: number;
}

const WORDS: Record<RefusalCode, readonly [title: string, detail: string]> = {
  invalid_request: ["The request is not understood", "A field is missing, or is not one string."],
  invalid_number: [
    "This is not a phone number",
    "Write the number with its country code, such as +1 202 555 0123, and without an extension.",
  ],
  cross_site: ["The request came from another site", "Ask from a page of this site."],
  bad_signature: [
    "The signature is wrong",
    "Sign the configured URL and all parameters with the configured key.",
  ],
  not_signed_in: ["Nobody is signed in", "Sign in first."],
  no_number: ["There is no number on record", "Add a phone number first."],
  number_mismatch: ["This is not the number on record", "Leave the number out, or send your own."],
  country_not_allowed: [
    "Numbers of this country are not served",
    "Use a number of a country that is served.",
  ],
  wrong_code: ["The code is wrong", "Check the last text, and try again."],
  no_challenge: [
    "There is no code to check",
    "It has expired or was used, or none was asked for. Ask for a new code.",
  ],
  factor_disabled: [
    "The second factor is switched off here",
    "There were too many wrong codes, or support has done it. Ask support to switch it on again.",
  ],
  send_refused: ["No code is sent here", "A check before the text has refused it."],
  two_factor_required: ["A second factor is required", "Ask for a code, and enter it."],
  method_not_allowed: ["This method is not served here", "Use a method that Allow names."],
  payload_too_large: ["The body is too large", "Send at most 1 kB."],
  unsupported_media_type: [
    "This kind of body is not served",
    "Send application/json or application/x-www-form-urlencoded.",
  ],
  cannot_text_number: [
    "This number can't be texted",
    "It takes no texts, or has opted out of them: text START to where they came from, or use another number.",
  ],
  too_many_attempts: ["Too many codes were tried", "Wait, then ask for a new code."],
  too_many_requests: ["Too many codes were asked for", "Wait before you ask for another."],
  delivery_failed: ["The text could not be sent", "Try again in a moment."],
  unavailable: ["This can't be checked just now", "Try again in a moment."],
};

const OPTED_OUT =
  "It has opted out of texts. Text START to the number that they came from, then ask again.";

/** The refusal as a problem. */
export function problemOf({ code, detail, attemptsLeft, isOptedOut }: Refusal): Problem {
  const [title, words] = WORDS[code];
  return {
    type: `urn:express-sms-2fa:problem:${code}`,
    title,
    status: statusOf(code),
    code,
    detail: detail ?? (isOptedOut === true ? OPTED_OUT : words),
    ...(attemptsLeft !== undefined && { attemptsLeft }),
  };
}
