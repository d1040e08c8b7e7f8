/** A proof and a recovery code that are good once are spent once over four processes, whichever store they count in. */

import Redis from "ioredis";
import { Client } from "../fakes/app";
import { startPostgres, type PostgresServer } from "../services/postgres";
import { startRedis, type RedisServer } from "../services/redis";
import { startBalanced } from "./balancer";

let redis: RedisServer;
let postgres: PostgresServer;
let texts: Redis;

beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  texts = new Redis(redis.port);
});
afterAll(async () => {
  texts.disconnect();
  await Promise.all([redis.close(), postgres.close()]);
});

const ANN = "+12025550123";

test.each(["Redis", "PostgreSQL"])(
  "of 40 parallel requests with one recovery code over four processes that keep it in %s exactly one passes",
  async (store) => {
    await texts.flushall();
    const database = store === "PostgreSQL" ? { database: postgres.url } : {};
    const app = await startBalanced(4, { redis: redis.url, ...database }, [
      "the-secret-of-this-test-0123456789",
    ]);
    const signedIn = async () => {
      const client = new Client(`http://127.0.0.1:${app.port}`, "/2fa");
      await client.signIn("ann", ANN);
      return client;
    };
    try {
      const client = await signedIn();
      await client.ask();
      const code = /^\d+/.exec((await texts.lindex(`texts:${ANN}`, -1)) ?? "")?.[0] ?? "";
      await client.answer(code);
      const [recovery_code, next] = (await client.post("/codes")).body as string[];
      const others = await Promise.all(Array.from({ length: 40 }, signedIn));
      const answers = await Promise.all(
        others.map((other) => other.post("/2fa/validate-auth", { recovery_code })),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 403)).toHaveLength(39);
      const last = await client.copy().post("/2fa/validate-auth", { recovery_code: next });
      expect([last.status, last.body]).toEqual([
        200,
        expect.objectContaining({ recoveryCodesLeft: 8 }),
      ]);
    } finally {
      await app.close();
    }
  },
  180_000,
);

test.each(["Redis", "PostgreSQL"])(
  "of 80 parallel requests over four processes that count in %s exactly one passes",
  async (store) => {
    await texts.flushall();
    const database = store === "PostgreSQL" ? { database: postgres.url } : {};
    const app = await startBalanced(4, { redis: redis.url, ...database }, [
      "the-secret-of-this-test-0123456789",
    ]);
    try {
      const client = new Client(`http://127.0.0.1:${app.port}`, "/2fa");
      await client.signIn("ann", ANN);
      for (let round = 0; round < 2; round += 1) {
        expect((await client.ask({ purpose: "pay" })).body).toMatchObject({ status: "sent" });
        const code = /^\d+/.exec((await texts.lindex(`texts:${ANN}`, -1)) ?? "")?.[0] ?? "";
        expect((await client.answer(code)).status).toBe(200);
        const before = [...app.served];
        const paying = Array.from({ length: 80 }, () => client.copy().post("/pay"));
        const answers = await Promise.all(paying);
        const statuses = answers.map(({ status }) => status);
        expect(statuses.filter((status) => status === 200)).toHaveLength(1);
        expect(statuses.filter((status) => status === 403)).toHaveLength(79);
        expect(app.served.map((count, index) => count - (before[index] ?? 0))).toEqual([
          20, 20, 20, 20,
        ]);
      }
    } finally {
      await app.close();
    }
  },
  180_000,
);
