/** Records in a real PostgreSQL: the suite over pools, directly and through PgBouncer, and what databases differ in. */

import { Pool, type PoolConfig } from "pg";
import { postgresRecords, postgresRecordsSql, type PostgresPool } from "../../lib/entry/postgres";
import { startPgBouncer, type PgBouncer } from "../services/pgbouncer";
import { startPostgres, type PostgresServer } from "../services/postgres";
import { browserOf, fresh, recordSuite } from "./suite";

let server: PostgresServer;
let bouncer: PgBouncer;
const pools: Pool[] = [];

function open(config: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString: server.url, ...config });
  pool.on("error", () => undefined);
  pools.push(pool);
  return pool;
}

beforeAll(async () => {
  server = await startPostgres();
  bouncer = await startPgBouncer(server.port);
  open({ max: 1 });
  // An app may read each of its numbers, texts and arrays as something else.
  const types = { getTypeParser: () => (value: string) => ({ value, toString: () => value }) };
  open({ max: 5, types: types as unknown as NonNullable<PoolConfig["types"]> });
  open({ connectionString: bouncer.url });
  open({ connectionString: bouncer.url });
}, 60_000);
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await bouncer.close();
  await server.close();
});

recordSuite(test, () => pools.slice(0, 4).map((pool) => postgresRecords(pool)));

/** A user and a database that nothing was done to yet. */
async function freshDatabase(): Promise<{ user: string; database: string; admin: Pool }> {
  const name = `d${fresh(12).toLowerCase().replace(/\W/g, "")}`;
  const [root] = pools;
  await root?.query(`CREATE ROLE ${name} LOGIN`);
  await root?.query(`CREATE DATABASE ${name}`);
  return { user: name, database: name, admin: open({ connectionString: urlOf("tests", name) }) };
}

const urlOf = (user: string, database: string): string =>
  `postgres://${user}@127.0.0.1:${server.port}/${database}`;

test("the tables are made when they are missed, by 40 at once", async () => {
  const { database } = await freshDatabase();
  const stores = [1, 2].map(() =>
    postgresRecords(open({ connectionString: urlOf("tests", database) })),
  );
  const userId = fresh(16);
  const browsers = Array.from({ length: 40 }, () => browserOf(userId));
  await Promise.all(
    browsers.map(async (browser, at) => {
      await stores[at % 2]?.add(browser);
    }),
  );
  expect(await stores[0]?.list(userId)).toHaveLength(40);
});

test("a user that may make nothing is told the migration, and works once it has run", async () => {
  const { user, database, admin } = await freshDatabase();
  const store = postgresRecords(open({ connectionString: urlOf(user, database) }));
  await expect(store.count("a")).rejects.toMatchObject({
    reason: "42501",
    advice: expect.stringContaining("postgresRecordsSql()") as string,
  });
  await admin.query(postgresRecordsSql());
  await admin.query(
    `GRANT SELECT, INSERT, UPDATE, DELETE ON sms2fa_browsers, sms2fa_recovery TO ${user}`,
  );
  expect(await store.count("a")).toBe(0);
});

test("a schema keeps its own tables, and one that is missing is told", async () => {
  const { user, database, admin } = await freshDatabase();
  const pool = open({ connectionString: urlOf(user, database) });
  const store = postgresRecords(pool, { schema: "Auth_2fa" });
  await expect(store.count("a")).rejects.toMatchObject({ reason: "3F000" });
  await admin.query(`CREATE SCHEMA "Auth_2fa" AUTHORIZATION ${user}`);
  await store.replace("a", ["b"]);
  expect(await store.count("a")).toBe(1);
  const { rows } = await admin.query(
    "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename LIKE 'sms2fa%'",
  );
  expect(rows).toEqual([{ schemaname: "Auth_2fa" }]);
});

test("under another isolation a code that two spend at once is spent by one at most", async () => {
  const options = "-c default_transaction_isolation=serializable";
  const [one, other] = [postgresRecords(open({ options })), postgresRecords(open({ options }))];
  const [userId, digest] = [fresh(16), fresh()];
  await one.replace(userId, [digest]);
  const spent = await Promise.allSettled(
    Array.from({ length: 20 }, async (_, at) => (at % 2 ? one : other).spend(userId, digest)),
  );
  const done = spent.map((each) => each.status === "fulfilled" && each.value);
  expect(done.filter(Boolean)).toHaveLength(1);
});

test("a read-only database refuses, and the reason says so", async () => {
  const store = postgresRecords(open({ options: "-c default_transaction_read_only=on" }));
  await expect(store.spend("a", "b")).rejects.toMatchObject({ reason: "25006" });
});

test("browsers whose time is over are deleted beside answers, all others stay", async () => {
  const { database } = await freshDatabase();
  const pool = open({ connectionString: urlOf("tests", database) });
  const store = postgresRecords(pool);
  await store.add(browserOf("kept"));
  await pool.query(
    "INSERT INTO sms2fa_browsers SELECT 'old', i::text, '', NULL, 0, '', '', 0, 0, 1 FROM generate_series(1, 1300) AS i",
  );
  const clock = jest.spyOn(Date, "now").mockReturnValue(Date.now() + 20_000);
  let adds = 0;
  while ((await store.list("old")).length > 0) {
    adds += 1;
    await store.add(browserOf("kept"));
  }
  clock.mockRestore();
  expect(await store.list("kept")).toHaveLength(adds + 1);
});

test("what is no pool is refused at once, in a sentence", () => {
  expect(() => postgresRecords("postgres://localhost" as unknown as PostgresPool)).toThrow(
    /^Expected a `Pool` of pg, such as `postgresRecords\(/,
  );
});
