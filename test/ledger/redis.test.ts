/** The ledger in a real Redis: the suite over several connections, and what stands in the server. */

import Redis from "ioredis";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "redis";
import { GuardedLedger } from "../../lib/ledger/guarded";
import { check, clear, note, peek, set, settle, take, undo } from "../../lib/ledger/ledger";
import { redisCounters } from "../../lib/ledger/redis";
import { startRedis, type RedisServer } from "../services/redis";
import { fresh, stepOf, counterSuite } from "../../lib/testing/counter-suite";

const HOUR = 3_600_000;
let server: RedisServer;
let nodeRedis: ReturnType<typeof createClient>;
let ioredis: Redis;
let pipelined: Redis;

beforeAll(async () => {
  server = await startRedis();
  nodeRedis = createClient({ url: server.url });
  await nodeRedis.connect();
  ioredis = new Redis(server.port);
  pipelined = new Redis(server.port, { enableAutoPipelining: true });
});
afterAll(async () => {
  nodeRedis.destroy();
  for (const client of [ioredis, pipelined]) client.disconnect();
  await server.close();
});

counterSuite(test, () => [nodeRedis, ioredis, pipelined].map((client) => redisCounters(client)));

test("all keys of a space have one hash tag, and begin with the prefix", async () => {
  await ioredis.flushall();
  const [record, scope] = [fresh(), fresh()];
  const step = stepOf([take(scope, "f", 1, HOUR)], { record, mode: "open", space: "abc" });
  await redisCounters(ioredis, { prefix: "acme:" }).step(step);
  expect((await ioredis.keys("*")).sort()).toEqual(
    [`acme:{abc}${record}`, `acme:{abc}${scope}`].sort(),
  );
});

test("nothing stays in Redis longer than the last of its windows, but what never ends", async () => {
  await ioredis.flushall();
  const store = redisCounters(ioredis);
  const [record, scope, endless] = [fresh(), fresh(), fresh()];
  await store.step(
    stepOf([take(scope, "f", 5, HOUR, { isPaid: true }), take(endless, "row", 5, 0)], {
      record,
      mode: "open",
    }),
  );
  await store.step(stepOf([set(scope, "g", 1, 2 * HOUR), note(endless, "f", HOUR)]));
  const leftOf = (name: string) => ioredis.pttl(`sms2fa:{suite}${name}`);
  expect(Math.round((await leftOf(scope)) / HOUR)).toBe(2);
  expect(Math.round((await leftOf(record)) / HOUR)).toBe(1);
  expect(await leftOf(endless)).toBe(-1);
  await store.step(stepOf([check(endless, "row", 5, { clears: true })]));
  expect(Math.round((await leftOf(endless)) / HOUR)).toBe(1);
  await store.step(stepOf([settle(record), undo(fresh(), fresh(), HOUR)]));
  await store.step(stepOf([clear(scope, "g"), clear(endless, "f")]));
  const keys = await ioredis.keys("*");
  expect(await Promise.all(keys.map((key) => ioredis.pttl(key)))).not.toContain(-1);
});

test("an endless counter that is given back leaves no key without an end", async () => {
  const store = redisCounters(ioredis);
  const [record, scope, id] = [fresh(), fresh(), fresh()];
  const entries = [take(scope, "row", 5, 0), take(scope, "f", 5, HOUR)];
  await store.step(stepOf([note(scope, "f", HOUR)]));
  await store.step(stepOf(entries, { record, id, mode: "open" }));
  await store.step(stepOf([undo(record, id, HOUR)]));
  expect(await ioredis.pttl(`sms2fa:{suite}${scope}`)).toBeGreaterThan(0);
});

test("a script that the server has forgotten is sent anew", async () => {
  const store = redisCounters(nodeRedis);
  const scope = fresh();
  for (let each = 0; each < 3; each += 1) {
    await ioredis.script("FLUSH");
    await store.step(stepOf([take(scope, "f", 5, HOUR)], { record: fresh() }));
  }
  expect((await store.step(stepOf([peek(scope, "f")]))).counts[0]?.count).toBe(3);
});

