/** Calls a session store: its callback, its promise and its silence come to one promise that ends in time. */

import { DeadlinePassed, within } from "../std/deadline";
import { isThenable } from "../std/maybe-promise";

/** What a store calls back. */
export type Done = (error?: unknown, value?: unknown) => void;

/** Why a call of a store came to nothing. */
export class StoreFailure extends Error {
  override readonly name = "StoreFailure";
  /** `error`: it said so. `threw`: it broke. `timeout`: it said nothing in time. */
  readonly kind: "error" | "threw" | "timeout";

  constructor(kind: StoreFailure["kind"], cause: unknown) {
    super(`The session store failed: ${kind}.`, { cause });
    this.kind = kind;
  }
}

/** What the store calls back with; rejects with a `StoreFailure`, after `ms` at the latest. */
export function callStore(call: (done: Done) => unknown, ms: number): Promise<unknown> {
  const called = new Promise<unknown>((resolve, reject) => {
    const fail = (error: unknown): void => {
      reject(new StoreFailure("error", error));
    };
    const started = call((error, value) => {
      if (error === undefined || error === null) resolve(value);
      else fail(error);
    });
    // Of a store written with `async`: it calls nobody back when it throws, and would end the process.
    if (isThenable(started)) started.then(undefined, fail);
  });
  return within(called, ms).catch((error: unknown) => {
    if (error instanceof StoreFailure) throw error;
    throw new StoreFailure(error instanceof DeadlinePassed ? "timeout" : "threw", error);
  });
}
