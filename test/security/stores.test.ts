/** Outages as an attack: a store that fails, hangs or is missing locks, and never opens. */

import cookieSession from "cookie-session";
import { boundedStore } from "../../lib";
import { ANN, EXPRESSES, serve, wrongCodes } from "../fakes/app";
import { hurryDeadlines } from "../fakes/clock";
import { DistantCounters, dump, FaultyStore } from "../fakes/stores";

// A rejection that nobody handles fails the test it falls into: Jest sees to that.

describe.each(EXPRESSES)("%s", (_name, express) => {
  describe.each(["fail", "throw"] as const)("a session store whose set calls %s", (fault) => {
    test("answers 503 to the right code, verifies nobody, and takes the code once it is back (B075, R52)", async () => {
      const store = new FaultyStore();
      const s = await serve({ express, session: { store } });
      const client = await s.signedIn();
      await client.ask();
      store.faults.set("set", fault);
      const answer = await client.answer(s.lastCode());
      expect(answer.status).toBe(503);
      expect(answer.body).toMatchObject({ code: "unavailable" });
      expect(Number(answer.headers["retry-after"])).toBeGreaterThanOrEqual(1);
      expect(await client.visit()).toBe(403);
      store.faults.clear();
      expect((await client.answer(s.lastCode())).status).toBe(200);
      expect(await client.visit()).toBe(200);
    });

    test("answers 503 to a request for a code, and texts nothing, and the next try need not wait (B075)", async () => {
      const store = new FaultyStore();
      const s = await serve({ express, session: { store } });
      const client = await s.signedIn();
      store.faults.set("set", fault);
      expect((await client.ask()).status).toBe(503);
      expect(s.sent).toEqual([]);
      store.faults.clear();
      await s.two.close();
      expect((await client.ask()).body).toMatchObject({ status: "sent", resendIn: 30 });
      expect((await client.answer(s.lastCode())).status).toBe(200);
    });
  });

  test("a session store that does not drop the old session verifies nobody (R51, R52)", async () => {
    const store = new FaultyStore();
    const s = await serve({ express, session: { store } });
    const client = await s.signedIn();
    await client.ask();
    store.faults.set("destroy", "fail");
    expect((await client.answer(s.lastCode())).status).toBe(503);
    expect(await client.visit()).toBe(403);
    store.faults.clear();
    expect((await client.answer(s.lastCode())).status).toBe(200);
    expect(await client.visit()).toBe(200);
  });

  test.each(["set", "destroy", "get"] as const)(
    "a session store whose %s is async and rejects, calling nobody back, is one that fails (B075, B080)",
    async (call) => {
      const store = new FaultyStore();
      const s = await serve({ express, session: { store: boundedStore(store) } });
      const client = await s.signedIn();
      await client.ask();
      store.faults.set(call, "reject");
      const answer = await client.answer(s.lastCode());
      expect(answer.status).toBe(503);
      // At once, and not at the deadline.
      const reasons = ([...s.events, ...s.errors] as { reason?: string }[]).map((e) => e.reason);
      expect(reasons).toContain("session_store_error");
      expect(reasons).not.toContain("session_store_timeout");
      expect(JSON.stringify(s.events)).not.toContain("password");
      store.faults.clear();
      expect(await client.visit()).toBe(403);
      expect((await client.answer(s.lastCode())).status).toBe(200);
      expect(await client.visit()).toBe(200);
    },
  );

  test("a session store without boundedStore() whose destroy rejects so fails at once too (B075)", async () => {
    const store = new FaultyStore();
    const s = await serve({ express, session: { store } });
    const client = await s.signedIn();
    await client.ask();
    store.faults.set("destroy", "reject");
    expect((await client.answer(s.lastCode())).status).toBe(503);
    expect(s.events.map(({ reason }) => reason)).not.toContain("session_store_timeout");
    store.faults.clear();
    expect((await client.answer(s.lastCode())).status).toBe(200);
  });

  test("a session store that never answers gets a 503 and keeps the session where `unset` destroys", async () => {
    hurryDeadlines();
    const store = new FaultyStore();
    const s = await serve({ express, session: { store, unset: "destroy" } });
    const client = await s.signedIn();
    store.faults.set("set", "hang").set("destroy", "hang");
    expect((await client.ask().timeout(8000)).status).toBe(503);
    store.faults.delete("destroy");
    expect((await client.ask().timeout(8000)).status).toBe(503);
    store.faults.clear();
    expect((await client.get("/own")).body).toHaveProperty("user");
  });

  test.each(["set", "destroy"] as const)(
    "a session store whose %s never answers gets a 503 in bounded time, and the code stays good (B080)",
    async (call) => {
      hurryDeadlines();
      const store = new FaultyStore();
      const s = await serve({ express, session: { store } });
      const client = await s.signedIn();
      await client.ask();
      store.faults.set(call, "hang");
      const answer = await client.answer(s.lastCode());
      expect(answer.status).toBe(503);
      expect(answer.headers["set-cookie"]).toBeUndefined();
      store.faults.clear();
      expect(await client.visit()).toBe(403);
      expect((await client.answer(s.lastCode())).status).toBe(200);
      expect(await client.visit()).toBe(200);
    },
  );

  test("a session store whose set never answers gets a request for a code a 503 in bounded time (B080)", async () => {
    hurryDeadlines();
    const store = new FaultyStore();
    const s = await serve({ express, session: { store } });
    const client = await s.signedIn();
    store.faults.set("set", "hang");
    expect((await client.ask()).status).toBe(503);
    expect(s.sent).toEqual([]);
    store.faults.clear();
    await s.two.close();
    expect((await client.ask()).body).toMatchObject({ status: "sent" });
  });

  test.each(["fail", "throw", "hang"] as const)(
    "counters that %s refuse with 503, also the right code after 50 guesses and a verified session (B080, B081, R56)",
    async (fault) => {
      hurryDeadlines();
      const counters = new DistantCounters();
      const s = await serve({ express, options: { counters } });
      const verified = await s.signedIn();
      await verified.ask();
      await verified.answer(s.lastCode());
      expect(await verified.visit()).toBe(200);
      const client = await s.signedIn();
      await client.ask();

      counters.fault = fault;
      const guesses = fault === "hang" ? [] : wrongCodes(s.lastCode(), 50);
      for (const code of [...guesses, s.lastCode()]) {
        expect((await client.answer(code)).status).toBe(503);
      }
      expect(await client.visit()).toBe(403);
      expect(await verified.visit()).toBe(503);
      expect((await verified.status()).status).toBe(503);
      const fresh = await s.signedIn();
      expect((await fresh.ask()).status).toBe(503);
      expect(s.sent).toHaveLength(2);

      counters.fault = undefined;
      expect(await verified.visit()).toBe(200);
    },
  );

  describe("without a session", () => {
    test.each([
      ["none is mounted", undefined, /Mount express-session before/],
      ["it is kept in a cookie", cookieSession({ keys: ["k"] }), /not express-session's/],
    ])(
      "%s: the cause is named and nothing passes (B076, B106, R56)",
      async (_why, mounted, cause) => {
        const s = await serve({
          express,
          session: false,
          user: () => ({ id: "ann", phone: ANN }),
          before: (app) => {
            if (mounted !== undefined) app.use(mounted);
          },
        });
        const client = s.client();
        for (const answer of [
          await client.ask(),
          await client.answer("123456"),
          await client.get("/private"),
          await client.status(),
        ]) {
          expect(answer.status).toBe(503);
          const { detail } = answer.body as { detail: string };
          expect(detail).toMatch(cause);
        }
        expect((await client.get("/verification")).body).toEqual({ verification: null });
        expect((await client.post("/reset")).status).toBe(503);
        expect(s.sent).toEqual([]);
      },
    );
  });

  test("cookie-session is refused at the first request, in a sentence that says the fix, and no old cookie of it passes (B076, B106, R56)", async () => {
    const s = await serve({
      express,
      session: false,
      before: (app) => {
        app.use(cookieSession({ keys: ["k"] }));
        app.post("/sign-in-by-cookie", (req, res) => {
          const own = req.session as unknown as Record<string, unknown>;
          own["user"] = { id: "ann", phone: ANN };
          res.json({});
        });
      },
    });
    const client = s.client();
    expect((await client.post("/sign-in-by-cookie")).status).toBe(200);
    expect(client.cookie).toMatch(/^session=.+; session\.sig=/);
    const old = client.copy();
    for (const answer of [await client.ask(), await old.get("/private"), await old.status()]) {
      expect(answer.status).toBe(503);
      expect(answer.body).toMatchObject({
        code: "unavailable",
        detail:
          "The session on this request is not express-session's. Mount express-session with a " +
          "store on the server: a session kept in a cookie can be replayed.",
      });
    }
    // Nothing of ours has come to stand in a cookie.
    expect(client.cookie).toBe(old.cookie);
    expect(s.sent).toEqual([]);
  });

  test("a session store that has lost its connection leaves no session, and nothing passes (B076)", async () => {
    const store = new FaultyStore();
    const s = await serve({ express, session: { store } });
    const client = await s.signedIn();
    await client.ask();
    await client.answer(s.lastCode());
    store.emit("disconnect");
    expect(await client.visit()).not.toBe(200);
    store.emit("connect");
    expect(await client.visit()).toBe(200);
  });

  test("a session store that can't be read lets nothing pass (R56)", async () => {
    const store = new FaultyStore();
    const s = await serve({ express, session: { store } });
    const client = await s.signedIn();
    await client.ask();
    await client.answer(s.lastCode());
    store.faults.set("get", "fail");
    expect(await client.visit()).toBe(500);
  });

  test("a store in files, which tells a session that is not there by ENOENT, goes on in boundedStore()", async () => {
    const store = new FaultyStore();
    const s = await serve({ express, session: { store: boundedStore(store) } });
    const client = await s.signedIn();
    store.get = (_sid, done) => {
      done(Object.assign(new Error("no such file"), { code: "ENOENT" }));
    };
    expect((await client.ask()).body).toMatchObject({ code: "not_signed_in" });
    expect(s.errors).toEqual([]);
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("db://user:password@host");
      },
    ],
    ["rejects", () => Promise.reject(new Error("db://user:password@host"))],
    ["gives a user without an id", () => ({ phone: ANN }) as never],
    ["gives an id that is an object", () => ({ id: { $ne: "" }, phone: ANN }) as never],
    ["gives an empty id", () => ({ id: "", phone: ANN })],
    ["gives NaN", () => ({ id: NaN, phone: ANN })],
    ["gives a phone that is a number", () => ({ id: "ann", phone: 12025550123 }) as never],
    ["gives a phone that is an object", () => ({ id: "ann", phone: { e164: ANN } }) as never],
    ["gives a phone that is false", () => ({ id: "ann", phone: false }) as never],
  ])("a user() that %s closes everything (R56)", async (_how, user) => {
    const s = await serve({ express, user });
    const client = s.client();
    for (const answer of [
      await client.ask(),
      await client.answer("123456"),
      await client.status(),
      await client.get("/private"),
    ]) {
      expect(answer.status).toBe(503);
      expect(answer.text).not.toContain("password");
    }
    expect(s.sent).toEqual([]);
    expect(JSON.stringify(s.events)).not.toContain("password");
  });

  test.each([
    ["null", () => null],
    ["undefined", () => undefined],
    ["a promise of nobody", () => Promise.resolve(null)],
  ])(
    "a user() that gives %s is nobody: refused, with no text and no pass (R24, R78, B078)",
    async (_what, user) => {
      const s = await serve({ express, user });
      const client = s.client();
      expect((await client.ask()).body).toMatchObject({ code: "not_signed_in" });
      expect((await client.answer("123456")).body).toMatchObject({ code: "not_signed_in" });
      expect(await client.visit()).toBe(403);
      expect((await client.status()).body).toEqual({ verified: false, challenge: null });
      expect(s.sent).toEqual([]);
    },
  );
});

