/** How many calls of the counter store an answer waits for, counted at a client whose server is far away. */

import { RedisStore } from "connect-redis";
import Redis from "ioredis";
import { createClient } from "redis";
import { redisCounters } from "../../lib/ledger/redis";
import { fail, SECRET, serve, type Served, type ServeOptions } from "../fakes/app";
import { startRedis, type RedisServer } from "../services/redis";
import { startTcpProxy, type TcpProxy } from "../services/tcp-proxy";

let server: RedisServer;
let proxy: TcpProxy;
let client: Redis;

beforeAll(async () => {
  server = await startRedis();
  proxy = await startTcpProxy(server.port);
  client = new Redis(proxy.port, { lazyConnect: true });
  await client.connect();
  countCalls();
});
afterAll(async () => {
  client.disconnect();
  await proxy.close();
  await server.close();
});

let calls = 0;

/** Has the client count what it sends. */
function countCalls(): void {
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    calls += 1;
    return send(command, stream);
  };
}

async function far(
  options: ServeOptions["options"] = {},
  more: ServeOptions = {},
): Promise<Served> {
  const app = await serve({ ...more, options: { counters: redisCounters(client), ...options } });
  // The script is loaded at its first use.
  const warm = await app.signedIn("warm", "+12025550111");
  await warm.ask();
  await app.two.close();
  proxy.delay(20);
  return app;
}

/** How many calls are made from the request on, up to the end of what is done beside the answer. */
async function callsOf(app: Served, act: () => PromiseLike<unknown>): Promise<number> {
  calls = 0;
  await act();
  await app.two.close();
  return calls;
}

afterEach(() => {
  proxy.delay(0);
});

test("request-auth waits for one step, validate-auth for one: a cycle is two calls", async () => {
  const app = await far();
  const ann = await app.signedIn();
  expect(await callsOf(app, () => ann.ask())).toBe(1);
  expect(await callsOf(app, () => ann.answer(app.lastCode()))).toBe(1);
  expect(await callsOf(app, () => ann.visit())).toBe(1);
});

test("the session's own calls are the rest: with sessions in the same Redis, a cycle is two steps and no more keys of ours", async () => {
  const sessions = createClient({ url: server.url });
  await sessions.connect();
  try {
    const store = new RedisStore({ client: sessions });
    const app = await far({}, { session: { store } });
    const ann = await app.signedIn("bea", "+12025550122");
    const steps = await callsOf(app, async () => {
      expect((await ann.ask()).body).toMatchObject({ status: "sent" });
      expect((await ann.answer(app.lastCode())).status).toBe(200);
    });
    expect(steps).toBe(2);
  } finally {
    sessions.destroy();
  }
});

test("nor do a reload, a wrong code, a second submit, a step-up, the status and a log-out wait for more", async () => {
  const app = await far({ purposes: ["pay"] });
  const cat = await app.signedIn("cat", "+12025550144");
  await cat.ask();
  const code = app.lastCode();
  expect(await callsOf(app, () => cat.ask())).toBe(1);
  expect(await callsOf(app, () => cat.status())).toBe(1);
  expect(await callsOf(app, () => cat.answer("12"))).toBe(1);
  expect(await callsOf(app, () => fail(cat, code, 1))).toBe(1);
  expect(await callsOf(app, () => cat.answer(code))).toBe(1);
  expect(await callsOf(app, () => cat.answer(code))).toBe(1);
  expect(await callsOf(app, () => cat.ask())).toBe(1);
  expect(await callsOf(app, () => cat.ask({ purpose: "pay" }))).toBe(1);
  expect(await callsOf(app, () => cat.answer(app.lastCode()))).toBe(1);
  expect(await callsOf(app, () => cat.status())).toBe(1);
  expect(await callsOf(app, () => cat.post("/reset"))).toBe(1);
});

test("an answer without a challenge, and a stranger's, cost no call", async () => {
  const app = await far();
  const dan = await app.signedIn("dan", "+12025550166");
  expect(await callsOf(app, () => dan.answer("123456"))).toBe(0);
  expect(await callsOf(app, () => app.client().ask())).toBe(0);
  expect(await callsOf(app, () => app.client().visit())).toBe(0);
  expect(await callsOf(app, () => app.client().status())).toBe(0);
});

test("while secrets rotate the counts under the older one cost no call", async () => {
  const app = await far({ secret: ["the-new-secret-of-the-app-0123456789", SECRET] });
  const eve = await app.signedIn("eve", "+12025550155");
  expect(await callsOf(app, () => eve.ask())).toBe(1);
  const code = app.lastCode();
  expect(await callsOf(app, () => fail(eve, code, 1))).toBe(1);
  expect(await callsOf(app, () => eve.answer(code))).toBe(1);
});

test.each(["user", "number", "network", "country", "all"] as const)(
  "a refusal by the limit of %s is one call",
  async (limit) => {
    const app = await far({
      limits: { [limit]: { max: 2, window: 600 } },
      namespace: `full of ${limit}`,
    });
    const first = await app.signedIn("fay", "+12025550133");
    expect((await first.ask()).status).toBe(200);
    const second = await app.signedIn("fay", "+12025550133");
    await second.ask();
    const third = await app.signedIn("fay", "+12025550133");
    let status = 0;
    expect(await callsOf(app, () => third.ask().then((told) => (status = told.status)))).toBe(1);
    expect(status).toBe(429);
  },
);
