/** The ledger in a real PostgreSQL: the suite over several pools, and what databases differ in. */

import { Client, Pool, type PoolConfig } from "pg";
import { GuardedLedger } from "../../lib/ledger/guarded";
import { note, peek, settle, take } from "../../lib/ledger/ledger";
import { postgresCounters, postgresCountersSql } from "../../lib/ledger/postgres";
import type { PostgresPool } from "../../lib/ledger/postgres-pool";
import { startPostgres, type PostgresServer } from "../services/postgres";
import { fresh, stepOf, counterSuite } from "../../lib/testing/counter-suite";

const HOUR = 3_600_000;
let server: PostgresServer;
const pools: Pool[] = [];

function open(config: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString: server.url, ...config });
  pool.on("error", () => undefined);
  pools.push(pool);
  return pool;
}

beforeAll(async () => {
  server = await startPostgres();
  open({ max: 1 });
  open({ max: 2 });
  // An app may read each of its numbers, texts and arrays as something else.
  const types = { getTypeParser: () => (value: string) => ({ value, toString: () => value }) };
  open({ max: 5, types: types as unknown as NonNullable<PoolConfig["types"]> });
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await server.close();
});

counterSuite(test, () => pools.slice(0, 3).map((pool) => postgresCounters(pool)));

/** A user and a database that nothing was done to yet. */
async function freshDatabase(): Promise<{ user: string; database: string; admin: Pool }> {
  const name = `d${fresh().toLowerCase().replace(/\W/g, "")}`;
  const [root] = pools;
  await root?.query(`CREATE ROLE ${name} LOGIN`);
  await root?.query(`CREATE DATABASE ${name}`);
  return { user: name, database: name, admin: open({ connectionString: urlOf("tests", name) }) };
}

const urlOf = (user: string, database: string): string =>
  `postgres://${user}@127.0.0.1:${server.port}/${database}`;

const takeOne = (scope = fresh()) =>
  stepOf([take(scope, "f", 1000, HOUR)], { record: fresh(), mode: "open" });

test("table and function are made when they are missed, by 60 at once", async () => {
  const { database } = await freshDatabase();
  const stores = [1, 2, 3].map(() =>
    postgresCounters(open({ connectionString: urlOf("tests", database) })),
  );
  const scope = fresh();
  await Promise.all(
    Array.from({ length: 60 }, async (_, at) => stores[at % 3]?.step(takeOne(scope))),
  );
  const read = await stores[0]?.step(stepOf([peek(scope, "f")]));
  expect(read?.counts[0]?.count).toBe(60);
});

