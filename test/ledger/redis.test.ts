/** The ledger in a real Redis: the suite over three connections, and what stands in the server. */

import Redis from "ioredis";
import { createClient } from "redis";
import { peek, take, undo, set, clear, settle } from "../../lib/ledger/ledger";
import { redisCounters } from "../../lib/ledger/redis";
import { startRedis, type RedisServer } from "../services/redis";
import { fresh, stepOf, storeSuite } from "./suite";

const HOUR = 3_600_000;
let server: RedisServer;
let nodeRedis: ReturnType<typeof createClient>;
let ioredis: Redis[];

beforeAll(async () => {
  server = await startRedis();
  nodeRedis = createClient({ url: server.url });
  await nodeRedis.connect();
  ioredis = [new Redis(server.port), new Redis(server.port, { enableAutoPipelining: true })];
});
afterAll(async () => {
  nodeRedis.destroy();
  for (const client of ioredis) client.disconnect();
  await server.close();
});

storeSuite(test, () => [nodeRedis, ...ioredis].map((client) => redisCounters(client)));