describe("log-out while the counter store is down (C246)", () => {
  const loggedIn = async (fault: "fail" | "throw" | "hang") => {
    const counters = new DistantCounters();
    const store = new FaultyStore();
    const s = await serve({
      session: { store },
      options: { counters },
      before: (app, two) => {
        // As README and docs/deployment.md have it.
        app.post("/log-out", async (req, res, next) => {
          await two.reset(req).catch(() => undefined);
          req.session.destroy((error) => {
            if (error) next(error);
            else res.json({});
          });
        });
      },
    });
    const client = await s.signedIn();
    await client.ask();
    await client.answer(s.lastCode());
    await client.ask({ fresh: true });
    counters.fault = fault;
    return { s, client, counters, store };
  };

  test.each(["fail", "throw", "hang"] as const)(
    "ends the session, whatever the store does: %s",
    async (fault) => {
      hurryDeadlines();
      const { client, counters, store } = await loggedIn(fault);
      expect((await client.post("/log-out")).status).toBe(200);
      expect(await dump(store)).toBe("{}");
      counters.fault = undefined;
      expect(await client.visit()).toBe(403);
      expect((await client.get("/own")).body).not.toHaveProperty("user");
    },
  );

  test.each(["fail", "throw", "hang"] as const)(
    "drops mark and challenge from the session, and says that a late write could revive them: %s",
    async (fault) => {
      hurryDeadlines();
      const { client, counters, store } = await loggedIn(fault);
      expect((await client.post("/reset")).status).toBe(503);
      expect(await dump(store)).not.toContain("twoFactor");
      counters.fault = undefined;
      expect(await client.visit()).toBe(403);
      expect((await client.status()).body).toEqual({ verified: false, challenge: null });
    },
  );
});
