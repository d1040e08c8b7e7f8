/** Ties a subject to a number, so that a record in a session holds for this number alone, and does not tell it. */

import type { Key, KeyRing } from "../crypto/keys";
import { mac } from "../crypto/mac";
import { LruCache } from "../std/lru-cache";

// 128 bits: what can't be forged without the key need be no longer.
const BYTES = 16;
const bindings = new WeakMap<Key, LruCache<string>>();

/** The binding of a subject to a number under one key: E.164, as it stands on record where it can't be read, or none. */
export function bind(key: Key, subject: string, phone: string): string {
  const bindAnew = () => mac(key.binding, [subject, phone]).toString("base64url", 0, BYTES);
  // With a space in it, two pairs could have one name.
  if (phone.includes(" ")) return bindAnew();
  let known = bindings.get(key);
  if (known === undefined) bindings.set(key, (known = new LruCache()));
  return known.get(`${phone} ${subject}`, bindAnew);
}

/**
 * Whether `binding` ties this subject to this number under any key in force. It comes from the session's
 * store, and nobody can submit one: how long the comparison takes tells nothing.
 */
export function isBound(keys: KeyRing, binding: string, subject: string, phone: string): boolean {
  return keys.some((key) => binding === bind(key, subject, phone));
}
