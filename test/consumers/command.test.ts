/** The command of the packed package, as npm installs it. */

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "../services/process";
import { install, pack } from "./install";

const MANIFEST = join(__dirname, "..", "..", "package.json");

test("`npx express-sms-2fa --version` of an installed tarball names the package's version", async () => {
  const folder = temporaryFolder();
  const app = await install(folder.path, "express-5", await pack(folder.path));
  const npx = (...args: string[]) =>
    promisify(execFile)("npx", ["--no-install", "express-sms-2fa", ...args], {
      cwd: app,
      timeout: 60_000,
    });
  const { version } = JSON.parse(readFileSync(MANIFEST, "utf8")) as { version: string };
  expect((await npx("--version")).stdout).toBe(`${version}\n`);
  expect((await npx("--help")).stdout).toMatch(/doctor.*fake-signalwire/s);
  folder.remove();
}, 300_000);
