/** Proofs that are good once: the first request that passes spends one, and no other finds it, wherever it comes from. */

import type { Express } from "express";
import session from "express-session";
import type { Step, TwoFactor } from "../../lib";
import { serve, type Client, type Served, type ServeOptions } from "../fakes/app";
import { fakeDate, hurryDeadlines, pass } from "../fakes/clock";
import { DistantCounters, FaultyStore } from "../fakes/stores";

const ROOMY = { max: 100, window: 600 };

function serveOnce(given: ServeOptions & { more?: (app: Express, two: TwoFactor) => void } = {}) {
  return serve({
    ...given,
    options: {
      purposes: { pay: { once: true }, again: {} },
      limits: { cooldown: 1, user: ROOMY, number: ROOMY },
      ...given.options,
    },
    before: (app, two) => {
      const once = two.require2fa({ purpose: "pay" });
      app.all("/pay", once, (_req, res) => res.json({ paid: true }));
      app.all("/twice", once, two.require2fa({ purpose: "pay", maxAge: 60 }), once, (_req, res) =>
        res.json({ paid: true }),
      );
      app.all("/broken", once, () => {
        throw new Error("the payment has failed");
      });
      app.all("/again", two.require2fa({ purpose: "again" }), (_req, res) => res.json({}));
      app.post("/passkey", (req, res, next) => {
        two.confirm(req, { amr: ["hwk"], purpose: "pay" }).then(() => res.json({}), next);
      });
      given.more?.(app, two);
    },
  });
}

async function prove(s: Served, client: Client, purpose = "pay"): Promise<void> {
  expect((await client.ask({ purpose })).body).toMatchObject({ status: "sent" });
  expect((await client.answer(s.lastCode())).status).toBe(200);
}

const pay = async (client: Client, path = "/pay") => (await client.post(path)).status;

test("the first request passes, the second is asked for a new proof, which passes once too (R124)", async () => {
  const s = await serveOnce();
  const client = await s.signedIn();
  await prove(s, client);
  expect(await pay(client)).toBe(200);
  expect((await client.post("/pay")).body).toMatchObject({
    code: "two_factor_required",
    ask: { purpose: "pay" },
  });
  await prove(s, client);
  expect([await pay(client), await pay(client)]).toEqual([200, 403]);
});

test("it is told of, once for each that was spent", async () => {
  const s = await serveOnce();
  const client = await s.signedIn();
  await prove(s, client);
  await pay(client);
  await pay(client);
  const spent = s.events.filter(({ type }) => type === "mark_spent");
  expect(spent).toEqual([expect.objectContaining({ subject: "ann", purpose: "pay" })]);
});

test("of twenty parallel requests exactly one passes (R124)", async () => {
  const s = await serveOnce({ options: { counters: new DistantCounters(5) } });
  const client = await s.signedIn();
  await prove(s, client);
  const all = await Promise.all(Array.from({ length: 20 }, () => pay(client.copy())));
  expect(all.filter((status) => status === 200)).toHaveLength(1);
  expect(all.filter((status) => status === 403)).toHaveLength(19);
});

test("a purpose without `once`, and the plain factor, pass again and again beside it", async () => {
  const s = await serveOnce();
  const client = await s.signedIn();
  await prove(s, client);
  await prove(s, client, "again");
  await prove(s, client, "");
  await pay(client);
  for (let each = 0; each < 3; each += 1) {
    expect([await client.visit(), await pay(client, "/again")]).toEqual([200, 200]);
  }
});

test("the guards of one request pass it together, and each of its chain", async () => {
  const s = await serveOnce();
  const client = await s.signedIn();
  await prove(s, client);
  expect(await pay(client, "/twice")).toBe(200);
  expect([await pay(client, "/twice"), await pay(client)]).toEqual([403, 403]);
});

test("a second guard of the request asks for its own age all the same", async () => {
  fakeDate();
  const s = await serveOnce();
  const client = await s.signedIn();
  await prove(s, client);
  pass(60);
  expect(await pay(client, "/twice")).toBe(403);
  // The first guard has let it pass, so it is spent.
  expect(await pay(client)).toBe(403);
});

test("it is spent whatever becomes of the request: else a handler that fails late would be run twice", async () => {
  const s = await serveOnce();
  const client = await s.signedIn();
  await prove(s, client);
  expect(await pay(client, "/broken")).toBe(500);
  expect(await pay(client)).toBe(403);
});

test.each(["get", "head", "options", "put"] as const)(
  "a request by %s spends it like any other",
  async (method) => {
    const s = await serveOnce();
    const client = await s.signedIn();
    await prove(s, client);
    expect((await client.send(method, "/pay")).status).toBe(200);
    expect(await pay(client)).toBe(403);
  },
);

test("a proof that does not meet the guard is not spent by it", async () => {
  fakeDate();
  const s = await serveOnce({
    more: (app, two) => {
      app.post("/fresh", two.require2fa({ purpose: "pay", maxAge: 10 }), (_req, res) =>
        res.json({}),
      );
    },
  });
  const client = await s.signedIn();
  await prove(s, client);
  pass(10);
  expect(await pay(client, "/fresh")).toBe(403);
  expect(await pay(client)).toBe(200);
});

