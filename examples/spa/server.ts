/** The API of a single-page app, its page and the browser client that the page imports. Texts are at /inbox. */

import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import express from "express";
import session from "express-session";
import helmet from "helmet";
import { twoFactor } from "express-sms-2fa";
import { outbox } from "express-sms-2fa/outbox";

declare module "express-session" {
  interface SessionData {
    user?: { id: string; phone?: string };
  }
}

const app = express();
// No form is posted and nothing is inline: the page is as strict as it can be.
app.use(helmet());
const secret = () => randomBytes(32).toString("hex");
app.use(session({ secret: secret(), resave: false, saveUninitialized: false }));

const texts = outbox();
const { router, require2fa, reset } = twoFactor({
  secret: secret(),
  user: (req) => req.session.user,
  sender: texts,
  appName: "Acme",
});
app.use("/2fa", router);

app.post("/api/log-in", (req, res) => {
  req.session.user = { id: "ann", phone: "+12025550123" }; // after your own check of the password
  res.json({});
});
app.post("/api/log-out", async (req, res) => {
  await reset(req).catch(console.error);
  req.session.destroy(() => res.json({}));
});
app.get("/api/balance", require2fa(), (_req, res) => res.json({ balance: "1,250.00 USD" }));
app.get("/inbox", (_req, res) => res.json(texts.messages));

const fileOf = (url: string) => fileURLToPath(url);
app.get("/client.mjs", (_req, res) =>
  res.sendFile(fileOf(import.meta.resolve("express-sms-2fa/client"))),
);
app.use(express.static(fileOf(new URL("public", import.meta.url).href)));
app.listen(3000);
