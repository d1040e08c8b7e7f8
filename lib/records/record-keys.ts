/** Names users and digests secrets for the stores of records, so that neither tells anything without the secret. */

import type { Key, KeyRing } from "../crypto/keys";
import { mac } from "../crypto/mac";

/** A user's records as they are kept under one secret. */
export interface UserKey {
  /** What stores know the user by. */
  readonly userId: string;
  /** Keyed digest of a token or code of this user's. */
  readonly digest: (use: "browser" | "recovery", secret: string) => string;
}

/** The names and digests of one `twoFactor()`: two apps that share a store and a secret share none of them. */
export class RecordKeys {
  readonly #keys: KeyRing;
  readonly #namespace: string;

  constructor(keys: KeyRing, namespace: string) {
    this.#keys = keys;
    this.#namespace = namespace;
  }

  /** One for each secret in force, the newest first: what is kept under an older one is still found. */
  of(subject: string): readonly [UserKey, ...UserKey[]] {
    const [newest, ...older] = this.#keys;
    return [this.#under(newest, subject), ...older.map((key) => this.#under(key, subject))];
  }

  #under(key: Key, subject: string): UserKey {
    const make = (...fields: string[]): Buffer => mac(key.record, [this.#namespace, ...fields]);
    return {
      userId: make("user", subject).toString("base64url", 0, 16),
      digest: (use, secret) => make(use, subject, secret).toString("base64url"),
    };
  }
}
