/** `resave: true` is noticed while developing: a session that nobody has changed is saved at the end of an answer. */

import express, { type Request } from "express";
import session, { type SessionOptions } from "express-session";
import request from "supertest";
import type { TwoFactorError } from "../../lib";
import type * as Sessions from "../../lib/session/session";

declare module "express-session" {
  interface SessionData {
    cart?: string;
  }
}

type Handle = (req: Request, done: () => void) => void;

const changeNothing: Handle = (_req, done) => {
  done();
};

/** What watches over each session tell of visits by one browser, in a process that has watched none before. */
function watched(options: Partial<SessionOptions>, handle = changeNothing) {
  let sessions!: typeof Sessions;
  jest.isolateModules(() => {
    sessions = jest.requireActual<typeof Sessions>("../../lib/session/session");
  });
  const told: TwoFactorError[] = [];
  const app = express();
  app.use(session({ secret: "app", resave: true, saveUninitialized: true, ...options }));
  app.get("/", (req, res) => {
    sessions.sessionOf(req).watch((fault) => told.push(fault));
    handle(req, () => res.json({}));
  });
  const agent = request.agent(app);
  return {
    told,
    visit: async () => {
      expect((await agent.get("/")).status).toBe(200);
    },
  };
}

test("a session that nobody has changed and that is saved all the same is told of, with the fix", async () => {
  const { told, visit } = watched({});
  // The first visit begins the session: that it is saved is right.
  await visit();
  expect(told).toEqual([]);
  await visit();
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ code: "unavailable", reason: "session_resaved" });
  expect(told[0]?.message).toContain("`resave: false`");
});

test.each<[string, Partial<SessionOptions>, Handle | undefined]>([
  ["without `resave`", { resave: false }, undefined],
  [
    "that the app has changed",
    {},
    (req, done) => {
      req.session.cart = `${req.session.cart ?? ""}.`;
      done();
    },
  ],
  [
    "that the app saves by itself",
    { resave: false },
    (req, done) => {
      req.session.save(done);
    },
  ],
  [
    "whose end alone has moved, without `resave`",
    { resave: false, rolling: true, cookie: { maxAge: 60_000 } },
    undefined,
  ],
])("nothing is told of a session %s", async (_what, options, handle) => {
  const { told, visit } = watched(options, handle);
  await visit();
  await visit();
  await visit();
  expect(told).toEqual([]);
});

test("a session whose end moves with each request is one that nobody has changed", async () => {
  const { told, visit } = watched({ rolling: true, cookie: { maxAge: 60_000 } });
  await visit();
  await visit();
  expect(told).toHaveLength(1);
});

test("a session whose save() the app has laid its own over is watched all the same", async () => {
  const { told, visit } = watched({}, (req, done) => {
    req.session.save = req.session.save.bind(req.session);
    done();
  });
  await visit();
  await visit();
  expect(told).toHaveLength(1);
});

test("a session that the app has destroyed is watched no more, and is no fault", async () => {
  const { told, visit } = watched({}, (req, done) => {
    req.session.destroy(done);
  });
  await visit();
  await visit();
  expect(told).toEqual([]);
});

test("a process watches a hundred times at most: each costs a reading of the session", async () => {
  const { told, visit } = watched({});
  await visit();
  for (let visits = 0; visits < 102; visits += 1) await visit();
  expect(told).toHaveLength(100);
});
