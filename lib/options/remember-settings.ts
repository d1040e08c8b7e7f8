/** The option `remember` as the inside reads it: checked once, complete, defaults filled in. */

import type { BrowserStore } from "../records/records";
import { readMethods, readWhole, refuseUnknown, seconds } from "../std/option-checks";
import type { RememberOptions } from "./options";

/** Seconds: as long as NIST SP 800-63B-4 2.1.3 lets a session last without any factor asked anew. */
const LONGEST = 30 * 86_400;

/** How browsers are remembered. */
export interface RememberSettings {
  store: BrowserStore;
  /** Seconds. */
  maxAge: number;
}

const REMEMBER: Record<keyof RememberOptions, true> = { store: true, maxAge: true };
const METHODS: Record<keyof BrowserStore, true> = {
  add: true,
  find: true,
  touch: true,
  remove: true,
  removeAll: true,
  list: true,
};

const STORE = "to be a store such as `memoryRecords()` makes";

/** Checks the option `remember`. */
export function readRemember(value: unknown, user: unknown): RememberSettings | undefined {
  if (value === undefined) return undefined;
  if (user === "from-request") {
    throw new TypeError(
      'Expected `remember` to be absent with `user: "from-request"`: a remembered browser takes the place of ' +
        "a code after a log-in, and there is none.",
    );
  }
  refuseUnknown("`remember`", value, REMEMBER);
  const given: Partial<Record<keyof RememberOptions, unknown>> = value;
  return {
    store: readMethods("remember.store", given.store, METHODS, STORE) as BrowserStore,
    maxAge: readWhole("remember.maxAge", given.maxAge, seconds(LONGEST, 1, LONGEST)),
  };
}
