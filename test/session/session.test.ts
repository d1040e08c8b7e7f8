/** The session: what outlives the renewal of its id, when it is saved, and what of ours stands in it. */

import session, { type SessionData } from "express-session";
import { EXPRESSES, serve } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { dump, FaultyStore, SlowStore } from "../fakes/stores";

interface Own {
  user: { id: string };
  cart: string;
  cookie: { originalMaxAge: number | null; sameSite?: string; httpOnly: boolean; path: string };
}

describe.each(EXPRESSES)("%s", (_name, express) => {
  test("a visit in the moment of the answer passes: the session was saved before it (B013, R51)", async () => {
    const s = await serve({ express, session: { store: new SlowStore(50) } });
    const client = await s.signedIn();
    await client.ask();
    expect((await client.answer(s.lastCode())).status).toBe(200);
    expect(await client.visit()).toBe(200);
  });

  test("the app's own data outlive the new session id (B015, R51)", async () => {
    const s = await serve({ express });
    const client = await s.signedIn();
    const before = (await client.get("/own")).body as Own;
    const { cookie } = client;
    await client.ask();
    await client.answer(s.lastCode());
    expect(client.cookie).not.toBe(cookie);
    const after = (await client.get("/own")).body as Own;
    expect(after).toEqual(before);
    expect(after.cart).toBe("three apples");
    expect(after.user.id).toBe("ann");
  });

  test("what the app set on its cookie outlives it too, a life of its own among it (B015)", async () => {
    const s = await serve({
      express,
      session: { cookie: { sameSite: "strict", path: "/", httpOnly: true, maxAge: 3_600_000 } },
    });
    const client = s.client();
    await client.signIn("ann", "+12025550123", { maxAge: 7_200_000 });
    await client.ask();
    const answer = await client.answer(s.lastCode());
    const [cookie = ""] = answer.headers["set-cookie"] as unknown as string[];
    expect(cookie).toMatch(/; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
    const expires = Date.parse(/Expires=([^;]+)/.exec(cookie)?.[1] ?? "");
    expect(expires - Date.now()).toBeGreaterThan(7_100_000);
    const { cookie: kept } = (await client.get("/own")).body as Own;
    expect(kept.sameSite).toBe("strict");
    // express-session reckons it back from the end, so that a millisecond may be lost on the way.
    expect(kept.originalMaxAge).toBeGreaterThan(7_199_900);
    expect(kept.originalMaxAge).toBeLessThanOrEqual(7_200_000);
  });

  test.each([
    [{ resave: true, saveUninitialized: true }],
    [{ rolling: true, cookie: { maxAge: 60_000 } }],
    [{ resave: true, rolling: true, saveUninitialized: true, cookie: { maxAge: 60_000 } }],
    [{ unset: "destroy" as const }],
    [{ name: "own.name" }],
  ])("the flow works with express-session's options %j", async (options) => {
    const s = await serve({ express, session: options });
    const client = await s.signedIn();
    const planted = client.copy();
    await client.ask();
    await client.answer("000000");
    expect((await client.answer(s.lastCode())).status).toBe(200);
    expect(await client.visit()).toBe(200);
    expect(await planted.visit()).toBe(403);
    await client.post("/reset");
    expect(await client.visit()).toBe(403);
  });

  test("behind a TLS proxy that is trusted the new cookie is Secure and arrives (B025)", async () => {
    const s = await serve({
      express,
      session: { proxy: true, cookie: { secure: true, httpOnly: true, sameSite: "lax" } },
      before: (app) => app.set("trust proxy", 1),
    });
    const client = s.client();
    const secure = { "X-Forwarded-Proto": "https" };
    await client.post("/sign-in", { id: "ann", phone: "+12025550123" }).set(secure);
    await client.ask().set(secure);
    const answer = await client.answer(s.lastCode()).set(secure);
    const [cookie = ""] = answer.headers["set-cookie"] as unknown as string[];
    expect(cookie).toMatch(/HttpOnly; Secure; SameSite=Lax/);
    expect((await client.get("/private").set(secure)).status).toBe(200);
  });

  test("without a trusted proxy no Secure cookie is set, and the answer tells that there is no challenge (B025)", async () => {
    const s = await serve({ express, user: "from-request", session: { cookie: { secure: true } } });
    const client = s.client();
    const asked = await client.ask({ number: "+12025550123" }).set("X-Forwarded-Proto", "https");
    expect(asked.headers["set-cookie"]).toBeUndefined();
    expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });
  });
});

