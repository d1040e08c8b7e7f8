/** Part 4: the same cycle over Redis and PostgreSQL: its commands, its rounds, and the wait that it adds. */

import { createRequire } from "node:module";
import { connect } from "node:net";
import { once } from "node:events";
import { cycleOver, expectOk, newPerson } from "../cycles.mjs";
import { median, rateOf, timeOf } from "../measure.mjs";
import { openConnections, startApp } from "../servers.mjs";
import { startPostgres, startRedis, startTcpProxy } from "../typescript.mjs";

const require = createRequire(import.meta.url);
const AT_ONCE = 8;
// Far enough that rounds are told apart, and that what the processes reckon is small beside them.
const ONE_WAY_MS = 20;

export async function measureStores({ isQuick }) {
  const redis = await startRedis();
  const postgres = await startPostgres();
  try {
    return {
      redis: await measureStore("redis", redis, pingRedis, isQuick),
      postgres: await measureStore("postgres", postgres, pingPostgres, isQuick),
    };
  } finally {
    await Promise.all([redis.close(), postgres.close()]);
  }
}

async function measureStore(name, server, openPing, isQuick) {
  const proxy = await startTcpProxy(server.port);
  const far = server.url.replace(`:${server.port}`, `:${proxy.port}`);
  const near = { STORE: name, COUNTERS_URL: server.url };
  const apps = [
    await startApp("ours", { env: near }),
    await startApp("ours", { env: { STORE: name, COUNTERS_URL: far } }),
  ];
  try {
    const [nearby, distant] = await Promise.all(
      apps.map(({ port }) => openConnections(port, AT_ONCE)),
    );
    await rateOf(cycleOver(nearby), { count: 60, atOnce: AT_ONCE });
    const count = isQuick ? 60 : 120;
    const perSecond = await rateOf(cycleOver(nearby), { count, atOnce: AT_ONCE });
    const kept = name === "redis" ? await measureKept(server, nearby[0]) : {};
    const commands = await countCommands(name, apps[0], server, nearby[0]);
    const ping = await openPing(far);
    await visit(distant[0], newPerson());
    await apps[1].ask("settle");
    proxy.delay(ONE_WAY_MS);
    const latency = await measureLatency(apps[1], distant[0], { ping, proxy }, isQuick ? 3 : 5);
    proxy.delay(0);
    await ping.close();
    return { perSecond, commands, ...kept, ...latency };
  } finally {
    await Promise.all(apps.map((app) => app.close()));
    await proxy.close();
  }
}

/** A cycle in a session that is there already, between two visits that read and write it. */
async function visit(connection, headers) {
  const bare = await connection.call("POST", "/bare", { headers, body: {} });
  const withCookie = { ...headers, Cookie: bare.cookie };
  const ask = async () => {
    const asked = await connection.call("POST", "/2fa/request-auth", {
      headers: withCookie,
      body: {},
    });
    expectOk(asked);
    return asked.code;
  };
  const answer = async (code) => {
    const body = { auth_code: code };
    expectOk(await connection.call("POST", "/2fa/validate-auth", { headers: withCookie, body }));
  };
  return {
    ask,
    answer,
    bare: async () => {
      expectOk(await connection.call("POST", "/bare", { headers: withCookie, body: {} }));
    },
  };
}

async function measureLatency(app, connection, { ping, proxy }, times) {
  const samples = { roundTrip: [], bare: [], ask: [], answer: [] };
  const rounds = { ask: [], answer: [], bare: [] };
  for (let each = 0; each <= times; each += 1) {
    const person = await visit(connection, newPerson());
    const note = async (name, act) => {
      await app.ask("settle");
      proxy.rounds();
      const ms = await timeOf(act);
      // The first one opens connections and loads scripts.
      if (each > 0) {
        samples[name].push(ms);
        rounds[name]?.push(proxy.rounds());
      }
    };
    let code;
    await note("roundTrip", () => ping.send());
    await note("bare", person.bare);
    await note("ask", async () => {
      code = await person.ask();
    });
    await note("answer", () => person.answer(code));
  }
  const ms = Object.fromEntries(Object.entries(samples).map(([name, of]) => [name, median(of)]));
  return {
    roundTripMs: ms.roundTrip,
    addedRoundTrips: (ms.ask + ms.answer - 2 * ms.bare) / ms.roundTrip,
    rounds: Object.fromEntries(Object.entries(rounds).map(([name, of]) => [name, median(of)])),
  };
}

/** Commands of one cycle in a session that is there already, less those of two bare visits. */
async function countCommands(name, app, server, connection) {
  const count = name === "redis" ? await monitorRedis(server.port) : undefined;
  const during = async (act) => {
    const start = await read();
    await act();
    await app.ask("settle");
    return (await read()) - start;
  };
  const read = async () => (count ? count.read() : (await app.ask("queries")).count);
  const person = await visit(connection, newPerson());
  await app.ask("settle");
  const bare = await during(person.bare);
  const cycle = await during(async () => {
    await person.answer(await person.ask());
  });
  count?.close();
  return { bare, cycle };
}

/** Counts what clients send: commands that scripts give by themselves are not among them. */
async function monitorRedis(port) {
  const socket = connect({ port, host: "127.0.0.1" });
  let text = "";
  socket.on("data", (part) => {
    text += part.toString("latin1");
  });
  await once(socket, "connect");
  socket.write("MONITOR\r\n");
  return {
    read: async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return text.split("\r\n").filter((line) => /^\+\d+\.\d+ \[\d+ \d/.test(line)).length;
    },
    close: () => socket.destroy(),
  };
}

/** What one open challenge takes in Redis, its session left out. */
async function measureKept({ url }, connection) {
  const client = require("redis").createClient({ url });
  await client.connect();
  const read = async () => {
    const keys = await client.keys("sms2fa:*");
    const sizes = await Promise.all(keys.map((key) => client.memoryUsage(key)));
    return { keys: keys.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  };
  const asks = 30;
  const before = await read();
  for (let each = 0; each < asks; each += 1) await (await visit(connection, newPerson())).ask();
  const after = await read();
  client.destroy();
  return {
    keysPerOpenChallenge: (after.keys - before.keys) / asks,
    bytesPerOpenChallenge: (after.bytes - before.bytes) / asks,
  };
}

async function pingRedis(url) {
  const client = require("redis").createClient({ url });
  client.on("error", () => undefined);
  await client.connect();
  return { send: () => client.ping(), close: () => client.destroy() };
}

async function pingPostgres(url) {
  const client = new (require("pg").Client)({ connectionString: url });
  await client.connect();
  return { send: () => client.query("SELECT 1"), close: () => client.end() };
}
