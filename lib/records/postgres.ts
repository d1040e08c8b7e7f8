/** Remembered browsers and recovery codes in PostgreSQL: each call is one statement. */

import {
  madeAtNeed,
  postgresFault,
  refuseOtherPool,
  schemaPrefix,
  tidier,
  type PostgresPlace,
  type PostgresPool,
} from "../ledger/postgres-pool";
import type { RecordStore, RememberedBrowser } from "./records";

/** Options of `postgresRecords`. */
export type PostgresRecordsOptions = PostgresPlace;

const COLUMNS =
  "user_id, id, digest, previous_digest, grace_until, binding, label, created_at, last_used_at, expires_at";

/**
 * Keeps remembered browsers and recovery codes in PostgreSQL. Makes two tables when they are first missed; a user
 * that may not make them wants `postgresRecordsSql` as a migration. Works through PgBouncer in transaction mode.
 */
export function postgresRecords(
  pool: PostgresPool,
  options: PostgresRecordsOptions = {},
): RecordStore {
  refuseOtherPool(pool, "postgresRecords");
  const schema = schemaPrefix(options, "postgresRecords");
  const [browsers, recovery] = [`${schema}sms2fa_browsers`, `${schema}sms2fa_recovery`];
  const attempt = madeAtNeed(pool, definitionsIn(schema));
  const run = async (text: string, ...values: unknown[]) => {
    try {
      return await attempt(text, values);
    } catch (error) {
      throw postgresFault(error, ADVICE);
    }
  };
  const isMet = async (text: string, ...values: unknown[]): Promise<boolean> =>
    ((await run(text, ...values)).rowCount ?? 0) > 0;
  const tidy = tidier(
    pool,
    `DELETE FROM ${browsers} WHERE (user_id, id) IN (SELECT user_id, id FROM ${browsers} WHERE expires_at < ` +
      "extract(epoch FROM clock_timestamp()) * 1000 ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)",
  );
  const select = `SELECT ${COLUMNS} FROM ${browsers} WHERE user_id = $1`;
  return {
    add: async (browser) => {
      const text = `INSERT INTO ${browsers} (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;
      await run(text, ...valuesOf(browser));
      tidy();
    },
    find: async (userId, id) => {
      const [row] = (await run(`${select} AND id = $2`, userId, id)).rows;
      return row && browserFrom(row);
    },
    touch: (userId, id, { from, to, previousDigest, graceUntil, at }) =>
      isMet(
        `UPDATE ${browsers} SET digest = $4, previous_digest = $5, grace_until = $6, last_used_at = $7 ` +
          "WHERE user_id = $1 AND id = $2 AND digest = $3",
        ...[userId, id, from, to, previousDigest, graceUntil, at],
      ),
    remove: (userId, id) =>
      isMet(`DELETE FROM ${browsers} WHERE user_id = $1 AND id = $2`, userId, id),
    removeAll: (userId) => isMet(`DELETE FROM ${browsers} WHERE user_id = $1`, userId),
    list: async (userId) => (await run(select, userId)).rows.map(browserFrom),
    replace: async (userId, digests) => {
      const text =
        `INSERT INTO ${recovery} (user_id, digests) VALUES ($1, $2) ` +
        "ON CONFLICT (user_id) DO UPDATE SET digests = excluded.digests";
      await run(text, userId, digests);
    },
    // Of parallel ones, each waits for the row and then looks again whether the digest is still there.
    spend: (userId, digest) =>
      isMet(
        `UPDATE ${recovery} SET digests = array_remove(digests, $2) WHERE user_id = $1 AND $2 = ANY (digests)`,
        userId,
        digest,
      ),
    count: async (userId) => {
      const text = `SELECT coalesce(sum(cardinality(digests)), 0)::text FROM ${recovery} WHERE user_id = $1`;
      return Number(String((await run(text, userId)).rows[0]?.[0]));
    },
  };
}

/** The tables, to be put into a migration. */
export function postgresRecordsSql(options: PostgresRecordsOptions = {}): string {
  return definitionsIn(schemaPrefix(options, "postgresRecordsSql")).trimStart();
}

function definitionsIn(schema: string): string {
  return `
-- User ids, digests and bindings are keyed; times are milliseconds since 1970.
CREATE TABLE IF NOT EXISTS ${schema}sms2fa_browsers (
  user_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  digest text NOT NULL,
  previous_digest text,
  grace_until bigint NOT NULL,
  binding text NOT NULL,
  label text NOT NULL,
  created_at bigint NOT NULL,
  last_used_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (user_id, id)
);
CREATE INDEX IF NOT EXISTS sms2fa_browsers_expires_at ON ${schema}sms2fa_browsers (expires_at);
CREATE TABLE IF NOT EXISTS ${schema}sms2fa_recovery (
  user_id text COLLATE "C" PRIMARY KEY,
  digests text[] NOT NULL
);
`;
}

function valuesOf(browser: RememberedBrowser): unknown[] {
  const { userId, id, digest, previousDigest, graceUntil } = browser;
  const { binding, label, createdAt, lastUsedAt, expiresAt } = browser;
  return [
    ...[userId, id, digest, previousDigest, graceUntil],
    ...[binding, label, createdAt, lastUsedAt, expiresAt],
  ];
}

// An app may read each of its numbers and texts as something else.
function browserFrom(row: readonly unknown[]): RememberedBrowser {
  const [userId, id, digest, previousDigest, graceUntil, binding, label, ...times] = row;
  const [createdAt = 0, lastUsedAt = 0, expiresAt = 0] = times.map((time) => Number(String(time)));
  return {
    ...{ userId: String(userId), id: String(id), digest: String(digest) },
    previousDigest: previousDigest === null ? null : textOf(previousDigest),
    graceUntil: Number(String(graceUntil)),
    ...{ binding: String(binding), label: String(label) },
    ...{ createdAt, lastUsedAt, expiresAt },
  };
}

function textOf(value: unknown): string {
  return String(value);
}

const ADVICE: Record<string, string> = {
  "42501":
    "The database user may not make or use the tables of records: run what `postgresRecordsSql()` gives as a " +
    "migration, and grant the user SELECT, INSERT, UPDATE and DELETE on `sms2fa_browsers` and `sms2fa_recovery`.",
  "25006": "The records reached a read-only PostgreSQL: connect to its primary.",
  "3F000": "The `schema` of the records does not exist: create it.",
};
