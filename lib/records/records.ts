/** What a store of remembered browsers and one of recovery codes must do: few methods, each one statement in SQL. */

/**
 * A remembered browser. `userId`, digests and binding are made under the secret and the namespace: who reads
 * the store learns no user, token or number.
 */
export interface RememberedBrowser {
  /** Random; what a list shows and `forget` names. */
  readonly id: string;
  /** The user, as a keyed digest of 22 characters. */
  readonly userId: string;
  /** Keyed digest of the token that the browser's cookie holds, 43 characters. */
  readonly digest: string;
  /** A digest before, good until `graceUntil`: for requests under way at a rotation, and answers that were lost. */
  readonly previousDigest: string | null;
  /** Epoch ms; 0 before the first rotation. */
  readonly graceUntil: number;
  /** Ties it to the user's number, so that a new number voids it. */
  readonly binding: string;
  /** What the user knows the browser by, such as `Firefox on Windows`. */
  readonly label: string;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms. */
  readonly lastUsedAt: number;
  /** Epoch ms. From then on the store may drop it; it need not. */
  readonly expiresAt: number;
}

/** A change of a browser's token: only the first of parallel requests that name the same `from` makes it. */
export interface Rotation {
  /** The digest that the record must have. */
  readonly from: string;
  /** The digest that it gets; may be the same. */
  readonly to: string;
  /** Becomes `previousDigest`. */
  readonly previousDigest: string | null;
  /** Becomes `graceUntil`, epoch ms. */
  readonly graceUntil: number;
  /** Becomes `lastUsedAt`, epoch ms. */
  readonly at: number;
}

/** Keeps remembered browsers. What it throws, and no answer within two seconds, count as "not remembered". */
export interface BrowserStore {
  /** Adds a record. Its `id` is a new one. */
  add(browser: RememberedBrowser): unknown;
  /** The record with both ids, or nothing. */
  find(
    userId: string,
    id: string,
  ): RememberedBrowser | undefined | null | Promise<RememberedBrowser | undefined | null>;
  /** Sets what `rotation` says where `digest` is `rotation.from`, atomically; tells whether it was. */
  touch(userId: string, id: string, rotation: Rotation): boolean | Promise<boolean>;
  /** Removes one; tells whether it was there. */
  remove(userId: string, id: string): boolean | Promise<boolean>;
  /** Removes all of a user's; tells whether there was any. */
  removeAll(userId: string): boolean | Promise<boolean>;
  /** All of a user's, in any order. Those whose time is over may be among them. */
  list(userId: string): readonly RememberedBrowser[] | Promise<readonly RememberedBrowser[]>;
}

/** Keeps the digests of unused recovery codes. What it throws, and no answer within two seconds, refuse with 503. */
export interface RecoveryStore {
  /** Sets a user's digests in the place of all before, atomically; an empty array leaves none. */
  replace(userId: string, digests: readonly string[]): unknown;
  /**
   * Removes one digest of a user's, atomically, and tells whether it was there: of any number of calls at
   * the same time one alone gets `true`. Never `true` before it has been written.
   */
  spend(userId: string, digest: string): boolean | Promise<boolean>;
  /** How many are left. */
  count(userId: string): number | Promise<number>;
}

/** One store for both, such as `memoryRecords()`. */
export interface RecordStore extends BrowserStore, RecoveryStore {}
