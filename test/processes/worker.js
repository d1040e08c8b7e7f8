// One process of an app behind a load balancer: sessions and counters in Redis, texts into a list there.
// It takes REDIS_URL and SECRETS (comma-separated), and DATABASE_URL for counters and recovery codes in PostgreSQL; it listens on a free port, and tells it to its parent.

"use strict";

const express = require("express");
const session = require("express-session");
const { RedisStore } = require("connect-redis");
const { createClient } = require("redis");
const { Pool } = require("pg");
const { boundedStore, twoFactor } = require("express-sms-2fa");
const { postgresCounters, postgresRecords } = require("express-sms-2fa/postgres");
const { redisCounters, redisRecords } = require("express-sms-2fa/redis");

async function main() {
  const client = createClient({ url: process.env.REDIS_URL, disableOfflineQueue: true });
  client.on("error", () => undefined);
  await client.connect();

  const app = express();
  app.set("trust proxy", "loopback");
  app.use(
    session({
      secret: "app",
      resave: false,
      saveUninitialized: false,
      store: boundedStore(new RedisStore({ client })),
    }),
  );
  app.post("/sign-in", express.json(), (req, res) => {
    req.session.user = req.body;
    res.json({ pid: process.pid });
  });
  const database = process.env.DATABASE_URL;
  const pool = database && new Pool({ connectionString: database, max: 5 });
  const two = twoFactor({
    secret: process.env.SECRETS.split(","),
    user: (req) => req.session.user,
    appName: "Acme",
    sender: ({ to, text }) => client.rPush(`texts:${to}`, text),
    counters: pool ? postgresCounters(pool) : redisCounters(client),
    purposes: { pay: { once: true } },
    remember: { store: redisRecords(client) },
    recovery: { store: pool ? postgresRecords(pool) : redisRecords(client) },
    limits: { network: { max: 10_000, window: 3600 } },
  });
  const { router, require2fa } = two;
  app.use("/2fa", router);
  app.get("/easy", require2fa({ remembered: true }), (_req, res) => res.json({ pid: process.pid }));
  app.post("/forget", (req, res, next) => {
    two.forget(req.session.user.id).then((wasAny) => res.json({ wasAny }), next);
  });
  app.post("/codes", (req, res, next) => {
    two.recoveryCodes(req).then((codes) => res.json(codes), next);
  });
  app.get("/private", require2fa(), (_req, res) => res.json({ pid: process.pid }));
  app.post("/pay", require2fa({ purpose: "pay" }), (_req, res) => res.json({ pid: process.pid }));

  const server = app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
  // The proxy keeps connections, and must not send on one that ends.
  server.keepAliveTimeout = 0;
  process.on("SIGTERM", () => {
    server.close();
    server.closeAllConnections();
    client.destroy();
    if (pool) pool.end();
    process.disconnect();
  });
}

main();
