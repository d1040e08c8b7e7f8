/** Asks a store of records: every call ends in time, and what it throws goes no further. */

import { faultOf } from "../ledger/store-fault";
import { TwoFactorError } from "../outcome/errors";
import { within } from "../std/deadline";

/** Hears of a fault: a word for events, and the fix in a sentence where one is known. */
export type OnRecordFault = (reason: string, advice?: string) => void;

const DEADLINE_MS = 2000;

/** What `call` comes to; `read` gives `undefined` for what no such store answers. Rejects with `unavailable` alone. */
export async function askRecords<T>(
  call: () => unknown,
  read: (answer: unknown) => T | undefined,
  onFault: OnRecordFault,
): Promise<T> {
  try {
    const answer = await within(Promise.resolve(call()), DEADLINE_MS);
    const value = read(answer);
    if (value === undefined) throw new TypeError("odd answer");
    return value;
  } catch (error) {
    const { reason, advice } = faultOf(error, "records");
    onFault(reason, advice);
    throw new TwoFactorError("unavailable", "The store of records did not answer.", { reason });
  }
}

/** A yes or no. Only what is exactly `true` lets somebody in. */
export function asBoolean(answer: unknown): boolean | undefined {
  return typeof answer === "boolean" ? answer : undefined;
}
