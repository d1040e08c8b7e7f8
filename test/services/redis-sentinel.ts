/** A real Redis with a replica and a Sentinel of the test's own, on free ports of the loopback interface. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Redis from "ioredis";
import { freePort, start, temporaryFolder, untilReady } from "./process";
import { startRedis } from "./redis";

export interface RedisSentinel {
  /** Where the Sentinel answers. */
  port: number;
  /** What it calls the primary. */
  name: string;
  /** Waits until the replica has all, and ends the primary as a crash does. */
  killPrimary: () => Promise<void>;
  close: () => Promise<void>;
}

const NAME = "primary";

/** Starts them; the Sentinel promotes the replica half a second after the primary has gone. */
export async function startRedisSentinel(): Promise<RedisSentinel> {
  const primary = await startRedis();
  const replica = await startRedis("--replicaof", "127.0.0.1", String(primary.port));
  const [port, folder] = [await freePort(), temporaryFolder()];
  const file = join(folder.path, "sentinel.conf");
  writeFileSync(
    file,
    `port ${port}
    bind 127.0.0.1
    dir ${folder.path}
    sentinel monitor ${NAME} 127.0.0.1 ${primary.port} 1
    sentinel down-after-milliseconds ${NAME} 500
    sentinel failover-timeout ${NAME} 3000
    `,
  );
  const running = start("redis-server", [file, "--sentinel"]);
  const client = new Redis(primary.port);
  const sentinel = new Redis(port, { retryStrategy: () => 50 });
  for (const each of [client, sentinel]) each.on("error", () => undefined);
  await untilReady(running, async () => {
    const replicas = (await sentinel.call("SENTINEL", "REPLICAS", NAME)) as unknown[];
    const isSynced = (await client.info("replication")).includes("state=online");
    return isSynced && String(replicas).includes("master-link-status,ok");
  });
  return {
    port,
    name: NAME,
    killPrimary: async () => {
      await client.wait(1, 0);
      client.disconnect();
      await primary.kill();
    },
    close: async () => {
      sentinel.disconnect();
      client.disconnect();
      await running.end("SIGKILL");
      await Promise.all([primary.close(), replica.close()]);
      folder.remove();
    },
  };
}
