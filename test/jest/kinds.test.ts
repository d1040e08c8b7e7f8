/** Which tests are quick: those that can start no process, which is told by what they import. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

interface Kinds {
  all: string[];
  quick: string[];
  startsProcesses: (file: string) => boolean;
}
interface Config {
  projects: { displayName: string; testMatch: string[] }[];
}

const { all, quick, startsProcesses } = jest.requireActual<Kinds>("./kinds");
const { projects } = jest.requireActual<Config>("../../jest.config");
const ROOT = join(__dirname, "..", "..");

test("each file of tests is run once, as a quick one or as one that goes outside", () => {
  expect(projects.map(({ displayName }) => displayName)).toEqual(["quick", "outside"]);
  expect(projects.flatMap(({ testMatch }) => testMatch).sort()).toEqual(all);
  expect(quick.length).toBeGreaterThan(50);
});

test("no quick test reaches a server, a browser, npm or a script", () => {
  const names = quick.map((file) => relative(join(ROOT, "test"), file));
  expect(names.filter((name) => /^(?:browser|consumers|processes)\//.test(name))).toEqual([]);
  const importsService = /from "[./]+\/services\/(?:redis|postgres|nginx|process)/;
  expect(quick.filter((file) => importsService.test(readFileSync(file, "utf8")))).toEqual([]);
});

test("no quick test reads what a build has made", () => {
  const readsBuilt = (file: string) => /(?<!ajv[\w-]*\/)\bdist\b/.test(readFileSync(file, "utf8"));
  expect(quick.filter((file) => file !== __filename && readsBuilt(file))).toEqual([]);
});

describe("a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "kinds-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  // Not in full, so that this file is taken for what it is.
  const inFull = (text: string) => text.replace("PROCESS", "child_process");

  let files = 0;
  /** Writes the files, and tells whether the first can start a process. */
  function starts(texts: Record<string, string>): boolean {
    files += 1;
    const own = join(folder, String(files));
    mkdirSync(join(own, "servers"), { recursive: true });
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(own, name), inFull(text));
    return startsProcesses(join(own, Object.keys(texts)[0] ?? ""));
  }

  test.each([
    'import { spawn } from "node:PROCESS";',
    "import { execFile,\n  fork } from 'PROCESS';",
    'import * as all from "node:PROCESS";',
    'import all, { fork } from "PROCESS";',
    'import { join } from "node:path"; import { fork, type Serializable } from "node:PROCESS";',
    'import "node:PROCESS";',
    'export { fork } from "node:PROCESS";',
    'const { fork } = require("node:PROCESS");',
    'const { fork } = await import("node:PROCESS");',
    'jest.requireActual<{ fork: () => void }>("node:PROCESS").fork();',
  ])("starts processes by %j", (text) => {
    expect(starts({ "a.ts": text })).toBe(true);
  });

  test.each([
    "",
    'import type { ChildProcess } from "node:PROCESS";',
    'import { join } from "node:path";\nimport type { Serializable } from "node:PROCESS";',
    'test("no process of node:PROCESS is named", () => {});',
  ])("starts none by %j", (text) => {
    expect(starts({ "a.ts": text })).toBe(false);
  });

  test("starts what the files start that it imports, a folder's index among them", () => {
    const last = 'import { fork } from "node:PROCESS";';
    const middle = 'import "./a";\nimport "./c.js";';
    const chain = { "a.ts": 'import { b } from "./b";', "b.ts": middle };
    expect(starts({ ...chain, "c.ts": last })).toBe(true);
    expect(starts({ ...chain, "c.ts": "" })).toBe(false);
    expect(starts({ "a.ts": 'import "./servers";', "servers/index.ts": last })).toBe(true);
    expect(starts({ "a.ts": 'import type { B } from "./c";', "c.ts": last })).toBe(false);
  });
});

test("a quick test that comes at Node's ways to start one by a side door is refused in a sentence", () => {
  const name = ["node:child", "process"].join("_");
  const { spawn } = jest.requireActual<{ spawn: () => void }>(name);
  expect(spawn).toThrow("A quick test starts no process");
});
