/** What clients are told of limits in `RateLimit-Policy` and `RateLimit`, read as structured fields (RFC 9651). */

import type { Response } from "supertest";
import { ANN, BOB, serve, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";

type Item = Record<string, string | number>;

// RFC 9651 3.3.1 and 3.3.3, and no more of an item than the draft gives one: a string with integers.
const KEY = "[a-z*][a-z0-9_.*-]*";
const ITEM = new RegExp(`^"[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]*"(?:; *${KEY}=\\d{1,15})+$`);

function read(field: string | undefined): Item {
  if (field === undefined || !ITEM.test(field)) throw new Error(`No item: ${String(field)}`);
  const [name = "", ...parameters] = field.split(";");
  const pairs = parameters.map((each) => each.trim().split("="));
  const item: Item = { name };
  for (const [key = "", value] of pairs) item[key] = Number(value);
  return item;
}

/** Policy, what is left of it, and the wait. */
function told({ headers }: Response): { policy: Item; left: Item; retryAfter: number } {
  const [policy, left] = [read(headers["ratelimit-policy"]), read(headers.ratelimit)];
  expect(left.name).toBe(policy.name);
  expect(Object.keys(policy)).toEqual(["name", "q", "w"]);
  expect(Object.keys(left)).toEqual(["name", "r", "t"]);
  return { policy, left, retryAfter: Number(headers["retry-after"] ?? 0) };
}

const askAs = async (s: Served, id = "ann", phone = ANN) => (await s.signedIn(id, phone)).ask();
const headersOf = ({ headers }: Response) =>
  Object.keys(headers as object).filter((name) => /rate-?limit/i.test(name));

test("they are off by default, and a pending or verified answer has none (R75)", async () => {
  const silent = await serve();
  expect(headersOf(await askAs(silent))).toEqual([]);
  const s = await serve({ options: { rateLimitHeaders: true } });
  const client = await s.signedIn();
  expect(headersOf(await client.ask())).toEqual(["ratelimit-policy", "ratelimit"]);
  const others = [await client.ask(), await client.answer(s.lastCode()), await client.ask()];
  expect(others.map((each) => [each.status, headersOf(each)])).toEqual(Array(3).fill([200, []]));
});

test("they count the client's own limit down, and at its end agree with Retry-After (R75)", async () => {
  fakeDate();
  const s = await serve({
    options: { rateLimitHeaders: true, limits: { user: { max: 2, window: 600 } } },
  });
  const policy = { name: '"send"', q: 2, w: 600 };
  const { name } = policy;
  expect(told(await askAs(s))).toEqual({ policy, left: { name, r: 1, t: 600 }, retryAfter: 0 });
  pass(10);
  expect(told(await askAs(s))).toEqual({ policy, left: { name, r: 0, t: 590 }, retryAfter: 0 });
  expect(told(await askAs(s))).toEqual({ policy, left: { name, r: 0, t: 590 }, retryAfter: 590 });
});

test("of two that are used up, the one that lasts longer is told", async () => {
  fakeDate();
  const user = [
    { max: 1, window: 600 },
    { max: 1, window: 3600 },
  ];
  const s = await serve({ options: { rateLimitHeaders: true, limits: { user } } });
  await askAs(s);
  const { policy, left, retryAfter } = told(await askAs(s));
  expect([policy.w, left.r, left.t, retryAfter]).toEqual([3600, 0, 3600, 3600]);
});

test.each([
  ["shorter than", { max: 1, window: 60 }],
  ["longer than", { max: 1, window: 86_400 }],
])(
  "a full limit that is not told, %s the told one, shows in Retry-After alone",
  async (_which, number) => {
    fakeDate();
    const s = await serve({
      user: "from-request",
      options: { rateLimitHeaders: true, limits: { number } },
    });
    await s.client().ask({ number: ANN });
    const refused = await s.client().ask({ number: ANN });
    expect(refused.status).toBe(429);
    const { policy, left, retryAfter } = told(refused);
    expect(policy).toEqual({ name: '"send"', q: 15, w: 3600 });
    expect([left.r, left.t]).toEqual([0, Math.min(3600, number.window)]);
    expect(retryAfter).toBe(number.window);
    expect(told(await s.client().ask({ number: BOB })).left.r).toBe(13);
  },
);

test("a name stands for one policy, whichever limit is the tightest", async () => {
  const limits = { user: [{ max: 2, window: 600 }], network: { max: 3, window: 600 } };
  const s = await serve({ options: { rateLimitHeaders: true, limits } });
  const policies = [told(await askAs(s)), told(await askAs(s, "bob", BOB))].map(
    (each) => each.policy,
  );
  policies.push(told(await askAs(s, "eve", BOB)).policy);
  const names = new Map(policies.map(({ name, q, w }) => [name, `${String(q)} ${String(w)}`]));
  expect(Object.fromEntries(names)).toEqual({ '"send"': "2 600", '"send-2"': "3 600" });
});

test("a limit on trial is not told: it refuses nobody", async () => {
  const user = [
    { max: 1, window: 600, mode: "record" as const },
    { max: 4, window: 3600 },
  ];
  const s = await serve({ options: { rateLimitHeaders: true, limits: { user } } });
  for (const left of [3, 2, 1]) expect(told(await askAs(s)).left.r).toBe(left);
});

test("an app's own route learns a limit's size, not which counter it is", async () => {
  const s = await serve({
    before: (app, two) =>
      app.post("/own-ask", (req, res, next) => {
        two.request(req).then((asked) => res.json(asked), next);
      }),
  });
  const asked = await (await s.signedIn()).post("/own-ask");
  expect(asked.body).toMatchObject({
    quota: { policy: "send", limit: { max: 5, window: 600 }, remaining: 4, resetIn: 600 },
  });
  expect(asked.text).not.toMatch(/user|network/);
});
