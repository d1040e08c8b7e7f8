/** Tells Redis clients apart by what they can do, runs scripts through each of them, and reads their faults. */

import { createHash } from "node:crypto";
import { refuse, refuseUnknown } from "../std/option-checks";
import { StoreFault } from "./store-fault";

/** A client of node-redis 4 or newer: `createClient`, `createClientPool`, `createCluster`, `createSentinel`. */
export interface NodeRedisClient {
  /** By which it is known. */
  evalSha: unknown;
  /** Sends a command as words. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- its kinds differ in what they take
  sendCommand(...given: any[]): Promise<unknown>;
}

/** A client of ioredis or iovalkey: `Redis` or `Cluster`. */
export interface IoredisClient {
  /** By which it is known. */
  defineCommand: unknown;
  /** Runs a script that the server knows. */
  evalsha(script: string, keys: number, ...given: string[]): Promise<unknown>;
  /** Runs a script. */
  eval(script: string, keys: number, ...given: string[]): Promise<unknown>;
}

/** Any of them. */
export type RedisClient = NodeRedisClient | IoredisClient;

/** Runs a script, or one that the server knows by its digest. */
type SendScript = (
  command: "eval" | "evalsha",
  script: string,
  keys: string[],
  values: string[],
) => Promise<unknown>;

/** Runs one script over keys and values. */
export type RunScript = (keys: string[], values: string[]) => Promise<unknown>;

/** How to run a script through `client`; `factory` is the function that got it. Throws where it is no client that can. */
export function scriptThrough(client: RedisClient, script: string, factory: string): RunScript {
  const send = sendThrough(client, factory);
  const sha = createHash("sha1").update(script).digest("hex");
  return async (keys, values) => {
    try {
      return await send("evalsha", sha, keys, values).catch((error: unknown) => {
        if (codeOf(error) !== "NOSCRIPT") throw error;
        return send("eval", script, keys, values);
      });
    } catch (error) {
      throw faultIn(error, client);
    }
  };
}

/** What all keys begin with. A misspelt option would lead to other keys. */
export function readPrefix(options: { prefix?: string }, factory: string): string {
  refuseUnknown(`${factory}()`, options, { prefix: true });
  const { prefix = "sms2fa:" }: { prefix?: unknown } = options;
  return typeof prefix === "string" ? prefix : refuse("prefix", "to be a string", prefix);
}

function sendThrough(client: RedisClient, factory: string): SendScript {
  const has = (name: string): boolean => can(client, name);
  // Its old versions have `evalsha` too, and call back.
  if (has("evalsha") && has("defineCommand")) return throughIoredis(client as IoredisClient);
  const isNodeRedis = has("sendCommand") && has("evalSha") && has("connect");
  if (!isNodeRedis || isLegacy(client)) throw new TypeError(refusalOf(client, factory));
  const send = (...given: unknown[]) => (client as NodeRedisClient).sendCommand(...given);
  // Its clusters' own `evalSha` has sent scripts to any node; sentinels are told where to read.
  const isCluster = "masters" in client;
  const isSentinel = has("getSentinelNode");
  return (command, script, keys, values) => {
    const words = [command, script, String(keys.length), ...keys, ...values];
    if (isCluster) return send(keys[0], false, words);
    return isSentinel ? send(false, words) : send(words);
  };
}

interface Waiting {
  status?: string;
  connect?: () => Promise<unknown>;
}

function throughIoredis(client: IoredisClient): SendScript {
  const waiting = client as Waiting;
  let connecting: Promise<unknown> | undefined;
  return async (command, script, keys, values) => {
    // With `lazyConnect`, and no queue for what comes before it is connected.
    if (waiting.status === "wait")
      connecting = waiting.connect?.().finally(() => (connecting = undefined));
    await connecting;
    return client[command](script, keys.length, ...keys, ...values);
  };
}

function can(value: unknown, name: string): boolean {
  const isHolder = typeof value === "object" && value !== null;
  return isHolder && typeof (value as Record<string, unknown>)[name] === "function";
}

function isLegacy(client: unknown): boolean {
  return (client as { options?: { legacyMode?: unknown } }).options?.legacyMode === true;
}

function refusalOf(value: unknown, factory: string): string {
  const wanted =
    "Expected a connected client of node-redis 4 or newer, of ioredis or of iovalkey, such as " +
    `\`${factory}(createClient({ url }))\``;
  if (typeof value === "function") return `${wanted}; got a function or class: pass what it makes.`;
  if (value instanceof Promise) return `${wanted}; got a promise: await it.`;
  if (can(value, "send_command")) return `${wanted}; got node-redis 3: update it.`;
  if (can(value, "penalty")) {
    return `${wanted}; got an engine of rate-limiter-flexible: pass the client that it was made with.`;
  }
  if (can(value, "sendCommand")) {
    return `${wanted}; got a client in legacy mode: pass one made without it.`;
  }
  return `${wanted}; got ${value === null ? "null" : typeof value} without its methods.`;
}

const ADVICE: Record<string, string> = {
  READONLY: "The counters or records reached a read-only Redis: connect to its primary.",
  OOM: "Redis is full: give it more memory, and keep `maxmemory-policy noeviction`.",
  NOAUTH: "Redis asks for a password: give the client one.",
  NOPERM: "Redis does not let this user run our scripts: see its ACL in docs/deployment.",
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
    const advice = "The Redis client is closed: call `await client.connect()` at the start.";
    return new StoreFault("closed", { advice });
  }
  return error;
}
