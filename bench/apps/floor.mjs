/** The floor: Express 5, express-session and a body parser, doing the least that a session-bound code can do. */

import { createRequire } from "node:module";
import { randomInt } from "node:crypto";
import { postBox } from "./post-box.mjs";

const require = createRequire(import.meta.url);
const express = require("express");
const session = require("express-session");

/** With `renews`, a right answer gives the session a new id, against fixation (ASVS 7.2.4). */
function makeRoutes(router, path, send, renews) {
  const json = express.json();
  router.post(`${path}/request-auth`, json, (req, res) => {
    const code = String(randomInt(1_000_000)).padStart(6, "0");
    req.session.twoFactor = { code, attempts: 0, expiresAt: Date.now() + 600_000 };
    send(req.headers["x-phone"], code);
    res.json({ status: "sent" });
  });
  router.post(`${path}/validate-auth`, json, (req, res) => {
    const { code, attempts, expiresAt } = req.session.twoFactor ?? {};
    const isRight = attempts < 5 && Date.now() < expiresAt && req.body.auth_code === code;
    if (!isRight) {
      req.session.twoFactor.attempts += 1;
      res.status(403).json({ status: "wrong" });
      return;
    }
    const mark = () => {
      delete req.session.twoFactor;
      req.session.verifiedAt = Date.now();
      res.json({ status: "verified" });
    };
    if (renews) req.session.regenerate(mark);
    else mark();
  });
}

/** Both floors in one app: `/least` keeps the session's id, `/2fa` renews it. */
export async function makeApp() {
  const { send, carry } = postBox();
  const store = new session.MemoryStore();
  const app = express();
  app.disable("x-powered-by");
  app.use(carry);
  app.use(session({ secret: "app", resave: false, saveUninitialized: false, store }));
  makeRoutes(app, "/2fa", send, true);
  makeRoutes(app, "/least", send, false);
  return { app, forget: () => store.clear() };
}
