/** Marks and challenges that a store or the app gives back changed: read strictly, or not at all. */

import { readKeys } from "../../lib/crypto/keys";
import { mac } from "../../lib/crypto/mac";
import { ANN, SECRET, serve, type Client, type Served } from "../fakes/app";
import { dump, FaultyStore } from "../fakes/stores";
import type { SessionData } from "express-session";

type Held = SessionData & { twoFactor: { marks: Record<string, unknown>[] } };

async function verify(s: Served, client: Client, fields: object = {}): Promise<void> {
  await client.ask(fields);
  const { status } = await client.answer(s.lastCode());
  expect(status).toBe(200);
}

describe("what the app writes into the session by itself", () => {
  const made = async (twoFactor: unknown): Promise<number> => {
    const s = await serve({
      before: (app) => {
        app.post("/forge", (req, res) => {
          (req.session as unknown as Record<string, unknown>).twoFactor = twoFactor;
          res.json({});
        });
      },
    });
    const client = await s.signedIn();
    await client.post("/forge");
    return client.visit();
  };

  test.each([
    [true],
    ["true"],
    [1],
    [{}],
    [{ verified: true }],
    [{ verified: "false" }],
    [{ marks: true }],
    [{ marks: [true] }],
    [{ marks: [{ subject: "ann", purpose: "", at: Date.now() }] }],
    [[]],
    [null],
  ])("as a mark, %j opens nothing (B078, R55)", async (value) => {
    expect(await made(value)).toBe(403);
  });
});

/** The mark of a verified session, changed as `change` says, opens the guard or does not. */
async function visitWith(change: (mark: Record<string, unknown>) => unknown): Promise<number> {
  const store = new FaultyStore();
  const s = await serve({ session: { store } });
  const client = await s.signedIn();
  await verify(s, client);
  const [entry] = Object.entries(JSON.parse(await dump(store)) as Record<string, Held>);
  if (entry === undefined) throw new Error("There is no session.");
  const [sid, data] = entry;
  data.twoFactor.marks = data.twoFactor.marks.map((mark) => change(mark) as never);
  store.set(sid, data);
  return client.visit();
}

test("a mark that is left as it is passes, so that what follows tells something", async () => {
  expect(await visitWith((mark) => mark)).toBe(200);
});

test.each([
  ["of another subject", { subject: "joe" }],
  ["of another purpose", { purpose: "transfer" }],
  ["bound to another number", { binding: "AAAA" }],
  ["from an hour ahead", { at: Date.now() + 3_600_000 }],
  ["from 24 hours ago", { at: Date.now() - 86_400_000 }],
  ["with its time as a text", { at: "2026-01-01T00:00:00.000Z" }],
  ["with no time", { at: null }],
  ["with a time that is not whole", { at: 1.5 }],
  ["without its challenge", { answered: null }],
  ["with methods that are no list", { amr: "sms" }],
  ["with a method that is no text", { amr: ["sms", { toString: "mfa" }] }],
  ["with a number that is none", { phone: 12 }],
])("a mark %s opens nothing (R55, B062)", async (_what, change) => {
  expect(await visitWith((mark) => ({ ...mark, ...change }))).toBe(403);
});

test.each([
  ["an ISO text", new Date(Date.now() + 600_000).toISOString()],
  ["nothing", undefined],
  ["null", null],
  ["no date", "abc"],
  ["NaN", NaN],
  ["a time beyond ten minutes", Date.now() + 86_400_000],
])(
  "a challenge whose expiry comes back from the store as %s is dead (B062)",
  async (_what, value) => {
    const store = new FaultyStore();
    const s = await serve({ session: { store } });
    const client = await s.signedIn();
    await client.ask();
    type Held = SessionData & { twoFactor: { challenges: { expiresAt: unknown }[] } };
    for (const [sid, data] of Object.entries(
      JSON.parse(await dump(store)) as Record<string, Held>,
    )) {
      for (const challenge of data.twoFactor.challenges) challenge.expiresAt = value;
      store.set(sid, data);
    }
    expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });
  },
);

