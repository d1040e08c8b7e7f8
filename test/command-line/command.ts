/** Runs the built command `express-sms-2fa` as a process of its own, as a user does. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { start, untilReady, type Running } from "../services/process";

export const COMMAND = join(__dirname, "..", "..", "dist", "command-line", "main.js");

const ENV = { PATH: process.env["PATH"] };

/** Runs it to its end, with these variables and no others. */
export function runCommand(
  args: string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [COMMAND, ...args], {
    encoding: "utf8",
    timeout: 60_000,
    ...options,
    env: { ...ENV, ...options.env },
  });
}

/** Starts the fake at a free port, and gives its address once it listens. */
export async function startFake(): Promise<Running & { url: string }> {
  const running = start(process.execPath, [COMMAND, "fake-signalwire", "--port", "0"], {
    env: ENV,
  });
  const url = () => /http:\/\/127\.0\.0\.1:\d+/.exec(running.output())?.[0] ?? "";
  await untilReady(running, () => Promise.resolve(running.output().includes("Ctrl+C")));
  return { ...running, url: url() };
}
