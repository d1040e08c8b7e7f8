/** Reads what was typed as a code: what a slip of the hand or of an autofill looks like. */

import { bareCode } from "../challenge/code";
import { asciiDigits } from "../std/typed-text";
import type { FlashKind } from "./visit/flash";

/** The code once, where an autofill has filled it in twice. */
export function undouble(typed: string, digits: number): string {
  if (typed.length > 64) return typed;
  const code = asciiDigits(bareCode(typed));
  const [first, second] = [code.slice(0, digits), code.slice(digits)];
  return /^\d+$/.test(code) && first === second ? first : typed;
}

/** What is wrong with a code that was not right. */
export function slipIn(typed: string, digits: number): FlashKind {
  const code = bareCode(typed);
  if (code === "") return "code_empty";
  if (!/^\p{Nd}+$/u.test(code)) return "code_not_numbers";
  const { length } = Array.from(code);
  if (length === digits) return "code_wrong";
  return length < digits ? "code_short" : "code_long";
}
