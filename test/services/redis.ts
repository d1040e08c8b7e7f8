/** A real Redis of the test's own, on a free port of the loopback interface. */

import { createClient } from "redis";
import { freePort, start, temporaryFolder, untilReady, type Running } from "./process";

export interface RedisServer {
  port: number;
  url: string;
  pid: number;
  /** Ends it at once, as a crash does. */
  kill: () => Promise<void>;
  /** Starts it again on the same port, with what it has kept on disk. */
  restart: () => Promise<void>;
  /** Stops it so that it answers nothing, connections open. */
  freeze: () => void;
  /** Lets a stopped one go on. */
  thaw: () => void;
  close: () => Promise<void>;
}

/** Starts a Redis that keeps nothing on disk, unless `options` of its command line say so. */
export async function startRedis(...more: string[]): Promise<RedisServer> {
  const port = await freePort();
  const folder = temporaryFolder();
  let running = await launch(port, folder.path, more);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return running.process.pid ?? 0;
    },
    kill: () => running.end("SIGKILL"),
    restart: async () => {
      await running.end("SIGKILL");
      running = await launch(port, folder.path, more);
    },
    freeze: () => running.process.kill("SIGSTOP"),
    thaw: () => running.process.kill("SIGCONT"),
    close: async () => {
      await running.end("SIGKILL");
      folder.remove();
    },
  };
}

async function launch(port: number, dir: string, more: string[]): Promise<Running> {
  const options = ["--bind", "127.0.0.1", "--port", String(port), "--dir", dir];
  const running = start("redis-server", [...options, "--save", "", "--appendonly", "no", ...more]);
  await untilReady(running, async () => {
    const client = createClient({
      url: `redis://127.0.0.1:${port}`,
      socket: { reconnectStrategy: false },
    });
    client.on("error", () => undefined);
    await client.connect();
    const pong = await client.ping();
    client.destroy();
    return pong === "PONG";
  });
  return running;
}
