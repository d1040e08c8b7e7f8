/** When which fault comes: one of each kind in each round, by a seed, and a calm end. */

import { shuffled } from "./random.mjs";

const STORE_FAULTS = ["pause", "slow", "kill", "cut", "reset"];
const WORKER_FAULTS = ["SIGKILL", "SIGTERM"];
// Shorter than the undoing of what a store has not answered may go on (the life of a code and more).
const LONGEST = 6;

/**
 * The plan of a run of so many seconds. Stores and processes fail one after the other, the gateway beside them.
 * A process ends only in a calm, so that what it takes with it can be bounded.
 */
export function planOf(seconds, random, gatewayFaults) {
  const from = Math.min(30, seconds * 0.1);
  const until = seconds * 0.82;
  const stores = ["counters", "sessions"].flatMap((target) =>
    STORE_FAULTS.map((fault) => ({ target, fault })),
  );
  const workers = WORKER_FAULTS.map((fault) => ({ target: "worker", fault }));
  const gateway = gatewayFaults.map((fault) => ({ target: "gateway", fault }));
  return {
    from,
    until,
    faults: [
      ...spread([...stores, ...workers], { from, until, random, slot: 8 }),
      ...spread(gateway, { from, until, random, slot: 6 }),
    ].sort((a, b) => a.at - b.at),
  };
}

function spread(kinds, { from, until, random, slot }) {
  const rounds = Math.max(1, Math.floor((until - from) / (kinds.length * slot)));
  const each = (until - from) / (kinds.length * rounds);
  const all = Array.from({ length: rounds }, () => shuffled(random, kinds)).flat();
  return all.map((kind, index) => ({
    ...kind,
    at: from + each * (index + (kind.target === "worker" ? 0.9 : 0.05)),
    lasts: kind.target === "worker" ? 0 : Math.min(LONGEST, each * (0.3 + random() * 0.25)),
  }));
}
