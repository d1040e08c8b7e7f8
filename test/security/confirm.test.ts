/** Another factor of the app's: confirm() verifies the signed-in user's session alone, once, and never one that has ended. */

import type { Express, NextFunction, Request, Response } from "express";
import session from "express-session";
import type { Proof, TwoFactor } from "../../lib";
import { ANN, BOB, fail, Gate, serve, type Client, type ServeOptions } from "../fakes/app";
import { fakeDate, pass, until } from "../fakes/clock";
import { DistantCounters, dump, FaultyStore } from "../fakes/stores";

const PASSKEY: Proof = { amr: ["hwk", "user"] };

/** Routes as an app would have them once its passkey was right; `gate` holds its check, where there is one. */
function addRoutes(app: Express, two: TwoFactor, gate?: Gate): void {
  const passkey = (proof: Proof) => (req: Request, res: Response, next: NextFunction) => {
    const checked = gate === undefined ? Promise.resolve() : gate.pass();
    checked
      .then(() => two.confirm(req, proof))
      .then((verification) => res.json(verification))
      .catch(next);
  };
  app.post("/passkey", passkey(PASSKEY));
  app.post("/passkey/pay", passkey({ ...PASSKEY, purpose: "pay" }));
  app.get("/pay", two.require2fa({ purpose: "pay" }), (_req, res) => res.json({}));
  app.get("/fresh", two.require2fa({ maxAge: 60 }), (_req, res) => res.json({}));
  app.post("/log-out", (req, res, next) => {
    two.reset(req).then(() => {
      req.session.destroy(() => res.json({}));
    }, next);
  });
}

const serveConfirming = ({ gate, ...given }: ServeOptions & { gate?: Gate } = {}) =>
  serve({
    ...given,
    options: { purposes: ["pay"], ...given.options },
    before: (app, two) => {
      addRoutes(app, two, gate);
    },
  });

const visits = async (client: Client) => [
  await client.visit(),
  await client.visit("/pay"),
  await client.visit("/fresh"),
];

test("a confirmed session has a new id, keeps the app's data, and passes as after a code (R125)", async () => {
  const store = new session.MemoryStore();
  const s = await serveConfirming({ session: { store } });
  const client = await s.signedIn();
  expect(await visits(client)).toEqual([403, 403, 403]);
  const old = client.copy();
  const proved = await client.post("/passkey");
  expect([proved.status, proved.body]).toEqual([
    200,
    { amr: ["hwk", "user"], at: expect.any(String) as string },
  ]);
  expect(client.cookie).not.toBe(old.cookie);
  expect(await visits(client)).toEqual([200, 403, 200]);
  expect((await client.get("/own")).body).toMatchObject({ cart: "three apples" });
  expect((await client.get("/verification")).body).toMatchObject({
    verification: { subject: "ann", amr: ["hwk", "user"] },
  });
  expect((await client.status()).body).toMatchObject({ verified: true });
  expect(s.sent).toEqual([]);
  // The old id leads nowhere (ASVS 7.2.4).
  expect(await visits(old)).toEqual([403, 403, 403]);
  expect((await old.get("/own")).body).not.toHaveProperty("user");
  expect(Object.keys(JSON.parse(await dump(store)) as object)).toHaveLength(1);
});

test("it is told of as confirmed, never as verified: no number was proved by it", async () => {
  const s = await serveConfirming();
  await (await s.signedIn()).post("/passkey/pay");
  expect(s.events.map(({ type }) => type)).toEqual(["confirmed", "session_renewed"]);
  expect(s.events[0]).toMatchObject({
    owasp: "authn_login_success",
    subject: "ann",
    purpose: "pay",
    amr: ["hwk", "user"],
  });
});

