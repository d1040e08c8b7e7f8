/** Warns at the start of options that work and cost more than they should. */

import { isProduction } from "../std/option-checks";
import { warn } from "../std/warning";

const told = new Set<string>();

export function warnOfMemory(inMemory: boolean): void {
  if (!inMemory || !isProduction()) return;
  warn(
    "Counters are kept in this process's memory: fit for one process alone, and codes die when it " +
      "restarts. Set `counters` for more.",
    "SMS2FA_MEMORY_COUNTERS",
  );
}

/** Tells what is wrong with the counter store, where its own error says what to do. */
export function warnOfCounters(reason: string, advice: string | undefined): void {
  if (advice === undefined || told.has(reason)) return;
  told.add(reason);
  warn(advice, "SMS2FA_COUNTERS");
}

/** Tells what is wrong with what `user` gives: the answer is a 503 that says nothing of it. */
export function warnOfUser(reason: string, advice: string): void {
  if (told.has(reason)) return;
  told.add(reason);
  warn(advice, "SMS2FA_USER");
}

/** Tells of a fault of the app's `isRequired`, with the app's own error. */
export function warnOfRequirement(reason: string, advice: string, cause?: unknown): void {
  if (told.has(reason)) return;
  told.add(reason);
  warn(advice, "SMS2FA_IS_REQUIRED", cause);
}
