/** Asks the stores that a URL names: version, clock, eviction, and a small race. Each wait is bounded. */

import { createRequire } from "node:module";
import { join } from "node:path";
import { randomId } from "../crypto/mac";
import type { CounterStore } from "../ledger/ledger";
import { postgresCounters } from "../ledger/postgres";
import type { PostgresPool } from "../ledger/postgres-pool";
import { redisCounters } from "../ledger/redis";
import type { RedisClient } from "../ledger/redis-client";
import { DeadlinePassed, within } from "../std/deadline";
import { parseUrl } from "../std/url";
import { clockFinding, fault, ok, warning, wordOf, type Finding } from "./finding";
import type { Environment } from "./settings";

const LONGEST_WAIT_MS = 5000;

/** The stores of REDIS_URL and DATABASE_URL. */
export async function checkStores(env: Environment, folder: string): Promise<Finding[]> {
  const { REDIS_URL: redis, DATABASE_URL: postgres } = env;
  if (!redis && !postgres) {
    const what = "Neither REDIS_URL nor DATABASE_URL is set: no store was checked.";
    const fix = "Several processes need counters that they share; docs/deployment.md says how.";
    return [warning("STORE", what, fix)];
  }
  const checks: Promise<Finding[]>[] = [];
  if (redis) checks.push(bounded("REDIS", "REDIS_URL", () => checkRedis(redis, folder)));
  if (postgres) {
    checks.push(bounded("POSTGRES", "DATABASE_URL", () => checkPostgres(postgres, folder)));
  }
  return (await Promise.all(checks)).flat();
}

async function bounded(
  code: string,
  variable: string,
  check: () => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await within(check(), LONGEST_WAIT_MS);
  } catch (error) {
    const why =
      error instanceof DeadlinePassed
        ? "gave no answer within 5 seconds"
        : `failed (${wordOf(error)})`;
    const fix = `Check host, port, user and password in ${variable}, and that the store runs.`;
    return [fault(code, `The store of ${variable} ${why}.`, fix)];
  }
}

/** A package of the app's own. */
function packageOf(folder: string, name: string): Record<string, unknown> | undefined {
  try {
    return createRequire(join(folder, "app.js"))(name) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

const urlFault = (code: string, variable: string, example: string): Finding[] => [
  fault(code, `${variable} is no URL of such a store.`, `Write it as ${example}.`),
];

interface NodeRedis {
  on: (event: string, hear: () => void) => void;
  connect: () => Promise<unknown>;
  sendCommand: (words: string[]) => Promise<unknown>;
  destroy?: () => void;
  disconnect: () => unknown;
}

async function checkRedis(url: string, folder: string): Promise<Finding[]> {
  const protocol = parseUrl(url)?.protocol;
  if (protocol !== "redis:" && protocol !== "rediss:") {
    return urlFault("REDIS", "REDIS_URL", "redis://127.0.0.1:6379");
  }
  const { client, send, end } = redisClient(url, folder) ?? {};
  if (client === undefined || send === undefined) {
    const what = "REDIS_URL is set, and neither redis nor ioredis is installed.";
    return [fault("REDIS", what, "npm install redis")];
  }
  try {
    const info = String(await send(["INFO"]));
    const [seconds] = (await send(["TIME"])) as [unknown];
    const field = (name: string) => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1];
    const version = field("valkey_version") ?? field("redis_version") ?? "of unknown version";
    return [
      ok("REDIS", `Redis or Valkey ${version} answers.`),
      evictionFinding(field("maxmemory_policy")),
      clockFinding("REDIS_CLOCK", "Redis's", Number(String(seconds)) * 1000),
      await raceFinding("REDIS_RACE", redisCounters(client)),
    ];
  } finally {
    end?.();
  }
}

function evictionFinding(policy: string | undefined): Finding {
  const code = "REDIS_EVICTION";
  if (policy === "noeviction") return ok(code, "It drops no counter to make room (noeviction).");
  const what = `It may drop counters to make room (maxmemory-policy ${policy ?? "unknown"}): limits would be forgotten.`;
  return fault(code, what, "Set maxmemory-policy to noeviction.");
}

function redisClient(url: string, folder: string) {
  const nothing = () => undefined;
  const createClient = packageOf(folder, "redis")?.["createClient"] as
    ((options: object) => NodeRedis) | undefined;
  if (createClient) {
    const socket = { connectTimeout: LONGEST_WAIT_MS, reconnectStrategy: false };
    const client = createClient({ url, socket });
    client.on("error", nothing);
    const connected = client.connect();
    connected.catch(nothing);
    const send = async (words: string[]) => {
      await connected;
      return client.sendCommand(words);
    };
    return { client: client as unknown as RedisClient, send, end: () => client.destroy?.() };
  }
  const Redis = packageOf(folder, "ioredis")?.["Redis"] as
    | (new (
        url: string,
        options: object,
      ) => {
        on: NodeRedis["on"];
        call: (...words: string[]) => Promise<unknown>;
        disconnect: () => void;
      })
    | undefined;
  if (!Redis) return undefined;
  const client = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on("error", nothing);
  return {
    client: client as unknown as RedisClient,
    send: (words: string[]) => client.call(...words),
    end: () => {
      client.disconnect();
    },
  };
}

async function checkPostgres(url: string, folder: string): Promise<Finding[]> {
  const protocol = parseUrl(url)?.protocol;
  if (protocol !== "postgres:" && protocol !== "postgresql:") {
    return urlFault("POSTGRES", "DATABASE_URL", "postgres://acme@127.0.0.1:5432/acme");
  }
  const Pool = packageOf(folder, "pg")?.["Pool"] as
    (new (options: object) => PostgresPool & NodeRedis & { end: () => Promise<void> }) | undefined;
  if (!Pool)
    return [fault("POSTGRES", "DATABASE_URL is set, and pg is not installed.", "npm install pg")];
  const pool = new Pool({
    connectionString: url,
    connectionTimeoutMillis: LONGEST_WAIT_MS,
    max: 4,
  });
  pool.on("error", () => undefined);
  try {
    const text =
      "SELECT current_setting('server_version'), extract(epoch FROM clock_timestamp())::text";
    const { rows } = await pool.query({ text, rowMode: "array" });
    const [version, seconds] = rows[0] ?? [];
    return [
      ok("POSTGRES", `PostgreSQL ${String(version).split(" ", 1)[0] ?? ""} answers.`),
      clockFinding("POSTGRES_CLOCK", "PostgreSQL's", Number(seconds) * 1000),
      await raceFinding("POSTGRES_RACE", postgresCounters(pool)),
    ];
  } finally {
    pool.end().catch(() => undefined);
  }
}

const ROOM = 3;

/** Eight at once take from a counter with room for three, which is nobody's and ends within a minute. */
async function raceFinding(code: string, store: CounterStore): Promise<Finding> {
  const take = { op: "take", scope: randomId(), field: "race", max: ROOM, share: ROOM } as const;
  const entries = [{ ...take, window: 60_000, isPaid: false, isRecorded: false }];
  const answers = await Promise.all(
    Array.from({ length: 8 }, async () =>
      store.step({
        id: randomId(),
        space: "doctor",
        record: randomId(),
        mode: "open",
        life: 60_000,
        entries,
      }),
    ),
  );
  const applied = answers.filter(({ status }) => status === "ok").length;
  if (applied === ROOM)
    return ok(code, "Of eight at once, a counter with room for three let in three.");
  const what = `Of eight at once, a counter with room for three let in ${applied}.`;
  return fault(code, what, "Use one primary that all processes share; report this.");
}
