/** The shared behaviours over a real Redis Cluster of three nodes, where a step must keep to one slot. */

import { RedisStore } from "connect-redis";
import { Cluster } from "ioredis";
import { createCluster } from "redis";
import { boundedStore } from "../../lib";
import { redisCounters } from "../../lib/ledger/redis";
import { serve } from "../fakes/app";
import { startRedisCluster, type RedisCluster } from "../services/redis-cluster";
import { behaveOver, type OpenStore } from "./behaviours";

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

const EVERYTHING = `
  local all = redis.call('KEYS', '*')
  for at = 1, #all do
    for _, each in ipairs(redis.call('HGETALL', all[at])) do all[#all + 1] = each end
  end
  return all`;

const inspect: Pick<OpenStore, "clear" | "dump"> = {
  clear: () => cluster.each("FLUSHALL").then(() => undefined),
  dump: async () => JSON.stringify(await cluster.each("EVAL", EVERYTHING, "0")),
};

behaveOver("Redis Cluster through ioredis", async () => {
  const storeClient = await openIoredis();
  return {
    ...inspect,
    counters: redisCounters(storeClient),
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
    counters: redisCounters(storeClient),
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

  test("in whole cycles no step crosses slots: an app's counters are on one node, another app's may be elsewhere", async () => {
    await cluster.each("CONFIG", "RESETSTAT");
    const app = await serve({
      options: { counters: redisCounters(storeClient) },
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
    const tags = async () =>
      (await cluster.each("KEYS", "sms2fa:*")).map(
        (keys) => new Set(String(keys).match(/\{[^}]*\}/g)).size,
      );
    expect((await tags()).sort()).toEqual([0, 0, 1]);
    for (const namespace of ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]) {
      const other = await serve({ options: { counters: redisCounters(storeClient), namespace } });
      expect((await (await other.signedIn()).ask()).status).toBe(200);
    }
    expect((await tags()).reduce((sum, each) => sum + each, 0)).toBe(13);
    expect((await tags()).every((each) => each > 0)).toBe(true);
    // Clients ask for a slot's node by a MOVED; a call with keys of two slots is refused.
    const errors = (await cluster.each("INFO", "errorstats")).join("");
    expect(errors).not.toContain("CROSSSLOT");
  });

  test("the cluster refuses a call that crosses slots, so that the test above can tell", async () => {
    await expect(storeClient.mset("one", "1", "two", "2")).rejects.toThrow("CROSSSLOT");
    expect((await cluster.each("INFO", "errorstats")).join("")).toContain("CROSSSLOT");
  });
});
