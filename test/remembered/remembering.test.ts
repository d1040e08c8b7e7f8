/** Remembered browsers as an app and its users meet them. */

import { ANN, BOB, EXPRESSES, serve } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { again, cookieOf, count, remember, serveRemembering, signedInWith } from "./kit";

const DAY = 86_400;

describe.each(EXPRESSES)("under %s", (_name, express) => {
  test("a remembered browser passes after the next log-in, at guards that say so alone (R61)", async () => {
    const s = await serveRemembering({ express });
    const next = await again(s, await remember(s));
    expect(await next.visit("/easy")).toBe(200);
    for (const path of ["/private", "/fresh", "/pay"]) expect(await next.visit(path)).toBe(403);
    expect(s.sent).toHaveLength(1);
  });

  test("the cookie is the host's alone, beside those of the app (R61)", async () => {
    const s = await serveRemembering({
      express,
      before: (app) =>
        app.use("/2fa", (_req, res, next) => {
          res.cookie("own", "kept");
          next();
        }),
    });
    const client = await s.signedIn();
    await client.ask();
    const { headers } = await client.answer(s.lastCode(), { remember: true });
    const [own, ours, session, ...more] = headers["set-cookie"] as unknown as string[];
    expect([own, session, more]).toEqual([
      "own=kept; Path=/",
      expect.stringMatching(/^connect\.sid=/),
      [],
    ]);
    expect(ours).toMatch(
      /^__Host-sms2fa-[\w-]{8}=[\w-]{22}\.[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });
});

test("a code alone remembers nothing: it is off until it is asked for (R61)", async () => {
  const s = await serveRemembering();
  for (const fields of [{}, { remember: false }, { remember: "" }, { remember: "0" }]) {
    const client = await s.signedIn("ann", ANN);
    await client.ask();
    const answered = await client.answer(s.lastCode(), fields);
    expect([answered.status, answered.body]).toEqual([
      200,
      expect.not.objectContaining({ remembered: true }),
    ]);
    expect(client.cookie).not.toContain("__Host-");
  }
  expect(await s.two.remembered("ann")).toEqual([]);
});

test.each(["on", "1", "true", true])("forms say it by %j", async (value) => {
  const s = await serveRemembering();
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode(), { remember: value });
  expect(await (await again(s, client)).visit("/easy")).toBe(200);
});

test.each(["yes", 1, null, ["on"], {}])("%j is refused, and spends nothing", async (value) => {
  const s = await serveRemembering();
  const client = await s.signedIn();
  await client.ask();
  const answered = await client.answer("000000", { remember: value });
  expect([answered.status, answered.body]).toEqual([
    400,
    expect.objectContaining({
      code: "invalid_request",
      detail: "Expected `remember` to be true or false.",
    }),
  ]);
  expect((await client.status()).body).toMatchObject({ challenge: { attemptsLeft: 5 } });
});

test("without the option it is refused as ever, and the code stays good", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  const answered = await client.answer(s.lastCode(), { remember: true });
  expect([answered.status, answered.body]).toEqual([
    400,
    expect.objectContaining({ code: "invalid_request" }),
  ]);
  expect((await client.status()).body).toEqual({
    verified: false,
    challenge: expect.objectContaining({ attemptsLeft: 5 }) as object,
  });
  expect((await client.answer(s.lastCode())).status).toBe(200);
  expect([await s.two.remembered("ann"), await s.two.forget("ann")]).toEqual([[], false]);
});

test("status tells of it, and verification does not: it is no proof", async () => {
  const s = await serveRemembering();
  const next = await again(s, await remember(s));
  expect(await next.visit("/easy")).toBe(200);
  expect((await next.status()).body).toEqual({
    verified: false,
    remembered: true,
    challenge: null,
  });
  expect((await next.get("/verification")).body).toEqual({ verification: null });
  expect((await (await s.signedIn()).status()).body).toMatchObject({ remembered: false });
  expect((await s.client().status()).body).toMatchObject({ remembered: false });
});

test("a list tells when, how long and which browser, and which one asks (R61)", async () => {
  fakeDate();
  const s = await serveRemembering({ maxAge: 10 * DAY });
  const start = new Date();
  const iso = (seconds: number) => new Date(start.getTime() + seconds * 1000).toISOString();
  const first = await s.signedIn();
  await first.ask();
  await first
    .answer(s.lastCode(), { remember: true })
    .set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0");
  pass(3600);
  const second = await remember(s);
  pass(3600);
  expect(await (await again(s, first)).visit("/easy")).toBe(200);
  const listed = await second.get("/browsers");
  expect(listed.body).toEqual([
    {
      id: cookieOf(first).replace(/^.*=(.*)\..*$/, "$1"),
      browser: "Firefox on Linux",
      createdAt: iso(0),
      lastUsedAt: iso(7200),
      expiresAt: iso(10 * DAY),
      isCurrent: false,
    },
    {
      id: cookieOf(second).replace(/^.*=(.*)\..*$/, "$1"),
      browser: "",
      createdAt: iso(3600),
      lastUsedAt: iso(3600),
      expiresAt: iso(3600 + 10 * DAY),
      isCurrent: true,
    },
  ]);
  expect(JSON.stringify(listed.body)).not.toMatch(/127\.0\.0\.1|2025550123/);
});

