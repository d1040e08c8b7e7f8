/** Records in a real Redis: the suite over each kind of client, and what stands in the server. */

import Redis from "ioredis";
import Valkey from "iovalkey";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient, RESP_TYPES } from "redis";
import { createClient as createClient4 } from "redis4";
import { createClient as createClient5 } from "redis5";
import { redisRecords, type RedisClient } from "../../lib/entry/redis";
import { startRedis, type RedisServer } from "../services/redis";
import { browserOf, fresh, recordSuite } from "./suite";

let server: RedisServer;
let ioredis: Redis;
const clients: RedisClient[] = [];
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  server = await startRedis();
  const { url, port } = server;
  ioredis = new Redis(port);
  const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.NUMBER]: String };
  const [six, three, five, four] = [
    createClient({ url }),
    createClient({ url, RESP: 3, commandOptions: { typeMapping } }),
    createClient5({ url }),
    createClient4({ url }),
  ];
  await Promise.all([six.connect(), three.connect(), five.connect(), four.connect()]);
  const io = [
    ioredis,
    new Redis(port, { enableAutoPipelining: true, stringNumbers: true }),
    new Valkey(port),
  ];
  clients.push(six, three, five, four, ...io);
  for (const each of [six, three, five]) {
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
});
afterAll(async () => {
  for (const close of closing) await close();
  await server.close();
});

recordSuite(test, () => clients.map((client) => redisRecords(client)));

test("a user's browsers end in Redis with the last of them, and codes have no end", async () => {
  await ioredis.flushall();
  const store = redisRecords(ioredis, { prefix: "acme:" });
  const userId = fresh(16);
  const now = Date.now();
  for (const days of [2, 9, 1]) {
    await store.add(browserOf(userId, { expiresAt: now + days * 86_400_000 }));
  }
  await store.replace(userId, [fresh()]);
  const keys = [`acme:browsers:${userId}`, `acme:recovery:${userId}`];
  expect((await ioredis.keys("*")).sort()).toEqual(keys);
  const [browsers, codes] = await Promise.all(keys.map((key) => ioredis.pttl(key)));
  expect(Math.round((browsers ?? 0) / 86_400_000)).toBe(9);
  expect(codes).toBe(-1);
});

test("what a user has no more leaves no key", async () => {
  await ioredis.flushall();
  const store = redisRecords(ioredis);
  const [userId, digest] = [fresh(16), fresh()];
  const browser = browserOf(userId);
  await store.add(browser);
  await store.replace(userId, [digest]);
  await store.remove(userId, browser.id);
  await store.spend(userId, digest);
  expect(await ioredis.keys("*")).toEqual([]);
});

test("a browser whose time is over goes when its user's next one is added", async () => {
  const store = redisRecords(ioredis);
  const userId = fresh(16);
  await store.add(browserOf(userId, { expiresAt: Date.now() + 86_400_000 }));
  await store.add(browserOf(userId));
  const clock = jest.spyOn(Date, "now").mockReturnValue(Date.now() + 2 * 86_400_000);
  const last = browserOf(userId);
  await store.add(last);
  clock.mockRestore();
  expect((await store.list(userId)).map(({ id }) => id)).toEqual([last.id]);
});

test("a prefix of the client's own, braces in it too, is understood", async () => {
  for (const keyPrefix of ["app:", "{a}b}:"]) {
    const prefixed = new Redis(server.port, { keyPrefix });
    try {
      const store = redisRecords(prefixed);
      const [userId, digest] = [fresh(16), fresh()];
      await store.replace(userId, [digest]);
      expect(await ioredis.exists(`${keyPrefix}sms2fa:recovery:${userId}`)).toBe(1);
      expect(await store.spend(userId, digest)).toBe(true);
    } finally {
      prefixed.disconnect();
    }
  }
});

test("a user with the commands that docs name, and no others, can keep records", async () => {
  const guide = readFileSync(join(__dirname, "../../docs/deployment.md"), "utf8");
  const [, list = ""] = /With an ACL, the user needs (.*?) on `sms2fa/s.exec(guide) ?? [];
  const commands = [...list.matchAll(/`(\w+)`/g)].map(([, name = ""]) => `+${name}`);
  await ioredis.call("ACL", "SETUSER", "app", "on", "nopass", "~sms2fa:*", "-@all", ...commands);
  const client = new Redis(server.port, {
    username: "app",
    password: "x",
    enableReadyCheck: false,
  });
  const store = redisRecords(client);
  const [userId, browser, digest] = [fresh(16), browserOf(fresh(16)), fresh()];
  try {
    await store.add(browser);
    await store.add(browserOf(browser.userId));
    await store.find(browser.userId, browser.id);
    await store.list(browser.userId);
    const rotation = { from: browser.digest, to: fresh(), previousDigest: null };
    await store.touch(browser.userId, browser.id, { ...rotation, graceUntil: 0, at: 0 });
    await store.remove(browser.userId, browser.id);
    await store.removeAll(browser.userId);
    await store.replace(userId, [digest]);
    expect(await store.spend(userId, digest)).toBe(true);
    expect(await store.count(userId)).toBe(0);
    const foreign = redisRecords(client, { prefix: "other:" }).count(userId);
    await expect(foreign).rejects.toMatchObject({ reason: "NOPERM" });
  } finally {
    client.disconnect();
  }
});

test("a Redis that is full keeps the codes that a user has", async () => {
  const store = redisRecords(ioredis);
  const [userId, digest] = [fresh(16), fresh()];
  await store.replace(userId, [digest]);
  await ioredis.config("SET", "maxmemory", "1");
  try {
    await expect(store.add(browserOf(userId))).rejects.toMatchObject({ reason: "OOM" });
  } finally {
    await ioredis.config("SET", "maxmemory", "0");
  }
  expect(await store.spend(userId, digest)).toBe(true);
});

test("what is no client is refused at once, in a sentence", () => {
  expect(() => redisRecords("redis://127.0.0.1" as unknown as RedisClient)).toThrow(
    /^Expected a connected client .*`redisRecords\(createClient/,
  );
});
