/** The app of the model's runs, in one process or in several: all that it shares with the others is handed in. */

"use strict";

const express = require("express");
const session = require("express-session");

const PURPOSES = ["", "settings", "transfer"];

/** Makes one, and what it takes to end the work beside its answers. */
exports.makeApp = ({ twoFactor, TwoFactorError, options, store, records, numberOf }) => {
  const app = express();
  app.set("trust proxy", "loopback");
  app.use(session({ secret: "app", resave: false, saveUninitialized: false, store }));
  app.use(express.json());
  const two = twoFactor({
    secret: "0123456789abcdef0123456789abcdef0123456789abcdef",
    appName: "Acme",
    user: async ({ session: { user } }) => user && { id: user, phone: await numberOf(user) },
    codeLength: 10,
    purposes: {
      settings: {},
      transfer: { describe: (req) => `pay ${req.session.amount} USD`, once: true },
    },
    ...options,
    recovery: { store: records },
    remember: { ...options.remember, store: records },
  });
  app.use("/2fa", two.router);
  for (const purpose of PURPOSES) {
    const guard = two.require2fa(purpose === "" ? {} : { purpose });
    app.post(`/private/${purpose}`, guard, (_req, res) => res.json({}));
  }
  app.post("/private/remembered", two.require2fa({ remembered: true }), (_req, res) =>
    res.json({}),
  );
  addOwnRoutes(app, two);
  app.use((error, _req, res, next) => {
    if (!(error instanceof TwoFactorError)) return next(error);
    const { status, code } = error;
    return res.status(status).type("application/problem+json").json({ status, code });
  });
  return { app, close: () => two.close() };
};

function addOwnRoutes(app, two) {
  const does = (path, act) =>
    app.post(path, (req, res, next) => {
      res.set("Cache-Control", "no-store");
      Promise.resolve(act(req)).then((told) => res.json(told ?? {}), next);
    });
  does("/sign-in", ({ session, body }) => {
    session.user = body.user;
    session.amount ??= "1";
  });
  does("/amount", ({ session, body }) => {
    session.amount = body.amount;
  });
  does("/sign-out", async (req) => {
    await two.reset(req);
    await new Promise((resolve) => req.session.destroy(resolve));
  });
  // The app's passkey was right.
  does("/confirm", (req) => two.confirm(req, { amr: ["hwk"], purpose: req.body.purpose }));
  does("/recovery-codes", async (req) => ({ codes: await two.recoveryCodes(req) }));
  does("/forget", async (req) => {
    const { user } = req.session;
    const browsers = await two.remembered(user, req);
    const current = browsers.find(({ isCurrent }) => isCurrent);
    if (req.body.isAll) await two.forget(user);
    else if (current) await two.forget(user, current.id);
    return { listed: browsers.length };
  });
  does("/unlock", ({ body }) => two.unlock(body.user));
  does("/disable", ({ body }) => two.disable(body.user));
  // Somebody who signs in, asks once, and is gone.
  does("/stranger", (req) => {
    req.session.user = req.body.user;
    return two.request(req);
  });
  does("/settled", () => two.close());
}
