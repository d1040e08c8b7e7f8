/** Tells tests that stay in their own process, which are the quick ones, from those that start others. */

"use strict";

const { existsSync, readdirSync, readFileSync, statSync } = require("node:fs");
const { dirname, join, resolve } = require("node:path");

const TESTS = resolve(__dirname, "..");

/** What starts a server, a browser, npm or a script: all of it goes through one of these. */
const STARTERS = /^(?:(?:node:)?(?:child_process|cluster|worker_threads)|playwright-core)$/;
/** What tells a worker that it is one, too: it starts others only where it is asked to. */
const CLUSTER = /^(?:node:)?cluster$/;

// What is imported for its types alone is not there when the test runs.
const IMPORTS =
  /(?:^|[\s;}])(?:import|export)\s(?!type\s)[^"';]*?\bfrom\s*["']([^"']+)["']|\bimport\s*["']([^"']+)["']|\b(?:import|require|requireActual(?:<[^;]*?>)?)\(\s*["']([^"']+)["']/g;

function fileOf(specifier, from) {
  const path = resolve(dirname(from), specifier);
  const named = [
    path,
    `${path}.ts`,
    `${path}.js`,
    join(path, "index.ts"),
    path.replace(/js$/, "ts"),
  ];
  return named.find((each) => existsSync(each) && statSync(each).isFile());
}

/** The names by which a file asks for others. */
function importsOf(file) {
  const text = readFileSync(file, "utf8");
  const names = [...text.matchAll(IMPORTS)].map(([, from, bare, called]) => from ?? bare ?? called);
  return /\bfork\b/.test(text) ? names : names.filter((name) => !CLUSTER.test(name));
}

const known = new Map();

/** Whether a file, or one that it imports, can start a process. */
function startsProcesses(file) {
  if (known.has(file)) return known.get(file);
  // Of a ring the rest decides.
  known.set(file, false);
  const starts = importsOf(file).some((name) => {
    if (!name.startsWith(".")) return STARTERS.test(name);
    const other = fileOf(name, file);
    return other !== undefined && startsProcesses(other);
  });
  known.set(file, starts);
  return starts;
}

const all = readdirSync(TESTS, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts") && !name.includes("node_modules"))
  .map((name) => join(TESTS, name))
  .sort();

exports.all = all;
exports.quick = all.filter((file) => !startsProcesses(file));
exports.startsProcesses = startsProcesses;
