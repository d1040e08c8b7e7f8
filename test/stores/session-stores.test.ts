/** The session stores that people use: the flow holds over each, and no old cookie or row opens anything. */

import { RedisStore } from "connect-redis";
import session, { MemoryStore, type SessionData, type Store } from "express-session";
import { Pool } from "pg";
import { createClient } from "redis";
import { boundedStore } from "../../lib";
import { EXPRESSES, serve, wrongCodes, type Client, type ServeOptions } from "../fakes/app";
import { startPostgres, type PostgresServer } from "../services/postgres";
import { startRedis, type RedisServer } from "../services/redis";

type MakePostgresStore = (from: typeof session) => new (options: object) => Store;
const PostgresStore = jest.requireActual<MakePostgresStore>("connect-pg-simple")(session);

let redisServer: RedisServer;
let postgresServer: PostgresServer;
let redis: ReturnType<typeof createClient>;
let pool: Pool;

beforeAll(async () => {
  [redisServer, postgresServer] = await Promise.all([startRedis(), startPostgres()]);
  redis = createClient({ url: redisServer.url });
  await redis.connect();
  pool = new Pool({ connectionString: postgresServer.url });
});

afterAll(async () => {
  redis.destroy();
  await pool.end();
  await Promise.all([redisServer.close(), postgresServer.close()]);
});

const STORES: [string, () => Store][] = [
  ["express-session's MemoryStore", () => new MemoryStore()],
  ["connect-redis", () => new RedisStore({ client: redis })],
  [
    "connect-pg-simple",
    () => new PostgresStore({ pool, createTableIfMissing: true, pruneSessionInterval: false }),
  ],
];

const WAYS: [string, <T extends Store>(store: T) => T][] = [
  ["as it is", (store) => store],
  ["in boundedStore()", (store) => boundedStore(store)],
];

describe.each(EXPRESSES)("%s", (_name, express) => {
  describe.each(STORES)("%s", (_store, makeStore) => {
    describe.each(WAYS)("%s", (_way, wrap) => {
      /** An app over the store, and somebody who is verified in it. */
      async function verified(given: ServeOptions = {}) {
        const store = wrap(makeStore());
        const app = await serve({
          express,
          session: { store },
          before: (host, two) => {
            host.post("/log-out", (req, res, next) => {
              two.reset(req).then(() => {
                req.session.destroy(() => res.json({}));
              }, next);
            });
          },
          ...given,
        });
        const client = await app.signedIn();
        const before = client.copy();
        expect(await client.visit()).toBe(403);
        expect((await client.ask()).body).toMatchObject({ status: "sent" });
        const [wrong = ""] = wrongCodes(app.lastCode(), 1);
        expect((await client.answer(wrong)).body).toMatchObject({ code: "wrong_code" });
        expect((await client.answer(app.lastCode())).status).toBe(200);
        return { app, store, client, before };
      }

      test("the whole flow holds, and the app's own data outlive the new id", async () => {
        const { app, client } = await verified();
        expect(await client.visit()).toBe(200);
        expect((await client.status()).body).toMatchObject({ verified: true });
        expect((await client.get("/own")).body).toMatchObject({
          user: { id: "ann" },
          cart: "three apples",
        });
        await client.post("/reset");
        expect(await client.visit()).toBe(403);
        expect((await client.ask()).body).toMatchObject({ status: "sent" });
        expect((await client.answer(app.lastCode())).status).toBe(200);
        expect(await client.visit()).toBe(200);
      });

      test("the cookie from before the code is dead: a planted or stolen id gains nothing", async () => {
        const { app, store, before } = await verified();
        expect(await read(store, before)).toBeUndefined();
        await expectNobody(before);
        // Nor does the right code bring it back.
        expect((await before.answer(app.lastCode())).status).toBe(403);
        await expectNobody(before);
      });

      test("a cookie that was copied while verified is dead after the log-out", async () => {
        const { store, client } = await verified();
        const stolen = client.copy();
        expect(await stolen.copy().visit()).toBe(200);
        await client.post("/log-out");
        expect(await read(store, stolen)).toBeUndefined();
        await expectNobody(stolen);
      });

      test("a row that comes back after the log-out, as a slow write brings it, is signed in and not verified", async () => {
        const { store, client } = await verified();
        const stolen = client.copy();
        const row = await read(store, stolen);
        await client.post("/log-out");
        await write(store, stolen, row);
        expect((await stolen.get("/own")).body).toMatchObject({ user: { id: "ann" } });
        expect(await stolen.visit()).toBe(403);
        expect((await stolen.status()).body).toMatchObject({ verified: false });
      });

      test("a row from before the code that comes back is not verified, and its code is used", async () => {
        const store = wrap(makeStore());
        const app = await serve({ express, session: { store } });
        const client = await app.signedIn();
        await client.ask();
        const before = client.copy();
        const row = await read(store, before);
        expect((await client.answer(app.lastCode())).status).toBe(200);
        await write(store, before, row);
        expect(await before.visit()).toBe(403);
        const answer = await before.answer(app.lastCode());
        expect(answer.body).toMatchObject({ code: "no_challenge" });
        expect(await before.visit()).toBe(403);
        expect(await client.visit()).toBe(200);
      });
    });
  });
});

/** As somebody who has no session: not signed in, and so neither texted nor let in. */
async function expectNobody(client: Client): Promise<void> {
  expect(await client.copy().visit()).toBe(403);
  expect((await client.copy().ask()).body).toMatchObject({ code: "not_signed_in" });
  expect((await client.copy().get("/own")).body).not.toHaveProperty("user");
}

function idOf(client: Client): string {
  const id = /connect\.sid=s:([^.]+)\./.exec(decodeURIComponent(client.cookie))?.[1];
  if (id === undefined) throw new Error("The client has no session's cookie.");
  return id;
}

function read(store: Store, client: Client): Promise<SessionData | undefined> {
  return new Promise((resolve, reject) => {
    store.get(idOf(client), (error, data) => {
      if (error === undefined || error === null) resolve(data ?? undefined);
      else reject(new Error("The store can't be read."));
    });
  });
}

function write(store: Store, client: Client, row: SessionData | undefined): Promise<void> {
  if (row === undefined) throw new Error("There was no row.");
  return new Promise((resolve, reject) => {
    store.set(idOf(client), row, (error) => {
      if (error === undefined || error === null) resolve();
      else reject(new Error("The store can't be written."));
    });
  });
}
