/** The guard: whom it lets pass, how long, and how it answers the others. */

import { request } from "node:http";
import { ANN, EXPRESSES, Gate, serve, type ServeOptions } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import type { TwoFactorError, UserOf } from "../../lib";

async function verified(given: ServeOptions = {}) {
  const s = await serve(given);
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  return { s, client };
}

describe.each(EXPRESSES)("%s", (_name, express) => {
  test("a verified session passes with every method, and a fresh one with none", async () => {
    const { s, client } = await verified({ express });
    for (const method of ["get", "post", "put", "delete"] as const) {
      expect((await client.send(method, "/private")).status).toBe(200);
      expect((await s.client().send(method, "/private")).status).toBe(403);
    }
  });

  test.each([
    ["passed", 0],
    ["refused", 1],
  ])(
    "an answer that the app's own time limit has given stays: nothing is done, nothing thrown (%s)",
    async (_how, isRefused) => {
      const slow = new Gate();
      let done = 0;
      const user: UserOf = async (req) => {
        if (req.path !== "/late") return req.session.user;
        await slow.pass();
        return isRefused === 1 ? null : req.session.user;
      };
      const { s, client } = await verified({
        express,
        user,
        mountWith: (app, two) => {
          app.use("/2fa", two.router);
          app.get(
            "/late",
            (_req, res, next) => {
              void slow.held.then(() => {
                res.status(503).json({ late: true });
                slow.open();
              });
              next();
            },
            two.require2fa(),
            () => (done += 1),
          );
        },
      });
      const answer = await client.get("/late");
      expect([answer.status, answer.body]).toEqual([503, { late: true }]);
      slow.open();
      await client.visit();
      expect([done, s.errors]).toEqual([0, []]);
    },
  );

  test("a fetch is answered with a problem and no redirect, with where to verify (B018, R58)", async () => {
    const s = await serve({ express, mount: "/account/security" });
    const client = await s.signedIn();
    const answer = await client
      .get("/private")
      .set("Accept", "application/json")
      .set("Sec-Fetch-Dest", "empty")
      .set("X-Requested-With", "XMLHttpRequest");
    expect(answer.status).toBe(403);
    expect(answer.headers.location).toBeUndefined();
    expect(answer.body).toMatchObject({
      code: "two_factor_required",
      verifyAt: {
        request: "/account/security/request-auth",
        validate: "/account/security/validate-auth",
      },
    });
  });

  test("with pages the problem tells the page's address too, with what is to be proved there", async () => {
    const options = { pages: true, purposes: ["pay"] };
    const plain = await serve({ express, options });
    expect((await (await plain.signedIn()).get("/private")).body).toMatchObject({
      verifyAt: { page: "/2fa/" },
    });
    const stepUp = await serve({ express, options, guard: { purpose: "pay", maxAge: 120 } });
    expect((await (await stepUp.signedIn()).get("/private")).body).toMatchObject({
      verifyAt: { page: "/2fa/?purpose=pay&maxAge=120" },
    });
    const atRoot = await serve({ express, options, mount: "/" });
    const answer = await (await atRoot.signedIn()).get("/private");
    expect(answer.status).toBe(403);
    expect(answer.body).not.toHaveProperty("verifyAt.page");
  });

  test("onRequired answers in the guard's place, and can let nobody pass", async () => {
    const seen: TwoFactorError[] = [];
    const s = await serve({
      express,
      guard: {
        onRequired: (req, res, refusal, ...rest) => {
          expect(rest).toEqual([]);
          seen.push(refusal);
          res.redirect(303, `/verify?returnTo=${encodeURIComponent(req.originalUrl)}`);
        },
      },
    });
    const answer = await (await s.signedIn()).get("/private?id=7");
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe("/verify?returnTo=%2Fprivate%3Fid%3D7");
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(seen[0]).toMatchObject({
      name: "TwoFactorError",
      code: "two_factor_required",
      status: 403,
    });
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("template is broken");
      },
    ],
    ["rejects", () => Promise.reject(new Error("template is broken"))],
  ])(
    "an onRequired that %s goes to the app's error handler, and passes nobody (B022, R56)",
    async (_how, onRequired) => {
      const s = await serve({ express, guard: { onRequired } });
      const answer = await (await s.signedIn()).get("/private");
      expect(answer.status).toBe(500);
      expect(s.errors).toEqual([expect.objectContaining({ message: "template is broken" })]);
    },
  );
});

