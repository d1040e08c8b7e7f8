/** How many rounds of engine calls an answer waits for, counted at a proxy that is far away. */

import Redis from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { fail, serve, type Served } from "../fakes/app";
import { startRedis, type RedisServer } from "../services/redis";
import { startTcpProxy, type TcpProxy } from "../services/tcp-proxy";

let server: RedisServer;
let proxy: TcpProxy;
let storeClient: Redis;

beforeAll(async () => {
  server = await startRedis();
  proxy = await startTcpProxy(server.port);
  storeClient = new Redis(proxy.port, { lazyConnect: true });
  await storeClient.connect();
});
afterAll(async () => {
  storeClient.disconnect();
  await proxy.close();
  await server.close();
});

async function far(options: object = {}): Promise<Served> {
  const app = await serve({
    options: { counters: (o) => new RateLimiterRedis({ storeClient, ...o }), ...options },
  });
  // Scripts are loaded at their first use.
  const warm = await app.signedIn("warm", "+12025550111");
  await warm.ask();
  await warm.answer(app.lastCode());
  await app.two.close();
  proxy.delay(20);
  return app;
}

async function roundsOf(app: Served, act: () => Promise<unknown>): Promise<number> {
  proxy.rounds();
  await act();
  const rounds = proxy.rounds();
  await app.two.close();
  return rounds;
}

afterEach(() => {
  proxy.delay(0);
});

test("request-auth waits for three rounds at most, validate-auth for two", async () => {
  const app = await far();
  const client = await app.signedIn();
  expect(await roundsOf(app, () => client.ask())).toBe(3);
  // A reload reads three counters, all at once.
  expect(await roundsOf(app, () => client.ask())).toBe(1);
  expect(await roundsOf(app, () => client.answer("12"))).toBe(1);
  const code = app.lastCode();
  expect(await roundsOf(app, () => fail(client, code, 1))).toBe(2);
  expect(await roundsOf(app, () => client.answer(code))).toBe(2);
  expect(await roundsOf(app, () => client.visit())).toBe(1);
});

test("a refusal by a narrow budget goes no further than its round", async () => {
  const app = await far({ limits: { number: { max: 1, window: 600 } } });
  const first = await app.signedIn("bea", "+12025550122");
  await first.ask();
  await app.two.close();
  const second = await app.signedIn("bea", "+12025550122");
  expect(await roundsOf(app, () => second.ask())).toBe(1);
});
