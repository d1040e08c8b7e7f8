/** The shared behaviours over a real PostgreSQL. */

import { Pool } from "pg";
import { RateLimiterPostgres } from "rate-limiter-flexible";
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
    counters: (o) => new RateLimiterPostgres({ storeClient: pool, ...o }),
    // The table is made anew in each test, as at a first start.
    clear: () => pool.query("DROP TABLE IF EXISTS sms2fa").then(() => undefined),
    dump: async () => JSON.stringify((await pool.query("SELECT * FROM sms2fa")).rows),
    close: () => pool.end(),
  });
});
