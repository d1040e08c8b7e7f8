/** Runs all parts, prints one table, and writes the figures to `artefacts/bench.json`. */

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { measureCycle } from "./parts/cycle.mjs";
import { measureFailover } from "./parts/failover.mjs";
import { measureGrowth } from "./parts/growth.mjs";
import { measureGuard } from "./parts/guard.mjs";
import { measureSending } from "./parts/sending.mjs";
import { measureSize } from "./parts/size.mjs";
import { measureStart } from "./parts/start.mjs";
import { measureStores } from "./parts/stores.mjs";
import { measureTelemetry } from "./parts/telemetry.mjs";
import { measureWorkers } from "./parts/workers.mjs";
import { printProfiles } from "./profiles.mjs";
import { rowsOf } from "./table.mjs";

const PARTS = {
  size: measureSize,
  start: measureStart,
  guard: measureGuard,
  cycle: measureCycle,
  sending: measureSending,
  failover: measureFailover,
  telemetry: measureTelemetry,
  growth: measureGrowth,
  stores: measureStores,
  workers: measureWorkers,
};

const given = process.argv.slice(2);
const isQuick = given.includes("--quick");
const named = given.filter((word) => word in PARTS);

if (given.includes("--profile")) await printProfiles();
else await measureAll(named.length > 0 ? named : Object.keys(PARTS));

async function measureAll(names) {
  const start = performance.now();
  const figures = {};
  for (const name of names) {
    process.stderr.write(`${name} `);
    const begun = performance.now();
    figures[name] = await PARTS[name]({ isQuick });
    process.stderr.write(`${Math.round((performance.now() - begun) / 1000)} s, `);
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  process.stderr.write(`${seconds} s in all\n\n`);
  printTable(rowsOf(figures));
  const machine = {
    node: process.version,
    cores: cpus().length,
    processor: cpus()[0]?.model ?? "unknown",
    memoryGB: Math.round(totalmem() / 1e9),
  };
  mkdirSync("artefacts", { recursive: true });
  const report = { machine, isQuick, seconds, figures };
  writeFileSync("artefacts/bench.json", `${JSON.stringify(report, null, 2)}\n`);
}

function printTable(rows) {
  const table = [["", "target", "measured", ""], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    );
  }
}