test("a proof for a purpose opens that one alone, and ages like every other", async () => {
  fakeDate();
  const s = await serveConfirming();
  const client = await s.signedIn();
  await client.post("/passkey/pay");
  expect(await visits(client)).toEqual([403, 200, 403]);
  await client.post("/passkey");
  expect(await visits(client)).toEqual([200, 200, 200]);
  pass(60);
  expect(await visits(client)).toEqual([200, 200, 403]);
  pass(86_400);
  expect(await visits(client)).toEqual([403, 403, 403]);
});

test("nobody is confirmed where nobody is signed in (R125)", async () => {
  const s = await serveConfirming();
  const nobody = s.client();
  expect((await nobody.post("/passkey")).status).toBe(403);
  expect(s.errors).toEqual([
    expect.objectContaining({ name: "TwoFactorError", code: "not_signed_in" }),
  ]);
  expect(s.events).toEqual([
    expect.objectContaining({ type: "refused", code: "not_signed_in", reason: "not_signed_in" }),
  ]);
  await nobody.signIn("ann");
  expect(await nobody.visit()).toBe(403);
});

test("another user who signs in within the confirmed session is not confirmed (R53, R125)", async () => {
  const s = await serveConfirming();
  const client = await s.signedIn();
  await client.post("/passkey");
  await client.signIn("bob", BOB);
  expect(await visits(client)).toEqual([403, 403, 403]);
  await client.signIn("bob", ANN);
  expect(await visits(client)).toEqual([403, 403, 403]);
});

test("a user without a number passes by a passkey, until a number comes: then the proof is void", async () => {
  const s = await serveConfirming();
  const client = await s.signedIn("ann", null);
  await client.post("/passkey");
  expect(await client.visit()).toBe(200);
  expect((await client.status()).body).toMatchObject({ verified: true });
  await client.signIn("ann", ANN);
  expect(await client.visit()).toBe(403);
  await client.post("/passkey");
  expect(await client.visit()).toBe(200);
  await client.signIn("ann", BOB);
  expect(await client.visit()).toBe(403);
  await client.signIn("ann", null);
  expect(await client.visit()).toBe(403);
});

test("a number on record that can't be read hinders no passkey, and another such number voids it", async () => {
  const s = await serveConfirming();
  const client = await s.signedIn("ann", "room 7, by the stairs");
  await client.post("/passkey");
  expect(await client.visit()).toBe(200);
  await client.signIn("ann", "room 8, by the stairs");
  expect(await client.visit()).toBe(403);
});

test("a session that ends while the app checks its passkey is not brought back (R125)", async () => {
  const gate = new Gate();
  const store = new session.MemoryStore();
  const s = await serveConfirming({ gate, session: { store } });
  const client = await s.signedIn();
  const [first] = Object.keys(JSON.parse(await dump(store)) as object);
  const late = client.copy();
  const answer = late.post("/passkey").then((response) => response);
  await gate.held;
  // By the app alone, as where all sessions of a user are ended.
  store.destroy(String(first));
  gate.open();
  expect((await answer).status).toBe(503);
  expect(s.errors).toEqual([expect.objectContaining({ reason: "session_ended" })]);
  expect(JSON.parse(await dump(store))).toEqual({});
  expect(await late.visit()).toBe(403);
});

/** Holds the next write of a session that has a mark in it: the new one of a proof. */
class HoldingStore extends session.MemoryStore {
  readonly gate = new Gate();
  isHolding = true;

  override set(sid: string, data: session.SessionData, done?: (error?: unknown) => void): void {
    const isMarked = JSON.stringify(data).includes('"marks"');
    if (!isMarked || !this.isHolding) {
      super.set(sid, data, done);
      return;
    }
    const copy = JSON.parse(JSON.stringify(data)) as session.SessionData;
    void this.gate.pass().then(() => {
      super.set(sid, copy, done);
    });
  }
}

