/** What all tables of this package in PostgreSQL share: the pool, making them at need, tidying, and faults. */

import { refuseUnknown } from "../std/option-checks";
import { ownProperty } from "../std/own-property";
import { StoreFault } from "./store-fault";

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
  }): Promise<PostgresResult>;
  /** How many connections it has: a single client has no such count. */
  readonly totalCount: number;
}

/** What a statement led to. */
export interface PostgresResult {
  /** The rows. */
  rows: unknown[][];
  /** How many were met. */
  rowCount: number | null;
}

/** Where the tables are. */
export interface PostgresPlace {
  /** The schema of the tables. @default the first one of the connection's `search_path` */
  schema?: string;
}

/** Throws where `pool` is none; `factory` is the function that it was given to. */
export function refuseOtherPool(pool: unknown, factory: string): void {
  const { query, totalCount } = (pool ?? {}) as Partial<PostgresPool>;
  if (typeof pool === "object" && typeof query === "function" && typeof totalCount === "number")
    return;
  const wanted = `Expected a \`Pool\` of pg, such as \`${factory}(new Pool({ connectionString }))\``;
  const isClient = typeof pool === "object" && typeof query === "function";
  const got = isClient
    ? "a single client, whose transactions the steps would fall into"
    : typeof pool;
  throw new TypeError(`${wanted}; got ${got}.`);
}

const PLACE: Record<keyof PostgresPlace, true> = { schema: true };

/** The schema as it stands in front of a name, or nothing. A misspelt option would lead to another schema. */
export function schemaPrefix(place: PostgresPlace, factory: string): string {
  refuseUnknown(`${factory}()`, place, PLACE);
  const { schema }: PostgresPlace = place;
  if (schema === undefined) return "";
  if (typeof schema !== "string" || !/^[A-Za-z_][\w$]{0,62}$/.test(schema)) {
    throw new TypeError(
      "Expected `schema` to be the name of a schema, of letters, digits and `_`.",
    );
  }
  return `"${schema}".`;
}

const MISSING = new Set(["42P01", "42883", "3F000"]);

/** Runs statements, and `definitions` where what they name is missing. */
export function madeAtNeed(
  pool: PostgresPool,
  definitions: string,
): (text: string, values: unknown[]) => Promise<PostgresResult> {
  let making: Promise<unknown> | undefined;
  const make = async (error: unknown): Promise<void> => {
    if (!MISSING.has(codeOf(error))) throw error;
    // In one batch, which is one transaction. The lock is for processes that come at the same time.
    const lock = "SELECT pg_advisory_xact_lock(hashtextextended('sms2fa:make', 0));";
    making ??= pool.query({ text: lock + definitions, rowMode: "array" }).finally(() => {
      making = undefined;
    });
    await making;
  };
  return async (text, values) => {
    const run = () => pool.query({ text, values, rowMode: "array" });
    return run().catch(async (error: unknown) => {
      await make(error);
      return run();
    });
  };
}

const TIDY_EVERY_MS = 10_000;
const TIDY_AT_ONCE = 500;

/** Runs a statement that deletes at most `$1` rows of what has ended, now and then, beside the answers. */
export function tidier(pool: PostgresPool, text: string): () => void {
  let dueAt = Date.now() + TIDY_EVERY_MS;
  return () => {
    if (Date.now() < dueAt) return;
    dueAt = Date.now() + TIDY_EVERY_MS;
    pool.query({ text, values: [TIDY_AT_ONCE], rowMode: "array" }).then(
      ({ rowCount }) => {
        if (rowCount === TIDY_AT_ONCE) dueAt = 0;
      },
      () => undefined,
    );
  };
}

function codeOf(error: unknown): string {
  const code = ownProperty(error, "code");
  // What the server itself has said carries a severity; a broken connection has codes too.
  return typeof code === "string" && ownProperty(error, "severity") !== undefined ? code : "";
}

/** A failure as one that is understood, where it is: `advice` by PostgreSQL's code. */
export function postgresFault(error: unknown, advice: Readonly<Record<string, string>>): unknown {
  const code = codeOf(error);
  // A connection that the server ends may end after the step was applied.
  if (!/^[0-9A-Z]{5}$/.test(code) || /^(?:08|57P)/.test(code)) return error;
  return new StoreFault(code, { isApplied: false, advice: advice[code] });
}
