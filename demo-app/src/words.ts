/** Says in plain words why the package refused: for the page, where the package answers with a code. */

import { TwoFactorError, type Refusal, type RefusalCode } from "express-sms-2fa";
import type { Problem } from "./answers";

/** A refusal of a code or of a text, as the code page shows it. */
export interface Told {
  problem: Problem;
  /** Whether the code that was typed is what is wrong. */
  isAboutCode: boolean;
  /** Whether the code that was texted is good for nothing any more. */
  isSpent: boolean;
}

const CODE_LENGTH = 6;

const CANT_READ =
  "Your phone number can't be read. It needs its country code, such as +1 202 555 0123";
const TRY_LATER = (wait: string) =>
  `We couldn't send or check a code just now. Try again in ${wait}`;

// The codes that can come here; `wrong_code` is put into words below.
const SENTENCES: Partial<Record<RefusalCode, (wait: string) => string>> = {
  invalid_request: () => "Enter the code from the text",
  no_challenge: () => "The security code has expired or was used already. Ask for a new one",
  too_many_attempts: (wait) =>
    `Too many wrong codes were entered. Wait ${wait}, then ask for a new one`,
  too_many_requests: (wait) =>
    `Too many texts were asked for. Wait ${wait} before you ask for another`,
  invalid_number: () => CANT_READ,
  no_number: () => CANT_READ,
  country_not_allowed: () => "We don't send texts to the country of your phone number",
  cannot_text_number: () =>
    "Your phone number can't get our texts. It may be a landline, or have opted out",
  factor_disabled: () =>
    "Codes by text are switched off for you after too many wrong ones. Ask support",
  delivery_failed: TRY_LATER,
  unavailable: TRY_LATER,
  not_signed_in: () => "Log in first",
};

/** Puts a refusal into words; `typed` is what was typed as the code, if one was. */
export function tell(refusal: Refusal, typed?: string): Told {
  const { code, retryAfter, attemptsLeft } = refusal;
  const isAboutCode = typed !== undefined && ["invalid_request", "wrong_code"].includes(code);
  const problem = {
    status: new TwoFactorError(code, "").status,
    title: isAboutCode ? "The code is not right" : "There is a problem",
    detail: sentence(refusal, typed),
    code,
    ...(retryAfter !== undefined && { retryAfter }),
  };
  const isSpent =
    typed !== undefined &&
    (["no_challenge", "too_many_attempts"].includes(code) || attemptsLeft === 0);
  return { problem, isAboutCode, isSpent };
}

/** A length of time for people to read. */
export function duration(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

function sentence({ code, retryAfter, attemptsLeft }: Refusal, typed = ""): string {
  const wait = retryAfter === undefined ? "a moment" : duration(retryAfter);
  if (code === "wrong_code") return wrongCode(typed, attemptsLeft ?? 0);
  return SENTENCES[code]?.(wait) ?? "That did not work. Try again from this page";
}

function wrongCode(typed: string, attemptsLeft: number): string {
  const left =
    attemptsLeft === 0
      ? "Ask for a new one"
      : `You have ${attemptsLeft} ${attemptsLeft === 1 ? "try" : "tries"} left`;
  return `${slipIn(typed)}. ${left}`;
}

function slipIn(typed: string): string {
  const bare = typed.normalize("NFKC").replace(/[\s\p{Cf}\p{Pd}\u2212]/gu, "");
  if (!/^\p{Nd}*$/u.test(bare)) return `The code must be ${CODE_LENGTH} numbers`;
  const { length } = Array.from(bare);
  if (length === CODE_LENGTH) return "Enter a correct security code";
  const amount = length < CODE_LENGTH ? "not entered enough" : "entered too many";
  return `You've ${amount} numbers, the code must be ${CODE_LENGTH} numbers`;
}
