/** The database within the demo's process: counters and records hold there as on a server. */

import { SCHEMA } from "../../demo-app/src/database/tables";
import { postgresCounters, postgresRecords } from "../../lib/entry/postgres";
import { counterSuite } from "../../lib/testing/counter-suite";
import type { Database } from "../../demo-app/src/database/database";
import { recordSuite } from "../records/suite";
import { emptyDatabase } from "./database";

let database: Database;
beforeAll(async () => {
  database = await emptyDatabase();
}, 180_000);

counterSuite(test, () => [postgresCounters(database, { schema: SCHEMA })]);
recordSuite(test, () => [postgresRecords(database, { schema: SCHEMA })]);

test("a statement that fails leaves those beside it and after it alone", async () => {
  const values = Array.from({ length: 40 }, (_, each) => each % 2);
  const outcomes = values.map((each) =>
    database.query("SELECT 1 / $1::int AS one", [each]).then(
      ({ rows }) => rows[0]?.["one"],
      (error: unknown) => (error as { code: string }).code,
    ),
  );
  expect(await Promise.all(outcomes)).toEqual(values.map((each) => (each === 1 ? 1 : "22012")));
});
