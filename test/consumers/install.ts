/** Installs the packed package into a consumer's own folder, from a lock file and npm's registry. */

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(__dirname, "..", "..");
const SETS = join(__dirname, "sets");
const TARBALL = "express-sms-2fa.tgz";
const MINUTES = 60_000;

/** Packs the built package as a release does, and gives the tarball's path. */
export async function pack(folder: string): Promise<string> {
  // Without scripts: `prepack` would build anew, under the feet of other tests.
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const { stdout } = await promisify(execFile)("npm", args, { cwd: ROOT, timeout: MINUTES });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  if (packed === undefined) throw new Error("npm pack made no tarball.");
  return join(folder, packed.filename);
}

/** Installs a set of dependencies, and the tarball if one is given, below `folder`; gives its path. */
export async function install(folder: string, set: string, tarball?: string): Promise<string> {
  const path = join(folder, set);
  mkdirSync(path);
  cpSync(join(SETS, set, "package.json"), join(path, "package.json"));
  const lock = readFileSync(join(SETS, set, "package-lock.json"), "utf8");
  writeFileSync(join(path, "package-lock.json"), tarball === undefined ? lock : withOurs(lock));
  if (tarball !== undefined) cpSync(tarball, join(path, TARBALL));
  const args = ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  const env = {
    ...process.env,
    npm_config_fetch_retries: "1",
    npm_config_fetch_retry_mintimeout: "1000",
    npm_config_fetch_timeout: "30000",
  };
  try {
    await promisify(execFile)("npm", args, { cwd: path, env, timeout: 4 * MINUTES });
  } catch (error) {
    const { stderr = "", killed = false } = error as { stderr?: string; killed?: boolean };
    const { stdout } = await promisify(execFile)("npm", ["config", "get", "registry"], { env });
    throw new Error(
      `The consumer "${set}" is installed from the npm registry at ${new URL(stdout.trim()).host}, and that failed` +
        `${killed ? " to end in four minutes" : ""}: ${stderr}`,
      { cause: error },
    );
  }
  return path;
}

/** What others publish is pinned; what the package asks for is told as it is now, not as it was. */
function withOurs(lock: string): string {
  const read = JSON.parse(lock) as { packages: Record<string, unknown> };
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<
    string,
    unknown
  >;
  const { version, bin, dependencies, peerDependencies, peerDependenciesMeta } = manifest;
  const asked = { version, bin, dependencies, peerDependencies, peerDependenciesMeta };
  read.packages["node_modules/express-sms-2fa"] = { resolved: `file:${TARBALL}`, ...asked };
  return JSON.stringify(read);
}
