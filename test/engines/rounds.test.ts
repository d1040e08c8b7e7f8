/** How many rounds of engine calls an answer waits for, counted at a client whose server is far away. */

import Redis from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { fail, SECRET, serve, type Served } from "../fakes/app";
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
  countRounds();
});
afterAll(async () => {
  storeClient.disconnect();
  await proxy.close();
  await server.close();
});

// The longest chain of calls of which each was made after an answer to the one before.
let rounds = 0;

/** Has the client count: a call's round is the one after the last that has been answered. */
function countRounds(): void {
  const send = storeClient.sendCommand.bind(storeClient);
  storeClient.sendCommand = (command, stream) => {
    const own = rounds + 1;
    const note = () => {
      rounds = Math.max(rounds, own);
    };
    // Before whoever made the call hears of the answer, and calls again.
    command.promise.then(note, note);
    return send(command, stream);
  };
}

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
  rounds = 0;
  await act();
  const counted = rounds;
  await app.two.close();
  return counted;
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

test("nor do a resend, a step-up, a second submit, the status and a log-out wait for more", async () => {
  const app = await far({ limits: { cooldown: 1 } });
  const client = await app.signedIn();
  await client.ask();
  expect(await roundsOf(app, () => client.status())).toBe(1);
  // Asked all the time, also in the moment in which the cooldown ends.
  const each: number[] = [];
  const end = Date.now() + 30_000;
  while (app.sent.length < 3 && Date.now() < end) {
    each.push(await roundsOf(app, () => client.ask()));
  }
  expect(each.at(-1)).toBe(3);
  expect(Math.max(...each)).toBe(3);
  expect(await roundsOf(app, () => client.answer(app.lastCode()))).toBe(2);
  expect(await roundsOf(app, () => client.answer(app.lastCode()))).toBe(2);
  expect(await roundsOf(app, () => client.ask())).toBe(1);
  expect(await roundsOf(app, () => client.ask({ fresh: true }))).toBe(3);
  expect(await roundsOf(app, () => client.status())).toBe(1);
  expect(await roundsOf(app, () => client.post("/reset"))).toBe(1);
});

test("while secrets rotate the counts under the older one cost no round", async () => {
  const app = await far({ secret: ["new-secret-0123456789-abcdefghij", SECRET] });
  const client = await app.signedIn("cat", "+12025550144");
  expect(await roundsOf(app, () => client.ask())).toBe(3);
  const code = app.lastCode();
  expect(await roundsOf(app, () => fail(client, code, 1))).toBe(2);
  expect(await roundsOf(app, () => client.answer(code))).toBe(2);
});

test.each([
  ["user", 1],
  ["number", 1],
  ["network", 2],
  ["country", 3],
  ["all", 3],
] as const)(
  "a refusal by the budget of %s goes no further than its round",
  async (budget, most) => {
    const redis = new Redis(server.port);
    const app = await far({ limits: { [budget]: { max: 1, window: 600 } } });
    await redis.flushall();
    redis.disconnect();
    const first = await app.signedIn("bea", "+12025550122");
    expect((await first.ask()).status).toBe(200);
    await app.two.close();
    const second = await app.signedIn("bea", "+12025550122");
    const refused = second.ask();
    expect(await roundsOf(app, () => refused)).toBe(most);
    expect((await refused).status).toBe(429);
  },
);
