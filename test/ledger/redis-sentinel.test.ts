/** The ledger in a real Redis that a Sentinel watches: a failover is a short refusal, and counting goes on. */

import Redis from "ioredis";
import { createSentinel } from "redis";
import { GuardedLedger } from "../../lib/ledger/guarded";
import { peek, take } from "../../lib/ledger/ledger";
import { redisCounters } from "../../lib/ledger/redis";
import type { RedisClient } from "../../lib/ledger/redis-client";
import { startRedisSentinel } from "../services/redis-sentinel";
import { fresh } from "../../lib/testing/counter-suite";

const HOUR = 3_600_000;

const CLIENTS: [string, (name: string, port: number) => Promise<[RedisClient, () => unknown]>][] = [
  [
    "ioredis",
    (name, port) => {
      const client = new Redis({
        name,
        sentinels: [{ host: "127.0.0.1", port }],
        retryStrategy: () => 50,
      });
      client.on("error", () => undefined);
      return Promise.resolve([
        client,
        () => {
          client.disconnect();
        },
      ]);
    },
  ],
  [
    "node-redis",
    async (name, port) => {
      const client = createSentinel({ name, sentinelRootNodes: [{ host: "127.0.0.1", port }] });
      client.on("error", () => undefined);
      await client.connect();
      return [client, () => client.destroy()];
    },
  ],
];

test.each(CLIENTS)(
  "through %s, a failover keeps the counts and the open record",
  async (_name, open) => {
    const server = await startRedisSentinel();
    const [client, disconnect] = await open(server.name, server.port);
    try {
      const ledger = new GuardedLedger(redisCounters(client), { space: "s", life: HOUR });
      const [record, scope] = [fresh(), fresh()];
      const attempt = (mode: "open" | "need") =>
        ledger.step({ record, mode, entries: [take(scope, "f", 100, HOUR)] });
      for (let each = 0; each < 3; each += 1) await attempt("open");
      await server.killPrimary();
      for (;;) {
        const outcome = await Promise.resolve(attempt("need")).catch(() => undefined);
        if (outcome?.status === "ok") break;
        expect(outcome).toBeUndefined();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await ledger.close();
      const read = async () =>
        (await ledger.step({ entries: [peek(scope, "f")] })).counts[0]?.count;
      while ((await read()) !== 4) await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await disconnect();
      await server.close();
    }
  },
  60_000,
);
