/** Each kind of Redis client, as apps set them up, and what is refused in their place. */

import Valkey from "iovalkey";
import Redis from "ioredis";
import { createClient, createClientPool, RESP_TYPES } from "redis";
import { createClient as createClient4 } from "redis4";
import { createClient as createClient5 } from "redis5";
import { peek, settle, take, undo, type CounterStore } from "../../lib/ledger/ledger";
import { redisCounters } from "../../lib/ledger/redis";
import type { RedisClient } from "../../lib/ledger/redis-client";
import { startRedis, type RedisServer } from "../services/redis";
import { fresh, stepOf } from "../../lib/testing/counter-suite";

const HOUR = 3_600_000;
let server: RedisServer;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => {
  for (const close of closing) await close();
  await server.close();
});

async function connected<T extends { connect: () => Promise<unknown> }>(
  client: T,
  close: () => unknown,
) {
  closing.push(close);
  await client.connect();
  return client;
}

const lazily = (client: Redis | Valkey) => {
  closing.push(() => {
    client.disconnect();
  });
  return Promise.resolve(client);
};

const CLIENTS: [string, () => Promise<RedisClient>][] = [
  [
    "node-redis 6",
    () => {
      const client = createClient({ url: server.url });
      return connected(client, () => {
        client.destroy();
      });
    },
  ],
  [
    "node-redis 6 with RESP 3, buffers for texts and texts for numbers",
    () => {
      const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.NUMBER]: String };
      const client = createClient({ url: server.url, RESP: 3, commandOptions: { typeMapping } });
      return connected(client, () => {
        client.destroy();
      });
    },
  ],
  [
    "a pool of node-redis 6",
    () => {
      const client = createClientPool({ url: server.url });
      return connected(client, () => {
        client.destroy();
      });
    },
  ],
  [
    "node-redis 6 without a queue",
    () => {
      const client = createClient({ url: server.url, disableOfflineQueue: true });
      return connected(client, () => {
        client.destroy();
      });
    },
  ],
  [
    "node-redis 5",
    () => {
      const client = createClient5({ url: server.url });
      return connected(client, () => {
        client.destroy();
      });
    },
  ],
  [
    "node-redis 4",
    () => {
      const client = createClient4({ url: server.url });
      return connected(client, () => client.disconnect());
    },
  ],
  ["ioredis", () => lazily(new Redis(server.port))],
  ["ioredis that connects late", () => lazily(new Redis(server.port, { lazyConnect: true }))],
  [
    "ioredis that connects late, without a queue (C223)",
    () => lazily(new Redis(server.port, { lazyConnect: true, enableOfflineQueue: false })),
  ],
  ["ioredis with a prefix", () => lazily(new Redis(server.port, { keyPrefix: "app:" }))],
  [
    "ioredis with a prefix of braces",
    () => lazily(new Redis(server.port, { keyPrefix: "{a}b}:" })),
  ],
  ["ioredis with texts for numbers", () => lazily(new Redis(server.port, { stringNumbers: true }))],
  [
    "ioredis that gathers commands",
    () => lazily(new Redis(server.port, { enableAutoPipelining: true })),
  ],
  ["iovalkey", () => lazily(new Valkey(server.port))],
];

test.each(CLIENTS)("%s takes, gives back and undoes (C223)", async (_name, open) => {
  const store = redisCounters(await open());
  await takesAndGivesBack(store);
  const flush = new Redis(server.port);
  await flush.script("FLUSH");
  flush.disconnect();
  await takesAndGivesBack(store);
});

async function takesAndGivesBack(store: CounterStore): Promise<void> {
  const [record, scope, other, id] = [fresh(), fresh(), fresh(), fresh()];
  const entries = [take(scope, "f", 2, HOUR, { isPaid: true }), take(other, "g", 9, 0)];
  const under = { record, mode: "open" } as const;
  const answers = [0, 1, 2].map(async (at) =>
    store.step(stepOf(entries, { ...under, id: id + String(at) })),
  );
  const told = await Promise.all(answers);
  expect(told.map(({ status }) => status).sort()).toEqual(["full", "ok", "ok"]);
  expect(told.find(({ status }) => status === "ok")?.counts[1]?.waitMs).toBe(Infinity);
  const read = async () => {
    const { counts } = await store.step(stepOf([peek(scope, "f"), peek(other, "g")]));
    return counts.map(({ count }) => count);
  };
  expect(await read()).toEqual([2, 2]);
  await store.step(stepOf([undo(record, `${id}0`, HOUR)]));
  const first = told[0]?.status === "ok" ? 1 : 2;
  expect(await read()).toEqual([first, first]);
  await store.step(stepOf([settle(record)]));
  expect((await read())[0]).toBe(0);
}

const client = () => createClient();

test.each<[string, unknown, RegExp]>([
  ["nothing", undefined, /got undefined/],
  ["null", null, /got null/],
  ["a class", Redis, /pass what it makes/],
  ["a function that makes one", client, /pass what it makes/],
  ["a promise of one", Promise.resolve({}), /await it/],
  ["a Map", new Map(), /got object/],
  ["a URL", "redis://127.0.0.1", /got string/],
  ["an engine", { penalty: client, reward: client, get: client }, /rate-limiter-flexible/],
  ["node-redis 3", { evalsha: client, eval: client, send_command: client }, /node-redis 3/],
  ["node-redis 4 in legacy mode", createClient4({ legacyMode: true }), /legacy mode/],
  ["the legacy form of node-redis", createClient().legacy(), /legacy mode/],
])("%s is refused at once, in a sentence", (_name, value, sentence) => {
  const make = () => redisCounters(value as RedisClient);
  expect(make).toThrow(TypeError);
  expect(make).toThrow(/^Expected a connected client of node-redis 4 or newer/);
  expect(make).toThrow(sentence);
});

test("a client that nobody has connected is unavailable, and the fix is told", async () => {
  const store = redisCounters(createClient({ url: server.url }));
  await expect(store.step(stepOf([]))).rejects.toMatchObject({
    reason: "closed",
    advice: expect.stringContaining("client.connect()") as string,
  });
});
