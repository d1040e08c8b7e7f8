/** What the demo asks of its database, a PostgreSQL within this process or elsewhere: one statement at a time. */

/** What a statement has given. */
export interface Result<Row> {
  rows: Row[];
  /** How many rows were read or changed. */
  rowCount: number | null;
}

/** A statement with what stands for `$1` and so on. Without values it may be several, with `;` between. */
export interface Statement {
  text: string;
  values?: unknown[];
}

/** As a `Pool` of pg. A change that must be whole is one statement: there are no transactions beside. */
export interface Database {
  query(statement: Statement & { rowMode: "array" }): Promise<Result<unknown[]>>;
  query(
    statement: string | Statement,
    values?: unknown[],
  ): Promise<Result<Record<string, unknown>>>;
  /** How many connections it has. */
  readonly totalCount: number;
  end(): Promise<void>;
}
