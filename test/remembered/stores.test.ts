/** Remembered browsers in real stores: two apps that share one, each with a connection of its own (R61). */

import { Pool } from "pg";
import { createClient } from "redis";
import type { RecordStore } from "../../lib";
import { postgresRecords } from "../../lib/entry/postgres";
import { redisRecords } from "../../lib/entry/redis";
import { fakeDate, pass } from "../fakes/clock";
import { startPostgres } from "../services/postgres";
import { startRedis } from "../services/redis";
import { again, cookieOf, count, remember, serveRemembering, signedInWith } from "./kit";

const TEN_MINUTES = 600;
const GRACE = 120;

const closing: (() => unknown)[] = [];
const stores = new Map<string, [RecordStore, RecordStore]>();

beforeAll(async () => {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  const clients = [createClient({ url: redis.url }), createClient({ url: redis.url })] as const;
  await Promise.all(clients.map((client) => client.connect()));
  const pools = [1, 2].map(() => new Pool({ connectionString: postgres.url, max: 5 }));
  const [one, other] = clients;
  stores.set("Redis", [redisRecords(one), redisRecords(other)]);
  stores.set(
    "PostgreSQL",
    pools.map((pool) => postgresRecords(pool)) as [RecordStore, RecordStore],
  );
  for (const client of clients) {
    closing.push(() => {
      client.destroy();
    });
  }
  for (const pool of pools) closing.push(() => pool.end());
  closing.push(
    () => redis.close(),
    () => postgres.close(),
  );
}, 60_000);
afterAll(async () => {
  for (const close of closing) await close();
});

const serveTwo = async (name: string) => {
  const [one, other] = stores.get(name) ?? [];
  if (one === undefined || other === undefined) throw new Error(`There is no ${name}.`);
  return Promise.all([serveRemembering({ store: one }), serveRemembering({ store: other })]);
};

describe.each(["Redis", "PostgreSQL"])("in %s", (name) => {
  test("what is forgotten in one process is so at once in the other", async () => {
    const [one, other] = await serveTwo(name);
    const client = await remember(one);
    const there = await again(other, client);
    expect(await there.visit("/easy")).toBe(200);
    const [browser] = await other.two.remembered("ann");
    expect(await one.two.forget("ann", browser?.id)).toBe(true);
    expect(await there.visit("/easy")).toBe(403);
    expect(await other.two.remembered("ann")).toEqual([]);
  });

  test("twenty parallel requests at both rotate a token once, and none is refused", async () => {
    fakeDate();
    const [one, other] = await serveTwo(name);
    const cookie = cookieOf(await remember(one));
    const here = await signedInWith(one, cookie);
    const there = await signedInWith(other, cookie);
    pass(TEN_MINUTES);
    const tabs = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? here : there).copy());
    const answers = await Promise.all(tabs.map((tab) => tab.get("/easy")));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const renewed = answers.flatMap(({ headers }) => headers["set-cookie"] ?? []);
    expect(renewed).toHaveLength(1);
    const [taken = ""] = String(renewed[0]).split(";");
    expect(await (await signedInWith(other, taken)).visit("/easy")).toBe(200);
    expect(await here.visit("/easy")).toBe(200);

    pass(GRACE);
    expect(await here.visit("/easy")).toBe(403);
    expect(await (await signedInWith(other, taken)).visit("/easy")).toBe(403);
    expect([count(one, "browser_stolen"), count(other, "browser_stolen")]).toEqual([1, 0]);
  });

  test("a changed number voids it, and it ends by its time", async () => {
    fakeDate();
    const [one, other] = await serveTwo(name);
    const client = await remember(one);
    expect(await (await again(other, client, "ann", "+12025550188")).visit("/easy")).toBe(403);
    pass(30 * 86_400 - 1);
    expect(await (await again(other, client)).visit("/easy")).toBe(200);
    pass(1);
    expect(await (await again(other, client)).visit("/easy")).toBe(403);
  });
});