test("one is forgotten by its id, the others stay; then all of them", async () => {
  const s = await serveRemembering();
  const [first, second] = [await remember(s), await remember(s)];
  const [one, other] = [await again(s, first), await again(s, second)];
  const id = (await s.two.remembered("ann")).at(-1)?.id ?? "";
  expect(await s.two.forget("bob", id)).toBe(false);
  expect(await s.two.forget("ann", id)).toBe(true);
  expect(await s.two.forget("ann", id)).toBe(false);
  expect([await one.visit("/easy"), await other.visit("/easy")].sort()).toEqual([200, 403]);
  expect(await s.two.forget("ann")).toBe(true);
  expect([await one.visit("/easy"), await other.visit("/easy")]).toEqual([403, 403]);
  expect(count(s, "browser_forgotten")).toBe(2);
});

test("log-out does not forget a browser; the app can have it forgotten then", async () => {
  const s = await serveRemembering({
    before: (app, two) =>
      app.post("/forget-this", (req, res, next) => {
        void two
          .remembered("ann", req)
          .then((all) => all.find(({ isCurrent }) => isCurrent))
          .then((current) => current && two.forget("ann", current.id))
          .then(() => res.json({}), next);
      }),
  });
  const [client, other] = [await remember(s), await remember(s)];
  await client.post("/reset");
  const next = await again(s, client);
  expect([await next.visit("/private"), await next.visit("/easy")]).toEqual([403, 200]);
  await next.post("/forget-this");
  expect(await next.visit("/easy")).toBe(403);
  expect(await (await again(s, other)).visit("/easy")).toBe(200);
});

test("two users of one browser are remembered beside each other", async () => {
  const s = await serveRemembering();
  const ann = cookieOf(await remember(s));
  const bob = cookieOf(await remember(s, "bob", BOB));
  const shared = s.client(ann);
  for (const [id, phone] of [
    ["ann", ANN],
    ["bob", BOB],
  ] as const) {
    await shared.signIn(id, phone);
    expect((await shared.get("/easy").set("Cookie", `${shared.cookie}; ${bob}`)).status).toBe(200);
  }
});

test("a browser that is remembered again is there once", async () => {
  const s = await serveRemembering();
  const client = await remember(s);
  const before = cookieOf(client);
  await client.ask({ fresh: true });
  await client.answer(s.lastCode(), { remember: true });
  expect(await s.two.remembered("ann")).toHaveLength(1);
  expect(await (await signedInWith(s, before)).visit("/easy")).toBe(403);
  expect(await (await again(s, client)).visit("/easy")).toBe(200);
});

test("routes of the app's own hand in the answer, and without it nothing is remembered", async () => {
  const s = await serveRemembering({
    before: (app, two) => {
      app.post("/check/:way", (req, res, next) => {
        const fields = { code: s.lastCode(), remember: true };
        const answer = req.params.way === "with" ? res : undefined;
        two.validate(req, fields, answer).then((answered) => res.json(answered), next);
      });
    },
  });
  const client = await s.signedIn();
  await client.ask();
  expect((await client.post("/check/without")).body).toMatchObject({ ok: true, remembered: false });
  expect(client.cookie).not.toContain("__Host-");
  expect((await client.post("/check/with")).body).toMatchObject({ ok: true, remembered: true });
  expect(await (await again(s, client)).visit("/easy")).toBe(200);
});

test("events tell of each step, and of no token, number or cookie (R61)", async () => {
  fakeDate();
  const s = await serveRemembering();
  const client = await remember(s);
  const next = await again(s, client);
  for (let visits = 0; visits < 3; visits += 1) await next.visit("/easy");
  const later = await again(s, client);
  await later.visit("/easy");
  await s.two.forget("ann");
  const told = s.events.filter(({ type }) => type.includes("browser"));
  const who = { subject: "ann", phone: "••••23", country: "US", ip: "127.0.0.1" };
  const at = expect.any(String) as string;
  expect(told).toEqual([
    {
      type: "browser_remembered",
      at,
      owasp: "authn_token_created",
      route: "/2fa/validate-auth",
      ...who,
    },
    { type: "browser_recognised", at, route: "/easy", ...who },
    { type: "browser_recognised", at, route: "/easy", ...who },
    { type: "browser_forgotten", at, owasp: "authn_token_revoked", subject: "ann" },
  ]);
  const [, id = "", token = ""] = /=(.*)\.(.*)$/.exec(cookieOf(client)) ?? [];
  for (const secret of [id, token, ANN]) expect(JSON.stringify(s.events)).not.toContain(secret);
});