/** What Express, given it as an error, takes for leave to go on. */
const NO_ERRORS = [undefined, null, "", 0, false, "route", "router"];

describe.each(EXPRESSES)("%s", (_name, express) => {
  test.each(NO_ERRORS)(
    "an onRequired that throws or rejects with %j passes nobody, wherever the guard stands (R56, B022)",
    async (thrown) => {
      const throws = () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- as apps do
        throw thrown;
      };
      for (const onRequired of [throws, async () => Promise.resolve().then(throws)]) {
        const s = await serve({
          express,
          guard: { onRequired },
          before: (app, two) => {
            app.use("/below", two.require2fa({ onRequired }));
            const inner = express.Router().use(two.require2fa({ onRequired }));
            app.use("/inner", inner);
            app.get(["/below/x", "/inner/x"], (_req, res) => res.json({ private: true }));
          },
        });
        const client = await s.signedIn();
        for (const path of ["/private", "/below/x", "/inner/x"]) {
          expect(await client.visit(path)).toBe(500);
        }
        expect(s.errors).toEqual(Array(3).fill(expect.any(Error)));
      }
    },
  );

  test.each(NO_ERRORS)(
    "a page's layout that throws %j passes nobody by the guard in front of the app (R56)",
    async (thrown) => {
      const s = await serve({
        express,
        options: {
          pages: {
            layout: () => {
              // eslint-disable-next-line @typescript-eslint/only-throw-error -- as apps do
              throw thrown;
            },
          },
        },
        before: (app, two) => app.use(two.require2fa()),
        mountWith: (app, two) => {
          app.use("/2fa", two.router);
          app.use((_req, res) => res.json({ private: true }));
        },
      });
      const client = await s.signedIn();
      expect(await client.visit("/2fa/")).toBe(503);
      expect(s.errors).toEqual([]);
    },
  );
});

test("onRequired hears of a fault as of a refusal: 503, and closed (R56)", async () => {
  const seen: string[] = [];
  const s = await serve({
    user: () => Promise.reject(new Error("db")),
    guard: {
      onRequired: (_req, res, refusal) => {
        seen.push(refusal.code);
        res.status(refusal.status).end();
      },
    },
  });
  expect(await s.client().visit()).toBe(503);
  expect(seen).toEqual(["unavailable"]);
});

test("onRequired is not called for a session that is verified", async () => {
  let calls = 0;
  const { client } = await verified({
    guard: {
      onRequired: (_req, res) => {
        calls += 1;
        res.end();
      },
    },
  });
  expect((await client.get("/private")).body).toEqual({ private: true });
  expect(calls).toBe(0);
});

test("a proof holds for 24 hours by default, to the millisecond (R54)", async () => {
  fakeDate();
  const { client } = await verified();
  pass(86_400 - 0.001);
  expect(await client.visit()).toBe(200);
  expect((await client.status()).body).toMatchObject({ verified: true });
  pass(0.001);
  expect(await client.visit()).toBe(403);
  expect((await client.status()).body).toMatchObject({ verified: false });
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
});

test("maxAge asks for a proof that is no older, and a step-up gives one (R54)", async () => {
  fakeDate();
  const { s, client } = await verified({
    before: (app, two) => {
      app.get("/transfer", two.require2fa({ maxAge: 120 }), (_req, res) => res.json({}));
    },
  });
  pass(119.999);
  expect(await client.visit("/transfer")).toBe(200);
  pass(0.001);
  expect(await client.visit("/transfer")).toBe(403);
  expect(await client.visit()).toBe(200);
  expect((await client.ask({ fresh: true })).body).toMatchObject({ status: "sent" });
  expect(await client.visit()).toBe(200);
  await client.answer(s.lastCode());
  expect(await client.visit("/transfer")).toBe(200);
});

test("visits do not prolong a proof (R54)", async () => {
  fakeDate();
  const { client } = await verified({ guard: { maxAge: 100 } });
  pass(60);
  expect(await client.visit()).toBe(200);
  pass(60);
  expect(await client.visit()).toBe(403);
});

test("the guard asks user() anew at each request, and its number too (R53, R59)", async () => {
  let user: { id: string; phone?: string } | null = { id: "ann", phone: ANN };
  const s = await serve({ user: () => user });
  const client = s.client();
  await client.ask();
  await client.answer(s.lastCode());
  expect(await client.visit()).toBe(200);
  user = { id: "ann", phone: "+12025550199" };
  expect(await client.visit()).toBe(403);
  user = { id: "ann" };
  expect(await client.visit()).toBe(403);
  user = null;
  expect(await client.visit()).toBe(403);
  user = { id: "ann", phone: "(202) 555-0123" };
  expect(await client.visit()).toBe(403);
  user = { id: "ann", phone: "+1 (202) 555-0123" };
  expect(await client.visit()).toBe(200);
});

