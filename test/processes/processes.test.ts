/** Four processes behind a round-robin proxy are one second factor. */

import Redis from "ioredis";
import { Client, wrongCodes } from "../fakes/app";
import { startRedis, type RedisServer } from "../services/redis";
import { startBalanced, type Balanced } from "./balancer";

const OLD = "the-old-secret-of-the-app-0123456789";
const NEW = "the-new-secret-of-the-app-0123456789";

let redis: RedisServer;
let texts: Redis;
let app: Balanced;

beforeAll(async () => {
  redis = await startRedis();
  texts = new Redis(redis.port);
  app = await startBalanced(4, { redis: redis.url }, [OLD]);
});
afterAll(async () => {
  await app.close();
  texts.disconnect();
  await redis.close();
});
beforeEach(async () => {
  await texts.flushall();
});

async function signedIn(id: string, phone: string): Promise<Client> {
  const client = new Client(`http://127.0.0.1:${app.port}`, "/2fa");
  await client.signIn(id, phone);
  return client;
}

async function codeFor(phone: string): Promise<string> {
  const text = await texts.lindex(`texts:${phone}`, -1);
  return /^\d+/.exec(text ?? "")?.[0] ?? "";
}

/** Of all processes. */
async function pids(): Promise<number[]> {
  const found = new Set<number>();
  const end = Date.now() + 30_000;
  while (found.size < 4 && Date.now() < end) {
    const answer = await new Client(`http://127.0.0.1:${app.port}`, "/2fa").post("/sign-in", {});
    const { pid } = answer.body as { pid?: number };
    if (pid !== undefined) found.add(pid);
  }
  return [...found].sort((a, b) => a - b);
}

const ANN = "+12025550123";

test("400 parallel guesses over all of them get 5 comparisons (R18, B082)", async () => {
  const client = await signedIn("ann", ANN);
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
  const before = [...app.served];
  const guesses = wrongCodes(await codeFor(ANN), 400);
  const answers = await Promise.all(guesses.map((code) => client.copy().answer(code)));
  const compared = answers.filter(({ body }) => (body as { code: string }).code === "wrong_code");
  expect(compared).toHaveLength(5);
  expect(answers.every(({ status }) => status === 403 || status === 429)).toBe(true);
  expect(app.served.map((count, index) => count - (before[index] ?? 0))).toEqual([
    100, 100, 100, 100,
  ]);
});

