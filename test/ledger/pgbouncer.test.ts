/** The ledger in PostgreSQL behind PgBouncer in transaction mode, beside connections that come directly. */

import { Pool } from "pg";
import { postgresCounters } from "../../lib/ledger/postgres";
import { startPgBouncer, type PgBouncer } from "../services/pgbouncer";
import { startPostgres, type PostgresServer } from "../services/postgres";
import { counterSuite } from "../../lib/testing/counter-suite";

let server: PostgresServer;
let bouncer: PgBouncer;
let pools: Pool[];

beforeAll(async () => {
  server = await startPostgres();
  bouncer = await startPgBouncer(server.port);
  pools = [bouncer.url, bouncer.url, server.url].map((connectionString) => {
    const pool = new Pool({ connectionString });
    pool.on("error", () => undefined);
    return pool;
  });
}, 60_000);
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await bouncer.close();
  await server.close();
});

describe("behind PgBouncer in transaction mode and beside it (C224)", () => {
  counterSuite(test, () => pools.map((pool) => postgresCounters(pool)));
});
