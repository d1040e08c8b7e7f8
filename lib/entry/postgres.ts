/** The entry point `express-sms-2fa/postgres`: counters and records in PostgreSQL. */

export {
  postgresCounters,
  postgresCountersSql,
  type PostgresCountersOptions,
} from "../ledger/postgres";
export type { PostgresPlace, PostgresPool, PostgresResult } from "../ledger/postgres-pool";
export {
  postgresRecords,
  postgresRecordsSql,
  type PostgresRecordsOptions,
} from "../records/postgres";
