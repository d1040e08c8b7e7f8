/** A store that stops, hangs, is cut off or loses all: steps end in time, and what was refused is not counted. */

import Redis from "ioredis";
import { Pool } from "pg";
import { createClient } from "redis";
import { createClient as createClient4 } from "redis4";
import { GuardedLedger } from "../../lib/ledger/guarded";
import { peek, take, type CounterStore } from "../../lib/ledger/ledger";
import { postgresCounters } from "../../lib/ledger/postgres";
import { redisCounters } from "../../lib/ledger/redis";
import { startPostgres } from "../services/postgres";
import { startRedis } from "../services/redis";
import { startTcpProxy, type TcpProxy } from "../services/tcp-proxy";
import { fresh } from "../../lib/testing/counter-suite";

const HOUR = 3_600_000;
/** The deadline, and what a busy machine adds to it. */
const BOUND_MS = 8000;

/** A store that can be brought down, with what it keeps on disk. */
interface Breakable {
  store: CounterStore;
  restart: () => Promise<void>;
  freeze: () => void;
  thaw: () => void;
  proxy: TcpProxy;
  close: () => Promise<void>;
}

async function openRedis(
  connect: (port: number) => Promise<[CounterStore, () => unknown]>,
): Promise<Breakable> {
  const server = await startRedis("--appendonly", "yes", "--appendfsync", "always");
  const proxy = await startTcpProxy(server.port);
  const [store, disconnect] = await connect(proxy.port);
  return {
    ...server,
    store,
    proxy,
    close: async () => {
      await disconnect();
      await proxy.close();
      await server.close();
    },
  };
}

const nodeRedis = (options: { disableOfflineQueue?: boolean }) => () =>
  openRedis(async (port) => {
    const client = createClient({
      url: `redis://127.0.0.1:${port}`,
      ...options,
      socket: { reconnectStrategy: 50 },
    });
    client.on("error", () => undefined);
    await client.connect();
    return [
      redisCounters(client),
      () => {
        client.destroy();
      },
    ];
  });

const nodeRedis4 = () =>
  openRedis(async (port) => {
    const client = createClient4({
      url: `redis://127.0.0.1:${port}`,
      socket: { reconnectStrategy: () => 50 },
    });
    client.on("error", () => undefined);
    await client.connect();
    return [redisCounters(client), () => client.disconnect()];
  });

/** As it comes: with an offline queue, and what was under way sent again after a cut. */
const ioredis = () =>
  openRedis((port) => {
    const client = new Redis(port, { retryStrategy: () => 50 });
    client.on("error", () => undefined);
    return Promise.resolve([
      redisCounters(client),
      () => {
        client.disconnect();
      },
    ]);
  });

async function postgres(): Promise<Breakable> {
  const server = await startPostgres();
  const proxy = await startTcpProxy(server.port);
  const pool = new Pool({
    connectionString: `postgres://tests@127.0.0.1:${proxy.port}/postgres`,
    connectionTimeoutMillis: 1000,
    query_timeout: 10_000,
  });
  pool.on("error", () => undefined);
  return {
    ...server,
    store: postgresCounters(pool),
    proxy,
    close: async () => {
      await pool.end();
      await proxy.close();
      await server.close();
    },
  };
}

describe.each([
  ["Redis through node-redis", nodeRedis({})],
  ["Redis through node-redis without a queue", nodeRedis({ disableOfflineQueue: true })],
  ["Redis through node-redis 4", nodeRedis4],
  ["Redis through ioredis", ioredis],
  ["PostgreSQL", postgres],
])("%s", (_name, open) => {
  let at: Breakable;
  let ledger: GuardedLedger;

  beforeAll(async () => {
    at = await open();
    ledger = new GuardedLedger(at.store, { space: "faults", life: HOUR });
    await takeOne(fresh());
  }, 60_000);
  afterAll(async () => {
    await ledger.close();
    await at.close();
  });

  /** Whether one was counted; any answer but that and `unavailable` fails the test. */
  async function takeOne(scope: string): Promise<boolean> {
    try {
      const entries = [take(scope, "f", 1e6, HOUR, { isPaid: true }), take("all", "f", 1e6, HOUR)];
      const { status } = await ledger.step({ record: fresh(), mode: "open", entries });
      expect(status).toBe("ok");
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: "unavailable" });
      return false;
    }
  }

  /** Waits until as many are counted as were told to be. */
  async function stands(scope: string, count: number): Promise<void> {
    for (;;) {
      const read = Promise.resolve(ledger.step({ entries: [peek(scope, "f")] }));
      const found = await read.then(
        ({ counts }) => counts[0]?.count,
        () => undefined,
      );
      if (found === count) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function untilItCounts(): Promise<void> {
    while (!(await takeOne(fresh()))) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Takes by eight at once until `during` has ended; tells how many were counted. */
  async function load(scope: string, during: () => Promise<void>): Promise<number> {
    let [isOver, counted] = [false, 0];
    const works = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        if (await takeOne(scope)) counted += 1;
        else await new Promise((resolve) => setTimeout(resolve, 10));
      }
    });
    await during();
    isOver = true;
    await Promise.all(works);
    return counted;
  }

  test("frozen, it refuses in time, and counts none of what it refused", async () => {
    const scope = fresh();
    await takeOne(scope);
    at.freeze();
    const begun = Date.now();
    try {
      const taken = await Promise.all(Array.from({ length: 20 }, () => takeOne(scope)));
      expect(taken).not.toContain(true);
      expect(Date.now() - begun).toBeLessThan(BOUND_MS);
    } finally {
      at.thaw();
    }
    await stands(scope, 1);
  }, 60_000);

  test("cut off in the middle of a load, it counts what it told, and no more", async () => {
    const scope = fresh();
    const counted = await load(scope, async () => {
      for (let each = 0; each < 3; each += 1) {
        at.proxy.cut();
        expect(await takeOne(fresh())).toBe(false);
        at.proxy.mend();
        await untilItCounts();
      }
    });
    await stands(scope, counted);
  }, 60_000);

  test("killed in the middle of a load and started again, it counts what it told, and no more", async () => {
    const scope = fresh();
    const counted = await load(scope, async () => {
      await untilItCounts();
      await at.restart();
      await untilItCounts();
    });
    expect(counted).toBeGreaterThan(0);
    await stands(scope, counted);
  }, 60_000);

  test("behind a slow line, it is right", async () => {
    const scope = fresh();
    at.proxy.delay(30);
    const taken = await Promise.all(Array.from({ length: 20 }, () => takeOne(scope)));
    at.proxy.delay(0);
    await stands(scope, taken.filter(Boolean).length);
  }, 60_000);
});
