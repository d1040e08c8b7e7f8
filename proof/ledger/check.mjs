#!/usr/bin/env node
/**
 * Searches the models of the ledger with spin, in every reachable state, and shows that they find known faults.
 * `--quick`: narrower bounds, and no faults. `--faults`: the faults alone.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const MODELS = ["issue", "validate", "lockout"];
// Two servers that text, and three that check answers to one challenge: seconds, not minutes.
const QUICK = {
  issue: ["-DSERVERS=2"],
  validate: ["-DCHALLENGES=1"],
  lockout: [],
};
const PACKAGES = "apt-get install -y --no-install-recommends spin gcc libc6-dev";
const MEGABYTES = 8000;
const DEEPEST = 1_000_000;

const isQuick = process.argv.includes("--quick");
const isFaultsAlone = process.argv.includes("--faults");

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

function run(command, given, cwd) {
  const options = { cwd, encoding: "utf8", maxBuffer: 2 ** 28 };
  const { error, status, stdout, stderr } = spawnSync(command, given, options);
  if (error?.code === "ENOENT") stop(`\`${command}\` is missing. Install it: ${PACKAGES}`);
  if (error !== undefined) throw error;
  return { isGood: status === 0, told: stdout + stderr };
}

/** The rows of the README's table under a heading. */
function tableOf(heading) {
  const text = readFileSync(join(HERE, "README.md"), "utf8");
  const [, after = ""] = text.split(`## ${heading}\n`);
  const [, , ...rows] = after.split("\n## ")[0].match(/^\|.*/gm);
  return rows.map((row) => row.split("|").map((cell) => cell.trim().replaceAll("`", "")));
}

function textOf(model) {
  return readFileSync(join(HERE, `${model}.pml`), "utf8");
}

/** The names of what a model asserts, with what it includes. */
function propertiesOf(model) {
  const own = textOf(model);
  const text = own.includes('#include "ledger.pml"') ? own + textOf("ledger") : own;
  return new Set(
    [...text.matchAll(/(?:\bproperty\(|^ltl )(\w+)(?:,(?! holds)| \{)/gm)].map(([, name]) => name),
  );
}

/** The property that a trail ends with. */
function brokenBy(folder, model, defines) {
  const trail = readdirSync(folder).find((name) => name.endsWith(".trail"));
  const replay = [...defines, "-k", trail, "-t", join(HERE, `${model}.pml`)];
  const { told } = run("spin", replay, folder);
  const [, file, line] = /(\w+)\.pml:(\d+), Error: assertion violated/.exec(told) ?? [];
  // A way without an end has no last line.
  if (file === undefined) return [...propertiesOf(model)].at(-1);
  const until = textOf(file).split("\n").slice(0, Number(line)).join("\n");
  return [...until.matchAll(/\bproperty\((\w+)/g)].at(-1)[1];
}

/** Searches a model until all states are seen, or a property is broken. */
function search(model, defines) {
  const folder = mkdtempSync(join(tmpdir(), "ledger-"));
  try {
    const made = run("spin", [...defines, "-a", join(HERE, `${model}.pml`)], folder);
    if (!made.isGood) stop(`spin does not take ${model}.pml:\n${made.told}`);
    // A formula is about ways without an end, on which the clock does not stop.
    const isFormula = /^ltl /m.test(textOf(model));
    const kind = isFormula ? "-DNFAIR=3" : "-DSAFETY";
    const flags = [isQuick ? "-O1" : "-O2", "-w", kind, "-DVECTORSZ=2048", `-DMEMLIM=${MEGABYTES}`];
    const compiled = run("gcc", [...flags, "-o", "pan", "pan.c"], folder);
    if (!compiled.isGood) stop(`gcc does not compile ${model}.pml:\n${compiled.told}`);
    const given = [`-m${DEEPEST}`, ...(isFormula ? ["-a", "-f"] : ["-E"])];
    const { told } = run(join(folder, "pan"), given, folder);
    const numberIn = (pattern) => Number(pattern.exec(told)?.[1] ?? NaN);
    const errors = numberIn(/errors: (\d+)/);
    const isCut = /Search not completed|depth too small|out of memory|MEMLIM bound/.test(told);
    return {
      states: numberIn(/(\S+) states, stored/),
      depth: numberIn(/depth reached (\d+)/),
      seconds: numberIn(/elapsed time (\S+)/),
      broken: errors > 0 ? brokenBy(folder, model, defines) : undefined,
      isComplete: errors === 0 && !isCut,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function checkProperties(model) {
  const found = search(model, isQuick ? QUICK[model] : []);
  const { states, depth, seconds, broken, isComplete } = found;
  for (const name of propertiesOf(model)) {
    const outcome = `${states} states, depth ${depth}, ${name === broken ? 1 : 0} errors`;
    console.log(`${model}: ${name}: ${outcome}${isComplete ? "" : ", NOT all states searched"}`);
  }
  console.log(`${model}: ${isComplete ? "all states searched" : "FAILED"} in ${seconds} s`);
  return isComplete;
}

function checkFault([, fault, model, expected]) {
  const { broken = "nothing" } = search(model, [`-D${fault}`]);
  const isFound = broken === expected;
  console.log(`${model} with ${fault}: breaks ${broken}${isFound ? "" : `, NOT ${expected}`}`);
  return isFound;
}

/** Each property has its words, each line of the README is about one, and each fault stands in its model. */
function checkWords() {
  const words = tableOf("Properties").map(([, name]) => name);
  const names = MODELS.flatMap((model) => [...propertiesOf(model)]);
  for (const name of [...words, ...names]) {
    if (!words.includes(name) || !names.includes(name))
      stop(`${name} is not in README and models both.`);
  }
  for (const [, fault, model] of tableOf("Faults")) {
    const text = textOf(model) + textOf("ledger");
    if (!new RegExp(`^#if.* ${fault}$`, "m").test(text))
      stop(`No fault ${fault} is in ${model}.pml.`);
  }
}

checkWords();
const properties = isFaultsAlone ? [] : MODELS.map(checkProperties);
const faults = isQuick ? [] : tableOf("Faults").map(checkFault);
process.exit([...properties, ...faults].every(Boolean) ? 0 : 1);