test("nobody signed in is told so at once, and no more (C247)", async () => {
  const s = await serve({ options: { pages: true } });
  const { status, body } = (await s.client().get("/private")) as { status: number; body: object };
  expect([status, body]).toEqual([403, expect.objectContaining({ code: "not_signed_in" })]);
  expect(body).not.toHaveProperty("verifyAt");
  expect(s.events).toEqual([
    expect.objectContaining({ type: "guard_refused", code: "not_signed_in" }),
  ]);
  const client = await s.signedIn("eve", null);
  expect((await client.get("/private")).body).toMatchObject({ code: "two_factor_required" });
  const number = await serve({ user: "from-request" });
  expect((await number.client().get("/private")).body).toMatchObject({
    code: "two_factor_required",
  });
});

test("onRequired hears that nobody is signed in (C247)", async () => {
  const seen: string[] = [];
  const s = await serve({
    guard: {
      onRequired: (_req, res, refusal) => {
        seen.push(refusal.code);
        res.status(refusal.status).end();
      },
    },
  });
  expect(await s.client().visit()).toBe(403);
  await (await s.signedIn()).visit();
  expect(seen).toEqual(["not_signed_in", "two_factor_required"]);
});

test("an asynchronous user() is waited for", async () => {
  const s = await serve({
    user: async (req) => {
      await new Promise((resolve) => setImmediate(resolve));
      return req.session.user;
    },
  });
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  expect(await client.visit()).toBe(200);
  await client.signIn("joe");
  expect(await client.visit()).toBe(403);
});

test("a number alone, in the other mode, passes once it is proved", async () => {
  const s = await serve({ user: "from-request" });
  const client = s.client();
  await client.ask({ number: ANN });
  expect(await client.visit()).toBe(403);
  await client.answer(s.lastCode());
  expect(await client.visit()).toBe(200);
});

test("two guards in a row ask each for its own", async () => {
  fakeDate();
  const { client } = await verified({
    before: (app, two) => {
      app.get("/both", two.require2fa(), two.require2fa({ maxAge: 10 }), (_req, res) =>
        res.json({}),
      );
    },
  });
  expect(await client.visit("/both")).toBe(200);
  pass(10);
  expect(await client.visit("/both")).toBe(403);
});

test("what throws behind the guard is the app's own, and passes through the guard once", async () => {
  const { s, client } = await verified({
    before: (app, two) => {
      app.get("/broken", two.require2fa(), () => {
        throw new Error("the app's own");
      });
    },
  });
  expect(await client.visit("/broken")).toBe(500);
  expect(s.errors).toHaveLength(1);
});

test("staff who act as a customer are texted themselves, and their proof is for them alone (C249)", async () => {
  const s = await serve({
    options: { purposes: ["support"] },
    mountWith: (app, two) => {
      app.use("/2fa", two.router);
      const mayAct = two.require2fa({ purpose: "support", maxAge: 600 });
      app.post("/support/act-for", mayAct, (req, res) => {
        req.session.cart = "the customer's";
        res.json({});
      });
    },
  });
  const staff = await s.signedIn("sam", "+12025550188");
  expect((await staff.post("/support/act-for")).status).toBe(403);
  await staff.ask({ purpose: "support" });
  expect(s.sent.map(({ to }) => to)).toEqual(["+12025550188"]);
  await staff.answer(s.lastCode());
  expect((await staff.post("/support/act-for")).status).toBe(200);
  expect((await staff.get("/own")).body).toMatchObject({ cart: "the customer's" });
  const customer = await s.signedIn();
  expect((await customer.post("/support/act-for")).status).toBe(403);
});

test.each(["*", "http://a%7%25b/private", "http://a%7%25b/2fa/status"])(
  "%s, which express-session can't read, is refused as malformed, and is no fault of the app's",
  async (path) => {
    const s = await serve({
      mountWith: (app, two) => {
        app.use("/2fa", two.router);
        app.use(two.require2fa());
      },
    });
    const status = await new Promise((resolve, reject) => {
      request({ port: s.port, path }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(400);
    expect(s.events).toMatchObject([{ code: "invalid_request" }]);
  },
);
