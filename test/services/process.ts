/** Starts a server program for a test, and ends that program and no other. */

import { spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Below those that a system gives to whoever names none: one that was free a moment ago, or whose server
// is down for a while, is given to no other connection meanwhile.
const PORTS = { from: 12_000, to: 32_000 };

/** A port of the loopback interface that is free, and that nobody gets by chance. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const port = randomInt(PORTS.from, PORTS.to);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
  throw new Error(`No port from ${PORTS.from} to ${PORTS.to} is free.`);
}

/** A folder that is gone after `remove()`. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "express-sms-2fa-"));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

export interface Running {
  process: ChildProcess;
  /** Everything that it has printed. */
  output: () => string;
  /** Ends it by a signal, and resolves once it has ended. */
  end: (signal?: NodeJS.Signals) => Promise<void>;
}

/** Starts a program, without waiting for it to be ready. */
export function start(
  command: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; uid?: number; gid?: number; cwd?: string } = {},
): Running {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let printed = "";
  const note = (part: Buffer) => {
    printed += part.toString();
  };
  child.stdout.on("data", note);
  child.stderr.on("data", note);
  child.on("error", (error) => {
    printed += `${command} could not be started: ${error.message}`;
  });
  return {
    process: child,
    output: () => printed,
    end: async (signal = "SIGTERM") => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill(signal);
      // A stopped process takes a signal only once it goes on.
      child.kill("SIGCONT");
      await ended;
    },
  };
}

/** Tries until `isReady` holds, for a minute; then fails with what the program has printed. */
export async function untilReady(running: Running, isReady: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (Date.now() < end && running.process.exitCode === null) {
    if (await isReady().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await running.end("SIGKILL");
  throw new Error(`${running.process.spawnfile} did not start: ${running.output()}`);
}
