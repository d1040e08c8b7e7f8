/** The shortest app with a second factor: it needs no account, the texts are at /inbox. */

import { randomBytes } from "node:crypto";
import express from "express";
import session from "express-session";
import { twoFactor } from "express-sms-2fa";
import { outbox } from "express-sms-2fa/outbox";

declare module "express-session" {
  interface SessionData {
    user?: { id: string; phone?: string }; // what your log-in keeps
  }
}

const app = express();
app.use(
  session({ secret: randomBytes(32).toString("hex"), resave: false, saveUninitialized: false }),
);

const texts = outbox(); // sends nothing: needs no account, and refuses to run in production
const { router, require2fa } = twoFactor({
  secret: randomBytes(32).toString("hex"), // yours to keep: see "With real texts"
  user: (req) => req.session.user,
  sender: texts,
  appName: "Acme",
  pages: true,
});
app.use("/2fa", router);

app.get("/log-in", (req, res) => {
  req.session.user = { id: "ann", phone: "+12025550123" }; // after your own check of the password
  res.redirect("/account");
});
app.get("/inbox", (_req, res) => res.json(texts.messages));
app.get("/account", require2fa(), (_req, res) => res.send("Only for you, twice proved."));
app.listen(3000);
