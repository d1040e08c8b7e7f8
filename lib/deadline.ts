/** Puts an end to waiting: the one place that races work against a clock. */

/** Waits for `work`, and rejects once `ms` milliseconds are over; the work itself goes on unheard. */
export async function within<T>(work: PromiseLike<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new DeadlinePassed());
    }, ms);
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}

/** There was no answer in time. */
export class DeadlinePassed extends Error {
  override readonly name = "DeadlinePassed";
}

/** Whether there is anything to wait for. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
