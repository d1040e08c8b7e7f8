/** The packed package in apps as users have them: installed, compiled, and the whole flow under each Node.js. */

import { execFile, execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { startSignalWireApi, type SignalWireApi } from "../fakes/signalwire-api";
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
  { set: "signalwire", kind: "CommonJS", file: "signalwire.cjs" },
  { set: "opentelemetry", kind: "ES modules, measured", file: "opentelemetry.mjs" },
  ...(
    [
      ["esbuild", { by: "esbuild", options: [] }],
      ["esbuild, minified", { by: "esbuild", options: ["--minify"] }],
      ["ncc", { by: "ncc", options: [] }],
    ] as const
  ).map(([kind, { by, options }]): Host => ({
    set: "bundlers",
    kind: `bundled by ${kind} (C222)`,
    file: "bundled.cjs",
    bundle: { by, options: [...options] },
  })),
];

const ESM_NODE10 = ["--module", "esnext", "--moduleResolution", "node10"];
// The browser's own, and no folder of types.
const PAGE_TYPES = ["--lib", "es2022,dom", "--typeRoots", "none"];

/** Scripts of pages, which import the browser client. */
const PAGES = (
  [
    ["express-5", "NodeNext", NODENEXT],
    ["express-5", "bundler", BUNDLER],
    ["express-4", "before exports", ESM_NODE10],
  ] as const
).map(([set, kind, options]): Host => ({
  set,
  kind: `page, ${kind}`,
  file: "page.ts",
  compile: { as: ".mts", options: [...options], types: PAGE_TYPES },
}));

const SETS = [...new Set(HOSTS.map(({ set }) => set))];

const folder = temporaryFolder();
const made = new Map<Host, Promise<string>>();
let api: SignalWireApi;

beforeAll(async () => {
  api = await startSignalWireApi();
  const tarball = await pack(folder.path);
  // One after the other: at once they are no faster, and starve the tests beside them.
  await install(folder.path, "nodes");
  for (const set of SETS) await install(folder.path, set, tarball);
}, 600_000);

afterAll(async () => {
  folder.remove();
  await api.close();
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

/** What the host that texts through SignalWire reads from its environment. */
function settings(): Record<string, string> {
  return {
    API_URL: api.url,
    SIGNALWIRE_PROJECT: api.project,
    SIGNALWIRE_TOKEN: api.token,
    SIGNALWIRE_NUMBER: api.number,
  };
}

const named = (hosts: Host[]) => hosts.map((host) => [host.set, host.kind, host] as const);

test.each(named(HOSTS.filter(({ compile }) => compile !== undefined)))(
  "%s, %s: a strict host that has types of its own for the session compiles, libraries checked too",
  async (_set, _kind, host) => {
    await expect(fileOf(host)).resolves.toMatch(/js$/);
  },
  180_000,
);

test.each(named(PAGES))(
  "%s, %s: a page's script compiles against the browser client, without Node's types, and finds it",
  async (_set, _kind, page) => {
    const file = await fileOf(page);
    for (const major of NODES) {
      expect(execFileSync(nodeOf(major), [file], { encoding: "utf8" })).toBe("function\n");
    }
  },
  180_000,
);

test.each(SETS)(
  "%s: an engine of counters that the app has not asked for is not installed",
  (set) => {
    const modules = join(folder.path, set, "node_modules");
    expect(existsSync(join(modules, "libphonenumber-js"))).toBe(true);
    expect(existsSync(join(modules, "rate-limiter-flexible"))).toBe(false);
  },
);

test.each(SETS)("%s: npm finds no peer outside of its range (C225)", async (set) => {
  const path = join(folder.path, set);
  const { stdout } = await promisify(execFile)("npm", ["ls", "--all", "--json"], { cwd: path });
  expect(JSON.parse(stdout)).not.toHaveProperty("problems");
});

test("an override of the app's own keeps the axios of SignalWire's client at 1.18.0 or later", () => {
  const path = join(folder.path, "signalwire", "node_modules", "axios", "package.json");
  const { version } = JSON.parse(readFileSync(path, "utf8")) as { version: string };
  const [major = 0, minor = 0] = version.split(".").map(Number);
  expect([major, minor >= 18]).toEqual([1, true]);
});

test("without it, signalwire() says what to install", () => {
  const script =
    'require("express-sms-2fa/signalwire").signalwire({ apiBaseUrl: process.env.API_URL })';
  const inFolder = {
    cwd: join(folder.path, "express-5"),
    env: settings(),
    encoding: "utf8",
  } as const;
  const { status, stderr } = spawnSync(nodeOf("22"), ["--eval", script], inFolder);
  expect(status).toBe(1);
  expect(stderr).toContain(
    "needs SignalWire's client: `npm install @signalwire/compatibility-api`.",
  );
});

test("without OpenTelemetry's API, openTelemetry() says what to install", () => {
  const script = 'require("express-sms-2fa/opentelemetry").openTelemetry()';
  const cwd = join(folder.path, "express-5");
  expect(existsSync(join(cwd, "node_modules", "@opentelemetry"))).toBe(false);
  const { status, stderr } = spawnSync(nodeOf("22"), ["--eval", script], {
    cwd,
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr).toContain(
    "openTelemetry() needs OpenTelemetry's API: `npm install @opentelemetry/api`.",
  );
});

describe.each(NODES)("Node.js %s", (major) => {
  test("is what runs", () => {
    const version = execFileSync(nodeOf(major), ["--version"]).toString();
    expect(version.startsWith(`v${major}.`)).toBe(true);
  });

  test.each(named(HOSTS))(
    "%s, %s: the whole flow, no way back by an old session id, and none round by another spelling (B034)",
    async (_set, _kind, host) => {
      const running = await run(nodeOf(major), await fileOf(host), settings());
      try {
        const texted = api.messages.length;
        for (const guarded of host.guarded ?? ["/account"]) {
          expect(await findWaysRound(running.origin, guarded)).toEqual([]);
          expect(await goThrough(running.origin, guarded)).toEqual(FLOW);
        }
        expect(api.messages.length - texted).toBe(host.set === "signalwire" ? 1 : 0);
      } finally {
        await running.end();
      }
    },
    180_000,
  );
});
