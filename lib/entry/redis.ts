/** The entry point `express-sms-2fa/redis`: counters and records in Redis or Valkey. */

export { redisCounters, type RedisCountersOptions } from "../ledger/redis";
export type { IoredisClient, NodeRedisClient, RedisClient } from "../ledger/redis-client";
export { redisRecords, type RedisRecordsOptions } from "../records/redis";
