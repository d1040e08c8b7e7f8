/** The ledger in Redis or Valkey: each step is one call of a script. */

import { createHash } from "node:crypto";
import type { CounterStore, Step } from "./ledger";
import { scriptsOf, type RedisClient } from "./redis-client";
import { SCRIPT } from "./redis-script";
import { StoreFault } from "./store-fault";
import { answerFrom, kindOf, numbersOf } from "./wire";

export type { IoredisClient, NodeRedisClient, RedisClient } from "./redis-client";

/** Options of `redisCounters`. */
export interface RedisCountersOptions {
  /** What all keys begin with. @default "sms2fa:" */
  prefix?: string;
}

const SHA = createHash("sha1").update(SCRIPT).digest("hex");

/**
 * Keeps the counters in Redis or Valkey: one call for each request of a code, and one for each answer. Takes a client of
 * node-redis 4 or newer, ioredis or iovalkey: single, Sentinel or Cluster. Set `maxmemory-policy noeviction` there.
 */
export function redisCounters(
  client: RedisClient,
  { prefix = "sms2fa:" }: RedisCountersOptions = {},
): CounterStore {
  const send = scriptsOf(client);
  return {
    step: async (step) => {
      const { keys, values } = argumentsOf(step, prefix);
      try {
        const told = await send("evalsha", SHA, keys, values).catch((error: unknown) => {
          if (codeOf(error) !== "NOSCRIPT") throw error;
          return send("eval", SCRIPT, keys, values);
        });
        // Clients can be told to give texts or buffers for numbers.
        return answerFrom(Array.isArray(told) ? told.map(String) : [], step);
      } catch (error) {
        throw faultIn(error, client);
      }
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

const ADVICE: Record<string, string> = {
  READONLY: "The counters reached a read-only Redis: connect to its primary.",
  OOM: "Redis is full: give it more memory, and keep `maxmemory-policy noeviction`.",
  NOAUTH: "Redis asks for a password: give the client one.",
  NOPERM: "Redis does not let this user run the counters' script: see its ACL in docs/deployment.",
  CROSSSLOT: "The client's key prefix has an empty hash tag: take `{}` out of it.",
};
const APPLIED_NOTHING =
  /^(?:READONLY|OOM|NOAUTH|NOPERM|NOREPLICAS|MISCONF|WRONGTYPE|CROSSSLOT|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|MOVED|ASK)$/;

function codeOf(error: unknown): string {
  return (error instanceof Error && /^[A-Z]{3,}(?= )/.exec(error.message)?.[0]) || "";
}

function faultIn(error: unknown, client: RedisClient): unknown {
  const code = codeOf(error);
  if (APPLIED_NOTHING.test(code))
    return new StoreFault(code, { isApplied: false, advice: ADVICE[code] });
  if ("isOpen" in client && client.isOpen === false) {
    const advice =
      "The counters' Redis client is closed: call `await client.connect()` at the start.";
    return new StoreFault("closed", { advice });
  }
  return error;
}
