/** Ties a subject to a number and a described action, so that a record in a session holds for these alone and tells none of them. */

import type { Key, KeyRing } from "../crypto/keys";
import { mac } from "../crypto/mac";
import { LruCache } from "../std/lru-cache";

// 128 bits: what can't be forged without the key need be no longer.
const BYTES = 16;
const bindings = new WeakMap<Key, LruCache<string>>();

/** What is bound. */
export interface Bound {
  subject: string;
  /** E.164, as it stands on record where it can't be read, or empty where there is none. */
  phone: string;
  /** What the purpose describes; empty where it does not. */
  description: string;
}

/** The binding under one key. */
export function bind(key: Key, { subject, phone, description }: Bound): string {
  const fields = description === "" ? [subject, phone] : [subject, phone, description];
  const bindAnew = () => mac(key.binding, fields).toString("base64url", 0, BYTES);
  // With a space in the number two of them could have one name, and few descriptions come twice.
  if (description !== "" || phone.includes(" ")) return bindAnew();
  let known = bindings.get(key);
  if (known === undefined) bindings.set(key, (known = new LruCache()));
  return known.get(`${phone} ${subject}`, bindAnew);
}

/**
 * Whether `binding` ties these under any key in force. It comes from the session's
 * store, and nobody can submit one: how long the comparison takes tells nothing.
 */
export function isBound(keys: KeyRing, binding: string, of: Bound): boolean {
  return keys.some((key) => binding === bind(key, of));
}
