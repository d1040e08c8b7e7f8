/** Connects to a Redis or Valkey, and says once when the connection is lost. */

import { createClient } from "redis";

export type RedisClient = ReturnType<typeof makeClient>;

const LONGEST_PAUSE_MS = 1000;

/** Makes a client that is not connected yet. */
export function makeClient(url: string) {
  // Without an offline queue, so that a store that is away refuses at once.
  const socket = { reconnectStrategy: (tries: number) => Math.min(tries * 50, LONGEST_PAUSE_MS) };
  const client = createClient({ url, disableOfflineQueue: true, socket });
  let isAway = true;
  client.on("ready", () => {
    isAway = false;
  });
  // A line for each loss, and none for each try to connect again.
  client.on("error", () => {
    if (!isAway) console.error("The connection to the store is lost.");
    isAway = true;
  });
  return client;
}
