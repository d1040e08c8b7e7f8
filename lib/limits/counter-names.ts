/** Names counters, so that a shared store tells no user, number or address, and no two apps share one. */

import { createHash } from "node:crypto";
import type { Key, KeyRing } from "../crypto/keys";
import { mac } from "../crypto/mac";
import { LruCache } from "../std/lru-cache";

/** The names of one `twoFactor()`. */
export class CounterNames {
  readonly #keys: KeyRing;
  readonly #namespace: string;
  readonly #isShared: boolean;
  readonly #known = new LruCache<string>();

  /** In the memory of this process nobody else reads them, so they stay as they are. */
  constructor(keys: KeyRing, namespace: string, isShared: boolean) {
    this.#keys = keys;
    this.#namespace = namespace;
    this.#isShared = isShared;
  }

  /** The scope of what is counted for a user, a number, a network and so on. */
  of(kind: string, ...fields: readonly string[]): string {
    const [field = "", ...more] = fields;
    // One text after a kind, which is a word of this package's own, can't be read in two ways.
    const plain = `${kind}:${more.length === 0 ? field : JSON.stringify(fields)}`;
    if (!this.#isShared) return plain;
    return this.#known.get(plain, () => this.#nameUnder(this.#keys[0], [kind, ...fields]));
  }

  /** The same under each older secret, for what must outlast a rotation. */
  older(kind: string, ...fields: readonly string[]): string[] {
    if (!this.#isShared) return [];
    return this.#keys.slice(1).map((key) => this.#nameUnder(key, [kind, ...fields]));
  }

  #nameUnder(key: Key, fields: readonly string[]): string {
    return mac(key.counter, [this.#namespace, ...fields]).toString("base64url", 0, 16);
  }
}

/** What keeps the counters of one app together in a shared store, and apart from those of others. */
export function spaceOf(namespace: string): string {
  return createHash("sha256")
    .update(`express-sms-2fa/${namespace}`)
    .digest("base64url")
    .slice(0, 12);
}
