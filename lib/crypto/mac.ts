/** Message authentication codes, random ids, and comparisons whose time tells nothing. */

import { createHmac, randomBytes, randomFillSync, timingSafeEqual } from "node:crypto";

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

/** 256 random bits, base64url: a secret that stands by itself. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url");
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
