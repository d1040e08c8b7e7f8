/** Puts into words what went wrong, and knows what of the page it is about. */

import type { Part } from "../../std/html";
import type { Flash } from "../visit/flash";
import type { View } from "./view";
import { timeOf } from "../words/locale";

/** What went wrong. */
export interface Mistake {
  message: Part;
  /** Whether the code that was typed is what is wrong; else it is about the text. */
  isAboutCode: boolean;
}

/** The mistake that a notice tells of, if it tells of one that still holds. Long, for it is one list of them. */
export function mistakeOf(
  { kind, until }: Flash,
  { words, locale, codeLength }: Pick<View, "words" | "locale" | "codeLength">,
  triesLeft: number | undefined,
): Mistake | undefined {
  const wait = secondsUntil(until);
  const aboutCode = (message: string): Mistake => ({
    message: triesLeft === undefined ? message : message + words.stop + words.triesLeft(triesLeft),
    isAboutCode: true,
  });
  const aboutText = (message: Part): Mistake => ({ message, isAboutCode: false });
  const ifWaiting = (message: (time: string) => string) =>
    wait > 0 ? aboutText(message(timeOf(wait, locale))) : undefined;
  switch (kind) {
    case "sent":
    case "pending":
    case "called":
    case "call_pending":
    case "number_saved":
    case "number_again":
      return undefined;
    case "proof_first":
      return aboutText(words.proofFirst);
    case "code_empty":
      return { message: words.codeEmpty, isAboutCode: true };
    case "code_short":
      return aboutCode(words.codeShort(codeLength));
    case "code_long":
      return aboutCode(words.codeLong(codeLength));
    case "code_not_numbers":
      return aboutCode(words.codeNotNumbers(codeLength));
    case "code_wrong":
      return aboutCode(words.codeWrong);
    case "recovery_empty":
      return { message: words.recoveryEmpty, isAboutCode: true };
    case "recovery_malformed":
      return { message: words.recoveryMalformed, isAboutCode: true };
    case "recovery_wrong":
      return { message: words.recoveryWrong, isAboutCode: true };
    case "recovery_made":
      return aboutText(words.recoveryMade);
    case "code_expired":
      return aboutText(words.codeExpired);
    case "code_spent":
      return aboutText(words.codeSpent);
    case "stale_form":
      return aboutText(words.staleForm);
    case "too_many_attempts":
      return ifWaiting(words.tooManyAttempts);
    case "too_many_requests":
      return ifWaiting(words.tooManyRequests);
    case "invalid_number":
      return aboutText(words.invalidNumber);
    case "country_not_allowed":
      return aboutText(words.countryNotAllowed);
    case "cannot_text_number":
      return aboutText(words.cannotTextNumber);
    case "opted_out":
      return aboutText(words.optedOut);
    case "send_refused":
      return aboutText(words.sendRefused);
    case "factor_disabled":
      return aboutText(words.factorDisabled);
    case "delivery_failed":
      return aboutText(words.deliveryFailed);
    case "call_failed":
      return aboutText(words.callFailed);
    case "too_many_calls":
      return ifWaiting(words.tooManyCalls);
    case "unavailable":
      return aboutText(words.unavailable);
  }
}

/** Whole seconds until a time in epoch seconds; 0 once it is past. */
export function secondsUntil(until: number): number {
  return Math.max(0, Math.ceil(until - Date.now() / 1000));
}
