/** Part 8: what the package weighs, packed and installed, and how long each module system takes to load it. */

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { interleave, median } from "../measure.mjs";
import { ROOT } from "../subject.mjs";

const run = promisify(execFile);

const TIMED = {
  require: 'require("express-sms-2fa");',
  import: 'await import("express-sms-2fa");',
};

export async function measureSize({ isQuick }) {
  const folder = mkdtempSync(join(tmpdir(), "express-sms-2fa-size-"));
  try {
    const { filename, size, unpackedSize } = await pack(folder);
    const installed = await install(folder, filename);
    const subjects = Object.fromEntries(
      Object.keys(TIMED).map((name) => [name, () => timeToLoad(folder, name)]),
    );
    const times = await interleave(subjects, isQuick ? 5 : 11);
    const ms = { require: median(times.require), import: median(times.import) };
    return { packed: size, unpacked: unpackedSize, ...installed, ms };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function pack(folder) {
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const { stdout } = await run("npm", args, { cwd: ROOT, timeout: 60_000 });
  return JSON.parse(stdout)[0];
}

/** Installs it without its peers, which the host has already. */
async function install(folder, filename) {
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  const args = ["install", "--legacy-peer-deps", ...flags, `./${filename}`];
  await run("npm", args, { cwd: folder, timeout: 240_000 });
  const modules = join(folder, "node_modules");
  const names = readdirSync(modules).filter((name) => !name.startsWith("."));
  return { installed: bytesIn(modules), packages: names.length };
}

function bytesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

async function timeToLoad(folder, name) {
  const isModule = name === "import";
  const script = `const start = performance.now(); ${TIMED[name]} console.log(performance.now() - start);`;
  const args = [`--input-type=${isModule ? "module" : "commonjs"}`, "--eval", script];
  const { stdout } = await run(process.execPath, args, { cwd: folder, timeout: 60_000 });
  return Number(stdout);
}
