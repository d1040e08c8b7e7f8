// An Express app that is bundled into one file, with a Redis client that it knows by what it can do.
"use strict";

const express = require("express");
const session = require("express-session");
const { twoFactor } = require("express-sms-2fa");
const { outbox } = require("express-sms-2fa/outbox");
const { redisCounters } = require("express-sms-2fa/redis");
const { createClient } = require("redis");

// It is not connected: that a minified bundle takes it for what it is, is what counts.
redisCounters(createClient());

const texts = outbox({ print: false });
const { router, require2fa, reset } = twoFactor({
  secret: "a secret for the codes of this test, which is long",
  user: (req) => req.session.user,
  sender: texts,
  appName: "Acme",
});

const app = express();
app.use(session({ secret: "for this test", resave: false, saveUninitialized: false }));
app.post("/sign-in", (req, res) => {
  req.session.user = { id: "ann", phone: "+12025550123" };
  res.json({});
});
app.use("/2fa", router);
app.get("/account", require2fa(), (req, res) => {
  res.json({ account: req.session.user.id });
});
app.post("/log-out", async (req, res) => {
  await reset(req);
  req.session.destroy(() => res.json({}));
});
app.get("/texts", (_req, res) => {
  res.json(texts.messages);
});
const server = app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
