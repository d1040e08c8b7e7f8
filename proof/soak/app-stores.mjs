/** What one process of the app opens at the stores: counters and records at the one, sessions at the other. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { load } from "../../bench/subject.mjs";

const require = createRequire(import.meta.url);
const session = require("express-session");
const { boundedStore } = load();

// Seconds that a call of the session store may take.
const SESSION_DEADLINE = 3;

/** Counters and records in a Redis or a PostgreSQL. */
export async function openCounters(kind, url) {
  if (kind === "redis") {
    const { redisCounters, redisRecords } = load("entry/redis.js");
    const client = await openRedis(url);
    return {
      counters: redisCounters(client),
      records: redisRecords(client),
      close: () => client.destroy(),
    };
  }
  const { postgresCounters, postgresRecords } = load("entry/postgres.js");
  const pool = openPool(url);
  return {
    counters: postgresCounters(pool),
    records: postgresRecords(pool),
    close: () => pool.end(),
  };
}

/** Sessions in the other. */
export async function openSessions(kind, url) {
  if (kind === "redis") {
    const { RedisStore } = require("connect-redis");
    const client = await openRedis(url);
    const store = boundedStore(new RedisStore({ client, ttl: 3600 }), SESSION_DEADLINE);
    return { store, close: () => client.destroy() };
  }
  const PgStore = require("connect-pg-simple")(session);
  const pool = openPool(url);
  const store = new PgStore({
    pool,
    pruneSessionInterval: false,
    ttl: 3600,
    errorLog: () => undefined,
  });
  return { store: boundedStore(store, SESSION_DEADLINE), close: () => pool.end() };
}

/** Makes the table that the processes' sessions need, where they need one: they would make it under each other's feet. */
export async function prepareSessions(kind, url) {
  if (kind !== "postgres") return;
  const pool = openPool(url);
  await pool.query(readFileSync(require.resolve("connect-pg-simple/table.sql"), "utf8"));
  await pool.end();
}

async function openRedis(url) {
  const { createClient } = require("redis");
  const client = createClient({ url, disableOfflineQueue: true });
  // That it is gone is what the run is about.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

function openPool(connectionString) {
  const { Pool } = require("pg");
  const pool = new Pool({
    connectionString,
    max: 10,
    connectionTimeoutMillis: 2000,
    query_timeout: 4000,
    // So that an idle process holds none.
    idleTimeoutMillis: 1000,
  });
  pool.on("error", () => undefined);
  return pool;
}
