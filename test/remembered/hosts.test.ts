/** The cookie of a remembered browser under what apps put around an answer. */

import compression from "compression";
import type { Request, Response } from "express";
import session from "express-session";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { memoryRecords, twoFactor, type Message, type User } from "../../lib";
import { ANN, Client, codeIn, SECRET } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { again, cookieOf, remember, serveRemembering } from "./kit";

const TEN_MINUTES = 600;

test("behind compression() a rotated cookie comes with a compressed answer", async () => {
  fakeDate();
  const s = await serveRemembering({
    before: (app, two) => {
      app.use(compression({ threshold: 0 }));
      app.get("/long", two.require2fa({ remembered: true }), (_req, res) => {
        res.json({ long: "x".repeat(5000) });
      });
    },
  });
  const client = await again(s, await remember(s));
  const before = cookieOf(client);
  pass(TEN_MINUTES);
  const answer = await client.get("/long").set("Accept-Encoding", "gzip");
  expect([answer.status, answer.headers["content-encoding"]]).toEqual([200, "gzip"]);
  expect(cookieOf(client)).not.toBe(before);
  expect(await client.visit("/easy")).toBe(200);
});

test("an app that streams, and one that answers 304, hand the rotated cookie on", async () => {
  fakeDate();
  const s = await serveRemembering({
    before: (app, two) => {
      const guard = two.require2fa({ remembered: true });
      app.get("/stream", guard, (_req, res) => {
        res.writeHead(200, { "Content-Type": "text/plain" });
        res.write("a");
        res.end("b");
      });
      app.get("/same", guard, (_req, res) => {
        res.status(304).end();
      });
    },
  });
  const client = await again(s, await remember(s));
  for (const [path, status] of [
    ["/stream", 200],
    ["/same", 304],
  ] as const) {
    const before = cookieOf(client);
    pass(TEN_MINUTES);
    expect(await client.visit(path)).toBe(status);
    expect(cookieOf(client)).not.toBe(before);
    expect(await client.visit("/easy")).toBe(200);
  }
});

test("without Express, as under Connect, it is set, known again and rotated", async () => {
  fakeDate();
  const sent: Message[] = [];
  const own = session({ secret: "app", resave: false, saveUninitialized: false });
  const two = twoFactor({
    secret: SECRET,
    user: (req) => req.session.user,
    sender: (message) => sent.push(message),
    appName: "Acme",
    remember: { store: memoryRecords() },
  });
  const guard = two.require2fa({ remembered: true });
  const app = (req: IncomingMessage, res: ServerResponse): void => {
    const fail = (error?: unknown): void => {
      res.statusCode = error === undefined ? 404 : 500;
      res.end();
    };
    own(req as Request, res as unknown as Response, () => {
      if (req.url === "/sign-in") {
        (req as unknown as { session: { user: User } }).session.user = { id: "ann", phone: ANN };
        res.end();
      } else if (req.url === "/easy") {
        guard(req, res, () => res.end("easy"));
      } else {
        req.url = (req.url ?? "").replace("/2fa", "");
        two.router(req, res, fail);
      }
    });
  };
  const server = createServer(app);
  const client = new Client(server, "/2fa");
  await client.signIn("ann");
  await client.ask();
  const answered = await client.answer(codeIn(sent.at(-1)), {
    remember: true,
  });
  expect(answered.body).toMatchObject({ status: "verified", remembered: true });
  const before = cookieOf(client);
  const next = new Client(server, "/2fa", new Map([before.split("=") as [string, string]]));
  await next.signIn("ann");
  pass(TEN_MINUTES);
  expect(await next.visit("/easy")).toBe(200);
  expect(cookieOf(next)).not.toBe(before);
  expect(await next.visit("/easy")).toBe(200);
});