test("a user that may make nothing is told the migration, and works once it has run", async () => {
  const { user, database, admin } = await freshDatabase();
  const store = postgresCounters(open({ connectionString: urlOf(user, database) }));
  const told: (string | undefined)[] = [];
  const onError = (...fault: (string | undefined)[]) => told.push(...fault);
  const ledger = new GuardedLedger(store, { space: "s", life: HOUR, onError });
  await expect(ledger.step({ entries: [take("a", "f", 1, HOUR)] })).rejects.toMatchObject({
    code: "unavailable",
    reason: "counters:42501",
  });
  expect(told).toEqual(["counters:42501", expect.stringContaining("postgresCountersSql()")]);
  await admin.query(postgresCountersSql());
  await admin.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON sms2fa_counters TO ${user}`);
  expect((await store.step(takeOne())).status).toBe("ok");
});

test("a schema keeps its own table, and one that is missing is told", async () => {
  const { user, database, admin } = await freshDatabase();
  const pool = open({ connectionString: urlOf(user, database) });
  const store = postgresCounters(pool, { schema: "Auth_2fa" });
  await expect(store.step(takeOne())).rejects.toMatchObject({
    reason: "3F000",
    advice: expect.stringContaining("schema") as string,
  });
  await admin.query(`CREATE SCHEMA "Auth_2fa" AUTHORIZATION ${user}`);
  expect((await store.step(takeOne())).status).toBe("ok");
  const { rows } = await admin.query(
    "SELECT schemaname FROM pg_tables WHERE tablename = 'sms2fa_counters'",
  );
  expect(rows).toEqual([{ schemaname: "Auth_2fa" }]);
  expect(() => postgresCounters(pool, { schema: 'a"; DROP' })).toThrow(/^Expected `schema`/);
});

test.each(["serializable", "repeatable read"])(
  "a default of %s is refused with the fix",
  async (level) => {
    const options = `-c default_transaction_isolation=${level.replace(" ", "\\ ")}`;
    const store = postgresCounters(open({ options }));
    const refused = store.step(takeOne());
    await expect(refused).rejects.toMatchObject({ reason: "25001", isApplied: false });
    await expect(refused).rejects.toThrow(/READ COMMITTED/);
    const mended = open({ options: "-c default_transaction_isolation=read\\ committed" });
    expect((await postgresCounters(mended).step(takeOne())).status).toBe("ok");
  },
);

test("a read-only database refuses, and the reason says so", async () => {
  const store = postgresCounters(open({ options: "-c default_transaction_read_only=on" }));
  await expect(store.step(takeOne())).rejects.toMatchObject({ reason: "25006", isApplied: false });
});

test("a statement that is cancelled, or waits too long for a lock, has counted nothing", async () => {
  const holder = await open().connect();
  const [pool, scope] = [open({ max: 3 }), fresh()];
  const store = postgresCounters(pool);
  await holder.query("BEGIN");
  await holder.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", [`suite ${scope}`]);
  const waiting = store.step(takeOne(scope));
  await expect(waiting).rejects.toMatchObject({ reason: "55P03", isApplied: false });
  const cancelled = store.step(takeOne(scope));
  const cancel = async (): Promise<void> => {
    const { rows } = await holder.query<{ pid: number }>(
      "SELECT pg_cancel_backend(pid), pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
    );
    if (rows.length === 0) await cancel();
  };
  await cancel();
  await expect(cancelled).rejects.toMatchObject({ reason: "57014", isApplied: false });
  await holder.query("ROLLBACK");
  holder.release();
  expect((await store.step(stepOf([peek(scope, "f")]))).counts[0]?.count).toBe(0);
});

test("what has ended is deleted beside answers, what counts stays", async () => {
  const { database } = await freshDatabase();
  const pool = open({ connectionString: urlOf("tests", database) });
  const store = postgresCounters(pool);
  const scope = fresh();
  await store.step(takeOne(scope));
  await store.step(stepOf([take(scope, "row", 5, 0)], { record: fresh() }));
  const past = (Date.now() - HOUR) * 1000;
  await pool.query(
    "INSERT INTO sms2fa_counters SELECT 'old ' || i, 1, $1::bigint FROM generate_series(1, 1300) AS i",
    [past],
  );
  const old = async () => {
    const { rows } = await pool.query<{ old: string; all: string }>(
      "SELECT count(*) FILTER (WHERE key LIKE 'old %') AS old, count(*) AS all FROM sms2fa_counters",
    );
    return [Number(rows[0]?.old), Number(rows[0]?.all)];
  };
  const clock = jest.spyOn(Date, "now").mockReturnValue(Date.now() + 20_000);
  while ((await old())[0] !== 0) await store.step(stepOf([peek(scope, "f")]));
  clock.mockRestore();
  expect(await old()).toEqual([0, 5]);
});

test.each<[string, unknown, RegExp]>([
  ["nothing", undefined, /got undefined/],
  ["a URL", "postgres://localhost", /got string/],
  ["a class", Pool, /got function/],
  ["a Map", new Map(), /got object/],
  ["a single client", new Client(), /single client/],
])("%s is refused at once, in a sentence", (_name, value, sentence) => {
  const make = () => postgresCounters(value as PostgresPool);
  expect(make).toThrow(TypeError);
  expect(make).toThrow(/^Expected a `Pool` of pg/);
  expect(make).toThrow(sentence);
});

test("steps that settle, take and note over the same names in any order do not block one another", async () => {
  const stores = pools.slice(0, 3).map((pool) => postgresCounters(pool));
  const names = Array.from({ length: 5 }, () => fresh());
  const nth = (at: number) => names[at % 5] ?? "";
  const steps = Array.from({ length: 300 }, (_, at) => {
    const [record, other, third] = [nth(at), nth(at * 2 + 1), nth(at * 3 + 2)];
    if (at % 3 === 0) return stepOf([settle(record)]);
    const entries = [...new Set([record, other, third])].map((scope) =>
      at % 3 === 1 ? take(scope, "f", 1e6, HOUR, { isPaid: true }) : note(scope, "g", HOUR),
    );
    return stepOf(entries, at % 3 === 1 ? { record, mode: "open" } : {});
  });
  const answers = await Promise.all(steps.map(async (step, at) => stores[at % 3]?.step(step)));
  expect(answers.filter((answer) => answer?.status !== "ok")).toEqual([]);
});