test("one key of ours stands in the session, and the rest is the app's (B033)", async () => {
  const store = new FaultyStore();
  const s = await serve({ session: { store } });
  const client = await s.signedIn();
  const keys = async () => {
    const sessions = JSON.parse(await dump(store)) as Record<string, SessionData>;
    return Object.values(sessions).map((each) => Object.keys(each).sort());
  };
  expect(await keys()).toEqual([["cart", "cookie", "user"]]);
  await client.ask();
  expect(await keys()).toEqual([["cart", "cookie", "twoFactor", "user"]]);
  await client.answer(s.lastCode());
  expect(await keys()).toEqual([["cart", "cookie", "twoFactor", "user"]]);
  await client.post("/reset");
  expect(await keys()).toEqual([["cart", "cookie", "user"]]);
});

test.each([
  ["without", {}],
  ["with", { beforeSend: () => true }],
])(
  "what a handler has put into the session lasts over request(), %s a beforeSend (C266)",
  async (_how, options) => {
    const store = new FaultyStore();
    const s = await serve({
      session: { store },
      options,
      before: (app, two) => {
        // As a log-in of some apps: no regenerate(), and the code is asked for at once.
        app.post("/log-in-as-bob", (req, res, next) => {
          req.session.user = { id: "bob", phone: "+12025550188" };
          req.session.cart = "four pears";
          delete req.session.touched;
          two.request(req).then((issued) => res.json(issued), next);
        });
      },
    });
    const client = await s.signedIn();
    const asked = await client.post("/log-in-as-bob");
    expect(asked.body).toMatchObject({ status: "sent", to: "••••88" });
    const own = await client.get("/own");
    expect(own.body).toMatchObject({ user: { id: "bob" }, cart: "four pears" });
    expect((await client.answer(s.lastCode())).status).toBe(200);
    expect((await client.get("/own")).body).toMatchObject({ user: { id: "bob" } });
    expect(await client.visit()).toBe(200);
  },
);

test("what a handler has put into the session lasts where the text is refused or the wait not over (C266)", async () => {
  const store = new FaultyStore();
  const s = await serve({
    session: { store },
    options: {
      beforeSend: () => true,
      sender: () => {
        throw Object.assign(new Error("no"), { status: 400 });
      },
    },
    before: (app, two) => {
      app.post("/buy", (req, res, next) => {
        req.session.cart = `${String(req.session.cart)}, a plum`;
        two.request(req).then((issued) => res.json(issued), next);
      });
    },
  });
  const client = await s.signedIn();
  expect((await client.post("/buy")).body).toMatchObject({ code: "delivery_failed" });
  expect((await client.post("/buy")).body).toMatchObject({ code: "delivery_failed" });
  const own = await client.get("/own");
  expect(own.body).toMatchObject({ cart: "three apples, a plum, a plum" });
});

test("a request that changes nothing leaves no session behind: asking for the status is free (R97)", async () => {
  const store = new FaultyStore();
  const s = await serve({ session: { store } });
  await s.client().status();
  await s.client().visit();
  await s.client().answer("123456");
  await s.client().ask();
  expect(await dump(store)).toBe("{}");
});

test("a challenge that is used, spent or expired is dropped from the store (R4, B010)", async () => {
  fakeDate();
  const store = new FaultyStore();
  const s = await serve({ session: { store } });
  const client = await s.signedIn();
  await client.ask();
  expect(await dump(store)).toContain('"challenges"');
  for (const code of ["000000", "000001", "000002", "000003", "000004", "000005"]) {
    if (code !== s.lastCode()) await client.answer(code);
  }
  await client.answer("000006");
  expect(await dump(store)).not.toContain('"challenges"');

  const used = await s.signedIn("used", "+12025550188");
  await used.ask();
  expect(await dump(store)).toContain('"challenges"');
  await used.answer(s.lastCode());
  expect(await dump(store)).not.toContain('"challenges"');

  const late = await s.signedIn("late", "+12025550177");
  await late.ask();
  pass(600);
  expect(await dump(store)).toContain('"challenges"');
  await late.answer(s.lastCode());
  expect(await dump(store)).not.toContain('"challenges"');
});

test("the store that express-session brings is enough for a first run", async () => {
  const s = await serve({ session: { store: new session.MemoryStore() } });
  const client = await s.signedIn();
  await client.ask();
  expect((await client.answer(s.lastCode())).status).toBe(200);
});
