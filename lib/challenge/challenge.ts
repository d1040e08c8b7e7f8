/** The challenge: its record, the one-time code derived from it, and the match with a submitted code. */

import { type Key, type KeyRing } from "../crypto/keys";
import { isSameInLength } from "../crypto/mac";
import { randomId } from "../crypto/mac";
import { mac } from "../crypto/mac";
import { ownProperty } from "../std/own-property";
import { asciiDigits } from "../std/typed-text";
import { UNSEEN } from "../std/typed-text";

/** One request to prove possession of a number, as it stands in the session (JSON). */
export interface Challenge {
  /** 128 random bits, base64url. */
  id: string;
  subject: string;
  /** The purpose that was asked for; empty for the plain second factor. */
  purpose: string;
  /** Epoch ms. */
  issuedAt: number;
  /** Epoch ms. A resend never moves it (NIST SP 800-63B-4 3.1.3.2, ASVS 6.5.5: 10 minutes at most). */
  expiresAt: number;
  /** Id of the key that made it. */
  key: string;
  /** Ties the record to subject and number without telling the number. */
  binding: string;
  /** The candidate number, where no user record holds it. */
  phone?: string;
  /** Epoch ms from which a resend may be asked for: a hint, the cooldown counter decides. */
  resendAt: number;
  /** What was sent for it, to give its cost back once it is answered. */
  texts: readonly SentText[];
}

/** One text of a challenge. */
export interface SentText {
  /** Epoch ms. */
  at: number;
  /** Name of the network counter that paid for it. */
  network: string;
  /** Epoch ms up to which every window that paid for it is sure to be the same. */
  until: number;
}

/**
 * The purpose of a challenge that puts a number on record. No app can name one like it, so that its code
 * opens nothing else.
 */
export const ENROLMENT = "number:enrolment";

/** How far two servers' clocks may differ before a record counts as made in the future. */
export const CLOCK_TOLERANCE_MS = 5000;
const LONGEST_LIFE_MS = 600_000;

/** Makes the record of a new challenge under the newest key. */
export function makeChallenge(
  keys: KeyRing,
  of: { subject: string; phone: string; purpose: string; ttlMs: number; keepPhone: boolean },
  now: number,
): Challenge {
  return {
    id: randomId(),
    subject: of.subject,
    purpose: of.purpose,
    issuedAt: now,
    expiresAt: now + of.ttlMs,
    key: keys[0].id,
    binding: bind(keys[0], of.subject, of.phone),
    ...(of.keepPhone && { phone: of.phone }),
    resendAt: now,
    texts: [],
  };
}

/** Ties a subject to a number, without telling the number. */
export function bind(key: Key, subject: string, phone: string): string {
  return key.bindings.get(`${phone} ${subject}`, () =>
    mac(key.binding, [subject, phone]).toString("base64url"),
  );
}

/** Whether `binding` ties this subject to this number under any key in force. */
export function isBound(keys: KeyRing, binding: string, subject: string, phone: string): boolean {
  return keys.some((key) => isSameInLength(binding, bind(key, subject, phone)));
}

/** The key that made the challenge, while its secret is still in force. */
export function keyOfChallenge(keys: KeyRing, challenge: Challenge): Key | undefined {
  return keys.find((key) => key.id === challenge.key);
}

/** Whether the challenge's time has not run out, nor begins in the future (a clock stepped back). */
export function isCurrent(challenge: Challenge, now: number): boolean {
  return now < challenge.expiresAt && challenge.issuedAt <= now + CLOCK_TOLERANCE_MS;
}

/**
 * The one-time code of a challenge: derived, so that nothing in any store helps a thief, and a changed
 * subject, number or purpose has another code. 48 bits modulo 10^digits, leading zeros kept.
 */
export function deriveCode(key: Key, challenge: Challenge, phone: string, digits: number): string {
  const { id, subject, purpose, expiresAt } = challenge;
  const bits = mac(key.code, ["code/1", id, subject, phone, purpose, expiresAt]).readUIntBE(0, 6);
  return String(bits % 10 ** digits).padStart(digits, "0");
}

/** Whether `code` is the challenge's, compared in constant time (ASVS 11.2.4). */
export function isCodeOf(
  key: Key,
  challenge: Challenge,
  phone: string,
  digits: number,
  code: string,
): boolean {
  return isSameInLength(deriveCode(key, challenge, phone, digits), code);
}

const LONGEST_SUBMISSION = 64;

/** What carries no information in a code, as the inside of a pattern's class: spaces, dashes, invisible marks. */
export const CODE_FILLING = String.raw`\s${UNSEEN}\p{Pd}\u2212\u30fc`;
const FILLING = new RegExp(`[${CODE_FILLING}]`, "gu");

/** What was typed as a code, without what carries no information. */
export function bareCode(typed: string): string {
  return typed.normalize("NFKC").replace(FILLING, "");
}

/** What a submitted code reads as: the digits, a text that can't be a code, or nothing at all. */
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

/** Reads a challenge out of a session store's JSON: exact shape and a sane life, or nothing. */
export function readChallenge(value: unknown): Challenge | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  // Written out, without lists and spreads: each guarded call reads one.
  const id = ownProperty(value, "id");
  const subject = ownProperty(value, "subject");
  const purpose = ownProperty(value, "purpose");
  if (!isText(id) || !isText(subject) || !isText(purpose)) return undefined;
  const key = ownProperty(value, "key");
  const binding = ownProperty(value, "binding");
  if (!isText(key) || !isText(binding)) return undefined;
  const issuedAt = ownProperty(value, "issuedAt");
  const expiresAt = ownProperty(value, "expiresAt");
  const resendAt = ownProperty(value, "resendAt");
  if (!isWhole(issuedAt) || !isWhole(expiresAt) || !isWhole(resendAt)) return undefined;
  const life = expiresAt - issuedAt;
  if (life <= 0 || life > LONGEST_LIFE_MS) return undefined;
  const phone = ownProperty(value, "phone");
  if (phone !== undefined && !isText(phone)) return undefined;
  const texts = readTexts(ownProperty(value, "texts"));
  if (texts === undefined) return undefined;
  const times = { issuedAt, expiresAt, resendAt };
  const read: Challenge = { id, subject, purpose, key, binding, texts, ...times };
  if (phone !== undefined) read.phone = phone;
  return read;
}

function readTexts(value: unknown): SentText[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts: SentText[] = [];
  for (const each of value) {
    const at = ownProperty(each, "at");
    const network = ownProperty(each, "network");
    const until = ownProperty(each, "until");
    if (!isWhole(at) || !isText(network) || !isWhole(until)) return undefined;
    texts.push({ at, network, until });
  }
  return texts;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
