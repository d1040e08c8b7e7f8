/** Where an app keeps sessions and counters: `STORE`, `COUNTERS_URL` and `SESSIONS_URL` say it. */

import { createRequire } from "node:module";
import process from "node:process";
import { has, load } from "../subject.mjs";

const require = createRequire(import.meta.url);
const session = require("express-session");
const { boundedStore } = load();

/** The session store, the `counters` option, and how to empty and close both. */
export async function openStores() {
  const { STORE, COUNTERS_URL, SESSIONS_URL = COUNTERS_URL } = process.env;
  if (STORE === "redis") return openRedis(COUNTERS_URL, SESSIONS_URL);
  if (STORE === "postgres") return openPostgres(COUNTERS_URL, SESSIONS_URL);
  const store = new session.MemoryStore();
  return { store, clear: () => store.clear() };
}

async function openRedis(countersUrl, sessionsUrl) {
  const { createClient } = require("redis");
  const { RedisStore } = require("connect-redis");
  const open = async (url) => {
    const client = createClient({ url, disableOfflineQueue: true });
    client.on("error", () => undefined);
    return client.connect();
  };
  const [storeClient, client] = [await open(countersUrl), await open(sessionsUrl)];
  return {
    store: boundedStore(new RedisStore({ client })),
    counters: redisOver(storeClient),
    clear: () => client.flushAll(),
    close: () => {
      storeClient.destroy();
      client.destroy();
    },
  };
}

async function openPostgres(countersUrl, sessionsUrl) {
  const { Pool } = require("pg");
  const PgStore = require("connect-pg-simple")(session);
  let count = 0;
  const open = (connectionString) => {
    const pool = new Pool({ connectionString });
    const { query } = pool;
    pool.query = (...given) => {
      count += 1;
      return Reflect.apply(query, pool, given);
    };
    return pool;
  };
  const [storeClient, pool] = [open(countersUrl), open(sessionsUrl)];
  const store = new PgStore({ pool, createTableIfMissing: true, pruneSessionInterval: false });
  return {
    store: boundedStore(store),
    counters: postgresOver(storeClient),
    clear: () => undefined,
    queries: () => count,
    close: () => Promise.all([storeClient.end(), pool.end()]),
  };
}

// A checkout of before the ledger takes an engine, so that both are measured by the same calls.
function redisOver(storeClient) {
  if (has("ledger/redis.js")) return load("ledger/redis.js").redisCounters(storeClient);
  const { RateLimiterRedis } = require("rate-limiter-flexible");
  return (options) => new RateLimiterRedis({ storeClient, ...options });
}

function postgresOver(storeClient) {
  if (has("ledger/postgres.js")) return load("ledger/postgres.js").postgresCounters(storeClient);
  const { RateLimiterPostgres } = require("rate-limiter-flexible");
  return (options) => new RateLimiterPostgres({ storeClient, ...options });
}
