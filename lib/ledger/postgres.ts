/** The ledger in PostgreSQL: each step is one statement that calls one function. */

import { ownProperty } from "../std/own-property";
import type { CounterStore, Entry, Step } from "./ledger";
import { definitionsIn } from "./postgres-function";
import { StoreFault } from "./store-fault";
import { answerFrom, kindOf, numbersOf } from "./wire";

/** What is used of a `Pool` of `pg`. */
export interface PostgresPool {
  /** Runs one statement, without a name. */
  query(query: {
    /** The statement. */
    text: string;
    /** What stands for `$1` and so on. */
    values?: unknown[];
    /** Rows as lists. */
    rowMode: "array";
  }): Promise<{
    /** The rows. */
    rows: unknown[][];
    /** How many were met. */
    rowCount: number | null;
  }>;
  /** How many connections it has: a single client has no such count. */
  readonly totalCount: number;
}

/** Options of `postgresCounters`. */
export interface PostgresCountersOptions {
  /** Where the table and the function are. @default the first one of the connection's `search_path` */
  schema?: string;
}

const TIDY_EVERY_MS = 10_000;
const TIDY_AT_ONCE = 500;

/**
 * Keeps the counters in PostgreSQL: one statement for each request of a code, and one for each answer. Makes a
 * table and a function when they are first missed; a user that may not make them wants `postgresCountersSql` as a migration.
 * Works through PgBouncer in transaction mode.
 */
export function postgresCounters(
  pool: PostgresPool,
  options: PostgresCountersOptions = {},
): CounterStore {
  refuseOther(pool);
  const schema = prefixOf(options);
  const text = `SELECT ${schema}sms2fa_step_1($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)::text`;
  const call = async (step: Step): Promise<unknown> =>
    (await pool.query({ text, values: valuesOf(step), rowMode: "array" })).rows[0]?.[0];
  let making: Promise<unknown> | undefined;
  const make = async (error: unknown): Promise<void> => {
    if (!MISSING.has(codeOf(error))) throw error;
    // In one batch, which is one transaction. The lock is for processes that come at the same time.
    const lock = "SELECT pg_advisory_xact_lock(hashtextextended('sms2fa:make', 0));";
    making ??= pool
      .query({ text: lock + definitionsIn(schema), rowMode: "array" })
      .finally(() => (making = undefined));
    await making;
  };
  const tidy = tidier(pool, `${schema}sms2fa_counters`);
  return {
    step: async (step) => {
      try {
        const told = await call(step).catch(async (error: unknown) => {
          await make(error);
          return call(step);
        });
        tidy();
        return answerFrom(String(told).split(","), step);
      } catch (error) {
        throw faultIn(error);
      }
    },
  };
}

/** The table and the function, to be put into a migration. */
export function postgresCountersSql(options: PostgresCountersOptions = {}): string {
  return definitionsIn(prefixOf(options)).trimStart();
}

function prefixOf({ schema }: PostgresCountersOptions): string {
  if (schema === undefined) return "";
  if (typeof schema !== "string" || !/^[A-Za-z_][\w$]{0,62}$/.test(schema)) {
    throw new TypeError(
      "Expected `schema` to be the name of a schema, of letters, digits and `_`.",
    );
  }
  return `"${schema}".`;
}

function valuesOf({ id, space, record, mode, life, entries }: Step): unknown[] {
  const scopeOf = (scope: string): string => `${space} ${scope}`;
  const keyOf = ({ op, scope, field }: Entry): string =>
    `${scopeOf(scope)} ${op === "undo" ? "!" : ""}${field}`;
  const locked = entries.filter(({ op }) => !WITHOUT_LOCK.has(op));
  const locks = [...new Set(locked.map(({ scope }) => scopeOf(scope)))].sort();
  const numbers = entries.map(numbersOf);
  return [
    id,
    record === "" ? "" : scopeOf(record),
    mode,
    life,
    entries.map(kindOf),
    entries.map(keyOf),
    numbers.map(({ max }) => max),
    numbers.map(({ window }) => window),
    numbers.map(({ share }) => share),
    locks,
  ];
}

const WITHOUT_LOCK = new Set<Entry["op"]>(["peek", "proof", "settle", "undo"]);

/** Deletes a few of what has ended, now and then, beside the answers. */
function tidier(pool: PostgresPool, table: string): () => void {
  const values = [TIDY_AT_ONCE];
  const text =
    `DELETE FROM ${table} WHERE key = ANY (ARRAY(SELECT key FROM ${table} WHERE stamp > 0 AND ` +
    "stamp < (extract(epoch FROM clock_timestamp()) - 60) * 1000000 ORDER BY stamp LIMIT $1 FOR UPDATE SKIP LOCKED))";
  let dueAt = Date.now() + TIDY_EVERY_MS;
  return () => {
    if (Date.now() < dueAt) return;
    dueAt = Date.now() + TIDY_EVERY_MS;
    pool.query({ text, values, rowMode: "array" }).then(
      ({ rowCount }) => {
        if (rowCount === TIDY_AT_ONCE) dueAt = 0;
      },
      () => undefined,
    );
  };
}

const MISSING = new Set(["42P01", "42883", "3F000"]);
const ADVICE: Record<string, string> = {
  "42501":
    "The database user may not make or use the counters' table: run what `postgresCountersSql()` gives as a " +
    "migration, and grant the user SELECT, INSERT, UPDATE and DELETE on `sms2fa_counters`.",
  "25001":
    "The counters need READ COMMITTED: give their pool " +
    '`options: "-c default_transaction_isolation=read\\\\ committed"`.',
  "25006": "The counters reached a read-only PostgreSQL: connect to its primary.",
  "3F000": "The `schema` of the counters does not exist: create it.",
};

function codeOf(error: unknown): string {
  const code = ownProperty(error, "code");
  // What the server itself has said carries a severity; a broken connection has codes too.
  return typeof code === "string" && ownProperty(error, "severity") !== undefined ? code : "";
}

function faultIn(error: unknown): unknown {
  const code = codeOf(error);
  // A connection that the server ends may end after the step was applied.
  if (!/^[0-9A-Z]{5}$/.test(code) || /^(?:08|57P)/.test(code)) return error;
  return new StoreFault(code, { isApplied: false, advice: ADVICE[code] });
}

function refuseOther(pool: unknown): void {
  const { query, totalCount } = (pool ?? {}) as Partial<PostgresPool>;
  if (typeof pool === "object" && typeof query === "function" && typeof totalCount === "number")
    return;
  const wanted =
    "Expected a `Pool` of pg, such as `postgresCounters(new Pool({ connectionString }))`";
  const isClient = typeof pool === "object" && typeof query === "function";
  const got = isClient
    ? "a single client, whose transactions the steps would fall into"
    : typeof pool;
  throw new TypeError(`${wanted}; got ${got}.`);
}
