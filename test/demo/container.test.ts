/** The demo's image and composition: what they say, and the image's own steps run in a folder without an engine. */

import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { parse as parseEnvironment } from "dotenv";
import { Copy, DockerfileParser, From, type Instruction } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { parse } from "yaml";
import { freePort, start, temporaryFolder, untilReady, type Running } from "../services/process";

const ROOT = join(__dirname, "../..");
const TEXT = readFileSync(join(ROOT, "demo-app/Dockerfile"), "utf8");
const STEPS = DockerfileParser.parse(TEXT).getInstructions();
const EXAMPLE = readFileSync(join(ROOT, "example.env"), "utf8");

function wordsOf(step: Instruction): string[] {
  return step.getArguments().map((argument) => argument.getValue());
}

/** The last instruction of this name in the last stage: what an earlier stage says is not in the image. */
function last(name: string): Instruction {
  const stage = STEPS.slice(STEPS.findLastIndex((step) => step instanceof From));
  const found = stage.findLast((step) => step.getKeyword() === name);
  if (found === undefined) throw new Error(`The Dockerfile's last stage has no ${name}.`);
  return found;
}

const RULES = readFileSync(join(ROOT, ".dockerignore"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));

/** Whether .dockerignore lets the build have it: the last rule that fits it, or a folder above it, decides. */
function isGiven(path: string): boolean {
  const rule = RULES.findLast((each) => patternOf(each).test(path));
  return rule === undefined || rule.startsWith("!");
}

function patternOf(rule: string): RegExp {
  const parts = rule.replace(/^!/, "").split(/(\*\*\/|\*)/);
  const glob = parts.map((part) => {
    if (part === "**/") return "(?:.*/)?";
    return part === "*" ? "[^/]*" : part.replace(/[.+^${}()|[\]\\?]/g, "\\$&");
  });
  return new RegExp(`^${glob.join("")}(?:/.*)?$`);
}

/** The words of a command that no shell reads. */
function execForm(json: string): string[] {
  const words: unknown = JSON.parse(json);
  return words as string[];
}

const CHECK = execForm(
  last("HEALTHCHECK")
    .getRawArgumentsContent()
    ?.replace(/^.*?CMD\s*/s, "") ?? "",
);
const COMMAND = execForm(last("CMD").getRawArgumentsContent() ?? "");

describe("the Dockerfile", () => {
  test("has nothing that a linter of Dockerfiles would say", () => {
    expect(validate(TEXT)).toEqual([]);
  });

  test("pins its base to one version and digest, in each stage the same", () => {
    const bases = STEPS.filter((step) => step instanceof From).map((step) => step.getImage());
    expect(bases).toHaveLength(2);
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:22\.\d+\.\d+-bookworm-slim@sha256:[0-9a-f]{64}$/);
  });

  test("serves as somebody who is not root, by node itself, and refuses to start half set up", () => {
    expect(wordsOf(last("USER"))).toEqual(["node"]);
    expect(STEPS.indexOf(last("USER"))).toBeLessThan(STEPS.indexOf(last("CMD")));
    expect(COMMAND[0]).toBe("node");
    expect(environment()).toMatchObject({ NODE_ENV: "production", HOST: "0.0.0.0" });
  });

  test("leaves one folder to whom it serves as, for what is kept, and makes it a volume", () => {
    expect(TEXT).toContain("RUN mkdir -m 700 acme-data && chown 1000:1000 acme-data\n");
    expect(wordsOf(last("VOLUME"))).toEqual(["/app/acme-data"]);
  });

  test("is given what it copies, and nothing else, by .dockerignore", () => {
    const copied = STEPS.filter(isCopyFromContext).flatMap((step) => wordsOf(step).slice(0, -1));
    expect(copied).not.toEqual([]);
    for (const source of copied) {
      const path = join(ROOT, source);
      expect(existsSync(path)).toBe(true);
      const isFolder = statSync(path).isDirectory();
      const inside = isFolder ? readdirSync(path).map((name) => join(source, name)) : [source];
      expect({ source, given: isGiven(source) && inside.some(isGiven) }).toEqual({
        source,
        given: true,
      });
    }
    const entries = readdirSync(ROOT);
    const given = entries.filter(isGiven);
    expect(
      given.filter((entry) => !copied.some((source) => source.split("/")[0] === entry)),
    ).toEqual([]);
  });

  test.each([".env", "demo-app/.env", "demo-app/.env.local", "lib/.env", ".git/config"])(
    "is not given %s, which may hold a secret",
    (path) => {
      expect(isGiven(path)).toBe(false);
    },
  );

  test.each([
    "demo-app/node_modules/express",
    "demo-app/acme-data/database",
    "demo-app/dist/server.js",
    "node_modules/express",
  ])("is not given %s, which it makes itself", (path) => {
    expect(isGiven(path)).toBe(false);
  });
});

