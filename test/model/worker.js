// One process of the model's runs: sessions, counters, numbers and texts in Redis. It takes REDIS_URL and OPTIONS, listens on
// a free port and tells it to its parent. Its clock and Redis's are as many seconds ahead as the key `clock` says.

"use strict";

const { createServer } = require("node:http");
const { RedisStore } = require("connect-redis");
const { createClient } = require("redis");
const { boundedStore, twoFactor, TwoFactorError } = require("express-sms-2fa");
const { redisCounters, redisRecords } = require("express-sms-2fa/redis");
const { makeApp } = require("./app.js");

const realNow = Date.now;
let ahead = 0;
Date.now = () => realNow() + ahead;

// A busy machine would miss the deadlines of stores.
const timer = setTimeout;
globalThis.setTimeout = Object.assign(
  (act, ms = 0, ...rest) => timer(act, ms >= 1000 && ms <= 10_000 ? ms * 100 : ms, ...rest),
  timer,
);

const TIME = "local time = call('TIME')";

/** The client as the counters use it: the one script that they run adds to the server's time. */
function movedClock(client) {
  const move = (script) => {
    if (!script.includes(TIME)) throw new Error("The script reads its time in another way.");
    return script.replace(
      TIME,
      `${TIME}\ntime[1] = time[1] + tonumber(call('GET', 'clock') or '0')`,
    );
  };
  return {
    connect: () => undefined,
    evalSha: () => undefined,
    sendCommand: ([command, script, ...rest]) =>
      // As of a server that has never seen it, so that the text comes next.
      command === "evalsha"
        ? Promise.reject(new Error("NOSCRIPT No matching script."))
        : client.sendCommand([command, move(script), ...rest]),
  };
}

async function main() {
  const client = createClient({ url: process.env.REDIS_URL });
  client.on("error", () => undefined);
  await client.connect();
  const sender = async ({ to, code, purpose, description, locale }) => {
    const mood = await client.get("mood");
    if (mood === "refuses") throw new TwoFactorError("delivery_failed", "No.");
    if (mood === "is down") throw new TwoFactorError("unavailable", "No.");
    await client.rPush("texts", JSON.stringify({ to, code, purpose, description, locale }));
    if (mood === "is unsure") {
      throw new TwoFactorError("delivery_failed", "Perhaps.", { mayStillArrive: true });
    }
  };
  const { app } = makeApp({
    twoFactor,
    TwoFactorError,
    options: {
      ...JSON.parse(process.env.OPTIONS),
      counters: redisCounters(movedClock(client)),
      sender,
      onEvent: () => undefined,
    },
    store: boundedStore(new RedisStore({ client })),
    records: redisRecords(client),
    numberOf: (user) => client.hGet("numbers", user),
  });
  const server = createServer((req, res) => {
    ahead = Number(req.headers["x-ahead"]);
    app(req, res);
  });
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
  process.on("SIGTERM", () => {
    server.close();
    server.closeAllConnections();
    client.destroy();
    process.disconnect();
  });
}

main();
