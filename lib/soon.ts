/** Goes on at once with what is there at once: a promise for it would cost more than most of the work. */

import { isThenable } from "./deadline";

/** What is there, or has to be waited for. */
export type Soon<T> = T | Promise<T>;

/** Goes on with `value`, now if it is there. */
export function goOn<T, U>(value: Soon<T>, next: (value: T) => Soon<U>): Soon<U> {
  return isThenable(value) ? value.then(next) : next(value);
}