function isCopyFromContext(step: Instruction): boolean {
  return step instanceof Copy && step.getFromFlag() === null;
}

/** What the last stage sets. */
function environment(): Record<string, string> {
  return Object.fromEntries(
    wordsOf(last("ENV")).map((word) => {
      const [name = "", value = ""] = word.split("=");
      return [name, value];
    }),
  );
}

describe("the image's steps, run in a folder", () => {
  const folder = temporaryFolder();
  let app: string;

  beforeAll(() => {
    app = build(folder.path);
  }, 480_000);
  afterAll(() => {
    folder.remove();
  });

  function launch(env: Record<string, string>): Running {
    // Where the tests run as root, as whoever the image gives its one folder to: what serves must need no more.
    const node = isRoot ? { uid: 1000, gid: 1000 } : {};
    const [, ...args] = COMMAND;
    return start(process.execPath, args, {
      cwd: app,
      env: { PATH: process.env["PATH"], ...environment(), ...env },
      ...node,
    });
  }

  test("leave less than 140 MB, with nothing in it that only builds", () => {
    expect(sizeOf(app) / 1e6).toBeLessThan(140);
    for (const name of ["typescript", "@types/node", "jest", "eslint"]) {
      expect(existsSync(join(app, "node_modules", name))).toBe(false);
    }
  });

  test("refuse to serve as they are, in a sentence", async () => {
    const running = launch({ PORT: "0" });
    const isOver = () => Promise.resolve(running.process.exitCode !== null);
    await untilReady(running, isOver).catch(() => undefined);
    expect(running.process.exitCode).toBe(1);
    expect(running.output()).toMatch(/^Expected SESSION_SECRET to be set in production[^\n]*\n$/);
  });

  test("serve where they are set up, are found healthy by their own check, and end at SIGTERM", async () => {
    const port = String(await freePort());
    const secrets = {
      SESSION_SECRET: "session-secret-0123456789-abcdef",
      TWO_FACTOR_SECRET: "two-factor-secret-0123456789-abc",
    };
    const running = launch({ NODE_ENV: "development", PORT: port, ...secrets });
    const isHealthy = async () => {
      const [, ...args] = CHECK;
      const env = { PATH: process.env["PATH"], PORT: port };
      await promisify(execFile)(process.execPath, args, { env, timeout: 20_000 });
      return true;
    };
    try {
      await untilReady(running, isHealthy);
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
      expect(await answer.json()).toEqual({ status: "ok" });
      expect(existsSync(join(app, "acme-data", "database"))).toBe(true);
    } finally {
      await running.end("SIGTERM");
    }
    expect(running.process.exitCode).toBe(0);
    await expect(isHealthy()).rejects.toThrow();
  });
});

const STEP_SECONDS = 200;
const isRoot = process.getuid?.() === 0;

/** Does what the Dockerfile says, each stage in a folder of its own; gives the last one's. */
function build(folder: string): string {
  const stages = new Map<string, string>();
  let [root, workdir] = ["", "/"];
  for (const step of STEPS) {
    const words = wordsOf(step);
    if (step instanceof From) {
      root = join(folder, String(stages.size));
      stages.set(step.getBuildStage() ?? "", root);
    } else if (step.getKeyword() === "WORKDIR") {
      workdir = words[0] ?? workdir;
      mkdirSync(join(root, workdir), { recursive: true });
    } else if (step instanceof Copy) {
      const stage = step.getFromFlag()?.getValue();
      const from = stage === undefined ? ROOT : stages.get(stage ?? "");
      if (from === undefined) throw new Error(`There is no stage ${stage}.`);
      copy(words, from, join(root, workdir));
    } else if (step.getKeyword() === "RUN") {
      const env = { ...process.env, NODE_ENV: "", npm_config_prefer_offline: "true" };
      const cwd = join(root, workdir);
      const command = (step.getRawArgumentsContent() ?? "")
        // Only root may give a file away; to others it is their own already.
        .replace(/ && chown .*$/, (given) => (isRoot ? given : ""));
      // By `timeout`, which ends all that the shell has started, and not the shell alone.
      const bounded = ["--kill-after=5", `${STEP_SECONDS}`, "sh", "-c", command];
      execFileSync("timeout", bounded, { cwd, env, stdio: "pipe" });
    }
  }
  // Who serves may read what root has laid, and the folder that tests are given is root's alone.
  execFileSync("chmod", ["755", folder]);
  return join(root, workdir);
}

