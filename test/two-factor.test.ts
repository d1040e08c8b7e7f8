/** What `twoFactor()` gives beside router and guard: the endpoints without HTTP, and what the app asks of it. */

import type { Request, Response } from "express";
import {
  ANN,
  BOB,
  codeIn,
  EXPRESSES,
  SECRET,
  serve,
  type Client,
  type ServeOptions,
} from "./fakes/app";
import { fakeDate, pass } from "./fakes/clock";
import { twoFactor, type Message, type TwoFactorOptions } from "../lib";
import { DistantCounters } from "./fakes/stores";

/** A request on which nobody has put a session. */
const BARE = { headers: {}, socket: {} } as unknown as Request;

/** The endpoints as routes of the app's own, as for GraphQL. */
const ownRoutes: ServeOptions["before"] = (app, two) => {
  const fields = (req: Request) => Object.fromEntries(new URLSearchParams(req.url.split("?")[1]));
  const tell = (work: Promise<unknown>, res: Response) => {
    work.then(
      (outcome) => res.json(outcome),
      () => res.status(500).end(),
    );
  };
  app.post("/own-request", (req, res) => {
    tell(two.request(req, fields(req)), res);
  });
  app.post("/own-bare-request", (req, res) => {
    tell(two.request(req), res);
  });
  app.post("/own-validate", (req, res) => {
    tell(two.validate(req, fields(req)), res);
  });
};

describe.each(EXPRESSES)("%s", (_name, express) => {
  test("request() and validate() are the endpoints without HTTP: one flow, one guard", async () => {
    const s = await serve({ express, before: ownRoutes });
    const client = await s.signedIn();
    const asked = await client.post("/own-bare-request");
    expect(asked.body).toMatchObject({ ok: true, status: "sent", attemptsLeft: 5 });
    const wrong = await client.post("/own-validate?auth_code=000000");
    expect(wrong.body).toEqual({ ok: false, code: "wrong_code", attemptsLeft: 4 });
    const answer = await client.post(`/own-validate?code=${s.lastCode()}`);
    expect(answer.body).toMatchObject({ ok: true, status: "verified", amr: ["sms"] });
    expect(await client.visit()).toBe(200);
  });
});

test("request() and validate() give refusals as values, and never reject", async () => {
  const s = await serve({ before: ownRoutes });
  const client = s.client();
  expect((await client.post("/own-request")).body).toEqual({ ok: false, code: "not_signed_in" });
  expect((await client.post("/own-validate?code=1")).body).toEqual({
    ok: false,
    code: "not_signed_in",
  });
  const bare = await s.two.request(BARE);
  expect(bare).toMatchObject({ ok: false, code: "unavailable" });
});

test("request() takes the fields of the endpoint, and refuses the same", async () => {
  const s = await serve({ before: ownRoutes, options: { purposes: ["pay"] } });
  const client = await s.signedIn();
  const mismatch = await client.post(`/own-request?number=${encodeURIComponent(BOB)}`);
  expect(mismatch.body).toMatchObject({ code: "number_mismatch" });
  expect((await client.post("/own-request?purpose=pay")).body).toMatchObject({ status: "sent" });
});

test.each([
  ["+1 (202) 555-0123", {}],
  ["202 555 0123", {}],
  ["202 555 0123", { defaultCountry: "US" }],
  ["+1 202 555 0123 ext 5", {}],
  ["1234567", {}],
  ["", {}],
  ["+44 7400 123456", {}],
  ["+44 7400 123456", { countries: ["GB"] }],
  ["+1 900 555 0123", {}],
])("readPhone() says of %j with %j what a text to it would meet", async (number, options) => {
  const s = await serve({ user: "from-request", options });
  const asked = await s.client().ask({ number });
  const read = s.two.readPhone(number);
  expect(read.ok).toBe(asked.status === 200);
  if (read.ok) expect(s.sent.map(({ to }) => to)).toEqual([read.phone]);
  // The endpoint wants a number at all; an empty field is none.
  else if (number !== "") expect(read.code).toBe((asked.body as { code: string }).code);
});

test("readPhone() refuses what is no string, as a field that is missing or there twice", async () => {
  const { two } = await serve();
  for (const wrong of [undefined, null, 12025550123, [ANN], { number: ANN }]) {
    expect(two.readPhone(wrong as never)).toEqual({ ok: false, code: "invalid_number" });
  }
});

