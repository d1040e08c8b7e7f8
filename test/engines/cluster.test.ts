/** The shared behaviours over a real Redis Cluster of three nodes, where a call must keep to one slot. */

import { RedisStore } from "connect-redis";
import { Cluster } from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { createCluster } from "redis";
import { boundedStore } from "../../lib";
import { serve } from "../fakes/app";
import { startRedisCluster, type RedisCluster } from "../services/redis-cluster";
import { behaveOver, type OpenEngine } from "./behaviours";

let cluster: RedisCluster;

beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster.close());

async function openIoredis(): Promise<Cluster> {
  const client = new Cluster(
    cluster.ports.map((port) => ({ host: "127.0.0.1", port })),
    { lazyConnect: true },
  );
  await client.connect();
  return client;
}

function openNodeRedis() {
  const client = createCluster({
    rootNodes: cluster.ports.map((port) => ({ url: `redis://127.0.0.1:${port}` })),
  });
  client.on("error", () => undefined);
  return client.connect();
}

const inspect: Pick<OpenEngine, "clear" | "dump"> = {
  clear: () => cluster.each("FLUSHALL").then(() => undefined),
  dump: async () => JSON.stringify(await cluster.each("KEYS", "*")),
};

behaveOver("Redis Cluster through ioredis", async () => {
  const storeClient = await openIoredis();
  return {
    ...inspect,
    counters: (o) => new RateLimiterRedis({ storeClient, ...o }),
    close: () => {
      storeClient.disconnect();
      return Promise.resolve();
    },
  };
});

behaveOver("Redis Cluster through node-redis", async () => {
  const storeClient = await openNodeRedis();
  return {
    ...inspect,
    counters: (o) => new RateLimiterRedis({ storeClient, ...o }),
    close: () => {
      storeClient.destroy();
      return Promise.resolve();
    },
  };
});

describe("Redis Cluster for counters and sessions", () => {
  let storeClient: Cluster;
  let sessions: Awaited<ReturnType<typeof openNodeRedis>>;
  beforeAll(async () => {
    storeClient = await openIoredis();
    sessions = await openNodeRedis();
  });
  beforeEach(() => cluster.each("FLUSHALL"));
  afterAll(() => {
    storeClient.disconnect();
    sessions.destroy();
  });

  test("whole cycles spread over all nodes, and no call crosses slots", async () => {
    await cluster.each("CONFIG", "RESETSTAT");
    const app = await serve({
      options: { counters: (o) => new RateLimiterRedis({ storeClient, ...o }) },
      session: { store: boundedStore(new RedisStore({ client: sessions })) },
    });
    for (let each = 0; each < 12; each += 1) {
      const client = await app.signedIn(`user-${each}`, `+1202555${String(2000 + each)}`);
      expect((await client.ask()).body).toMatchObject({ status: "sent" });
      expect((await client.ask()).body).toMatchObject({ status: "pending" });
      expect((await client.answer(app.lastCode())).status).toBe(200);
      expect(await client.visit()).toBe(200);
      await client.post("/reset");
      expect(await client.visit()).toBe(403);
    }
    await app.two.unlock("user-1");
    await app.two.close();
    const counts = await cluster.each("DBSIZE");
    expect(counts.every((count) => Number(count) > 0)).toBe(true);
    // Clients ask for a slot's node by a MOVED; a call with keys of two slots is refused.
    const errors = (await cluster.each("INFO", "errorstats")).join("");
    expect(errors).not.toContain("CROSSSLOT");
  });

  test("the cluster refuses a call that crosses slots, so that the test above can tell", async () => {
    await expect(storeClient.mset("one", "1", "two", "2")).rejects.toThrow("CROSSSLOT");
    expect((await cluster.each("INFO", "errorstats")).join("")).toContain("CROSSSLOT");
  });
});
