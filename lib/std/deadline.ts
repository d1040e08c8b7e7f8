/** Puts an end to waiting: the one place that races work against a clock. */

/** Waits for `work`, and rejects once `ms` milliseconds are over; the work itself goes on. */
export function within<T>(work: PromiseLike<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new DeadlinePassed());
    }, ms);
    Promise.resolve(work).then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- handed on as it is
        reject(error);
      },
    );
  });
}

/** Waits for `work`, and rejects once `signal` aborts; the work itself goes on. */
export function unlessAborted<T>(work: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      reject(new DeadlinePassed());
    };
    if (signal.aborted) end();
    signal.addEventListener("abort", end);
    void Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => {
        signal.removeEventListener("abort", end);
      });
  });
}

/** There was no answer in time. */
export class DeadlinePassed extends Error {
  override readonly name = "DeadlinePassed";
}
