/** The app with this package: mounted as the README does, over memory, Redis or PostgreSQL. */

import { createRequire } from "node:module";
import { load } from "../subject.mjs";
import { openStores } from "./stores.mjs";
import { postBox } from "./post-box.mjs";

const require = createRequire(import.meta.url);
const express = require("express");
const session = require("express-session");
const { twoFactor } = load();

// Enough for any run, so that the caps are counted and refuse nobody. The windows are the default ones.
const PLENTY = 1_000_000_000;
const AMPLE = { max: PLENTY, window: 3600 };

/** The user and the number stand in headers, so that a cycle is two calls and no log-in of the app's. */
export async function makeApp() {
  const { store, counters, clear, queries, close } = await openStores();
  const { send, carry } = postBox();
  const app = express();
  app.disable("x-powered-by");
  app.use(carry);
  app.use(session({ secret: "app", resave: false, saveUninitialized: false, store }));
  const {
    router,
    require2fa,
    close: settle,
  } = twoFactor({
    secret: "0123456789abcdef0123456789abcdef",
    user: ({ headers }) => ({ id: headers["x-user"], phone: headers["x-phone"] }),
    appName: "Acme",
    sender: ({ to, text }) => {
      send(to, text.slice(0, 6));
    },
    maxPerDay: PLENTY,
    limits: { network: AMPLE, country: AMPLE, all: AMPLE },
    ...(counters && { counters }),
  });
  app.use("/2fa", router);
  app.get("/open", (_req, res) => res.json({ open: true }));
  app.get("/guarded", require2fa(), (_req, res) => res.json({ open: true }));
  // The least that any guard does: it reads the session, asks something that may take time, and keeps the
  // page out of caches.
  const least = async (req, res, next) => {
    const isVerified = await Promise.resolve(req.session.twoFactor !== undefined);
    if (!isVerified) throw new Error("Not verified.");
    res.setHeader("Cache-Control", "no-store");
    next();
  };
  app.get("/least-guarded", least, (_req, res) => res.json({ open: true }));
  app.post("/bare", (req, res) => {
    req.session.count = (req.session.count ?? 0) + 1;
    res.json({ count: req.session.count });
  });
  return { app, forget: clear, settle, queries, close };
}
