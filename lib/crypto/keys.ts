/** The keys taken from the secrets: one ring, newest first, each key for one use alone. */

import { createHmac, hkdfSync, randomFillSync, timingSafeEqual } from "node:crypto";
import { LruCache } from "../std/lru-cache";

/** The keys that come from one secret. */
export interface Key {
  /** Names the secret in a challenge, so that a challenge is checked under the secret that made it. */
  readonly id: string;
  /** Derives codes. */
  readonly code: Buffer;
  /** Binds records in a session to a subject and a number. */
  readonly binding: Buffer;
  /** Names counters, so that a shared store tells no user, number or address. */
  readonly counter: Buffer;
  /** Seals the forms of the pages, and what one page tells the next. */
  readonly form: Buffer;
  /** Bindings that were made lately. */
  readonly bindings: LruCache<string>;
}

/** All keys that are in force. The first one makes new challenges. */
export type KeyRing = readonly [Key, ...Key[]];

/**
 * Takes the keys from `secrets` by HKDF (RFC 5869). `processNonce` ties the codes to this process:
 * with counters in its memory alone, a code must die with them.
 */
export function readKeys(
  secrets: readonly [string, ...string[]],
  processNonce: Buffer = Buffer.alloc(0),
): KeyRing {
  const [newest, ...older] = secrets.map((secret) => keyOf(secret, processNonce));
  if (newest === undefined) throw new Error("A key ring needs a secret.");
  return [newest, ...older];
}

function keyOf(secret: string, processNonce: Buffer): Key {
  const derive = (use: string, salt: Buffer, bytes: number) =>
    Buffer.from(hkdfSync("sha256", secret, salt, `express-sms-2fa/${use}/1`, bytes));
  const none = Buffer.alloc(0);
  return {
    id: derive("key-id", processNonce, 9).toString("base64url"),
    code: derive("code", processNonce, 32),
    binding: derive("binding", none, 32),
    counter: derive("counter", none, 32),
    form: derive("form", none, 32),
    bindings: new LruCache(),
  };
}

/**
 * HMAC-SHA-256 over `fields`. JSON keeps them apart: it escapes quotes and lone surrogates, so that no
 * two lists of fields are one input.
 */
export function mac(key: Buffer, fields: readonly (string | number)[]): Buffer {
  return createHmac("sha256", key).update(JSON.stringify(fields)).digest();
}

const ID_BYTES = 16;
const pool = Buffer.alloc(64 * ID_BYTES);
let unused = 0;

/** 128 random bits, base64url. They are fetched for many ids at once: the call costs more than the bits. */
export function randomId(): string {
  if (unused === 0) {
    randomFillSync(pool);
    unused = pool.length;
  }
  unused -= ID_BYTES;
  const id = pool.toString("base64url", unused, unused + ID_BYTES);
  pool.fill(0, unused, unused + ID_BYTES);
  return id;
}

/** Whether two texts are equal, in a time that tells nothing of where they differ (ASVS 11.2.4). */
export function isSame(key: Buffer, a: string, b: string): boolean {
  return timingSafeEqual(mac(key, [a]), mac(key, [b]));
}

/** The same where the length is no secret: for MACs, and for codes, which all have as many digits. */
export function isSameInLength(a: string, b: string): boolean {
  const one = Buffer.from(a);
  const other = Buffer.from(b);
  return one.length === other.length && timingSafeEqual(one, other);
}
