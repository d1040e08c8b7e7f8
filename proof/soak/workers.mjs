/** Starts the processes of the app, asks them what they hold, and ends them by their id. */

import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ENTRY = fileURLToPath(new URL("./process.mjs", import.meta.url));
// It waits for its stores no longer than this, however slow the machine is.
const LONGEST_END_MS = 60_000;

let started = 0;

/** Starts one; `env` says where its stores and the gateway are. */
export async function startWorker(env, folder) {
  started += 1;
  const book = join(folder, `events-${started}.jsonl`);
  const child = fork(ENTRY, {
    env: { ...process.env, ...env, BOOK: book, NODE_ENV: "production" },
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let printed = "";
  const keep = (part) => {
    printed = (printed + part).slice(-2000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  // Of a question to one that is just ending.
  child.on("error", () => undefined);
  const exit = once(child, "exit");
  const ended = exit.then(() => {
    throw new Error(`A process of the app has ended by itself. ${printed}`);
  });
  ended.catch(() => undefined);
  const [{ port }] = await Promise.race([once(child, "message"), ended]);
  return {
    name: `process ${started}`,
    pid: child.pid,
    port,
    book,
    startedAt: performance.now(),
    samples: [],
    printed: () => printed,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    measure: async () => {
      child.send("measure");
      const [told] = await Promise.race([once(child, "message"), ended]);
      return { at: performance.now(), files: filesOf(child.pid), ...told };
    },
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await exit;
    },
    /** Ends it cleanly, and tells its exit code; `null` where it had to be killed. */
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), LONGEST_END_MS);
      const [code] = await exit;
      clearTimeout(timer);
      return code;
    },
  };
}

/** Open files and connections. */
function filesOf(pid) {
  return readdirSync(`/proc/${pid}/fd`).length;
}
