/** Runs Stryker over the rooms that are named, or all of them, and tells what each left alive. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { rooms } = createRequire(import.meta.url)("./rooms.js");
/** Of a hundred mutants, so many at least must be noticed. */
const LEAST = 90;
const SHARE = Number(process.env.MUTATION_SHARE ?? 1);

const [...named] = process.argv.slice(2);
const unknown = named.find((name) => !Object.hasOwn(rooms, name));
if (unknown !== undefined) {
  console.error(`Expected rooms among ${Object.keys(rooms).join(", ")}, not "${unknown}".`);
  process.exit(2);
}

let hasMissed = false;
const rows = [];
for (const room of named.length > 0 ? named : Object.keys(rooms)) {
  const { status } = spawnSync("npx", ["stryker", "run", "proof/mutation/stryker.config.mjs"], {
    env: { ...process.env, MUTATION_ROOM: room },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) process.exit(1);
  const counts = countsOf(JSON.parse(readFileSync(`artefacts/mutation/${room}.json`, "utf8")));
  rows.push({ room, ...counts });
  hasMissed ||= counts.score < LEAST;
}
console.table(rows);
process.exit(hasMissed ? 1 : 0);

function countsOf({ files }) {
  const mutants = Object.entries(files).flatMap(([file, { mutants: all }]) =>
    all.filter(({ id }) => id % SHARE === 0).map((mutant) => ({ file, ...mutant })),
  );
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const alive = mutants.filter(({ status }) => status === "Survived" || status === "NoCoverage");
  for (const { file, location, mutatorName, replacement, status } of alive) {
    const { line, column } = location.start;
    console.log(`${status} ${file}:${line}:${column} ${mutatorName}: ${replacement ?? ""}`);
  }
  const killed = count("Killed", "Timeout");
  const score = Math.round((1000 * killed) / (killed + alive.length)) / 10;
  return { killed, survived: count("Survived"), unreached: count("NoCoverage"), score };
}
