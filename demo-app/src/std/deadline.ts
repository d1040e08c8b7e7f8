/** Puts an end to waiting for a store. */

const ANSWER_MS = 2000;

/** What `call` resolves with, or an error once so many milliseconds have passed. */
export async function answered<T>(call: Promise<T>, ms = ANSWER_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error("The store did not answer in time."));
    }, ms);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
