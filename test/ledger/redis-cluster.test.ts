/** The ledger in a real Redis Cluster of three nodes, through each client's own cluster. */

import Valkey from "iovalkey";
import Redis from "ioredis";
import { createCluster } from "redis";
import { createCluster as createCluster4 } from "redis4";
import { createCluster as createCluster5 } from "redis5";
import { redisCounters } from "../../lib/ledger/redis";
import type { RedisClient } from "../../lib/ledger/redis-client";
import { startRedisCluster, type RedisCluster } from "../services/redis-cluster";
import { storeSuite } from "./suite";

let cluster: RedisCluster;
const clients: RedisClient[] = [];
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

storeSuite(test, () => clients.map((client) => redisCounters(client)));
