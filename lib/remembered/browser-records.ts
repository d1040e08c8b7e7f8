/** Asks the app's store of remembered browsers, and believes no answer that has another shape than it must. */

import { asBoolean, askRecords, type OnRecordFault } from "../records/ask";
import type { BrowserStore, RememberedBrowser, Rotation } from "../records/records";
import { ownProperty } from "../std/own-property";

const TEXTS = ["id", "userId", "digest", "binding", "label"] as const;
const TIMES = ["graceUntil", "createdAt", "lastUsedAt", "expiresAt"] as const;

/** The store, asked. Each call rejects with `unavailable` alone. */
export class BrowserRecords {
  readonly #store: BrowserStore;
  readonly #onFault: OnRecordFault;

  constructor(store: BrowserStore, onFault: OnRecordFault) {
    this.#store = store;
    this.#onFault = onFault;
  }

  async add(browser: RememberedBrowser): Promise<void> {
    await this.#ask(
      () => this.#store.add(browser),
      () => true,
    );
  }

  /** The record with both ids; `null` where there is none. */
  find(userId: string, id: string): Promise<RememberedBrowser | null> {
    return this.#ask(
      () => this.#store.find(userId, id),
      (found) => {
        if (found === undefined || found === null) return null;
        return isBrowser(found) && found.userId === userId && found.id === id ? found : undefined;
      },
    );
  }

  touch(userId: string, id: string, change: Rotation): Promise<boolean> {
    return this.#ask(() => this.#store.touch(userId, id, change), asBoolean);
  }

  remove(userId: string, id: string): Promise<boolean> {
    return this.#ask(() => this.#store.remove(userId, id), asBoolean);
  }

  removeAll(userId: string): Promise<boolean> {
    return this.#ask(() => this.#store.removeAll(userId), asBoolean);
  }

  list(userId: string): Promise<readonly RememberedBrowser[]> {
    return this.#ask(
      () => this.#store.list(userId),
      (all) => (Array.isArray(all) && all.every(isBrowser) ? all : undefined),
    );
  }

  #ask<T>(call: () => unknown, read: (answer: unknown) => T | undefined): Promise<T> {
    return askRecords(call, read, this.#onFault);
  }
}

function isBrowser(value: unknown): value is RememberedBrowser {
  const previous = ownProperty(value, "previousDigest");
  return (
    TEXTS.every((name) => typeof ownProperty(value, name) === "string") &&
    TIMES.every((name) => Number.isFinite(ownProperty(value, name))) &&
    (previous === null || typeof previous === "string")
  );
}