test("a log-out at the very moment of a proof ends what it makes, carried marks too (R60, R125)", async () => {
  const store = new HoldingStore();
  store.isHolding = false;
  const s = await serveConfirming({ session: { store } });
  const client = await s.signedIn();
  await client.post("/passkey");
  store.isHolding = true;
  const proving = client.copy();
  const answer = proving.post("/passkey/pay").then((response) => response);
  await store.gate.held;
  // The proof has its claim, and its session is not there yet.
  expect((await client.copy().post("/log-out")).status).toBe(200);
  store.isHolding = false;
  store.gate.open();
  expect((await answer).status).toBe(200);
  expect(await visits(proving)).toEqual([403, 403, 403]);
});

test("a log-out that came first leaves nothing to prove (R60)", async () => {
  const gate = new Gate();
  const s = await serveConfirming({ gate });
  const client = await s.signedIn();
  const proving = client.copy();
  const answer = proving.post("/passkey").then((response) => response);
  await gate.held;
  // The app has yet to destroy the session.
  await client.post("/reset");
  gate.open();
  expect((await answer).status).toBe(503);
  expect(await proving.visit()).toBe(403);
});

test("two proofs at once renew a session once, and the other sets no cookie of the old id", async () => {
  const store = new session.MemoryStore();
  let arrived = 0;
  const gate = new Gate();
  const counting = Object.assign(gate, {
    pass: async () => {
      arrived += 1;
      await Gate.prototype.pass.call(gate);
    },
  });
  const s = await serveConfirming({ gate: counting, session: { store, rolling: true } });
  const client = await s.signedIn();
  const proving = Array.from({ length: 8 }, () =>
    client
      .copy()
      .post("/passkey")
      .then((response) => response),
  );
  await until(() => arrived === 8);
  gate.open();
  const answers = await Promise.all(proving);
  const good = answers.filter(({ status }) => status === 200);
  expect(good).toHaveLength(1);
  const others = answers.filter(({ status }) => status !== 200);
  expect(others.every(({ status }) => status === 503)).toBe(true);
  expect(others.map(({ headers }) => headers["set-cookie"] as unknown)).toEqual(
    others.map(() => undefined),
  );
  expect(Object.keys(JSON.parse(await dump(store)) as object)).toHaveLength(1);
});

test("a session store that fails verifies nobody, and the next try may", async () => {
  const store = new FaultyStore();
  const s = await serveConfirming({ session: { store } });
  const client = await s.signedIn();
  store.faults.set("set", "fail");
  expect((await client.post("/passkey")).status).toBe(503);
  store.faults.clear();
  expect(await client.visit()).toBe(403);
  expect((await client.post("/passkey")).status).toBe(200);
  expect(await client.visit()).toBe(200);
});

test("a counter store that fails verifies nobody", async () => {
  const counters = new DistantCounters();
  const s = await serveConfirming({ options: { counters } });
  const client = await s.signedIn();
  counters.fault = "fail";
  expect((await client.post("/passkey")).status).toBe(503);
  counters.fault = undefined;
  expect(await client.visit()).toBe(403);
  expect((await client.post("/passkey")).status).toBe(200);
  expect(await client.visit()).toBe(200);
});

test("a proof in the request that signs in counts, before the browser has its cookie", async () => {
  const s = await serve({
    before: (app, two) => {
      app.post("/sign-in-by-passkey", (req, res, next) => {
        req.session.user = { id: "ann", phone: ANN };
        two.confirm(req, PASSKEY).then(() => res.json({}), next);
      });
    },
  });
  const client = s.client();
  expect((await client.post("/sign-in-by-passkey")).status).toBe(200);
  expect(await client.visit()).toBe(200);
});

test("wrong texts stay counted, and hinder no passkey", async () => {
  const counters = new DistantCounters();
  const s = await serveConfirming({
    options: { counters, limits: { failures: { max: 4, window: 900 }, cooldown: 1 } },
  });
  const client = await s.signedIn();
  await client.ask();
  await fail(client, s.lastCode(), 4);
  expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "too_many_attempts" });
  expect((await client.post("/passkey")).status).toBe(200);
  expect(await client.visit()).toBe(200);
  expect(counters.countOf("failures")).toBe(4);
  expect((await client.ask({ fresh: true })).body).toMatchObject({ code: "too_many_attempts" });
});

