/** What happens when a store dies, freezes, comes back empty or is cut off: refusals in time, and no more. */

import { RedisStore } from "connect-redis";
import Redis from "ioredis";
import { Pool } from "pg";
import { RateLimiterPostgres, RateLimiterRedis } from "rate-limiter-flexible";
import { createClient } from "redis";
import { boundedStore, type MakeEngine } from "../../lib";
import { fail, serve, type Client, type Served } from "../fakes/app";
import { startPostgres } from "../services/postgres";
import { startRedis, type RedisServer } from "../services/redis";
import { startTcpProxy, type TcpProxy } from "../services/tcp-proxy";

const BOUND_MS = 8000;

/** An engine that can be brought down, its client as the README writes it. */
interface Breakable {
  counters: MakeEngine;
  kill: () => Promise<void>;
  restart: () => Promise<void>;
  freeze: () => void;
  thaw: () => void;
  proxy: TcpProxy;
  close: () => Promise<void>;
}

// A rejection that nobody handles fails the test it falls into: Jest sees to that.

function redisClient(port: number) {
  const client = createClient({
    url: `redis://127.0.0.1:${port}`,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: 50 },
  });
  client.on("error", () => undefined);
  return client;
}

async function openRedis(): Promise<Breakable> {
  const server = await startRedis();
  const proxy = await startTcpProxy(server.port);
  const storeClient = redisClient(proxy.port);
  await storeClient.connect();
  return {
    ...server,
    proxy,
    counters: (o) => new RateLimiterRedis({ storeClient, ...o }),
    close: async () => {
      storeClient.destroy();
      await proxy.close();
      await server.close();
    },
  };
}

/** ioredis as it comes: with an offline queue, and what was under way sent again after a cut. */
async function openIoredis(): Promise<Breakable> {
  const server = await startRedis();
  const proxy = await startTcpProxy(server.port);
  const storeClient = new Redis(proxy.port, { retryStrategy: () => 50 });
  storeClient.on("error", () => undefined);
  return {
    ...server,
    proxy,
    counters: (o) => new RateLimiterRedis({ storeClient, ...o }),
    close: async () => {
      storeClient.disconnect();
      await proxy.close();
      await server.close();
    },
  };
}

async function openPostgres(): Promise<Breakable> {
  const server = await startPostgres();
  const proxy = await startTcpProxy(server.port);
  const connectionString = `postgres://tests@127.0.0.1:${proxy.port}/postgres`;
  const pool = new Pool({ connectionString, query_timeout: 10_000 });
  pool.on("error", () => undefined);
  return {
    ...server,
    proxy,
    counters: (o) => new RateLimiterPostgres({ storeClient: pool, ...o }),
    close: async () => {
      await pool.end();
      await proxy.close();
      await server.close();
    },
  };
}

