/** The ledger in a real PostgreSQL: the suite over several pools, and what databases differ in. */

import { Pool, types, type PoolConfig } from "pg";
import { GuardedLedger } from "../../lib/ledger/guarded";
import { peek, take } from "../../lib/ledger/ledger";
import { postgresCounters, postgresCountersSql } from "../../lib/ledger/postgres";
import { startPostgres, type PostgresServer } from "../services/postgres";
import { fresh, stepOf, storeSuite } from "./suite";

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
  open({ max: 5, types: { getTypeParser: () => (value: string) => value } as typeof types });
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await server.close();
});

storeSuite(test, () => pools.slice(0, 3).map((pool) => postgresCounters(pool)));
