/** What a guard's refusal tells: where to verify and with which fields, to clients, events and `onRequired`. */

import type { GuardOptions, TwoFactorError, UserOf } from "../../lib";
import { again, remember, serveRemembering } from "../remembered/kit";
import { serve, type ServeOptions } from "../fakes/app";

afterEach(() => jest.restoreAllMocks());

const VERIFY_AT = { request: "/2fa/request-auth", validate: "/2fa/validate-auth" };

test.each<[GuardOptions, object | undefined]>([
  [{}, undefined],
  [{ maxAge: 86_400 }, undefined],
  [{ maxAge: 86_399 }, { fresh: true }],
  [{ purpose: "pay" }, { purpose: "pay" }],
  [
    { purpose: "pay", maxAge: 60 },
    { purpose: "pay", fresh: true },
  ],
])("a guard of %j asks for %j", async (guard, ask) => {
  const s = await serve({ guard, options: { purposes: ["pay"] } });
  const answer = await (await s.signedIn()).get("/private");
  expect([answer.status, answer.headers["cache-control"]]).toEqual([403, "no-store"]);
  const { code, ...body } = answer.body as { code: string; verifyAt: object; ask?: object };
  expect(code).toBe("two_factor_required");
  expect([body.verifyAt, body.ask]).toEqual([VERIFY_AT, ask]);
  const [event] = s.events;
  expect(event).toMatchObject({ type: "guard_refused", code: "two_factor_required" });
  expect((event as { purpose?: string }).purpose).toBe(guard.purpose);
});

test("an answer behind a guard is for no cache", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  const { status, headers } = await client.get("/private");
  expect([status, headers["cache-control"]]).toEqual([200, "no-store"]);
});

test.each<[string, UserOf]>([
  ["a refusal", (req) => req.session.user],
  [
    "a fault",
    () => {
      throw new Error("down");
    },
  ],
])("onRequired hears of %s what the answer would tell", async (_what, user) => {
  jest.spyOn(process, "emitWarning").mockReturnValue();
  const seen: TwoFactorError[] = [];
  const onRequired: GuardOptions["onRequired"] = (_req, res, refusal) => {
    seen.push(refusal);
    res.status(refusal.status).end();
  };
  const s = await serve({
    user,
    before: (app, two) => {
      app.get("/heard", two.require2fa({ onRequired }), (_req, res) => res.json({}));
    },
  });
  const client = await s.signedIn();
  const told = await client.get("/private");
  const { title, detail, code } = told.body as Record<string, string>;
  expect(await client.visit("/heard")).toBe(told.status);
  expect(seen).toEqual([
    expect.objectContaining({ code, message: `${String(title)}. ${String(detail)}` }),
  ]);
});

test("in front of the whole app, an endpoint that is not served after all stays refused", async () => {
  const s = await serve({
    mountWith: (app, two) => {
      app.use(two.require2fa());
      app.use("/2fa", two.router);
      app.use((_req, res) => res.json({ reached: true }));
    },
  });
  const client = await s.signedIn();
  const answer = await client.post("/2fa/delivery-status");
  expect([answer.status, answer.body]).toMatchObject([403, { code: "two_factor_required" }]);
  expect((await client.status()).status).toBe(200);
});

test("a proof for one request is told as spent by the guard that it has passed, and no other is", async () => {
  const s = await serve({
    options: { purposes: { pay: { once: true } } },
    before: (app, two) => {
      app.get("/pay", two.require2fa({ purpose: "pay" }), (_req, res) => res.json({}));
    },
  });
  const client = await s.signedIn();
  await client.ask({ purpose: "pay" });
  await client.answer(s.lastCode(), { purpose: "pay" });
  s.events.length = 0;
  expect([await client.visit("/pay"), await client.visit("/pay")]).toEqual([200, 403]);
  expect(s.events).toMatchObject([
    { type: "mark_spent", subject: "ann", purpose: "pay", ip: "127.0.0.1", route: "/pay" },
    { type: "guard_refused", purpose: "pay" },
  ]);
});

