/** An Express app in TypeScript that has its own idea of the session and of Express' request. */

import express, { type NextFunction, type Request, type Response } from "express";
import session from "express-session";
import { twoFactor, type Sender, type TwoFactorOptions, type User } from "express-sms-2fa";
import { failover } from "express-sms-2fa/failover";
import { outbox } from "express-sms-2fa/outbox";
import { signalwire } from "express-sms-2fa/signalwire";
import { twilio } from "express-sms-2fa/twilio";
import type { AddressInfo } from "node:net";

interface Account {
  id: string;
  phone: string;
  name: string;
}

declare module "express-session" {
  interface SessionData {
    account?: Account;
    visits: number;
  }
}

declare global {
  namespace Express {
    interface Request {
      account?: Account;
    }
  }
}

const texts = outbox({ print: false });
const user = (req: Request): User | null => req.account ?? null;
const options: TwoFactorOptions = {
  secret: "a secret for the codes of this test, which is long",
  user,
  sender: texts,
  appName: "Acme",
};
const { router, require2fa, reset, verification } = twoFactor(options);

/** What production takes in the outbox's place; not called here, where its client is not installed. */
export const production = (): Sender =>
  failover([signalwire({ number: "+12025550100" }), twilio({ number: "+12025550101" })]);

// @ts-expect-error: an option that is misspelt is told before the first run.
export const misspelt: TwoFactorOptions = { ...options, codeLenght: 6 };

const app = express();
app.use(session({ secret: "for this test", resave: false, saveUninitialized: false }));
app.use((req: Request, _res: Response, next: NextFunction) => {
  if (req.session.account !== undefined) req.account = req.session.account;
  next();
});
app.post("/sign-in", (req, res) => {
  req.session.account = { id: "ann", phone: "+12025550123", name: "Ann" };
  req.session.visits = 1;
  res.json({});
});
app.use("/2fa", router);
app.get("/account", require2fa({ maxAge: 600 }), (req, res) => {
  res.json({ account: req.account?.id, at: verification(req)?.at });
});
app.post("/log-out", (req, res, next) => {
  reset(req).then(() => {
    req.session.destroy(() => res.json({}));
  }, next);
});
app.get("/texts", (_req, res) => {
  res.json(texts.messages);
});
// @ts-expect-error: a guard that is not called guards nothing.
export const uncalled = () => app.get("/account", require2fa, (_req, res) => res.json({}));
const server = app.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
