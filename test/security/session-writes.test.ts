/** What the app itself puts into the session beside a code is kept, and nothing is written twice. */

import session from "express-session";
import { serve, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";

class CountingStore extends session.MemoryStore {
  writes: string[] = [];

  override set(...given: Parameters<session.MemoryStore["set"]>): void {
    this.writes.push("set");
    super.set(...given);
  }

  override touch(...given: Parameters<session.MemoryStore["touch"]>): void {
    this.writes.push("touch");
    super.touch(...given);
  }
}

const KINDS = [{}, { rolling: true }, { resave: true }, { saveUninitialized: true }];

function serveOwnRoutes(options: Partial<session.SessionOptions>, store: session.Store) {
  return serve({
    session: { ...options, store },
    before: (app, two) => {
      app.post("/own-ask", async (req, res) => {
        const { ok } = await two.request(req);
        req.session.cart = "after the text";
        res.json({ ok });
      });
      app.post("/own-answer", async (req, res) => {
        const { ok } = await two.validate(req, { code: String(req.headers["x-code"]) });
        req.session.cart = "after the code";
        res.json({ ok });
      });
      app.post("/own-save", async (req, res, next) => {
        const { ok } = await two.request(req);
        req.session.cart = "saved by hand";
        req.session.save((error) => {
          if (error) next(error);
          else res.json({ ok });
        });
      });
      app.get("/cart", (req, res) => res.json(req.session.cart ?? null));
    },
  });
}

describe.each(KINDS)("with a session %p", (options) => {
  let served: Served;
  beforeEach(async () => {
    served = await serveOwnRoutes(options, new session.MemoryStore());
  });

  test("what is put into it after a text, after a code and before a save by hand stays", async () => {
    const ann = await served.signedIn();
    await ann.post("/own-ask");
    expect((await ann.get("/cart")).body).toBe("after the text");
    const code = served.lastCode();
    const answered = await ann.post("/own-answer").set("X-Code", code);
    expect(answered.body).toEqual({ ok: true });
    expect((await ann.get("/cart")).body).toBe("after the code");
    expect(await ann.visit()).toBe(200);
    const bob = await served.signedIn("bob", "+12025550188");
    await bob.post("/own-save");
    expect((await bob.get("/cart")).body).toBe("saved by hand");
  });

  test("a request for a code lets it live on from then, in the store too", async () => {
    fakeDate();
    const s = await serve({ session: { ...options, cookie: { maxAge: 60_000 } } });
    const ann = await s.signedIn();
    pass(50);
    expect((await ann.ask()).status).toBe(200);
    pass(20);
    expect((await ann.get("/own")).body).toHaveProperty("user");
  });
});

test("each endpoint writes the session once", async () => {
  const store = new CountingStore();
  const served = await serve({ session: { store } });
  const ann = await served.signedIn();
  store.writes = [];
  await ann.ask();
  expect(store.writes).toEqual(["set"]);
  store.writes = [];
  await ann.answer(served.lastCode());
  expect(store.writes).toEqual(["set"]);
});
