// An Express app that texts through SignalWire.
"use strict";

const express = require("express");
const session = require("express-session");
const { twoFactor } = require("express-sms-2fa");
const { signalwire } = require("express-sms-2fa/signalwire");

const texts = [];
const send = signalwire({ apiBaseUrl: process.env.API_URL });
const { router, require2fa, reset } = twoFactor({
  secret: "a secret for the codes of this test, which is long",
  user: (req) => req.session.user,
  sender: async (message) => {
    await send(message);
    texts.push({ text: message.text });
  },
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
  res.json(texts);
});
const server = app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
