/** Remembered browsers and recovery codes in Redis or Valkey: each call is one script over one key of the user's. */

import { readPrefix, scriptThrough, type RedisClient } from "../ledger/redis-client";
import type { RecordStore, RememberedBrowser, Rotation } from "./records";

/** Options of `redisRecords`. */
export interface RedisRecordsOptions {
  /** What all keys begin with. @default "sms2fa:" */
  prefix?: string;
}

/*
 * A user's browsers are a hash of "digest previous graceUntil lastUsedAt expiresAt JSON" by id, which ends with the
 * last of them; the codes are a set of digests, which has no end. KEYS: one of the two. ARGV: the call, and what it takes.
 */
const SCRIPT = `
local call, match, op, key = redis.call, string.match, ARGV[1], KEYS[1]
if op == 'find' then return call('HGET', key, ARGV[2]) end
if op == 'list' then return call('HVALS', key) end
if op == 'remove' then return call('HDEL', key, ARGV[2]) end
if op == 'removeAll' then return call('DEL', key) end
if op == 'spend' then return call('SREM', key, ARGV[2]) end
if op == 'count' then return call('SCARD', key) end
if op == 'replace' then
  call('DEL', key)
  if #ARGV > 1 then call('SADD', key, unpack(ARGV, 2)) end
  return 1
end
if op == 'touch' then
  local kept = call('HGET', key, ARGV[2])
  local digest, rest = match(kept or '', '^(%S+) %S+ %S+ %S+ (.*)$')
  if digest ~= ARGV[3] then return 0 end
  call('HSET', key, ARGV[2], ARGV[4] .. rest)
  return 1
end
-- add: id, value, now, and for how long
local kept = call('HGETALL', key)
call('HSET', key, ARGV[2], ARGV[3])
for at = 1, #kept, 2 do
  local expires = tonumber(match(kept[at + 1], '^%S+ %S+ %S+ %S+ (%S+)')) or 0
  if expires <= tonumber(ARGV[4]) and kept[at] ~= ARGV[2] then call('HDEL', key, kept[at]) end
end
if call('PTTL', key) < tonumber(ARGV[5]) then call('PEXPIRE', key, ARGV[5]) end
return 1
`;

/**
 * Keeps remembered browsers and recovery codes in Redis or Valkey. Takes the clients that `redisCounters` takes. The
 * server must keep its data on disk (`appendonly yes`) and forget none of it (`maxmemory-policy noeviction`): a user
 * whose codes are lost has printed them in vain.
 */
export function redisRecords(client: RedisClient, options: RedisRecordsOptions = {}): RecordStore {
  const run = scriptThrough(client, SCRIPT, "redisRecords");
  const prefix = readPrefix(options, "redisRecords");
  const browsers = (userId: string, ...words: string[]) =>
    run([`${prefix}browsers:${userId}`], words);
  const codes = (userId: string, ...words: string[]) => run([`${prefix}recovery:${userId}`], words);
  return {
    add: async (browser) => {
      const { userId, id, expiresAt } = browser;
      const now = Date.now();
      // What is over would end the key, and the user's others with it.
      if (expiresAt <= now) return;
      await browsers(userId, "add", id, pack(browser), String(now), String(expiresAt - now));
    },
    find: async (userId, id) => {
      const told = await browsers(userId, "find", id);
      return told === null || told === undefined ? undefined : unpack(told);
    },
    touch: async (userId, id, rotation) =>
      isOne(await browsers(userId, "touch", id, rotation.from, headOf(rotation))),
    remove: async (userId, id) => isOne(await browsers(userId, "remove", id)),
    removeAll: async (userId) => isOne(await browsers(userId, "removeAll")),
    list: async (userId) => {
      const told = await browsers(userId, "list");
      return Array.isArray(told) ? told.map(unpack) : [];
    },
    replace: async (userId, digests) => {
      await codes(userId, "replace", ...digests);
    },
    spend: async (userId, digest) => isOne(await codes(userId, "spend", digest)),
    count: async (userId) => Number(await codes(userId, "count")),
  };
}

// Clients can be told to give texts for numbers, and buffers for texts.
function isOne(told: unknown): boolean {
  return Number(told) === 1;
}

/** What a rotation changes. */
function headOf({ to, previousDigest, graceUntil, at }: Omit<Rotation, "from">): string {
  return `${to} ${previousDigest ?? "."} ${graceUntil} ${at} `;
}

function pack({
  digest: to,
  previousDigest,
  graceUntil,
  lastUsedAt: at,
  expiresAt,
  ...rest
}: RememberedBrowser): string {
  const head = headOf({ to, previousDigest, graceUntil, at });
  return `${head}${expiresAt} ${JSON.stringify(rest)}`;
}

function unpack(told: unknown): RememberedBrowser {
  const text = String(told);
  const [digest = "", previous, graceUntil, lastUsedAt, expiresAt] = text.split(" ", 5);
  return {
    ...(JSON.parse(text.slice(text.indexOf("{"))) as Omit<RememberedBrowser, "digest">),
    digest,
    previousDigest: previous === "." ? null : (previous ?? null),
    graceUntil: Number(graceUntil),
    lastUsedAt: Number(lastUsedAt),
    expiresAt: Number(expiresAt),
  };
}
