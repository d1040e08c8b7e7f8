/** The packed package in apps as users have them: installed, compiled, and the whole flow under each Node.js. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { temporaryFolder } from "../services/process";
import { findWaysRound, FLOW, goThrough } from "./flow";
import { make, run, type Host } from "./host";
import { install, pack } from "./install";

const NODES = ["20", "22", "24"];

const NODENEXT = ["--module", "nodenext"];
const BUNDLER = ["--module", "esnext", "--moduleResolution", "bundler"];
const COMMONJS = ["--module", "commonjs", "--moduleResolution", "bundler"];
// As TypeScript did it before there were `exports`; TypeScript 7 can't any more.
const NODE10 = ["--module", "commonjs", "--moduleResolution", "node10"];
const DECORATORS = ["--experimentalDecorators", "--emitDecoratorMetadata"];

const HOSTS: Host[] = [
  ...["express-5", "express-4"].flatMap((set): Host[] => [
    { set, kind: "CommonJS", file: "commonjs.cjs" },
    { set, kind: "ES modules", file: "esm.mjs" },
    ...(
      [
        ["NodeNext, ES modules", ".mts", NODENEXT],
        ["NodeNext, CommonJS", ".cts", NODENEXT],
        ["CommonJS", ".cts", set === "express-4" ? NODE10 : COMMONJS],
        ["bundler", ".mts", BUNDLER],
      ] as const
    ).map(([kind, as, options]): Host => ({
      set,
      kind: `TypeScript, ${kind}`,
      file: "typescript.ts",
      compile: { as, options: [...options] },
    })),
  ]),
  {
    set: "connect",
    kind: "TypeScript, NodeNext",
    file: "connect.ts",
    compile: { as: ".mts", options: NODENEXT },
  },
  {
    set: "nest",
    kind: "TypeScript, NodeNext",
    file: "nest.ts",
    compile: { as: ".mts", options: [...NODENEXT, ...DECORATORS] },
    guarded: ["/account", "/by-nest-guard"],
  },
  {
    set: "fastify",
    kind: "ES modules",
    file: "fastify.mjs",
    guarded: ["/account", "/by-route-hook"],
  },
];

const SETS = [...new Set(HOSTS.map(({ set }) => set))];

const folder = temporaryFolder();
const made = new Map<Host, Promise<string>>();

beforeAll(async () => {
  const tarball = await pack(folder.path);
  // One after the other: at once they are no faster, and starve the tests beside them.
  await install(folder.path, "nodes");
  for (const set of SETS) await install(folder.path, set, tarball);
}, 600_000);

afterAll(() => {
  folder.remove();
});

/** Once for all tests that run it. */
function fileOf(host: Host): Promise<string> {
  const file = made.get(host) ?? make(join(folder.path, host.set), host);
  made.set(host, file);
  return file;
}

function nodeOf(major: string): string {
  const name = `node-${major}-${process.arch}`;
  return join(folder.path, "nodes", "node_modules", name, "bin", "node");
}

const named = (hosts: Host[]) => hosts.map((host) => [host.set, host.kind, host] as const);

test.each(named(HOSTS.filter(({ compile }) => compile !== undefined)))(
  "%s, %s: a strict host that has types of its own for the session compiles, libraries checked too",
  async (_set, _kind, host) => {
    await expect(fileOf(host)).resolves.toMatch(/js$/);
  },
  60_000,
);

describe.each(NODES)("Node.js %s", (major) => {
  test("is what runs", () => {
    const version = execFileSync(nodeOf(major), ["--version"]).toString();
    expect(version.startsWith(`v${major}.`)).toBe(true);
  });

  test.each(named(HOSTS))(
    "%s, %s: the whole flow, no way back by an old session id, and none round by another spelling",
    async (_set, _kind, host) => {
      const running = await run(nodeOf(major), await fileOf(host));
      try {
        for (const guarded of host.guarded ?? ["/account"]) {
          expect(await findWaysRound(running.origin, guarded)).toEqual([]);
          expect(await goThrough(running.origin, guarded)).toEqual(FLOW);
        }
      } finally {
        await running.end();
      }
    },
    90_000,
  );
});
