/** Options of the stores in Redis and PostgreSQL: a misspelt one is refused at the start, before anything is kept elsewhere. */

import {
  postgresCounters,
  postgresCountersSql,
  postgresRecords,
  postgresRecordsSql,
} from "../../lib/entry/postgres";
import { redisCounters, redisRecords } from "../../lib/entry/redis";

const redis = { defineCommand: () => {}, evalsha: () => {}, eval: () => {} } as never;
const pool = { query: () => {}, totalCount: 0 } as never;

test.each([
  ["redisCounters", redisCounters],
  ["redisRecords", redisRecords],
])("%s refuses a misspelt option and a prefix that is no text", (name, make) => {
  expect(() => make(redis, { prefx: "acme:" } as object)).toThrow(
    `Unknown option \`prefx\` of ${name}(). Did you mean \`prefix\`?`,
  );
  expect(() => make(redis, { prefix: 5 as never })).toThrow("Expected `prefix` to be a string");
  expect(() => make(redis, { prefix: "acme:" })).not.toThrow();
});

test.each([
  ["postgresCounters", (options: object) => postgresCounters(pool, options)],
  ["postgresRecords", (options: object) => postgresRecords(pool, options)],
  ["postgresCountersSql", (options: object) => postgresCountersSql(options)],
  ["postgresRecordsSql", (options: object) => postgresRecordsSql(options)],
])("%s refuses a misspelt option", (name, make) => {
  expect(() => make({ schemas: "acme" })).toThrow(
    `Unknown option \`schemas\` of ${name}(). Did you mean \`schema\`?`,
  );
  expect(() => make({ schema: "acme" })).not.toThrow();
});
