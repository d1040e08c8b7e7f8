/** The app under test, as an integrator would write it over the built package: sessions, router, guards, pages, records. */

import { createRequire } from "node:module";
import { load } from "../../bench/subject.mjs";
import { FAKE_ACCOUNT } from "./gateway.mjs";
import { CODE_TTL } from "./people.mjs";
import { openCounters, openSessions } from "./app-stores.mjs";

const require = createRequire(import.meta.url);
const express = require("express");
const session = require("express-session");
const { twoFactor } = load();
const { signalwire } = load("senders/signalwire/index.js");

export const SECRET = "the-secret-of-the-soak-0123456789abcdef";
export const NAMESPACE = "Acme";
/** Where the gateway signs that it reports to; behind it stands whichever process is asked. */
export const PUBLIC_URL = "https://app.acme.example/2fa";

// Short windows, so that users meet all limits within the run, and all of them end within it. What the texts of all
// are counted by is never full.
const some = (max) => ({ max, window: 60 });
const AMPLE = { max: 1_000_000, window: 86_400 };
const LIMITS = {
  cooldown: 1,
  failures: { max: 10, window: 20 },
  user: some(12),
  number: some(12),
  network: some(60),
  perDay: 10_000,
  country: AMPLE,
  all: AMPLE,
};

/** Makes the app. `tamper` lays a fault of the proof's own over options and app. */
export async function makeApp({ env, onEvent, tamper }) {
  const counting = await openCounters(env.COUNTERS, env.COUNTERS_URL);
  const sessions = await openSessions(env.SESSIONS, env.SESSIONS_URL);
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", "loopback");
  const options = { resave: false, saveUninitialized: false, store: sessions.store };
  app.use(session({ name: "sid", secret: "the app's own", ...options }));
  const given = {
    secret: SECRET,
    user: (req) => req.session.user,
    sender: signalwire({
      apiBaseUrl: env.GATEWAY_URL,
      project: FAKE_ACCOUNT.project,
      token: FAKE_ACCOUNT.token,
      number: FAKE_ACCOUNT.number,
      timeout: 2,
    }),
    appName: NAMESPACE,
    codeTtl: CODE_TTL,
    // Ten digits: a wrong code that the load makes up is never right by chance.
    codeLength: 10,
    counters: counting.counters,
    limits: LIMITS,
    maxPerDay: 1_000_000,
    purposes: { settings: {}, transfer: { describe, once: true } },
    remember: { store: counting.records },
    recovery: { store: counting.records },
    deliveryStatus: { publicUrl: PUBLIC_URL, signingKey: FAKE_ACCOUNT.signingKey },
    pages: { savePhone, homePath: "/account" },
    onEvent,
  };
  const two = twoFactor(tamper.options(given));
  tamper.app(app, two);
  app.use("/2fa", two.router);
  addRoutes(app, two);
  app.use(answerError);
  return {
    app,
    close: async () => {
      await two.close();
      await Promise.all([counting.close(), sessions.close()]);
    },
  };
}

function describe({ session: { transfer } }) {
  return transfer && `pay ${transfer}.00 USD to Bob`;
}

function savePhone({ session: { user } }, phone) {
  user.phone = phone;
}

const kept = (req) =>
  new Promise((resolve, reject) => {
    req.session.save((error) => (error ? reject(error) : resolve()));
  });
const renewed = (req) =>
  new Promise((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });

function addRoutes(app, two) {
  const { require2fa } = two;
  const json = express.json();
  const ok = (_req, res) => void res.json({ ok: true });
  app.post("/sign-in", json, async (req, res) => {
    await renewed(req);
    const { id, phone } = req.body;
    req.session.user = { id, phone };
    await kept(req);
    res.json({});
  });
  app.get("/account", require2fa(), ok);
  app.get("/easy", require2fa({ remembered: true }), ok);
  app.post("/settings", require2fa({ purpose: "settings" }), ok);
  app.post("/transfer/begin", require2fa(), json, async (req, res) => {
    req.session.transfer = Number(req.body.amount);
    await kept(req);
    res.json({});
  });
  app.post("/transfer", require2fa({ purpose: "transfer" }), ok);
  app.post("/recovery-codes", require2fa({ maxAge: 300 }), async (req, res) => {
    res.json(await two.recoveryCodes(req));
  });
  app.post("/forget", require2fa(), async (req, res) => {
    res.json({ wasAny: await two.forget(req.session.user.id) });
  });
  app.post("/sign-out", async (req, res) => {
    await two.reset(req);
    await new Promise((resolve, reject) => {
      req.session.destroy((error) => (error ? reject(error) : resolve()));
    });
    res.json({});
  });
}

// Express knows a handler of errors by its four parameters.
// eslint-disable-next-line no-unused-vars
function answerError(error, _req, res, _next) {
  // express-session tells of a save that failed once the answer has begun.
  if (res.headersSent) return;
  const { status = 500, code = "internal", message } = error;
  res
    .status(status)
    .set({ "Cache-Control": "no-store", ...(status === 503 && { "Retry-After": "1" }) })
    .type("application/problem+json")
    .send(JSON.stringify({ title: message, status, code }));
}
