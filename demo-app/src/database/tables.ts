/** The demo's tables, in a schema of their own. */

import type { Database } from "./database";

/** The schema that all of the demo's tables are in. */
export const SCHEMA = "acme";

// The lock is for processes that start at the same time: IF NOT EXISTS alone may fail then.
const TABLES = `
SELECT pg_advisory_xact_lock(hashtextextended('acme:tables', 0));
CREATE SCHEMA IF NOT EXISTS acme;
CREATE TABLE IF NOT EXISTS acme.accounts (
  id text PRIMARY KEY,
  name text NOT NULL,
  name_key text NOT NULL UNIQUE,
  salt bytea NOT NULL,
  password bytea NOT NULL,
  phone text NOT NULL,
  has_proved_phone boolean NOT NULL DEFAULT false
);
CREATE TABLE IF NOT EXISTS acme.transfers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account text NOT NULL REFERENCES acme.accounts ON DELETE CASCADE,
  payee text NOT NULL,
  amount text NOT NULL
);
CREATE INDEX IF NOT EXISTS transfers_account ON acme.transfers (account, id);
CREATE TABLE IF NOT EXISTS acme.passkeys (
  id text PRIMARY KEY,
  account text NOT NULL REFERENCES acme.accounts ON DELETE CASCADE,
  public_key bytea NOT NULL,
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  added_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX IF NOT EXISTS passkeys_account ON acme.passkeys (account);
CREATE TABLE IF NOT EXISTS acme.inbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recipient text NOT NULL,
  text text NOT NULL,
  channel text NOT NULL,
  at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS acme.secrets (
  name text PRIMARY KEY,
  value text NOT NULL
);
-- As connect-pg-simple and rate-limiter-flexible have them, which make them for one process at a time only.
CREATE TABLE IF NOT EXISTS acme.sessions (
  sid text PRIMARY KEY,
  sess json NOT NULL,
  expire timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_expire ON acme.sessions (expire);
CREATE TABLE IF NOT EXISTS acme.tries (
  key text PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);
`;

/** Makes those that are missing. */
export async function makeTables(database: Database): Promise<void> {
  await database.query(TABLES);
}
