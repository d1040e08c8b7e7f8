/** Records in a real Redis Cluster of three nodes, through each client's own cluster. */

import Valkey from "iovalkey";
import Redis from "ioredis";
import { createCluster } from "redis";
import { createCluster as createCluster4 } from "redis4";
import { createCluster as createCluster5 } from "redis5";
import { redisRecords, type RedisClient } from "../../lib/entry/redis";
import { startRedisCluster, type RedisCluster } from "../services/redis-cluster";
import { recordSuite } from "./suite";

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
  const io = [new Redis.Cluster(nodes), new Valkey.Cluster(nodes)];
  clients.push(six, five, four, ...io);
  for (const each of [six, five]) {
    closing.push(() => {
      each.destroy();
    });
  }
  for (const each of io) {
    closing.push(() => {
      each.disconnect();
    });
  }
  closing.push(() => four.disconnect());
}, 60_000);
afterAll(async () => {
  for (const close of closing) await close();
  await cluster.close();
});

recordSuite(test, () => clients.map((client) => redisRecords(client)));
