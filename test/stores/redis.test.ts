/** The shared behaviours over a real Redis, through each client that users have. */

import Valkey from "iovalkey";
import Redis from "ioredis";
import { createClient } from "redis";
import { redisCounters } from "../../lib/ledger/redis";
import { startRedis, type RedisServer } from "../services/redis";
import { behaveOver, type OpenStore } from "./behaviours";

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());

/** All keys and values, by a connection of its own. */
async function look<T>(use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(server.port);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

const inspect: Pick<OpenStore, "clear" | "dump"> = {
  clear: () => look((client) => client.flushall()).then(() => undefined),
  dump: () =>
    look(async (client) => {
      const keys = await client.keys("*");
      const hashes = await Promise.all(keys.map((key) => client.hgetall(key)));
      return JSON.stringify([keys, hashes]);
    }),
};

behaveOver("Redis through node-redis", async () => {
  const storeClient = createClient({ url: server.url });
  storeClient.on("error", () => undefined);
  await storeClient.connect();
  return {
    ...inspect,
    counters: redisCounters(storeClient),
    close: () => {
      storeClient.destroy();
      return Promise.resolve();
    },
  };
});

behaveOver("Redis through ioredis", async () => {
  const storeClient = new Redis(server.port, { lazyConnect: true });
  await storeClient.connect();
  return {
    ...inspect,
    counters: redisCounters(storeClient),
    close: () => {
      storeClient.disconnect();
      return Promise.resolve();
    },
  };
});

behaveOver("Redis through Valkey's client", async () => {
  const storeClient = new Valkey(server.port, { lazyConnect: true });
  await storeClient.connect();
  return {
    ...inspect,
    counters: redisCounters(storeClient),
    close: () => {
      storeClient.disconnect();
      return Promise.resolve();
    },
  };
});
