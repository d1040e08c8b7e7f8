/** Starts the apps that are measured, each in a process of its own, and ends those processes by their id. */

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { openConnection } from "./client.mjs";

const ENTRY = fileURLToPath(new URL("./app.mjs", import.meta.url));

/**
 * Starts the app `kind`. `flags` are Node's own.
 *
 * @returns its port, `ask` for what it tells of itself, and `close`
 */
export async function startApp(kind, { env = {}, flags = [] } = {}) {
  const child = fork(ENTRY, [kind], {
    env: { ...process.env, ...env },
    execArgv: flags,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit").then(() => {
    throw new Error(`The app "${kind}" has ended.`);
  });
  ended.catch(() => undefined);
  const answer = async () => (await Promise.race([once(child, "message"), ended]))[0];
  const { port } = await answer();
  return {
    port,
    ask: async (question) => {
      child.send(question);
      return answer();
    },
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.send("end");
      await exit;
    },
  };
}

/** So many connections to a port. */
export async function openConnections(port, count) {
  return Promise.all(Array.from({ length: count }, () => openConnection(port)));
}
