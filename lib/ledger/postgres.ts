/** The ledger in PostgreSQL: each step is one statement that calls one function. */

import type { CounterStore, Entry, Step } from "./ledger";
import { definitionsIn } from "./postgres-function";
import {
  madeAtNeed,
  postgresFault,
  refuseOtherPool,
  schemaPrefix,
  tidier,
  type PostgresPlace,
  type PostgresPool,
} from "./postgres-pool";
import { answerFrom, kindOf, numbersOf } from "./wire";

/** Options of `postgresCounters`. */
export type PostgresCountersOptions = PostgresPlace;

/**
 * Keeps the counters in PostgreSQL: one statement for each request of a code, and one for each answer. Makes a
 * table and a function when they are first missed; a user that may not make them wants `postgresCountersSql` as a migration.
 * Works through PgBouncer in transaction mode.
 */
export function postgresCounters(
  pool: PostgresPool,
  options: PostgresCountersOptions = {},
): CounterStore {
  refuseOtherPool(pool, "postgresCounters");
  const schema = schemaPrefix(options, "postgresCounters");
  const text = `SELECT ${schema}sms2fa_step_1($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)::text`;
  const run = madeAtNeed(pool, definitionsIn(schema));
  const table = `${schema}sms2fa_counters`;
  const tidy = tidier(
    pool,
    `DELETE FROM ${table} WHERE key = ANY (ARRAY(SELECT key FROM ${table} WHERE stamp > 0 AND ` +
      "stamp < (extract(epoch FROM clock_timestamp()) - 60) * 1000000 ORDER BY stamp LIMIT $1 FOR UPDATE SKIP LOCKED))",
  );
  return {
    step: async (step) => {
      try {
        const { rows } = await run(text, valuesOf(step));
        tidy();
        return answerFrom(String(rows[0]?.[0]).split(","), step);
      } catch (error) {
        throw postgresFault(error, ADVICE);
      }
    },
  };
}

/** The table and the function, to be put into a migration. */
export function postgresCountersSql(options: PostgresCountersOptions = {}): string {
  return definitionsIn(schemaPrefix(options, "postgresCountersSql")).trimStart();
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