test("a user with the commands that docs name, and no others, can run the script", async () => {
  const guide = readFileSync(join(__dirname, "../../docs/deployment.md"), "utf8");
  const [, list = ""] = /With an ACL, the user needs (.*?) on `sms2fa/s.exec(guide) ?? [];
  const commands = [...list.matchAll(/`(\w+)`/g)].map(([, name = ""]) => `+${name}`);
  await ioredis.call("ACL", "SETUSER", "app", "on", "nopass", "~sms2fa:*", "-@all", ...commands);
  const client = new Redis(server.port, {
    username: "app",
    password: "x",
    enableReadyCheck: false,
  });
  const store = redisCounters(client);
  const [record, scope, id] = [fresh(), fresh(), fresh()];
  const paid = take(scope, "f", 5, HOUR, { isPaid: true });
  const under = { record, mode: "open" } as const;
  try {
    await store.step(stepOf([paid, take(scope, "row", 5, 0)], { ...under, id }));
    await store.step(stepOf([note(scope, "row", 0), set(scope, "g", 1, HOUR)], under));
    await store.step(stepOf([settle(record), check(scope, "g", 5, { clears: true })]));
    await store.step(stepOf([undo(record, id, HOUR), clear(scope, "row")]));
    const foreign = redisCounters(client, { prefix: "other:" }).step(stepOf([paid]));
    await expect(foreign).rejects.toMatchObject({ reason: "NOPERM", isApplied: false });
  } finally {
    client.disconnect();
  }
});

async function refusedWith(
  run: (ledger: GuardedLedger) => unknown,
): Promise<(string | undefined)[]> {
  const told: (string | undefined)[] = [];
  const onError = (...fault: (string | undefined)[]) => told.push(...fault);
  const ledger = new GuardedLedger(redisCounters(ioredis), { space: "s", life: HOUR, onError });
  await expect(Promise.resolve(run(ledger))).rejects.toMatchObject({ code: "unavailable" });
  await ledger.close();
  return told;
}

test("a Redis that is full refuses whole steps, and counts on when there is room", async () => {
  const store = redisCounters(ioredis);
  const [record, scope] = [fresh(), fresh()];
  const paid = [take(scope, "f", 5, HOUR, { isPaid: true })];
  const under = { record, mode: "open", space: "s" } as const;
  for (let text = 0; text < 2; text += 1) await store.step(stepOf(paid, under));
  await ioredis.config("SET", "maxmemory", "1");
  try {
    const told = await refusedWith((ledger) => ledger.step({ record, entries: paid }));
    expect(told).toEqual(["counters:OOM", expect.stringContaining("noeviction")]);
    const settled = await refusedWith((ledger) => ledger.step({ entries: [settle(record)] }));
    expect(settled[0]).toBe("counters:OOM");
  } finally {
    await ioredis.config("SET", "maxmemory", "0");
  }
  const { counts } = await store.step(stepOf([peek(scope, "f")], { space: "s" }));
  expect(counts[0]?.count).toBe(2);
});

test("a read-only replica refuses, and the reason says so", async () => {
  await ioredis.replicaof("127.0.0.1", "1");
  try {
    const told = await refusedWith((ledger) => ledger.step({ entries: [take("a", "f", 5, HOUR)] }));
    expect(told).toEqual(["counters:READONLY", expect.stringContaining("primary")]);
  } finally {
    await ioredis.replicaof("NO", "ONE");
  }
});

test("a key of another type refuses the whole step", async () => {
  await ioredis.set("sms2fa:{s}odd", "text");
  const scope = fresh();
  const entries = [take(scope, "f", 5, HOUR), take("odd", "f", 5, HOUR)];
  expect(await refusedWith((ledger) => ledger.step({ entries }))).toEqual([
    "counters:WRONGTYPE",
    undefined,
  ]);
  const { counts } = await redisCounters(ioredis).step(stepOf([peek(scope, "f")], { space: "s" }));
  expect(counts[0]?.count).toBe(0);
});

test("an open challenge costs less than 1400 bytes", async () => {
  await ioredis.flushall();
  const store = redisCounters(ioredis);
  const paid = { isPaid: true };
  const request = async (): Promise<void> => {
    const [record, session, user, number] = [fresh(), fresh(), fresh(), fresh()];
    const entries = [
      take(session, "wait", 1, HOUR),
      ...[user, number].flatMap((scope) => [
        take(scope, "600", 5, HOUR, paid),
        take(scope, "3600", 10, HOUR, paid),
      ]),
      take(number, "day", 30, HOUR),
      take("network", "3600", 1e9, HOUR, paid),
      take("country", "3600", 1e9, HOUR, paid),
      take("all", "day", 1e9, HOUR),
    ];
    await store.step(stepOf(entries, { record, mode: "open", id: fresh().slice(0, 12) }));
  };
  await request();
  const used = async () => Number(/used_memory:(\d+)/.exec(await ioredis.info("memory"))?.[1]);
  const before = await used();
  for (let each = 0; each < 20; each += 1) await Promise.all(Array.from({ length: 100 }, request));
  const bytes = ((await used()) - before) / 2000;
  expect(bytes).toBeLessThan(1400);
});
