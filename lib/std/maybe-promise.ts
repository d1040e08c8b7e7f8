/** Goes on at once with what is there at once: a promise for it would cost more than most of the work. */

import { isThenable } from "./deadline";

/** What is there, or has to be waited for. */
export type MaybePromise<T> = T | Promise<T>;

/** Goes on with `value`, now if it is there. */
export function chain<T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> {
  return isThenable(value) ? value.then(next) : next(value);
}

/** All of `works`. */
export function all<T>(works: readonly MaybePromise<T>[]): MaybePromise<T[]> {
  return works.some(isThenable) ? Promise.all(works) : ([...works] as T[]);
}

/** What each of `works` comes to, as `Promise.allSettled` tells it. */
export function settled<T>(
  works: readonly MaybePromise<T>[],
): MaybePromise<PromiseSettledResult<T>[]> {
  if (works.some(isThenable)) return Promise.allSettled(works);
  return (works as readonly T[]).map((value) => ({ status: "fulfilled", value }));
}
