/** The options of a guard as the inside reads them: checked once, complete, defaults filled in. */

import {
  readBoolean,
  readFunction,
  readWhole,
  refuse,
  refuseUnknown,
  seconds,
} from "../std/option-checks";
import type { GuardOptions, OnRequired } from "./options";
import type { Purposes } from "./purposes";
import type { Settings } from "./settings";

/** How long a mark may count at most, in seconds (NIST SP 800-63B-4 2.2.3: 24 hours at AAL2). */
export const LONGEST_MARK = 86_400;

const GUARD: Record<keyof GuardOptions, true> = {
  maxAge: true,
  purpose: true,
  remembered: true,
  onRequired: true,
};

/** The guard's options as the inside reads them. */
export interface GuardSettings {
  maxAge: number;
  purpose: string;
  /** Whether a remembered browser will do. */
  isForRemembered: boolean;
  onRequired: OnRequired | undefined;
}

/** Checks the options of `require2fa()`. */
export function readGuardOptions(
  options: unknown,
  { purposes, remember }: Pick<Settings, "purposes" | "remember">,
): GuardSettings {
  if (typeof options === "object" && options !== null && "headers" in options) {
    throw new TypeError(
      "`require2fa` was given a request: call it where it is mounted, as `require2fa()`.",
    );
  }
  refuseUnknown("require2fa()", options, GUARD);
  const given: Partial<Record<keyof GuardOptions, unknown>> = options;
  return {
    maxAge: readWhole("maxAge", given.maxAge, seconds(LONGEST_MARK, 1, LONGEST_MARK)),
    purpose: readPurpose(given.purpose, purposes),
    isForRemembered: readRemembered(given, remember !== undefined),
    onRequired: readFunction("onRequired", given.onRequired) as GuardSettings["onRequired"],
  };
}

/** A purpose that is asked for; empty for the plain second factor. */
export function readPurpose(value: unknown, purposes: Purposes): string {
  if (value === undefined) return "";
  return typeof value === "string" && purposes.has(value)
    ? value
    : refuse("purpose", "to be one of the names in `purposes`", value);
}

function readRemembered(
  { remembered, purpose, maxAge }: Partial<Record<keyof GuardOptions, unknown>>,
  isServed: boolean,
): boolean {
  if (!readBoolean("remembered", remembered)) return false;
  if (purpose !== undefined || maxAge !== undefined) {
    throw new TypeError(
      "Expected `remembered` without `purpose` and `maxAge`: a remembered browser is no fresh proof, and none of " +
        "what it is for.",
    );
  }
  if (!isServed) {
    throw new TypeError(
      "Expected the option `remember` of twoFactor() beside `remembered`, such as " +
        "`remember: { store: memoryRecords() }`.",
    );
  }
  return true;
}
