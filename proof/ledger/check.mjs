#!/usr/bin/env node
/**
 * Checks the models of the ledger with spin, in every reachable state, and that they find known faults.
 * `--faults`: the faults alone. `--quick`: fewer servers, for each run of the tests.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const MODELS = [
  { name: "issue", full: ["SERVERS=3"], quick: ["SERVERS=2"] },
  { name: "validate", full: ["SERVERS=3"], quick: ["SERVERS=2"] },
];
const MEGABYTES = 4000;
const DEEPEST = 1_000_000;

const isQuick = process.argv.includes("--quick");
const isFaultsAlone = process.argv.includes("--faults");

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

function run(command, given, cwd) {
  const { error, status, stdout, stderr } = spawnSync(command, given, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error?.code === "ENOENT") {
    stop(
      `\`${command}\` is missing: apt-get install -y --no-install-recommends spin gcc libc6-dev`,
    );
  }
  if (error !== undefined) throw error;
  return { status, told: stdout + stderr };
}

/** The table of a heading of the README, without its first two rows. */
function tableOf(heading) {
  const text = readFileSync(join(HERE, "README.md"), "utf8");
  const [, section = ""] = text.split(`## ${heading}\n`);
  const rows = section
    .split("\n## ")[0]
    .split("\n")
    .filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function read(model) {
  return readFileSync(join(HERE, `${model}.pml`), "utf8");
}

/** The names of the properties that a model asserts, with what it includes. */
function propertiesIn(model) {
  const text = read(model) + read("ledger");
  return new Set([...text.matchAll(/\bproperty\((\w+),(?! holds)/g)].map(([, name]) => name));
}

/** The property that a trail ends with. */
function brokenBy(folder, model, defines) {
  const trail = readdirSync(folder).find((name) => name.endsWith(".trail"));
  const { told } = run("spin", [...defines, "-k", trail, "-t", join(HERE, `${model}.pml`)], folder);
  const [, file, line] = /(\w+)\.pml:(\d+), Error: assertion violated/.exec(told) ?? [];
  if (file === undefined) return "unknown";
  const until = read(file).split("\n").slice(0, Number(line)).join("\n");
  return [...until.matchAll(/\bproperty\((\w+)/g)].at(-1)?.[1] ?? "unknown";
}

/** Searches all states of a model, up to the first in which a property is broken. */
function search(model, bounds, fault) {
  const folder = mkdtempSync(join(tmpdir(), "ledger-"));
  try {
    const defines = [...bounds, ...(fault === undefined ? [] : [fault])].map((each) => `-D${each}`);
    const made = run("spin", [...defines, "-a", join(HERE, `${model}.pml`)], folder);
    if (made.status !== 0) stop(`spin does not read ${model}.pml:\n${made.told}`);
    const flags = ["-O2", "-w", "-DSAFETY", "-DVECTORSZ=2048", `-DMEMLIM=${MEGABYTES}`];
    const compiled = run("gcc", [...flags, "-o", "pan", "pan.c"], folder);
    if (compiled.status !== 0) stop(`gcc does not compile ${model}.pml:\n${compiled.told}`);
    const { told } = run(join(folder, "pan"), [`-m${DEEPEST}`, "-E"], folder);
    const numberIn = (pattern) => Number(pattern.exec(told)?.[1] ?? NaN);
    const errors = numberIn(/errors: (\d+)/);
    return {
      errors,
      states: numberIn(/(\S+) states, stored/),
      depth: numberIn(/depth reached (\d+)/),
      seconds: numberIn(/elapsed time (\S+)/),
      broken: errors > 0 ? brokenBy(folder, model, defines) : undefined,
      isComplete: errors === 0 && !/not completed|too small|out of memory|MEMLIM bound/.test(told),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function checkProperties() {
  const words = new Map(
    tableOf("Properties").map(([name, , clause]) => [name.replaceAll("`", ""), clause]),
  );
  let isGood = true;
  for (const { name: model, full, quick } of MODELS) {
    const found = search(model, isQuick ? quick : full);
    const { states, depth, seconds, broken, isComplete } = found;
    for (const name of propertiesIn(model)) {
      if (!words.has(name)) stop(`The README has no words for the property ${name}.`);
      const errors = name === broken ? 1 : 0;
      const open = isComplete || errors > 0 ? "" : ", the search is not complete";
      console.log(`${model}: ${name}: ${states} states, depth ${depth}, ${errors} errors${open}`);
    }
    console.log(
      `${model}: ${isComplete ? "all states searched" : "NOT all states searched"} in ${seconds} s`,
    );
    isGood &&= isComplete;
  }
  return isGood;
}

function checkFaults() {
  let isGood = true;
  for (const [fault, model, expected] of tableOf("Faults").map((row) =>
    row.map((cell) => cell.replaceAll("`", "")),
  )) {
    const { full } = MODELS.find(({ name }) => name === model);
    const { broken = "nothing" } = search(model, full, fault);
    const isFound = broken === expected;
    console.log(`${model} with ${fault}: ${broken} is broken${isFound ? "" : `, NOT ${expected}`}`);
    isGood &&= isFound;
  }
  return isGood;
}

const isGood = [isFaultsAlone || checkProperties(), checkFaults()].every(Boolean);
process.exit(isGood ? 0 : 1);
