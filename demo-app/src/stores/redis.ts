/** Keeps what is counted and what passes in a Redis or Valkey: counters, sessions, tries and the inbox. */

import { RedisStore } from "connect-redis";
import { boundedStore } from "express-sms-2fa";
import { redisCounters } from "express-sms-2fa/redis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { answered } from "../std/deadline";
import { KEPT_TEXTS, TEXT_LIFE, type Inbox, type Text } from "../texts/inbox";
import { makeClient, type RedisClient } from "./redis-client";
import type { Stores } from "./stores";

const INBOX = "acme:inbox";
const START_MS = 5000;
const CHECK_MS = 1000;

/** What need not last. */
type PassingStores = Omit<Stores, "database" | "records">;

/** Connects; throws a sentence without the URL, which may hold a password, where nothing answers. */
export async function redisStores(url: string): Promise<PassingStores> {
  const client = makeClient(url);
  try {
    await answered(client.connect(), START_MS);
    await answered(client.ping(), START_MS);
  } catch (error) {
    client.destroy();
    throw new Error("The store that REDIS_URL names did not answer. Is it up, and the URL right?", {
      cause: error,
    });
  }
  return storesOn(client);
}

function storesOn(client: RedisClient): PassingStores {
  return {
    sessions: boundedStore(new RedisStore({ client, prefix: "acme:session:" }), 2),
    counters: redisCounters(client),
    tries: (name, allowed) =>
      new RateLimiterRedis({
        storeClient: client,
        // It knows node-redis by a class name that it no longer has.
        useRedisPackage: true,
        rejectIfRedisNotReady: true,
        keyPrefix: `acme:tries:${name}`,
        ...allowed,
      }),
    inbox: redisInbox(client),
    check: async () => {
      await answered(client.ping(), CHECK_MS);
    },
    close: () => {
      client.destroy();
      return Promise.resolve();
    },
  };
}

function redisInbox(client: RedisClient): Inbox {
  return {
    put: async (text) => {
      const kept = client
        .multi()
        .rPush(INBOX, JSON.stringify(text))
        .lTrim(INBOX, -KEPT_TEXTS, -1)
        .expire(INBOX, TEXT_LIFE);
      await answered(kept.exec());
    },
    texts: async () => {
      const kept = await answered(client.lRange(INBOX, 0, -1));
      return kept.map((text) => JSON.parse(text) as Text);
    },
  };
}
