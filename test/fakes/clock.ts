/** A clock that tests set: `Date` alone is faked, every timer runs on. */

/** Begins to fake `Date`, at the real time; the end of the test ends it. */
export function fakeDate(): void {
  jest.useFakeTimers({
    doNotFake: [
      "hrtime",
      "nextTick",
      "performance",
      "queueMicrotask",
      "setImmediate",
      "clearImmediate",
      "setInterval",
      "clearInterval",
      "setTimeout",
      "clearTimeout",
    ],
  });
}

/** Moves the faked clock, back too. */
export function pass(seconds: number): void {
  jest.setSystemTime(Date.now() + seconds * 1000);
}

/** Makes the deadlines of stores, of one second and more, end after some milliseconds. */
export function hurryDeadlines(): void {
  const timer = globalThis.setTimeout;
  const hurried = (act: (...given: unknown[]) => void, ms = 0, ...rest: unknown[]) =>
    timer(act, ms >= 1000 && ms <= 5000 ? 20 : ms, ...rest);
  jest.spyOn(globalThis, "setTimeout").mockImplementation(hurried as typeof setTimeout);
}

/** Holds the deadlines of stores, of one second and more; gives what ends all that run. */
export function holdDeadlines(): () => void {
  const timer = globalThis.setTimeout;
  const held: (() => void)[] = [];
  const hold = (act: (...given: unknown[]) => void, ms = 0, ...rest: unknown[]) => {
    if (ms < 1000 || ms > 5000) return timer(act, ms, ...rest);
    held.push(() => {
      act(...rest);
    });
    return undefined;
  };
  jest.spyOn(globalThis, "setTimeout").mockImplementation(hold as typeof setTimeout);
  return () => {
    for (const end of held.splice(0)) end();
  };
}

/** Waits for something to be so, and not for ever: an endless loop would outlive its test. */
export async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 45_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`It never came to be: ${String(isSo)}`);
    await new Promise(setImmediate);
  }
}

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});
