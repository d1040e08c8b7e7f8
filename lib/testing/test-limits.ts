/** Limits under which a suite of tests is never throttled. */

import type { LimitOptions } from "../options/options";

const AMPLE = { max: 1_000_000, window: 3600 };

/**
 * For the option `limits` of an app under test: texts without an end, as long as one session waits a second between
 * two. What bounds guesses stays as it is, for a test should see it.
 */
export const testLimits: Readonly<LimitOptions> = Object.freeze({
  cooldown: 1,
  perDay: AMPLE.max,
  user: AMPLE,
  number: AMPLE,
  network: AMPLE,
  calls: AMPLE,
  country: AMPLE,
  all: AMPLE,
});
