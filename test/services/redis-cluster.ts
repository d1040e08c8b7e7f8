/** A real Redis Cluster of the test's own: three nodes on free ports of the loopback interface. */

import { createClient } from "redis";
import { freePort, start, temporaryFolder, untilReady, type Running } from "./process";

export interface RedisCluster {
  /** One for each node. */
  ports: number[];
  /** What each node answers to a command that names no key. */
  each: (...command: string[]) => Promise<unknown[]>;
  close: () => Promise<void>;
}

const SLOTS = 16_384;
const NODES = 3;

/** Starts three nodes without replicas, a third of the slots at each. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const folders: { remove: () => void }[] = [];
  const nodes: Running[] = [];
  const ports: number[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.end("SIGKILL")));
    for (const folder of folders) folder.remove();
  };
  try {
    for (let index = 0; index < NODES; index += 1) {
      const [port, busPort, folder] = [await freePort(), await freePort(), temporaryFolder()];
      folders.push(folder);
      const node = start("redis-server", optionsOf(port, busPort, folder.path));
      nodes.push(node);
      ports.push(port);
      await untilReady(node, async () => (await ask(port, ["PING"])) === "PONG");
      const [first, last] = [index, index + 1].map((part) => Math.floor((SLOTS * part) / NODES));
      const range = [String(first), String((last ?? SLOTS) - 1)];
      await ask(port, ["CLUSTER", "ADDSLOTSRANGE", ...range]);
      if (index > 0) {
        const [met = port] = ports;
        await ask(met, ["CLUSTER", "MEET", "127.0.0.1", String(port), String(busPort)]);
      }
    }
    for (const [index, node] of nodes.entries()) {
      await untilReady(node, async () =>
        isWhole(await ask(ports[index] ?? 0, ["CLUSTER", "INFO"])),
      );
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ports,
    each: (...command) => Promise.all(ports.map((port) => ask(port, command))),
    close,
  };
}

function optionsOf(port: number, busPort: number, dir: string): string[] {
  // The bus is by default 10 000 above the port, where there may be none.
  const own = ["--port", String(port), "--cluster-port", String(busPort), "--dir", dir];
  const shared = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  return [...own, ...shared, "--cluster-enabled", "yes"];
}

function isWhole(info: unknown): boolean {
  const text = String(info);
  return text.includes("cluster_state:ok") && text.includes(`cluster_known_nodes:${NODES}`);
}

async function ask(port: number, command: string[]): Promise<unknown> {
  const client = createClient({
    url: `redis://127.0.0.1:${port}`,
    socket: { reconnectStrategy: false },
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await client.sendCommand(command);
  } finally {
    client.destroy();
  }
}
