/** The shared behaviours over a real PostgreSQL. */

import { Pool } from "pg";
import { postgresCounters } from "../../lib/ledger/postgres";
import { startPostgres, type PostgresServer } from "../services/postgres";
import { behaveOver } from "./behaviours";

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());

behaveOver("PostgreSQL", () => {
  const pool = new Pool({ connectionString: server.url, max: 10 });
  pool.on("error", () => undefined);
  return Promise.resolve({
    counters: postgresCounters(pool),
    // Table and function are made anew in each test, as at a first start.
    clear: () =>
      pool
        .query("DROP TABLE IF EXISTS sms2fa_counters; DROP FUNCTION IF EXISTS sms2fa_step_1")
        .then(() => undefined),
    dump: async () => JSON.stringify((await pool.query("SELECT * FROM sms2fa_counters")).rows),
    close: () => pool.end(),
  });
});
