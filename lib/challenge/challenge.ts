/** The challenge: one request to prove possession of a number, as it stands in the session. */

import { randomId } from "../crypto/mac";
import type { Key, KeyRing } from "../crypto/keys";
import { isChannel, type Channel } from "../outcome/channel";
import { ownProperty } from "../std/own-property";
import { bind, isBound, type Bound } from "./binding";

/** One request to prove possession of a number (JSON). What it costs stands in the ledger. */
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
  /** Ties the record to subject, number and what the purpose described, and tells none of them. */
  binding: string;
  /** The candidate number, where no user record holds it. */
  phone?: string;
  /** How its code was sent last, where that was not as a text. */
  channel?: Channel;
  /** Names its last text, 128 random bits, where gateways tell how that has fared. */
  text?: string;
}

/**
 * The purpose of a challenge that puts a number on record. No app can name one like it, so that its code
 * opens nothing else.
 */
export const ENROLMENT = "number:enrolment";

/** How far two servers' clocks may differ before a record counts as made in the future. */
export const CLOCK_TOLERANCE_MS = 60_000;
const LONGEST_LIFE_MS = 600_000;
// A text takes its time, and so does typing: with less left, a new code is worth more than the same one.
const SHORTEST_REST_MS = 90_000;
const SHORTEST_PROMISE_MS = 60_000;

/** Makes the record of a new challenge under the newest key. */
export function makeChallenge(
  keys: KeyRing,
  of: Bound & { purpose: string; ttlMs: number; keepPhone: boolean },
  now: number,
): Challenge {
  return {
    id: randomId(),
    subject: of.subject,
    purpose: of.purpose,
    issuedAt: now,
    expiresAt: now + of.ttlMs,
    key: keys[0].id,
    binding: bind(keys[0], of),
    ...(of.keepPhone && { phone: of.phone }),
  };
}

/** How a challenge's code was sent last. */
export function channelOf({ channel = "sms" }: Pick<Challenge, "channel">): Channel {
  return channel;
}

/** The same challenge, its code sent by `channel`. */
export function sentBy(channel: Channel, { channel: _before, ...challenge }: Challenge): Challenge {
  return channel === "sms" ? challenge : { ...challenge, channel };
}

/** Whether its number is the one that the app has on record, and not one that somebody has named. */
export function isOnRecord({ phone }: Challenge): boolean {
  return phone === undefined;
}

/** The key that made a challenge, while its secret is still in force. */
export function keyOfChallenge(
  keys: KeyRing,
  { key: id }: Pick<Challenge, "key">,
): Key | undefined {
  return keys.find((key) => key.id === id);
}

/** Whether the challenge's time has not run out, nor begins in the future (a clock stepped back). */
export function isCurrent(
  { issuedAt, expiresAt }: Pick<Challenge, "issuedAt" | "expiresAt">,
  now: number,
): boolean {
  return now < expiresAt && issuedAt <= now + CLOCK_TOLERANCE_MS;
}

/** Whether its time has run out for good, whatever the clocks of two servers say. */
export function isOver({ expiresAt }: Pick<Challenge, "expiresAt">, now: number): boolean {
  return now >= expiresAt;
}

/** Whether a challenge is this subject's at this number for this description, in time, and of a secret in force. */
export function isLive(
  keys: KeyRing,
  challenge: Pick<Challenge, "subject" | "issuedAt" | "expiresAt" | "key" | "binding">,
  of: Bound,
): boolean {
  return (
    challenge.subject === of.subject &&
    isCurrent(challenge, Date.now()) &&
    keyOfChallenge(keys, challenge) !== undefined &&
    isBound(keys, challenge.binding, of)
  );
}

/**
 * Whether so much of its life is left that the same code is worth sending again: a minute and a half, or
 * half of a shorter life, and never less than the minute that the text promises.
 */
export function isWorthResending(
  { issuedAt, expiresAt }: Pick<Challenge, "issuedAt" | "expiresAt">,
  now: number,
): boolean {
  const rest = Math.min(SHORTEST_REST_MS, (expiresAt - issuedAt) / 2);
  return expiresAt - now >= Math.max(rest, SHORTEST_PROMISE_MS);
}

/** Reads a challenge out of a session store's JSON: exact shape and a sane life, or nothing. */
export function readChallenge(value: unknown): Challenge | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const id = ownProperty(value, "id");
  const subject = ownProperty(value, "subject");
  const purpose = ownProperty(value, "purpose");
  if (!isText(id) || !isText(subject) || !isText(purpose)) return undefined;
  const key = ownProperty(value, "key");
  const binding = ownProperty(value, "binding");
  if (!isText(key) || !isText(binding)) return undefined;
  const issuedAt = ownProperty(value, "issuedAt");
  const expiresAt = ownProperty(value, "expiresAt");
  if (!isWhole(issuedAt) || !isWhole(expiresAt) || !isLife(expiresAt - issuedAt)) return undefined;
  const phone = ownProperty(value, "phone");
  if (phone !== undefined && !isText(phone)) return undefined;
  const text = ownProperty(value, "text");
  if (text !== undefined && !isText(text)) return undefined;
  const channel = ownProperty(value, "channel");
  if (channel !== undefined && !isChannel(channel)) return undefined;
  const read: Challenge = { id, subject, purpose, issuedAt, expiresAt, key, binding };
  if (phone !== undefined) read.phone = phone;
  if (channel !== undefined) read.channel = channel;
  if (text !== undefined) read.text = text;
  return read;
}

/** Whether a challenge may live for so many ms. */
export function isLife(ms: number): boolean {
  return ms > 0 && ms <= LONGEST_LIFE_MS;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