test("a remembered browser passes the guards alone that say so", async () => {
  const s = await serveRemembering();
  const client = await again(s, await remember(s));
  expect([await client.visit("/easy"), await client.visit()]).toEqual([200, 403]);
  const other = await s.signedIn();
  expect(await other.visit("/easy")).toBe(403);
});

test("where the router stands at the root, the app's own first page is guarded, and no page of ours", async () => {
  const s = await serve({
    mount: "/",
    options: { pages: true },
    before: (app, two) => app.use(two.require2fa()),
  });
  const client = await s.signedIn();
  const { status, type } = await client.get("/").set({ Accept: "text/html" });
  expect([status, type]).toEqual([403, "application/problem+json"]);
  expect(await client.visit("/status")).toBe(200);
});

test("where the router is mounted a guard warns of nothing", async () => {
  const warnings = jest.spyOn(process, "emitWarning").mockReturnValue();
  const s = await serve({ options: { pages: true } });
  const client = await s.signedIn();
  expect([await client.visit(), warnings.mock.calls]).toEqual([403, []]);
});

test.each<[string, UserOf, number]>([
  ["that a proof is missing warns once", (req) => req.session.user, 1],
  [
    "a fault has nothing to warn of",
    () => {
      throw new Error("down");
    },
    0,
  ],
])("where no router is mounted, a guard that answers %s", async (_what, user, times) => {
  const warnings = jest.spyOn(process, "emitWarning").mockReturnValue();
  const s = await serve({ user, mountWith: () => undefined });
  const client = await s.signedIn();
  for (const { body } of [await client.get("/private"), await client.get("/private")]) {
    expect(body).not.toHaveProperty("verifyAt");
  }
  const told = warnings.mock.calls.filter(([text]) => String(text).includes("where to verify"));
  expect(told).toHaveLength(times);
});

describe("a navigation", () => {
  const NAVIGATION = { Accept: "text/html", "Sec-Fetch-Dest": "document" };
  const down: UserOf = () => {
    throw new Error("down");
  };
  const visit = async (given: ServeOptions, headers: Record<string, string>, id?: string) => {
    jest.spyOn(process, "emitWarning").mockReturnValue();
    const s = await serve(given);
    const client = id === undefined ? s.client() : await s.signedIn(id);
    const answer = await client.get("/private").set(headers);
    return { status: answer.status, type: answer.type, to: answer.headers["location"] };
  };
  const PROBLEM = "application/problem+json";
  const paged = { options: { pages: true } };

  test.each<[string, ServeOptions, string | undefined, object]>([
    ["of a user goes to the page", paged, "ann", { status: 303, to: "/2fa/?returnTo=%2Fprivate" }],
    ["of nobody is told so on a page", paged, undefined, { status: 403, type: "text/html" }],
    [
      "meets a fault on a page",
      { ...paged, user: down },
      undefined,
      { status: 503, type: "text/html" },
    ],
    ["gets a problem without pages", {}, "ann", { status: 403, type: PROBLEM }],
    [
      "gets a problem where the router stands at the root",
      { ...paged, mount: "/" },
      "ann",
      { status: 403, type: PROBLEM },
    ],
    [
      "gets a problem where no router is mounted",
      { ...paged, mountWith: () => undefined },
      "ann",
      { status: 403, type: PROBLEM },
    ],
  ])("%s", async (_what, given, id, answer) => {
    expect(await visit(given, NAVIGATION, id)).toMatchObject(answer);
  });

  test.each<[string, ServeOptions, string | undefined, number]>([
    ["of a user", paged, "ann", 403],
    ["of nobody", paged, undefined, 403],
    ["that meets a fault", { ...paged, user: down }, undefined, 503],
  ])("is none of a script's: a call %s gets a problem", async (_what, given, id, status) => {
    const headers = { Accept: "text/html", "Sec-Fetch-Dest": "empty" };
    expect(await visit(given, headers, id)).toMatchObject({ status, type: PROBLEM });
  });
});
