/** Measures how long something takes, whatever the clock of the system says meanwhile. */

/** Seconds since an instant of `performance.now()`, to the millisecond. */
export function secondsFrom(at: number): number {
  return Math.round(performance.now() - at) / 1000;
}
