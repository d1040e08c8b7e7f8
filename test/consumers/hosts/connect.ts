/** A Connect app: its requests and answers are node's own, without `req.ip` and `res.json`. */

import connect, { type NextFunction, type NextHandleFunction } from "connect";
import session from "express-session";
import { twoFactor } from "express-sms-2fa";
import { outbox } from "express-sms-2fa/outbox";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

declare module "express-session" {
  interface SessionData {
    user?: { id: string; phone: string };
  }
}

type Visit = IncomingMessage & { session: session.Session & Partial<session.SessionData> };

const texts = outbox({ print: false });
const { router, require2fa, reset } = twoFactor({
  secret: "a secret for the codes of this test, which is long",
  user: (req) => req.session.user,
  sender: texts,
  appName: "Acme",
});

function answer(res: ServerResponse, body: unknown): void {
  res.setHeader("Content-Type", "application/json");
  res.end(JSON.stringify(body));
}

const app = connect();
// express-session's types know Express alone.
app.use(
  session({
    secret: "for this test",
    resave: false,
    saveUninitialized: false,
  }) as unknown as NextHandleFunction,
);
app.use((req: IncomingMessage, res: ServerResponse, next: NextFunction) => {
  if ("ip" in req || "json" in res) throw new Error("This is Express, not Connect.");
  next();
});
app.use("/sign-in", (req: IncomingMessage, res: ServerResponse) => {
  (req as Visit).session.user = { id: "ann", phone: "+12025550123" };
  answer(res, {});
});
app.use("/2fa", router);
app.use("/account", require2fa());
app.use("/account", (req: IncomingMessage, res: ServerResponse) => {
  answer(res, { account: (req as Visit).session.user?.id });
});
app.use("/log-out", (req: IncomingMessage, res: ServerResponse, next: NextFunction) => {
  reset(req).then(() => {
    (req as Visit).session.destroy(() => {
      answer(res, {});
    });
  }, next);
});
app.use("/texts", (_req: IncomingMessage, res: ServerResponse) => {
  answer(res, texts.messages);
});
const server = createServer(app).listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