test("the wait between texts goes on over a passkey: it answers none of them", async () => {
  fakeDate();
  const s = await serveConfirming();
  const client = await s.signedIn();
  await client.ask();
  pass(31);
  expect((await client.ask()).body).toMatchObject({ status: "sent", resendIn: 60 });
  await client.post("/passkey");
  pass(60);
  expect((await client.ask({ fresh: true })).body).toMatchObject({ status: "sent", resendIn: 120 });
});

test("the text that a passkey has made needless is no longer waited for; another purpose's is", async () => {
  const s = await serveConfirming();
  const client = await s.signedIn();
  await client.ask();
  const plain = s.lastCode();
  await client.ask({ purpose: "pay" });
  await client.post("/passkey");
  expect((await client.answer(plain)).body).toMatchObject({ code: "wrong_code" });
  expect((await client.answer(s.lastCode())).status).toBe(200);
  expect(await visits(client)).toEqual([200, 200, 200]);
});

test.each([
  ["", "/passkey"],
  ["pay", "/passkey/pay"],
])("a text asked for %j before the passkey answers nothing after it", async (purpose, passkey) => {
  const s = await serveConfirming();
  const client = await s.signedIn();
  await client.ask({ purpose });
  await client.post(passkey);
  const before = await visits(client);
  expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });
  expect(s.events.filter(({ type }) => type === "verified")).toEqual([]);
  expect(await visits(client)).toEqual(before);
});

test("no code answers a passkey's proof once more", async () => {
  const s = await serveConfirming();
  const client = await s.signedIn();
  await client.post("/passkey");
  expect((await client.answer("123456")).body).toMatchObject({ code: "no_challenge" });
});

test("whom support has switched off is not confirmed, until it unlocks (R123)", async () => {
  const s = await serveConfirming();
  const client = await s.signedIn();
  await s.two.disable("ann");
  expect((await client.post("/passkey")).status).toBe(403);
  expect(s.errors).toEqual([expect.objectContaining({ code: "factor_disabled" })]);
  expect(await client.visit()).toBe(403);
  await s.two.unlock("ann");
  expect((await client.post("/passkey")).status).toBe(200);
  expect(await client.visit()).toBe(200);
});

test.each<[string, unknown, RegExp]>([
  ["nothing", undefined, /^Expected confirm\(\) to be given an object/],
  ["no method", {}, /^Expected `amr` to be an array of method names of RFC 8176/],
  ["an empty list", { amr: [] }, /^Expected `amr` to be an array/],
  ["a word", { amr: "hwk" }, /^Expected `amr` to be an array/],
  ["a method twice", { amr: ["hwk", "hwk"] }, /^Expected `amr` to be an array/],
  ["a method that is none", { amr: ["passkey"] }, /alone, such as "hwk", got "passkey"/],
  ["a method that is no text", { amr: [1] }, /alone, such as "hwk", got 1/],
  ["an unknown purpose", { amr: ["hwk"], purpose: "transfer" }, /^Expected `purpose` to be one of/],
  ["a misspelt field", { amr: ["hwk"], purposes: "pay" }, /Did you mean `purpose`\?$/],
])("a proof that names %s throws a sentence, and verifies nobody", async (_what, proof, told) => {
  const s = await serve({
    options: { purposes: ["pay"] },
    before: (app, two) => {
      app.post("/passkey", (req, res, next) => {
        two.confirm(req, proof as Proof).then(() => res.json({}), next);
      });
    },
  });
  const client = await s.signedIn();
  expect((await client.post("/passkey")).status).toBe(500);
  expect((s.errors[0] as Error).message).toMatch(told);
  expect(await client.visit()).toBe(403);
});

test("where a number is all that is known, there is nobody to confirm", async () => {
  const s = await serveConfirming({ user: "from-request" });
  expect((await s.client().post("/passkey")).status).toBe(500);
  expect(String(s.errors[0])).toContain("needs users");
});