test("verification() tells who proved what, how and when, and nothing before", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  expect((await client.get("/verification")).body).toEqual({ verification: null });
  await client.ask();
  await client.answer(s.lastCode());
  const at = new Date().toISOString();
  expect((await client.get("/verification")).body).toEqual({
    verification: { subject: "ann", amr: ["sms"], at },
  });
});

test("verification() tells the proved number where that is the subject", async () => {
  const s = await serve({ user: "from-request" });
  const client = s.client();
  await client.ask({ number: ANN });
  await client.answer(s.lastCode());
  expect((await client.get("/verification")).body).toMatchObject({
    verification: { subject: ANN, phone: ANN },
  });
});

test("verification() tells nothing to another user of the session, nor after reset()", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  await client.signIn("joe");
  expect((await client.get("/verification")).body).toEqual({ verification: null });
  await client.signIn("ann");
  await client.post("/reset");
  expect((await client.get("/verification")).body).toEqual({ verification: null });
});

test("verification() tells nothing of a user who is named undefined once nobody is signed in", async () => {
  let user: { id: string; phone: string } | undefined = { id: "undefined", phone: ANN };
  const s = await serve({ user: () => user });
  const client = s.client();
  await client.ask();
  await client.answer(s.lastCode());
  expect((await client.get("/verification")).body).toMatchObject({
    verification: { subject: "undefined" },
  });
  user = undefined;
  expect((await client.get("/verification")).body).toEqual({ verification: null });
});

test("verification() tells whose mark it is where user() is asynchronous", async () => {
  const s = await serve({ user: (req) => Promise.resolve(req.session.user) });
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  expect((await client.get("/verification")).body).toMatchObject({
    verification: { subject: "ann" },
  });
});

test("verification() tells nothing where user() throws", async () => {
  let isDown = false;
  const s = await serve({
    user: (req) => {
      if (isDown) throw new Error("down");
      return req.session.user;
    },
  });
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  isDown = true;
  expect((await client.get("/verification")).body).toEqual({ verification: null });
});

describe("two on one session, of one secret and one store", () => {
  const counters = new DistantCounters();

  /** A second one at `/more`, with a guard of its own in front of `/more-private`. */
  const serveTwo = async (more: Partial<TwoFactorOptions>) => {
    const sent: Message[] = [];
    const other = twoFactor({
      secret: SECRET,
      user: (req) => req.session.user,
      appName: "Acme",
      sender: (message) => sent.push(message),
      counters,
      ...more,
    });
    const s = await serve({
      options: { counters, limits: { cooldown: 1 } },
      before: (app) => {
        app.use("/more", other.router);
        app.get(
          "/more-private",
          other.require2fa({
            purpose: Object.values(more.purposes ?? {})[0] as string | undefined,
          }),
          (_req, res) => {
            res.json({ private: true });
          },
        );
      },
    });
    const prove = async (client: Client, fields: object) => {
      expect((await client.post("/more/request-auth", fields)).body).toMatchObject({
        status: "sent",
      });
      return client.post("/more/validate-auth", { code: codeIn(sent.at(-1)) });
    };
    return { s, prove };
  };

  test("for purposes of one user, each keeps the other's marks", async () => {
    const { s, prove } = await serveTwo({ purposes: ["pay"] });
    const client = await s.signedIn();
    await client.ask();
    await client.answer(s.lastCode());
    expect((await prove(client, { purpose: "pay" })).status).toBe(200);
    expect([await client.visit(), await client.visit("/more-private")]).toEqual([200, 200]);
  });

  test("for a user and for a number, each ends the other's marks and open challenge", async () => {
    const { s, prove } = await serveTwo({ user: "from-request" });
    const client = await s.signedIn();
    await client.ask();
    await client.answer(s.lastCode());
    const old = client.copy();
    expect((await prove(client, { number: BOB })).status).toBe(200);
    expect([await client.visit(), await client.visit("/more-private")]).toEqual([403, 200]);
    expect(await old.visit()).toBe(403);

    const proved = client.copy();
    expect((await client.ask()).status).toBe(200);
    expect((await client.answer(s.lastCode())).status).toBe(200);
    expect([await client.visit(), await client.visit("/more-private")]).toEqual([200, 403]);
    expect(await proved.visit("/more-private")).toBe(403);

    await client.ask({ fresh: true });
    const replaced = s.lastCode();
    await client.post("/more/request-auth", { number: BOB });
    expect((await client.answer(replaced)).body).toMatchObject({ code: "no_challenge" });
  });

  test("a reset() of one drops the other's marks too", async () => {
    const { s, prove } = await serveTwo({ purposes: ["pay"] });
    const client = await s.signedIn();
    await prove(client, { purpose: "pay" });
    expect(await client.visit("/more-private")).toBe(200);
    await client.post("/reset");
    expect(await client.visit("/more-private")).toBe(403);
  });
});

