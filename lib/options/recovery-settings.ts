/** The option `recovery` as the inside reads it: checked once, complete. */

import type { RecoveryStore } from "../records/records";
import { readMethods, refuseUnknown } from "../std/option-checks";
import type { RecoveryOptions } from "./options";

const RECOVERY: Record<keyof RecoveryOptions, true> = { store: true };
const METHODS: Record<keyof RecoveryStore, true> = { replace: true, spend: true, count: true };

/** Checks the option `recovery`, and gives its store. */
export function readRecovery(value: unknown, user: unknown): RecoveryStore | undefined {
  if (value === undefined) return undefined;
  if (user === "from-request") {
    throw new TypeError(
      'Expected `recovery` to be absent with `user: "from-request"`: recovery codes are a user\'s own, and there ' +
        "are none.",
    );
  }
  refuseUnknown("`recovery`", value, RECOVERY);
  const given: Partial<Record<keyof RecoveryOptions, unknown>> = value;
  const expected = "to be a store such as `memoryRecords()` makes";
  return readMethods("recovery.store", given.store, METHODS, expected) as RecoveryStore;
}