test("40 parallel right answers over all of them give one success (R6)", async () => {
  const client = await signedIn("ann", ANN);
  await client.ask();
  const code = await codeFor(ANN);
  const holders = Array.from({ length: 40 }, () => client.copy());
  const answers = await Promise.all(holders.map((holder) => holder.answer(code)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test("40 parallel requests with one recovery code over all of them give one success, and lock nobody out", async () => {
  const client = await signedIn("ann", ANN);
  await client.ask();
  await client.answer(await codeFor(ANN));
  const [code, next] = (await client.post("/codes")).body as string[];
  const clients = await Promise.all(Array.from({ length: 40 }, async () => signedIn("ann", ANN)));
  const recover = async (each: Client, recovery_code?: string) =>
    each.post("/2fa/validate-auth", { recovery_code });
  const answers = await Promise.all(clients.map((each) => recover(each, code)));
  const good = answers.filter(({ status }) => status === 200);
  expect(good.map(({ body }) => (body as { recoveryCodesLeft: number }).recoveryCodesLeft)).toEqual(
    [9],
  );
  expect((await recover(await signedIn("ann", ANN), next)).status).toBe(200);
});

test("a challenge that one issues is answered at another, and a third lets pass", async () => {
  const client = await signedIn("ann", ANN);
  const before = [...app.served];
  await client.ask();
  expect((await client.answer(await codeFor(ANN))).status).toBe(200);
  const visit = await client.get("/private");
  expect(visit.status).toBe(200);
  const used = app.served.filter((count, index) => count > (before[index] ?? 0));
  expect(used).toHaveLength(3);
});

test.each(["kill", "freeze"] as const)(
  "a Redis that meets a %s in a burst ends no process, and who tries again is let in",
  async (fault) => {
    const clients: Client[] = [];
    for (let each = 0; each < 8; each += 1) {
      clients.push(await signedIn(`burst-${each}`, `+1202555${String(3000 + each)}`));
    }
    const before = await pids();
    const begun = Date.now();
    const burst = clients.map((client) => client.ask());
    await Promise.race(burst);
    await redis[fault]();
    burst.push(...clients.flatMap((client) => [client.copy().ask(), client.copy().answer("1")]));
    const answers = await Promise.all(burst);
    if (fault === "kill") await redis.restart();
    else redis.thaw();
    const took = Date.now() - begun;
    // A session is read and written, five seconds each at most, around counters of two: bounded, however
    // slow the machine.
    expect(took).toBeLessThan(60_000);
    // The proxy's own 502, of a process that is gone, has no body; the texts go into that Redis too.
    const gone = answers.filter(({ status, text }) => status === 502 && text === "");
    expect(gone).toEqual([]);
    expect(answers.some(({ status }) => status >= 500)).toBe(true);
    expect(answers.every(({ status }) => [200, 403, 429].includes(status) || status >= 500)).toBe(
      true,
    );
    const end = Date.now() + 30_000;
    const phone = "+12025550166";
    let client = await signedIn("again", phone);
    while ((await client.ask()).status !== 200 && Date.now() < end) {
      client = await signedIn("again", phone);
    }
    const code = await codeFor(phone);
    // Each process finds its Redis again in its own time.
    const retried = async (call: () => PromiseLike<{ status: number }>) => {
      let { status } = await call();
      while (status >= 500 && Date.now() < end) ({ status } = await call());
      return status;
    };
    expect(await retried(() => client.answer(code))).toBe(200);
    expect(await retried(() => client.get("/private"))).toBe(200);
    expect(await pids()).toEqual(before);
  },
  180_000,
);

test("in the middle of a rotation a code has 5 attempts, and verifies once", async () => {
  for (let index = 0; index < 4; index += 1) {
    await app.replace(index, index % 2 === 0 ? [OLD, NEW] : [NEW, OLD]);
  }
  const client = await signedIn("ann", ANN);
  await client.ask();
  const guesses = wrongCodes(await codeFor(ANN), 40);
  const guessed = await Promise.all(guesses.map((code) => client.copy().answer(code)));
  const compared = guessed.filter(({ body }) => (body as { code: string }).code === "wrong_code");
  expect(compared).toHaveLength(5);
  const another = await signedIn("bob", "+12025550188");
  await another.ask();
  const code = await codeFor("+12025550188");
  const holders = Array.from({ length: 8 }, () => another.copy());
  const answers = await Promise.all(holders.map((holder) => holder.answer(code)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test("secrets rotate one process at a time without a failed log-in (ASVS 11.2.2)", async () => {
  let users = 0;
  const logIns = async () => {
    for (let each = 0; each < 4; each += 1) {
      users += 1;
      const phone = `+1202555${String(1000 + users)}`;
      const client = await signedIn(`user-${users}`, phone);
      expect((await client.ask()).body).toMatchObject({ status: "sent" });
      expect((await client.answer(await codeFor(phone))).status).toBe(200);
      expect((await client.get("/private")).status).toBe(200);
    }
  };
  const early = await signedIn("early", ANN);
  await early.ask();
  await early.answer(await codeFor(ANN));
  for (const secrets of [[OLD, NEW], [NEW, OLD], [NEW]]) {
    for (let index = 0; index < 4; index += 1) {
      await app.replace(index, secrets);
      await logIns();
    }
    // While its secret is listed, a proof that was given under it counts on.
    if (secrets.includes(OLD)) expect((await early.get("/private")).status).toBe(200);
  }
}, 120_000);

test("a browser is known to all of them, and what one forgets is forgotten in all at once (R61)", async () => {
  const client = await signedIn("ann", ANN);
  await client.ask();
  const answered = await client.answer(await codeFor(ANN), { remember: true });
  expect(answered.body).toMatchObject({ status: "verified", remembered: true });
  const cookie = client.cookie.split("; ").find((each) => each.startsWith("__Host-")) ?? "";
  const [name = "", value = ""] = cookie.split("=");
  const next = new Client(`http://127.0.0.1:${app.port}`, "/2fa", new Map([[name, value]]));
  await next.signIn("ann", ANN);
  const visits = async () =>
    Promise.all(Array.from({ length: 12 }, () => next.copy().visit("/easy")));
  expect(await visits()).toEqual(Array(12).fill(200));
  expect((await next.post("/forget")).body).toEqual({ wasAny: true });
  expect(await visits()).toEqual(Array(12).fill(403));
});
