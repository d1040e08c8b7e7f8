/** The ledger in a real Redis Cluster of three nodes, through each client's own cluster. */

import Valkey from "iovalkey";
import Redis from "ioredis";
import { createCluster } from "redis";
import { createCluster as createCluster4 } from "redis4";
import { createCluster as createCluster5 } from "redis5";
import { redisCounters } from "../../lib/ledger/redis";
import type { RedisClient } from "../../lib/ledger/redis-client";
import { startRedisCluster, type RedisCluster } from "../services/redis-cluster";
import { peek, settle, take, undo } from "../../lib/ledger/ledger";
import { fresh, stepOf, counterSuite } from "../../lib/testing/counter-suite";

let cluster: RedisCluster;
const clients: RedisClient[] = [];
let prefixed: RedisClient;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  cluster = await startRedisCluster();
  const nodes = cluster.ports.map((port) => ({ host: "127.0.0.1", port }));
  const rootNodes = cluster.ports.map((port) => ({ url: `redis://127.0.0.1:${port}` }));
  const [six, five, four] = [
    createCluster({ rootNodes }),
    createCluster5({ rootNodes }),
    createCluster4({ rootNodes }),
  ];
  await Promise.all([six.connect(), five.connect(), four.connect()]);
  const io = [
    new Redis.Cluster(nodes),
    new Valkey.Cluster(nodes),
    new Redis.Cluster(nodes, { redisOptions: { keyPrefix: "{a}:" }, enableAutoPipelining: true }),
  ];
  clients.push(six, five, four, ...io.slice(0, 2));
  prefixed = io[2] as RedisClient;
  closing.push(
    () => {
      six.destroy();
    },
    () => {
      five.destroy();
    },
    () => four.disconnect(),
    ...io.map((each) => () => {
      each.disconnect();
    }),
  );
}, 60_000);
afterAll(async () => {
  for (const close of closing) await close();
  await cluster.close();
});

counterSuite(test, () => clients.map((client) => redisCounters(client)));

test("through a client with a prefix of its own, what was taken is given back", async () => {
  const store = redisCounters(prefixed);
  const [record, one, other, id] = [fresh(), fresh(), fresh(), fresh()];
  const entries = [take(one, "f", 5, 60_000, { isPaid: true }), take(other, "f", 5, 60_000)];
  const read = async () => {
    const { counts } = await store.step(stepOf([peek(one, "f"), peek(other, "f")]));
    return counts.map(({ count }) => count);
  };
  await store.step(stepOf(entries, { record, id, mode: "open" }));
  expect(await read()).toEqual([1, 1]);
  await store.step(stepOf([settle(record)]));
  expect(await read()).toEqual([0, 1]);
  await store.step(stepOf([undo(record, id, 60_000)]));
  expect(await read()).toEqual([0, 0]);
});
