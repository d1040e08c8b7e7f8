/** Goes on at once with what is there at once: a promise for it would cost more than most of the work. */

/** What is there, or has to be waited for. */
export type MaybePromise<T> = T | Promise<T>;

/** Goes on with `value`, now if it is there. */
export function chain<T, U>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<U>,
): MaybePromise<U> {
  return isThenable(value) ? value.then(next) : next(value);
}

/** Whether there is anything to wait for. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
