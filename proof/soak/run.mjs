/** The soak: four processes of an app under mixed load and faults. Prints what was found, and fails on any miss. */

import process from "node:process";
import { parseArgs } from "node:util";
import { soak } from "./soak.mjs";
import { BREAK_NAMES } from "./tampering.mjs";
import { print } from "./verdict.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    rate: { type: "string", default: "60" },
    counters: { type: "string", default: "redis" },
    sessions: { type: "string", default: "postgres" },
    break: { type: "string" },
  },
});
const seconds = Number(positionals[0] ?? process.env.SECONDS ?? 900);
if (!(seconds >= 30 && seconds <= 7200)) throw new Error("Expected 30 to 7200 seconds.");
if (values.break?.split(",").some((name) => !BREAK_NAMES.includes(name))) {
  throw new Error(`Expected --break to be some of ${BREAK_NAMES.join(", ")}.`);
}
for (const kind of [values.counters, values.sessions]) {
  if (kind !== "redis" && kind !== "postgres") throw new Error("Stores are redis or postgres.");
}

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stopping.abort());
// What nobody has caught ends the run too, and with it all that it has started.
process.once("uncaughtException", (error) => {
  console.error(error);
  stopping.abort();
});

const given = { ...values, seed: Number(values.seed), rate: Number(values.rate), seconds };
const found = await soak(given, stopping.signal);
if (found === undefined) process.exitCode = 130;
else process.exitCode = print(found) === 0 ? 0 : 1;