test("unlock() forgets a user's failures and texts, and nobody else's", async () => {
  const one = { max: 1, window: 600 };
  const s = await serve({ options: { limits: { failures: one, user: one } } });
  for (const [id, phone] of [
    ["ann", ANN],
    ["bob", BOB],
  ] as const) {
    const client = await s.signedIn(id, phone);
    await client.ask();
    await client.answer("000000");
    expect((await (await s.signedIn(id, phone)).ask()).status).toBe(429);
  }
  await s.two.close();
  await s.two.unlock("ann");
  const ann = await s.signedIn("ann", ANN);
  expect((await ann.ask()).status).toBe(200);
  expect((await ann.answer(s.lastCode())).status).toBe(200);
  expect((await (await s.signedIn("bob", BOB)).ask()).status).toBe(429);
  expect(s.events).toContainEqual(
    expect.objectContaining({ type: "factor_unlocked", subject: "ann" }),
  );
});

test("unlock() takes ids of every kind that user() may give", async () => {
  const s = await serve();
  await expect(
    Promise.all([s.two.unlock(7), s.two.unlock(7n), s.two.unlock("7")]),
  ).resolves.toHaveLength(3);
});

test("reset() is a promise that need not be awaited: without a session it rejects, and harms no process", async () => {
  const { two } = await serve();
  void two.reset(BARE);
  await expect(two.reset(BARE)).rejects.toMatchObject({
    code: "unavailable",
  });
  // Jest fails a test that leaves a rejection unhandled.
  await new Promise((resolve) => setImmediate(resolve));
});

test("close() resolves once the work beside the answers has ended", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  await expect(s.two.close()).resolves.toBeUndefined();
  await expect(s.two.close()).resolves.toBeUndefined();
});

test("the functions work apart from their object", async () => {
  const { two } = await serve();
  const { require2fa, request, verification, close, unlock } = two;
  expect(typeof require2fa()).toBe("function");
  expect(await request(BARE)).toMatchObject({ ok: false });
  expect(verification(BARE)).toBeUndefined();
  await unlock("ann");
  await close();
});

describe("warnings at the start", () => {
  const warnings = (options: object, environment: string): string[] => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = environment;
    const spy = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    try {
      twoFactor({
        secret: SECRET,
        user: "from-request",
        sender: () => undefined,
        appName: "Acme",
        ...options,
      });
      return spy.mock.calls.map((given) => JSON.stringify(given));
    } finally {
      process.env.NODE_ENV = before;
      spy.mockRestore();
    }
  };

  test("tell of counters in memory in production, once, and else nowhere (B082)", () => {
    expect(warnings({}, "test")).toEqual([]);
    for (const mode of ["production", "production "]) {
      expect(warnings({}, mode)).toEqual([expect.stringContaining("SMS2FA_MEMORY_COUNTERS")]);
    }
  });

  test("tell of a name that makes each text cost twice (B088, R43)", () => {
    expect(warnings({ appName: "Café 😀 with a rather long name" }, "test")).toEqual([
      expect.stringContaining("SMS2FA_LONG_TEXT"),
    ]);
  });
});

test("the shown wait of a block counts down", async () => {
  fakeDate();
  const limits = { failures: { max: 1, window: 100 } };
  const s = await serve({ options: { limits } });
  const client = await s.signedIn();
  await client.ask();
  await client.answer("000000");
  await s.two.close();
  const waits: string[] = [];
  for (const seconds of [0, 40, 59.5]) {
    pass(seconds);
    waits.push(String((await client.answer(s.lastCode())).headers["retry-after"]));
  }
  expect(waits).toEqual(["100", "60", "1"]);
});
