/** Hashes passwords, and checks them in constant time. */

import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** A password as it is kept. */
export interface PasswordHash {
  salt: Uint8Array;
  key: Uint8Array;
}

// OWASP's Password Storage Cheat Sheet: 32 MiB, three times over.
const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const KEY_BYTES = 32;

/** Hashes a password under a salt of its own. */
export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  return { salt, key: await derive(password, salt) };
}

/** Whether `password` is the one that was hashed. */
export async function isPasswordOf(hash: PasswordHash, password: string): Promise<boolean> {
  return timingSafeEqual(await derive(password, hash.salt), hash.key);
}

function derive(password: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Two keyboards may spell the same character in different ways.
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, COST, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
