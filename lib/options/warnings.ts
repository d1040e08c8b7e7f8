/** Warns at the start of options that work and cost more than they should. */

import cluster from "node:cluster";
import { isProduction } from "../std/option-checks";
import { isFirst, warn } from "../std/warning";

/** Counters in memory are fit for one process alone. */
export function warnOfMemory(): void {
  const isOneOfSeveral = cluster.isWorker || process.env["NODE_APP_INSTANCE"] !== undefined;
  if (!isOneOfSeveral && !isProduction()) return;
  const several =
    "This is one of several processes, and each of them counts for itself, so limits do not hold";
  const one = "Counters are kept in this process's memory: fit for one process alone";
  warn(
    `${isOneOfSeveral ? several : one}, and codes die when it restarts. Set \`counters\`${isOneOfSeveral ? "" : " for more"}.`,
    "SMS2FA_MEMORY_COUNTERS",
  );
}

/** Tells what is wrong with the counter store, where its own error says what to do. */
export function warnOfCounters(reason: string, advice: string | undefined): void {
  if (advice === undefined || !isFirst(reason)) return;
  warn(advice, "SMS2FA_COUNTERS");
}

/** Tells what is wrong with the store of records, in the same way. */
export function warnOfRecords(reason: string, advice: string | undefined): void {
  if (advice === undefined || !isFirst(reason)) return;
  warn(advice, "SMS2FA_RECORDS");
}