describe.each([
  ["Redis through node-redis", openRedis],
  ["Redis through ioredis", openIoredis],
  ["PostgreSQL", openPostgres],
])("%s as the counter store", (_name, open) => {
  let store: Breakable;
  let app: Served;

  beforeAll(async () => {
    store = await open();
  }, 30_000);
  beforeEach(async () => {
    const everything = { max: 1000, window: 600 };
    const limits = { user: everything, number: everything, network: everything };
    app = await serve({ options: { counters: store.counters, limits } });
  });
  afterAll(() => store.close());

  /** Asks, waiting for a store that is coming back. */
  async function askWhenBack(client: Client): Promise<void> {
    const end = Date.now() + BOUND_MS;
    while (Date.now() < end) {
      const { status } = await client.ask();
      if (status === 200) return;
    }
    throw new Error("The store did not come back.");
  }

  async function logsIn(id: string): Promise<void> {
    const client = await app.signedIn(id, "+12025550199");
    await askWhenBack(client);
    expect((await client.answer(app.lastCode())).status).toBe(200);
    expect(await client.visit()).toBe(200);
  }

  test("killed in the middle of a burst, it verifies nobody wrongly and keeps nobody waiting", async () => {
    const clients: Client[] = [];
    for (let each = 0; each < 20; each += 1) clients.push(await app.signedIn(`burst-${each}`));
    const verified = await app.signedIn("verified");
    await askWhenBack(verified);
    await verified.answer(app.lastCode());
    const begun = Date.now();
    const first = clients.slice(0, 10).map((client) => client.ask());
    await Promise.race(first);
    const second = clients.map((client) => client.answer("000000"));
    await store.kill();
    const third = clients.map((client) => client.ask());
    const answers = await Promise.all([...first, ...second, ...third]);
    expect(Date.now() - begun).toBeLessThan(BOUND_MS);
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => ![200, 403, 429, 503].includes(status))).toEqual([]);
    expect(statuses).toContain(503);
    for (const client of clients) expect(await client.visit()).not.toBe(200);
    expect(await verified.visit()).toBe(503);
    await store.restart();
    await logsIn("burst-0");
  }, 30_000);

  test("stopped so that it answers nothing, it is refused in time, and works when it goes on", async () => {
    const client = await app.signedIn("frozen", "+12025550177");
    await askWhenBack(client);
    const code = app.lastCode();
    store.freeze();
    const begun = Date.now();
    try {
      const answers = await Promise.all([
        client.copy().answer(code),
        client.copy().ask({ fresh: true }),
        client.copy().get("/2fa/status"),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
      expect(answers[0].body).toMatchObject({ code: "unavailable" });
      expect(answers[0].headers["retry-after"]).toMatch(/^[1-9]\d*$/);
      expect(Date.now() - begun).toBeLessThan(BOUND_MS);
    } finally {
      store.thaw();
    }
    await logsIn("frozen-no-more");
    // The store has compared nothing: the code and its attempts are as they were.
    expect((await client.status()).body).toMatchObject({ challenge: { attemptsLeft: 5 } });
    expect((await client.answer(code)).status).toBe(200);
  }, 30_000);

  test("what it counts once it goes on, for requests that were refused, is given back", async () => {
    const two = { max: 2, window: 600 };
    const own = await serve({
      options: { counters: store.counters, limits: { user: two, number: two } },
    });
    const client = await own.signedIn("late", "+12025550144");
    expect(await client.visit()).toBe(403);
    store.freeze();
    try {
      const asked = await Promise.all([1, 2, 3, 4].map(() => client.copy().ask()));
      expect(asked.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
      expect(own.sent).toEqual([]);
    } finally {
      store.thaw();
    }
    // Long before the cooldown or a budget would have ended.
    await askWhenBack(client);
    expect(own.sent).toHaveLength(1);
    expect((await client.answer(own.lastCode())).status).toBe(200);
  }, 30_000);

  test("restarted empty, it lets nobody in who has not answered", async () => {
    const client = await app.signedIn("emptied", "+12025550166");
    await askWhenBack(client);
    const code = app.lastCode();
    await fail(client, code, 4);
    await store.restart();
    expect(await client.visit()).not.toBe(200);
    await askWhenBack(client);
    expect((await client.answer(code)).status).toBe(200);
  }, 30_000);

  test("cut off for a time behind a slow line, it is refused, then right again", async () => {
    store.proxy.delay(30);
    const client = await app.signedIn("cut", "+12025550155");
    await askWhenBack(client);
    const code = app.lastCode();
    store.proxy.cut();
    const begun = Date.now();
    const refused = await client.answer(code);
    expect(refused.status).toBe(503);
    expect(Date.now() - begun).toBeLessThan(BOUND_MS);
    store.proxy.mend();
    const end = Date.now() + BOUND_MS;
    let status = 503;
    while (status === 503 && Date.now() < end) ({ status } = await client.answer(code));
    expect(status).toBe(200);
    store.proxy.delay(0);
  }, 30_000);
});

test("a right answer of which one count is held up is refused, and is good at the next try", async () => {
  const server = await startPostgres();
  const pool = new Pool({ connectionString: server.url, query_timeout: 10_000 });
  try {
    const app = await serve({
      options: { counters: (o) => new RateLimiterPostgres({ storeClient: pool, ...o }) },
    });
    const client = await app.signedIn();
    await client.ask();
    await fail(client, app.lastCode(), 1);
    const holder = await pool.connect();
    await holder.query("BEGIN");
    const rows = "SELECT FROM sms2fa WHERE key LIKE 'sms2fa:failures:%' FOR UPDATE";
    expect((await holder.query(rows)).rowCount).toBe(1);
    expect((await client.answer(app.lastCode())).status).toBe(503);
    await holder.query("COMMIT");
    holder.release();
    await app.two.close();
    expect((await client.answer(app.lastCode())).status).toBe(200);
    expect(await client.visit()).toBe(200);
  } finally {
    await pool.end();
    await server.close();
  }
}, 30_000);

describe("Redis as the session store", () => {
  let server: RedisServer;
  let client: ReturnType<typeof redisClient>;

  beforeAll(async () => {
    server = await startRedis();
    client = redisClient(server.port);
    await client.connect();
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  test.each(["kill", "freeze"] as const)(
    "after a %s every answer comes in time and is a refusal, and a later log-in works",
    async (fault) => {
      const app = await serve({ session: { store: boundedStore(new RedisStore({ client }), 1) } });
      const user = await app.signedIn();
      await user.ask();
      const code = app.lastCode();
      await server[fault]();
      const begun = Date.now();
      const answers = await Promise.all([
        user.copy().answer(code),
        user.copy().ask(),
        user.copy().get("/private"),
      ]);
      expect(Date.now() - begun).toBeLessThan(BOUND_MS);
      for (const { status } of answers) expect(status).toBeGreaterThanOrEqual(500);
      if (fault === "kill") await server.restart();
      else server.thaw();
      const end = Date.now() + BOUND_MS;
      while (!client.isReady && Date.now() < end) await new Promise(setImmediate);
      const again = await app.signedIn("bob", "+12025550188");
      await again.ask();
      expect((await again.answer(app.lastCode())).status).toBe(200);
      expect(await again.visit()).toBe(200);
    },
    30_000,
  );
});
