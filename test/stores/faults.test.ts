/** What happens when a store dies, freezes, comes back empty or is cut off: refusals in time, and no more. */

import { RedisStore } from "connect-redis";
import session, { type Store } from "express-session";
import Redis from "ioredis";
import { Pool } from "pg";
import { createClient } from "redis";
import { boundedStore, type CounterStore } from "../../lib";
import { postgresCounters } from "../../lib/ledger/postgres";
import { redisCounters } from "../../lib/ledger/redis";
import { fail, serve, type Client, type Served } from "../fakes/app";
import { startPostgres } from "../services/postgres";
import { startRedis } from "../services/redis";
import { startTcpProxy, type TcpProxy } from "../services/tcp-proxy";

// What no answer may take, nor a store that comes back: far more than their deadlines of a few seconds, as
// a busy machine is slow, and far less than a client that waits for such a store by itself.
const BOUND_MS = 30_000;
const query_timeout = 300_000;

/** A counter store that can be brought down, its client as the README writes it. */
interface Breakable {
  counters: CounterStore;
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
    counters: redisCounters(storeClient),
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
    counters: redisCounters(storeClient),
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
  const pool = new Pool({ connectionString, query_timeout });
  pool.on("error", () => undefined);
  return {
    ...server,
    proxy,
    counters: postgresCounters(pool),
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
])("%s as the counter store", (name, open) => {
  let store: Breakable;
  let app: Served;

  beforeAll(async () => {
    store = await open();
  });
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

  /** Asks for the status until a code has all its attempts again. */
  async function untilUntouched(client: Client): Promise<void> {
    const end = Date.now() + BOUND_MS;
    while (Date.now() < end) {
      const { challenge } = (await client.status()).body as {
        challenge?: { attemptsLeft: number };
      };
      if (challenge?.attemptsLeft === 5) return;
    }
    throw new Error("What was refused stays counted.");
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
  });

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
    // What it has applied since, for an answer that was refused, is undone: the code is as it was.
    await untilUntouched(client);
    expect((await client.answer(code)).status).toBe(200);
  });

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
  });

  test("not there when the app starts, it is refused, and works once it comes", async () => {
    store.proxy.cut();
    const begun = Date.now();
    const early = await serve({ options: { counters: store.counters } });
    const client = await early.signedIn("early", "+12025550133");
    try {
      expect((await client.ask()).body).toMatchObject({ code: "unavailable" });
      expect(await client.visit()).toBe(403);
      expect(Date.now() - begun).toBeLessThan(BOUND_MS);
    } finally {
      store.proxy.mend();
    }
    await askWhenBack(client);
    expect((await client.answer(early.lastCode())).status).toBe(200);
    expect(await client.visit()).toBe(200);
  });

  test("restarted empty, it lets nobody in who has not answered", async () => {
    const client = await app.signedIn("emptied", "+12025550166");
    await askWhenBack(client);
    const code = app.lastCode();
    await fail(client, code, 4);
    await store.restart();
    expect(await client.visit()).not.toBe(200);
    let answer = await client.copy().answer("000000");
    const end = Date.now() + BOUND_MS;
    while (answer.status === 503 && Date.now() < end) answer = await client.copy().answer("000000");
    // Redis keeps nothing here, PostgreSQL all. A code whose attempts nobody has counted is none.
    const isKept = name === "PostgreSQL";
    expect(answer.body).toMatchObject({ code: isKept ? "wrong_code" : "no_challenge" });
    expect((await client.answer(code)).status).not.toBe(200);
    await logsIn("emptied-no-more");
  });

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
  });
});

