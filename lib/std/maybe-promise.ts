/** Goes on at once with what is there at once: a promise for it would cost more than most of the work. */

import { isThenable } from "./deadline";

/** What is there, or has to be waited for. */
export type Soon<T> = T | Promise<T>;

/** Goes on with `value`, now if it is there. */
export function goOn<T, U>(value: Soon<T>, next: (value: T) => Soon<U>): Soon<U> {
  return isThenable(value) ? value.then(next) : next(value);
}

/** All of `works`. */
export function all<T>(works: readonly Soon<T>[]): Soon<T[]> {
  return works.some(isThenable) ? Promise.all(works) : ([...works] as T[]);
}

/** What each of `works` comes to, as `Promise.allSettled` tells it. */
export function settled<T>(works: readonly Soon<T>[]): Soon<PromiseSettledResult<T>[]> {
  if (works.some(isThenable)) return Promise.allSettled(works);
  return (works as readonly T[]).map((value) => ({ status: "fulfilled", value }));
}
