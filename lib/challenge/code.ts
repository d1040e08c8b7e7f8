/** The one-time code: derived from its challenge, read as it was typed, and compared. */

import type { Key } from "../crypto/keys";
import { isSameInLength, mac } from "../crypto/mac";
import { asciiDigits, UNSEEN } from "../std/typed-text";
import type { Challenge } from "./challenge";

/** What a code is derived from, beside the number. */
export interface CodeSource extends Pick<Challenge, "id" | "subject" | "purpose" | "expiresAt"> {
  /** What the purpose describes; empty or absent where it does not. */
  description?: string;
}

/**
 * The one-time code of a challenge: derived, so that nothing in any store helps a thief, and a changed
 * subject, number, purpose or description has another code. 48 bits modulo 10^digits, leading zeros kept.
 */
export function deriveCode(key: Key, source: CodeSource, phone: string, digits: number): string {
  const { id, subject, purpose, expiresAt, description = "" } = source;
  const fields = ["code/1", id, subject, phone, purpose, expiresAt];
  const bits = mac(key.code, description === "" ? fields : [...fields, description]).readUIntBE(
    0,
    6,
  );
  return String(bits % 10 ** digits).padStart(digits, "0");
}

/** Whether `code` is the challenge's, compared in constant time (ASVS 11.2.4). */
export function isCodeOf(
  key: Key,
  source: CodeSource,
  phone: string,
  digits: number,
  code: string,
): boolean {
  return isSameInLength(deriveCode(key, source, phone, digits), code);
}

/** What is longer is no code, and is looked at no further. */
export const LONGEST_SUBMISSION = 64;
/** What carries no information in a code, as the inside of a pattern's class: spaces, dashes, invisible marks. */
export const CODE_FILLING = String.raw`\s${UNSEEN}\p{Pd}\u2212\u30fc`;
const FILLING = new RegExp(`[${CODE_FILLING}]`, "gu");

/** What was typed as a code, without what carries no information. */
export function bareCode(typed: string): string {
  return typed.normalize("NFKC").replace(FILLING, "");
}

/** What a submitted code of any kind reads as: its bare signs, a text that can't be a code, or nothing at all. */
export type CodeReading =
  { kind: "code"; code: string } | { kind: "malformed" } | { kind: "empty" };

/**
 * Reads a submitted code. Spaces, dashes, invisible marks and other scripts' digits carry no
 * information, so they cost no attempt; anything else can't be right.
 */
export function readCode(input: string, digits: number): CodeReading {
  if (input.length > LONGEST_SUBMISSION) return { kind: "malformed" };
  const bare = bareCode(input);
  if (bare === "") return { kind: "empty" };
  const code = asciiDigits(bare);
  return /^\d+$/.test(code) && code.length === digits
    ? { kind: "code", code }
    : { kind: "malformed" };
}
