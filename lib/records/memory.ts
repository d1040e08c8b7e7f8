/** Remembered browsers and recovery codes in the memory of this process: for development and tests. */

import { isProduction, refuseUnknown } from "../std/option-checks";
import { warn } from "../std/warning";
import type { RecordStore, RememberedBrowser, Rotation } from "./records";

/** Options of `memoryRecords`. */
export interface MemoryRecordsOptions {
  /** Users whose records it holds; beyond them, those that changed longest ago are dropped. @default 100 000 */
  maxUsers?: number;
}

const MEMORY: Record<keyof MemoryRecordsOptions, true> = { maxUsers: true };

interface UserRecords {
  browsers: Map<string, RememberedBrowser>;
  digests: Set<string>;
}

/**
 * Keeps remembered browsers and recovery codes in this process's memory, until it ends: for development and
 * tests. In production it warns: a restart would leave users without the recovery codes they printed.
 */
export function memoryRecords(options: MemoryRecordsOptions = {}): RecordStore {
  refuseUnknown("memoryRecords()", options, MEMORY);
  const { maxUsers = 100_000 }: MemoryRecordsOptions = options;
  if (!Number.isInteger(maxUsers) || maxUsers < 1) {
    throw new TypeError("Expected `maxUsers` to be a whole number from 1.");
  }
  if (isProduction()) {
    warn(
      "Remembered browsers and recovery codes are kept in this process's memory: a restart loses them. Use " +
        "`redisRecords(client)` or `postgresRecords(pool)`, or a store of your own.",
      "SMS2FA_MEMORY_RECORDS",
    );
  }
  return new MemoryRecords(maxUsers);
}

class MemoryRecords implements RecordStore {
  readonly #users = new Map<string, UserRecords>();
  readonly #maxUsers: number;

  constructor(maxUsers: number) {
    this.#maxUsers = maxUsers;
  }

  add(browser: RememberedBrowser): void {
    const { browsers } = this.#change(browser.userId);
    const now = Date.now();
    for (const { id, expiresAt } of browsers.values()) if (expiresAt <= now) browsers.delete(id);
    browsers.set(browser.id, { ...browser });
  }

  find(userId: string, id: string): RememberedBrowser | undefined {
    return this.#users.get(userId)?.browsers.get(id);
  }

  touch(userId: string, id: string, rotation: Rotation): boolean {
    const { from, to, previousDigest, graceUntil, at } = rotation;
    const browser = this.find(userId, id);
    if (browser?.digest !== from) return false;
    this.#change(userId).browsers.set(id, {
      ...browser,
      digest: to,
      previousDigest,
      graceUntil,
      lastUsedAt: at,
    });
    return true;
  }

  remove(userId: string, id: string): boolean {
    return this.#users.get(userId)?.browsers.delete(id) ?? false;
  }

  removeAll(userId: string): boolean {
    const browsers = this.#users.get(userId)?.browsers;
    const hadAny = browsers !== undefined && browsers.size > 0;
    browsers?.clear();
    return hadAny;
  }

  list(userId: string): RememberedBrowser[] {
    return [...(this.#users.get(userId)?.browsers.values() ?? [])];
  }

  replace(userId: string, digests: readonly string[]): void {
    if (digests.length === 0) this.#users.get(userId)?.digests.clear();
    else this.#change(userId).digests = new Set(digests);
  }

  spend(userId: string, digest: string): boolean {
    return this.#users.get(userId)?.digests.delete(digest) ?? false;
  }

  count(userId: string): number {
    return this.#users.get(userId)?.digests.size ?? 0;
  }

  /** A user's records, to be changed: those that are changed last are kept longest. */
  #change(userId: string): UserRecords {
    const records = this.#users.get(userId) ?? { browsers: new Map(), digests: new Set() };
    this.#users.delete(userId);
    this.#users.set(userId, records);
    const [oldest] = this.#users.keys();
    if (this.#users.size > this.#maxUsers && oldest !== undefined) this.#users.delete(oldest);
    return records;
  }
}
