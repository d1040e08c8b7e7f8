/** Keeps everything in the database, so that it outlasts the process. */

import connectPgSimple from "connect-pg-simple";
import session from "express-session";
import { boundedStore } from "express-sms-2fa";
import { postgresCounters, postgresRecords } from "express-sms-2fa/postgres";
import type { Pool } from "pg";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import type { Database } from "../database/database";
import { SCHEMA } from "../database/tables";
import { answered } from "../std/deadline";
import { KEPT_TEXTS, TEXT_LIFE, type Inbox } from "../texts/inbox";
import type { Stores } from "./stores";

const SessionStore = connectPgSimple(session);
const CHECK_MS = 1000;
const SESSION_ANSWER_S = 2;

/** Makes the stores on a database that has the demo's tables. */
export function sqlStores(database: Database): Stores {
  const sessions = new SessionStore({
    // All that it asks of a pool is `query`.
    pool: database as unknown as Pool,
    schemaName: SCHEMA,
    tableName: "sessions",
    errorLog: (message: string) => {
      console.error(message);
    },
  });
  return {
    database,
    sessions: boundedStore(sessions, SESSION_ANSWER_S),
    counters: postgresCounters(database, { schema: SCHEMA }),
    records: postgresRecords(database, { schema: SCHEMA }),
    tries: (keyPrefix, allowed) =>
      new RateLimiterPostgres({
        storeClient: database,
        storeType: "pool",
        schemaName: SCHEMA,
        tableName: "tries",
        tableCreated: true,
        keyPrefix,
        ...allowed,
      }),
    inbox: sqlInbox(database),
    check: async () => {
      await answered(database.query("SELECT 1"), CHECK_MS);
    },
    close: async () => {
      sessions.close();
      await database.end();
    },
  };
}

function sqlInbox(database: Database): Inbox {
  return {
    put: async ({ to, text, channel, at }) => {
      await database.query(
        `WITH old AS (
          DELETE FROM acme.inbox WHERE at < now() - make_interval(secs => $5) OR id <= (
            SELECT id FROM acme.inbox ORDER BY id DESC OFFSET $6 LIMIT 1)
        ) INSERT INTO acme.inbox (recipient, text, channel, at) VALUES ($1, $2, $3, $4)`,
        [to, text, channel, new Date(at), TEXT_LIFE, KEPT_TEXTS - 1],
      );
    },
    texts: async () => {
      const { rows } = await database.query(
        `SELECT recipient, text, channel, at FROM acme.inbox
          WHERE at > now() - make_interval(secs => $1) ORDER BY id`,
        [TEXT_LIFE],
      );
      return rows.map(({ recipient, text, channel, at }) => ({
        to: String(recipient),
        text: String(text),
        channel: String(channel),
        at: Number(at),
      }));
    },
  };
}
