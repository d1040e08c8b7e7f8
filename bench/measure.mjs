/** Numbers that hold on a noisy machine: rounds side by side, taken by turns, and their medians. */

import { performance } from "node:perf_hooks";

/** The middle of `values`. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs each of `subjects` once a round, in turning order, and gives all results by name. A first round
 * warms up and does not count.
 */
export async function interleave(subjects, rounds) {
  const names = Object.keys(subjects);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const order = round % 2 === 0 ? names : [...names].reverse();
    for (const name of order) {
      const result = await subjects[name]();
      if (round > 0) results[name].push(result);
    }
  }
  return results;
}

/** The median of the ratios of each round: what disturbs a round disturbs both of its sides. */
export function ratio(above, below) {
  return median(above.map((value, round) => value / below[round]));
}

/** How often a second `act` is done, if it is done `count` times by so many at once. */
export async function rateOf(act, { count, atOnce }) {
  let begun = 0;
  const one = async (index) => {
    while (begun < count) {
      begun += 1;
      await act(index);
    }
  };
  const ms = await timeOf(() => Promise.all(Array.from({ length: atOnce }, (_, at) => one(at))));
  return (count * 1000) / ms;
}

/** Milliseconds that `act` takes. */
export async function timeOf(act) {
  const start = performance.now();
  await act();
  return performance.now() - start;
}
