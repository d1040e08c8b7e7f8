/** Recovery codes as people keep them: made at random, written to be copied by hand, read as they were typed. */

import { randomBytes } from "node:crypto";
import { bareCode, LONGEST_SUBMISSION, type CodeReading } from "../challenge/code";
import { asciiDigits } from "../std/typed-text";

/** Crockford's base 32: digits and letters without I, L, O and U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** 80 bits, more than an attacker could try were the digests stolen with their key (ASVS 6.5.4: 20 at least). */
const BYTES = 10;
const SIGNS = 16;
const GROUP = 4;
const CODE = new RegExp(`^[${ALPHABET}]{${SIGNS}}$`);

/** A new code, in four groups. */
export function makeRecoveryCode(): string {
  const bits = BigInt(`0x${randomBytes(BYTES).toString("hex")}`);
  const signs = Array.from({ length: SIGNS }, (_, at) => {
    const value = (bits >> BigInt(5 * (SIGNS - 1 - at))) & 31n;
    return ALPHABET.charAt(Number(value));
  });
  return signs.join("").replace(new RegExp(`.{${GROUP}}(?!$)`, "g"), "$&-");
}

/**
 * Reads a submitted code. Spaces, dashes, case and the signs that look alike (O for 0, I and L for 1) carry no
 * information; anything else can't be right.
 */
export function readRecoveryCode(input: string): CodeReading {
  if (input.length > LONGEST_SUBMISSION) return { kind: "malformed" };
  const bare = asciiDigits(bareCode(input)).toUpperCase();
  if (bare === "") return { kind: "empty" };
  const code = bare.replace(/O/g, "0").replace(/[IL]/g, "1");
  return CODE.test(code) ? { kind: "code", code } : { kind: "malformed" };
}