test("a challenge whose expiry is moved has another code (R4)", async () => {
  const store = new FaultyStore();
  const s = await serve({ session: { store }, options: { codeTtl: 60 } });
  const client = await s.signedIn();
  await client.ask();
  type Held = SessionData & { twoFactor: { challenges: { expiresAt: number }[] } };
  for (const [sid, data] of Object.entries(JSON.parse(await dump(store)) as Record<string, Held>)) {
    for (const challenge of data.twoFactor.challenges) challenge.expiresAt += 60_000;
    store.set(sid, data);
  }
  expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "wrong_code" });
});

describe("what a session holds of an older release", () => {
  /** Gives the session what `change` makes of its state, as it would stand there. */
  const restate = async (
    store: FaultyStore,
    change: (state: Record<string, object[]>) => unknown,
  ): Promise<void> => {
    for (const [sid, data] of Object.entries(
      JSON.parse(await dump(store)) as Record<string, SessionData & { twoFactor: unknown }>,
    )) {
      data.twoFactor = change(data.twoFactor as Record<string, object[]>);
      store.set(sid, data);
    }
  };
  const LONG = mac(readKeys([SECRET])[0].binding, ["ann", ANN]).toString("base64url");

  test("a challenge that stands there alone is none, and the next one is sent", async () => {
    const store = new FaultyStore();
    const s = await serve({ session: { store } });
    const client = await s.signedIn();
    await client.ask();
    await restate(store, ({ challenges, marks = [] }) => ({
      challenge: { ...challenges?.[0], resendAt: Date.now(), texts: [] },
      marks,
    }));
    expect((await client.status()).body).toEqual({ verified: false, challenge: null });
    expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });
    const other = await s.signedIn();
    expect((await other.ask()).body).toMatchObject({ status: "sent" });
  });

  test("a challenge of a longer binding is none either", async () => {
    const store = new FaultyStore();
    const s = await serve({ session: { store } });
    const client = await s.signedIn();
    await client.ask();
    await restate(store, ({ challenges = [] }) => ({
      challenges: challenges.map((each) => ({ ...each, binding: LONG })),
    }));
    expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });
  });

  test("a mark of a longer binding, with its whole challenge, opens nothing", async () => {
    const store = new FaultyStore();
    const s = await serve({ session: { store } });
    const client = await s.signedIn();
    await verify(s, client);
    await restate(store, ({ marks = [] }) => ({
      marks: marks.map((mark) => {
        const { answered, ...rest } = mark as { answered: object };
        const whole = { ...answered, subject: "ann", purpose: "", binding: LONG, texts: [] };
        return { ...rest, binding: LONG, answered: { ...whole, resendAt: Date.now() } };
      }),
    }));
    expect(await client.visit()).toBe(403);
    expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });
    expect((await client.ask()).body).toMatchObject({ status: "sent" });
  });
});

test.each([
  ["the whole of a verified session's state", (state: Held["twoFactor"]) => ({ twoFactor: state })],
  ["its marks", (state: Held["twoFactor"]) => ({ marks: state.marks })],
])(
  "%s, inherited by every object, verifies no other session of the user (B069, R55)",
  async (_what, pollute) => {
    const store = new FaultyStore();
    const s = await serve({ session: { store } });
    const verified = await s.signedIn();
    await verify(s, verified);
    const [data] = Object.values(JSON.parse(await dump(store)) as Record<string, Held>);
    if (data === undefined) throw new Error("There is no session.");
    const client = await s.signedIn();
    const polluting = Object.entries(pollute(data.twoFactor));
    for (const [name, value] of polluting) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
    }
    try {
      expect(await client.visit()).toBe(403);
    } finally {
      for (const [name] of polluting) Reflect.deleteProperty(Object.prototype, name);
    }
  },
);
