/** The ledger in Redis or Valkey: each step is one call of a script. */

import type { CounterStore, Step } from "./ledger";
import { readPrefix, scriptThrough, type RedisClient } from "./redis-client";
import { SCRIPT } from "./redis-script";
import { answerFrom, kindOf, numbersOf } from "./wire";

/** Options of `redisCounters`. */
export interface RedisCountersOptions {
  /** What all keys begin with. @default "sms2fa:" */
  prefix?: string;
}

/**
 * Keeps the counters in Redis or Valkey: one call for each request of a code, and one for each answer. Takes a client of
 * node-redis 4 or newer, ioredis or iovalkey: single, Sentinel or Cluster. Set `maxmemory-policy noeviction` there.
 */
export function redisCounters(
  client: RedisClient,
  options: RedisCountersOptions = {},
): CounterStore {
  const run = scriptThrough(client, SCRIPT, "redisCounters");
  const prefix = readPrefix(options, "redisCounters");
  return {
    step: async (step) => {
      const { keys, values } = argumentsOf(step, prefix);
      const told = await run(keys, values);
      // Clients can be told to give texts or buffers for numbers.
      return answerFrom(Array.isArray(told) ? told.map(String) : [], step);
    },
  };
}

function argumentsOf({ id, space, record, mode, life, entries }: Step, prefix: string) {
  // One hash tag: a step stays on one node of a cluster.
  const tag = `${prefix}{${space}}`;
  const scopes = [...new Set([...entries.map(({ scope }) => scope), ...(record ? [record] : [])])];
  const place = (scope: string): string => String(scopes.indexOf(scope) + 1);
  const values = [String(scopes[0]?.length ?? 0), id, place(record), mode, String(life)];
  for (const entry of entries) {
    const { max, window, share } = numbersOf(entry);
    values.push(kindOf(entry), place(entry.scope), entry.field);
    values.push(String(max), String(window), String(share));
  }
  return { keys: scopes.map((scope) => tag + scope), values };
}
