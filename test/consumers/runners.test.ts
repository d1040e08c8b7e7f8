/** The test kit in an app's own tests: out of the packed package, under each runner. */

import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "../services/process";
import { install, pack } from "./install";

const folder = temporaryFolder();
let app = "";

beforeAll(async () => {
  app = await install(folder.path, "testing", await pack(folder.path));
  for (const file of [
    "app.cjs",
    "jest.test.cjs",
    "vitest.test.mjs",
    "node.test.mjs",
    "vite.test.mjs",
  ]) {
    cpSync(join(__dirname, "runners", file), join(app, file));
  }
  const recipes = readFileSync(join(__dirname, "..", "..", "docs", "recipes.md"), "utf8");
  const [config = ""] = /(?<=^```ts\n)\/\/ vite\.config\.ts\n.*?(?=^```$)/ms.exec(recipes) ?? [];
  writeFileSync(join(app, "vite.config.mjs"), config);
}, 300_000);

afterAll(() => {
  folder.remove();
});

test.each([
  [
    "Jest",
    ["node_modules/jest/bin/jest.js", "--testMatch", "**/jest.test.cjs"],
    /Tests: +1 passed/,
  ],
  ["Vitest", ["node_modules/vitest/vitest.mjs", "run", "vitest.test.mjs"], /Tests +1 passed/],
  ["node:test", ["--test", "node.test.mjs"], /pass 1\b/],
  ["A page behind Vite's proxy", ["--test", "vite.test.mjs"], /pass 1\b/],
])(
  "%s passes the second factor",
  async (_runner, args, passed) => {
    const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], NO_COLOR: "1", CI: "1" };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: app, env });
    expect(stdout + stderr).toMatch(passed);
  },
  180_000,
);
