/** Decides what a remembered browser's token is worth, and when it gets a new one. */

import { CLOCK_TOLERANCE_MS } from "../challenge/challenge";
import type { RememberedBrowser, Rotation } from "../records/records";

// Seldom enough that tabs and requests at once seldom meet one.
const ROTATE_AFTER_MS = 600_000;
// For requests that were under way with the old token when the new one was first seen.
const GRACE_MS = 60_000 + CLOCK_TOLERANCE_MS;

/** What a token is worth, and what its record needs. */
export type TokenReading =
  { isGood: true; due: "nothing" | "confirmation" | "rotation" } | { isGood: false };

type TokenState = Pick<
  RememberedBrowser,
  "digest" | "previousDigest" | "graceUntil" | "lastUsedAt" | "expiresAt"
>;

/**
 * Reads a token by its digest, after Barry Jaspan's "Improved Persistent Login Cookie": one that is not good was replaced
 * before, and its successor was seen, so that two hold it.
 */
export function readToken(browser: TokenState, digest: string, now: number): TokenReading {
  const { previousDigest, graceUntil, lastUsedAt } = browser;
  // An answer with a new token may be lost: the old one is good until the new one comes.
  const isSeen = graceUntil <= now + GRACE_MS;
  const isOld = now - lastUsedAt >= ROTATE_AFTER_MS;
  if (digest === browser.digest) {
    if (!isSeen) return { isGood: true, due: "confirmation" };
    return { isGood: true, due: isOld ? "rotation" : "nothing" };
  }
  if (digest !== previousDigest || now >= graceUntil) return { isGood: false };
  return { isGood: true, due: !isSeen && isOld ? "rotation" : "nothing" };
}

/** The change that puts `to` in the place of the token with `digest`, which stays good until `to` is seen. */
export function rotation(browser: TokenState, digest: string, to: string, now: number): Rotation {
  const { expiresAt } = browser;
  return { from: browser.digest, to, previousDigest: digest, graceUntil: expiresAt, at: now };
}

/** The change that notes that the present token was seen: the one before is soon over. */
export function confirmation({ digest, previousDigest }: TokenState, now: number): Rotation {
  return { from: digest, to: digest, previousDigest, graceUntil: now + GRACE_MS, at: now };
}
