/** Asks a function of the app: what it gives at once is there at once, and no promise of its is waited for without end. */

import { within } from "../std/deadline";
import { isThenable, type MaybePromise } from "../std/maybe-promise";

const DEADLINE_MS = 5000;

/** What it gives, as `read` reads it. `refuse` gets what it throws, and a `DeadlinePassed` after five seconds. */
export function askApp<T, U>(
  ask: () => T | PromiseLike<T>,
  read: (given: T) => U,
  refuse: (error: unknown) => never,
): MaybePromise<U> {
  let given: T | PromiseLike<T>;
  try {
    given = ask();
    // What is there at once, as out of a session, needs no timer: a guard asks at each call.
    if (isThenable(given)) return within(given, DEADLINE_MS).then(read, refuse);
  } catch (error) {
    return refuse(error);
  }
  return read(given);
}
