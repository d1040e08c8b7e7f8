/** Reads what was typed as a code: what a slip of the hand or of an autofill looks like. */

import { asciiDigits } from "../../phone";
import type { NoticeKind } from "./notice";

function bare(typed: string): string {
  return typed.normalize("NFKC").replace(/[\s\p{Cf}\p{Pd}\u2212\u30fc]/gu, "");
}

/** The code once, where an autofill has filled it in twice. */
export function once(typed: string, digits: number): string {
  if (typed.length > 64) return typed;
  const code = asciiDigits(bare(typed));
  const [first, second] = [code.slice(0, digits), code.slice(digits)];
  return /^\d+$/.test(code) && first === second ? first : typed;
}

/** What is wrong with a code that was not right. */
export function slipIn(typed: string, digits: number): NoticeKind {
  const code = bare(typed);
  if (code === "") return "code_empty";
  if (!/^\p{Nd}+$/u.test(code)) return "code_not_numbers";
  const { length } = Array.from(code);
  if (length === digits) return "code_wrong";
  return length < digits ? "code_short" : "code_long";
}
