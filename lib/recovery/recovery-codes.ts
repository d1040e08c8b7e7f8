/** A user's recovery codes: made as one set, spent one by one, counted; the store sees keyed digests alone. */

import { bareCode } from "../challenge/code";
import { asBoolean, askRecords, type OnRecordFault } from "../records/ask";
import type { RecordKeys } from "../records/record-keys";
import type { RecoveryStore } from "../records/records";
import { makeRecoveryCode } from "./code";

/** How many a set has (NIST SP 800-63B-4 3.1.2: look-up secrets, each used once). */
export const SET_SIZE = 10;

/** The recovery codes of one `twoFactor()`. Each call rejects with `unavailable` where the store does not answer. */
export class RecoveryCodes {
  readonly #store: RecoveryStore;
  readonly #keys: RecordKeys;
  readonly #onFault: OnRecordFault;

  constructor(store: RecoveryStore, keys: RecordKeys, onFault: OnRecordFault) {
    this.#store = store;
    this.#keys = keys;
    this.#onFault = onFault;
  }

  /** Makes a set in the place of all before. */
  async make(subject: string): Promise<string[]> {
    const codes = Array.from({ length: SET_SIZE }, makeRecoveryCode);
    const [newest, ...older] = this.#keys.of(subject);
    // The newest last: where the store fails before, the set that the user has still works.
    for (const { userId } of older) await this.#replace(userId, []);
    await this.#replace(
      newest.userId,
      codes.map((code) => newest.digest("recovery", bareCode(code))),
    );
    return codes;
  }

  /** Voids all of a user's. */
  async void(subject: string): Promise<void> {
    for (const { userId } of this.#keys.of(subject)) await this.#replace(userId, []);
  }

  /** What names a submitted code where its submissions are counted. */
  nameOf(subject: string, code: string): string {
    return this.#keys.of(subject)[0].digest("recovery", code);
  }

  /** Spends one, as `readRecoveryCode` has read it; tells whether it was one of the user's, unused. */
  async spend(subject: string, code: string): Promise<boolean> {
    for (const { userId, digest } of this.#keys.of(subject)) {
      const spend = () => this.#store.spend(userId, digest("recovery", code));
      if (await askRecords(spend, asBoolean, this.#onFault)) return true;
    }
    return false;
  }

  /** How many are left. */
  async left(subject: string): Promise<number> {
    let left = 0;
    for (const { userId } of this.#keys.of(subject)) {
      left += await askRecords(() => this.#store.count(userId), asCount, this.#onFault);
    }
    return left;
  }

  #replace(userId: string, digests: readonly string[]): Promise<true> {
    return askRecords(
      () => this.#store.replace(userId, digests),
      () => true as const,
      this.#onFault,
    );
  }
}

function asCount(answer: unknown): number | undefined {
  return Number.isSafeInteger(answer) && (answer as number) >= 0 ? (answer as number) : undefined;
}