test("a right answer of which one count is held up is refused, and is good at the next try", async () => {
  const server = await startPostgres();
  const pool = new Pool({ connectionString: server.url, query_timeout });
  try {
    const app = await serve({
      options: { counters: postgresCounters(pool) },
    });
    const client = await app.signedIn();
    await client.ask();
    await fail(client, app.lastCode(), 1);
    const holder = await pool.connect();
    await holder.query("BEGIN");
    const rows = "SELECT FROM sms2fa_counters WHERE key LIKE '% failures' FOR UPDATE";
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
});

test("a pool with no connection left is refused in time, and costs whoever tries again nothing", async () => {
  const server = await startPostgres();
  const pool = new Pool({ connectionString: server.url, max: 1, query_timeout });
  try {
    const one = { max: 1, window: 600 };
    const app = await serve({
      options: {
        counters: postgresCounters(pool),
        limits: { number: one },
      },
    });
    const client = await app.signedIn();
    const holder = await pool.connect();
    const begun = Date.now();
    expect((await client.ask()).status).toBe(503);
    expect(Date.now() - begun).toBeLessThan(BOUND_MS);
    holder.release();
    await pool.query("SELECT 1");
    await app.two.close();
    expect((await client.ask()).body).toMatchObject({ status: "sent" });
    expect((await client.answer(app.lastCode())).status).toBe(200);
  } finally {
    await pool.end();
    await server.close();
  }
});

/** A session store that can be brought down. */
interface BreakableStore extends Omit<Breakable, "counters"> {
  store: Store;
}

async function openRedisStore(): Promise<BreakableStore> {
  const server = await startRedis();
  const proxy = await startTcpProxy(server.port);
  const client = redisClient(proxy.port);
  await client.connect();
  return {
    ...server,
    proxy,
    store: boundedStore(new RedisStore({ client }), 1),
    close: async () => {
      client.destroy();
      await proxy.close();
      await server.close();
    },
  };
}

type MakePostgresStore = (from: typeof session) => new (options: object) => Store;
const PostgresStore = jest.requireActual<MakePostgresStore>("connect-pg-simple")(session);

async function openPostgresStore(): Promise<BreakableStore> {
  const server = await startPostgres();
  const proxy = await startTcpProxy(server.port);
  const connectionString = `postgres://tests@127.0.0.1:${proxy.port}/postgres`;
  const pool = new Pool({ connectionString, connectionTimeoutMillis: 2000, query_timeout });
  pool.on("error", () => undefined);
  const options = { pool, createTableIfMissing: true, pruneSessionInterval: false };
  return {
    ...server,
    proxy,
    store: boundedStore(new PostgresStore({ ...options, errorLog: () => undefined }), 1),
    close: async () => {
      await pool.end();
      await proxy.close();
      await server.close();
    },
  };
}

describe.each([
  ["Redis", openRedisStore],
  ["PostgreSQL", openPostgresStore],
])("%s as the session store", (name, open) => {
  let sessions: BreakableStore;
  let app: Served;

  beforeAll(async () => {
    sessions = await open();
  });
  beforeEach(async () => {
    app = await serve({ session: { store: sessions.store } });
  });
  afterAll(() => sessions.close());

  /** Tries until the store is back. */
  async function whenBack(call: () => PromiseLike<{ status: number }>): Promise<number> {
    const end = Date.now() + BOUND_MS;
    let status = 503;
    while (status === 503 && Date.now() < end) ({ status } = await call());
    return status;
  }

  async function logsIn(id: string): Promise<void> {
    const client = app.client();
    const user = { id, phone: "+12025550188" };
    // express-session answers 200 where its save failed: so until the sign-in has been kept.
    const signIn = async () => {
      await client.post("/sign-in", user);
      const own = await client.get("/own");
      const isKept = own.status !== 200 || (own.body as { user?: object }).user !== undefined;
      return { status: isKept ? own.status : 503 };
    };
    expect(await whenBack(signIn)).toBe(200);
    expect(await whenBack(() => client.ask())).toBe(200);
    expect(await whenBack(() => client.answer(app.lastCode()))).toBe(200);
    expect(await client.visit()).toBe(200);
  }

  /** Somebody who has been verified, and somebody who has a code. */
  async function twoUsers() {
    const verified = await app.signedIn("verified");
    expect((await verified.ask()).status).toBe(200);
    expect((await verified.answer(app.lastCode())).status).toBe(200);
    const waiting = await app.signedIn("waiting", "+12025550177");
    expect((await waiting.ask()).status).toBe(200);
    return { verified, waiting, code: app.lastCode() };
  }

  const callAll = (verified: Client, waiting: Client, code: string) =>
    Promise.all([
      waiting.copy().answer(code),
      waiting.copy().ask({ fresh: true }),
      waiting.copy().status(),
      waiting.copy().get("/private"),
      verified.copy().get("/private"),
    ]);

  test("killed in the middle of a burst, it lets nobody in and keeps nobody waiting", async () => {
    const { verified, waiting, code } = await twoUsers();
    const begun = Date.now();
    const burst = Array.from({ length: 20 }, () => waiting.copy().answer("000000"));
    await Promise.race(burst);
    await sessions.kill();
    const after = await callAll(verified, waiting, code);
    const answers = [...(await Promise.all(burst)), ...after];
    expect(Date.now() - begun).toBeLessThan(BOUND_MS);
    expect(after.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    expect(answers.filter(({ status }) => ![403, 429, 503].includes(status))).toEqual([]);
    await sessions.restart();
    await logsIn("killed-no-more");
  });

  test("stopped so that it answers nothing, it is refused in time, and nothing is lost when it goes on", async () => {
    const { verified, waiting, code } = await twoUsers();
    sessions.freeze();
    const begun = Date.now();
    try {
      const answers = await callAll(verified, waiting, code);
      expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
      expect(Date.now() - begun).toBeLessThan(BOUND_MS);
    } finally {
      sessions.thaw();
    }
    expect(await whenBack(() => verified.get("/private"))).toBe(200);
    expect(await whenBack(() => waiting.answer(code))).toBe(200);
    expect(await waiting.visit()).toBe(200);
  });

  test("cut off for a time behind a slow line, it is refused, then right again", async () => {
    sessions.proxy.delay(30);
    const { verified, waiting, code } = await twoUsers();
    sessions.proxy.cut();
    const begun = Date.now();
    const answers = await callAll(verified, waiting, code);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    expect(Date.now() - begun).toBeLessThan(BOUND_MS);
    sessions.proxy.mend();
    expect(await whenBack(() => waiting.answer(code))).toBe(200);
    expect(await whenBack(() => verified.get("/private"))).toBe(200);
    sessions.proxy.delay(0);
  });

  test("restarted, perhaps with nothing in it, it lets nobody in who has not answered", async () => {
    const { verified, waiting, code } = await twoUsers();
    await sessions.restart();
    expect(await whenBack(() => waiting.get("/private"))).toBe(403);
    const kept = await whenBack(() => verified.get("/private"));
    // Redis keeps nothing here, PostgreSQL all.
    expect(kept).toBe(name === "Redis" ? 403 : 200);
    expect((await waiting.answer(code)).status).toBe(kept);
    await logsIn("restarted");
  });
});