function copy(words: string[], from: string, workdir: string): void {
  const to = words.at(-1) ?? "";
  for (const source of words.slice(0, -1)) {
    const path = join(from, source);
    const isInto = to.endsWith("/") && !statSync(path).isDirectory();
    const target = resolve(workdir, isInto ? join(to, source.split("/").at(-1) ?? "") : to);
    mkdirSync(dirname(target), { recursive: true });
    // The links between the packages stay as they are.
    const isWanted = (each: string) => from !== ROOT || isGiven(relative(ROOT, each));
    cpSync(path, target, { recursive: true, verbatimSymlinks: true, filter: isWanted });
  }
}

function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.reduce(
    (sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size,
    0,
  );
}

interface Service {
  image?: string;
  build?: { dockerfile: string };
  env_file?: { path: string; required?: boolean }[];
  environment?: Record<string, string>;
  deploy?: { replicas: number };
  networks: string[];
  ports?: string[];
  volumes?: string[];
  read_only?: boolean;
}

describe("compose.yaml", () => {
  const text = readFileSync(join(ROOT, "compose.yaml"), "utf8");
  const { services, networks } = parse(text) as {
    services: Record<string, Service>;
    networks: Record<string, { internal?: boolean } | null>;
  };
  const demo = services["demo"];

  test("runs two of the demo, from its Dockerfile, behind a proxy whose configuration is there", () => {
    expect(demo?.deploy?.replicas).toBe(2);
    expect(existsSync(join(ROOT, demo?.build?.dockerfile ?? ""))).toBe(true);
    const [mounted = ""] = services["proxy"]?.volumes ?? [];
    expect(existsSync(join(ROOT, mounted.split(":")[0] ?? ""))).toBe(true);
    expect(services["proxy"]?.ports).toEqual(["127.0.0.1:8080:8080"]);
  });

  test("pins its images, and lets nothing but the proxy be reached", () => {
    for (const { image } of Object.values(services)) {
      if (image !== undefined) expect(image).toMatch(/:\d+(?:\.\d+)+-alpine$/);
    }
    const published = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name)).toEqual(["proxy"]);
    // The stores have no password: who shares their network may write to them.
    const beside = Object.entries(services).filter(([, { networks }]) =>
      networks.includes("inside"),
    );
    for (const store of ["postgres", "valkey"]) {
      expect(services[store]?.networks).toEqual(["inside"]);
    }
    expect(networks["inside"]).toEqual({ internal: true });
    expect(beside.map(([name]) => name).sort()).toEqual(["demo", "postgres", "valkey"]);
    // With two networks in common the name `demo` would stand for each replica twice.
    expect(services["proxy"]?.networks).toEqual(["outside"]);
    expect(demo?.networks).toContain("outside");
    expect(demo?.read_only).toBe(true);
  });

  test("takes its settings from example.env, then from .env, and names only settings that are there", () => {
    expect(demo?.env_file).toEqual([{ path: "example.env" }, { path: ".env", required: false }]);
    const known = Object.keys(parseEnvironment(EXAMPLE));
    expect(known).toEqual(expect.arrayContaining(Object.keys(demo?.environment ?? {})));
    expect(parseEnvironment(EXAMPLE)["NODE_ENV"]).toBe("development");
  });
});

test("example.env has every setting that the sources read, each under a comment, and no other", () => {
  // The demo texts by SignalWire.
  const sources = ["demo-app/src", "lib/senders/signalwire"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(ROOT, folder, name), "utf8")),
  );
  const read = sources.flatMap((source) =>
    [
      ...source.matchAll(/\bread\w*\(env, "([A-Z_]+)"/g),
      ...source.matchAll(/\benv\["([A-Z_]+)"\]/g),
      ...source.matchAll(/\bvariable: "([A-Z_]+)"/g),
      ...source.matchAll(/\bnumberSetting\("([A-Z_]+)"/g),
    ].map(([, name]) => name ?? ""),
  );
  expect(read.length).toBeGreaterThan(12);
  expect([...new Set(read)].sort()).toEqual(Object.keys(parseEnvironment(EXAMPLE)).sort());
  const lines = EXAMPLE.split("\n");
  const bare = lines.filter(
    (line, at) => /^[A-Z_]+=/.test(line) && !/^# (?!---)/.test(lines[at - 1] ?? ""),
  );
  expect(bare).toEqual([]);
});