test("what only looks spends nothing: status, the page, a request for a code", async () => {
  const s = await serveOnce({ options: { pages: true } });
  const client = await s.signedIn();
  await prove(s, client);
  await client.status();
  const page = await client.get("/2fa/?purpose=pay&returnTo=%2Fx").set("Accept", "text/html");
  expect([page.status, page.headers.location]).toEqual([303, "/x"]);
  expect((await client.ask({ purpose: "pay" })).body).toMatchObject({ status: "verified" });
  expect(await pay(client)).toBe(200);
});

test("once it is spent, page and request for a code say so, and the same code once more verifies nothing", async () => {
  const s = await serveOnce({ options: { pages: true } });
  const client = await s.signedIn();
  await prove(s, client);
  const code = s.lastCode();
  expect((await client.answer(code)).body).toMatchObject({ status: "verified" });
  await pay(client);
  expect((await client.answer(code)).body).toMatchObject({ code: "no_challenge" });
  const page = await client.get("/2fa/?purpose=pay").set("Accept", "text/html");
  expect(page.status).toBe(200);
  expect((await client.ask({ purpose: "pay" })).body).toMatchObject({ status: "sent" });
});

test("a session from before, written back by a slow request, brings no spent proof back (R60)", async () => {
  const s = await serveOnce();
  const client = await s.signedIn();
  await prove(s, client);
  const slow = client.copy();
  const touched = slow.post("/slow").then((response) => response);
  await s.slow.held;
  expect(await pay(client)).toBe(200);
  s.slow.open();
  await touched;
  expect([await pay(slow), await pay(client)]).toEqual([403, 403]);
});

test("carried into a renewed session it is still one proof, spent in the old one or the new", async () => {
  const store = new session.MemoryStore();
  const s = await serveOnce({ session: { store } });
  const client = await s.signedIn();
  await prove(s, client);
  const before = client.copy();
  const [kept] = await Promise.all([held(store)]);
  await prove(s, client, "again");
  // A copy of the session as it was before, as a slow request writes it back.
  store.set(kept.sid, kept.data as never);
  expect(await pay(before)).toBe(403);
  expect([await pay(client), await pay(client), await pay(before)]).toEqual([200, 403, 403]);
});

test("a copy of a session shares its one proof", async () => {
  const store = new session.MemoryStore();
  const s = await serveOnce({ session: { store } });
  const client = await s.signedIn();
  await prove(s, client);
  const { sid, data } = await held(store);
  expect(await pay(client)).toBe(200);
  store.set(sid, data as never);
  expect(await pay(client)).toBe(403);
});

async function held(store: session.MemoryStore): Promise<{ sid: string; data: object }> {
  const all = await new Promise<object>((resolve) => {
    store.all((_error, sessions) => {
      resolve(JSON.parse(JSON.stringify(sessions)) as object);
    });
  });
  const [entry] = Object.entries(all);
  if (entry === undefined) throw new Error("There is no session.");
  return { sid: entry[0], data: entry[1] as object };
}

test("a passkey's proof is good once too", async () => {
  const s = await serveOnce();
  const client = await s.signedIn();
  await client.post("/passkey");
  expect([await pay(client), await pay(client)]).toEqual([200, 403]);
  await client.post("/passkey");
  expect(await pay(client)).toBe(200);
});

test("log-out ends an unspent proof (R60)", async () => {
  const s = await serveOnce();
  const client = await s.signedIn();
  await prove(s, client);
  await client.copy().post("/reset");
  expect(await pay(client)).toBe(403);
});

test.each(["fail", "throw", "hang"] as const)(
  "a counter store that %ss passes nobody, and the proof is there when it answers again",
  async (fault) => {
    hurryDeadlines();
    const counters = new DistantCounters();
    const s = await serveOnce({ options: { counters } });
    const client = await s.signedIn();
    await prove(s, client);
    counters.fault = fault;
    expect(await pay(client)).toBe(503);
    counters.fault = undefined;
    await s.two.close();
    expect([await pay(client), await pay(client)]).toEqual([200, 403]);
  },
);

test("counters that were emptied pass no proof of before: it may have been spent", async () => {
  let inner = new DistantCounters();
  const counters = { step: (step: Step) => inner.step(step) };
  const s = await serveOnce({ options: { counters } });
  const client = await s.signedIn();
  await prove(s, client);
  await prove(s, client, "again");
  inner = new DistantCounters();
  expect([await pay(client), await pay(client, "/again")]).toEqual([403, 200]);
  expect((await client.ask({ purpose: "pay" })).body).toMatchObject({ status: "sent" });
});

test("a session store that fails passes nobody, and spends nothing", async () => {
  const store = new FaultyStore();
  const s = await serveOnce({ session: { store } });
  const client = await s.signedIn();
  await prove(s, client);
  store.faults.set("get", "fail");
  expect(await pay(client)).not.toBe(200);
  store.faults.clear();
  expect(await pay(client)).toBe(200);
});
