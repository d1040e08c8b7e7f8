/** Compiles and starts a consumer's app below a set of dependencies, under the Node.js that is asked for. */

import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { promisify } from "node:util";

const PATIENCE_MS = 120_000;
const STRICT = ["--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes"];

/** An app as a user has it. */
export interface Host {
  /** The dependencies that it is installed with. */
  set: string;
  /** How its modules are found, to a reader. */
  kind: string;
  /** Its file in `hosts/`. */
  file: string;
  /** Its text, where it does not stand in `hosts/`. */
  source?: string;
  /** Where TypeScript has to make it: the compiler's options and the extension that it reads. */
  compile?: {
    as: ".mts" | ".cts";
    options: string[];
    /** What is there beside the packages that it imports. @default Node.js */
    types?: string[];
  };
  /** What makes one file of it, which runs where nothing is installed: a program of the set, and its words. */
  bundle?: { by: "esbuild" | "ncc"; options: string[] };
  /** Paths that are guarded. @default /account */
  guarded?: string[];
}

/** Puts the app below its set, compiled if it has to be; gives the file to run. */
export async function make(setPath: string, host: Host): Promise<string> {
  const folder = join(setPath, host.kind.replace(/\W+/g, "-"));
  mkdirSync(folder, { recursive: true });
  const { bundle, compile } = host;
  const source = join(folder, `app${compile?.as ?? extname(host.file)}`);
  if (host.source === undefined) cpSync(join(__dirname, "hosts", host.file), source);
  else writeFileSync(source, host.source);
  if (bundle !== undefined) return bundleOf(setPath, source, bundle);
  if (compile === undefined) return source;
  // `skipLibCheck` is off: the package's own types and those of its peers are checked with it.
  const shared = [...STRICT, "--target", "es2022", "--esModuleInterop"];
  const { options, types = ["--types", "node"] } = compile;
  const args = [source, ...shared, ...types, ...options];
  try {
    const tsc = join(setPath, "node_modules", ".bin", "tsc");
    await promisify(execFile)(tsc, args, { cwd: setPath, timeout: PATIENCE_MS });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${host.set}, ${host.kind} does not compile: ${stdout}${stderr}`, {
      cause: error,
    });
  }
  return source.replace(/ts$/, "js");
}

async function bundleOf(
  setPath: string,
  source: string,
  { by, options }: NonNullable<Host["bundle"]>,
): Promise<string> {
  const folder = `${setPath}-${basename(dirname(source))}`;
  mkdirSync(folder, { recursive: true });
  const program = join(setPath, "node_modules", ".bin", by);
  const args = {
    esbuild: [source, "--bundle", "--platform=node", `--outfile=${join(folder, "index.js")}`],
    ncc: ["build", source, "--out", folder],
  }[by];
  await promisify(execFile)(program, [...args, ...options], {
    cwd: setPath,
    timeout: PATIENCE_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  // ncc keeps the ending of what it is given.
  return join(folder, by === "ncc" ? `index${extname(source)}` : "index.js");
}

export interface RunningHost {
  origin: string;
  end: () => Promise<void>;
}

/** Starts the app, and resolves once it listens. */
export async function run(
  node: string,
  file: string,
  settings: Record<string, string>,
): Promise<RunningHost> {
  const child = fork(file, {
    execPath: node,
    execArgv: [],
    cwd: dirname(file),
    env: { PATH: process.env["PATH"], ...settings },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (part: Buffer) => {
      printed += part.toString();
    });
  }
  const ended = once(child, "exit");
  const end = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const told = await Promise.race([
    once(child, "message", { signal }).catch(() => undefined),
    ended.then(() => undefined),
  ]);
  const [message] = (told ?? []) as { port?: number }[];
  if (message?.port === undefined) {
    await end();
    throw new Error(`${file} did not start: ${printed}`);
  }
  return { origin: `http://127.0.0.1:${message.port}`, end };
}
