/** Starts the process that makes the load, and speaks with it. */

import { fork } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ENTRY = fileURLToPath(new URL("./load.mjs", import.meta.url));

/** Starts it; `env` says seed, rate and how many people. What is asked of it rejects once `signal` aborts. */
export function startLoad(env, signal) {
  const child = fork(ENTRY, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exit = once(child, "exit");
  const ended = exit.then(() => {
    throw new Error("The load has ended by itself.");
  });
  ended.catch(() => undefined);
  const aborted = once(signal, "abort").then(() => {
    throw signal.reason;
  });
  aborted.catch(() => undefined);
  const waiting = new Map();
  child.on("message", ({ id, told }) => {
    waiting.get(id)?.(told);
    waiting.delete(id);
  });
  let asked = 0;
  return {
    /** Says something, without an answer. */
    say: (ask, given = {}) => {
      if (child.connected) child.send({ ask, ...given });
    },
    /** Asks, and gives the answer. */
    ask: (ask, given = {}) => {
      const id = (asked += 1);
      const told = new Promise((resolve) => waiting.set(id, resolve));
      child.send({ id, ask, ...given });
      return Promise.race([told, ended, aborted]);
    },
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await exit;
    },
  };
}
