/** Answering with a code: its life to the millisecond, the marks it gives, and how it ends. */

import session from "express-session";
import { ANN, BOB, codeIn, EXPRESSES, SECRET, serve, wrongCodes } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { DistantCounters, FaultyStore } from "../fakes/stores";

interface Verified {
  status: string;
  amr: string[];
  at: string;
}

describe.each(EXPRESSES)("%s", (_name, express) => {
  test("the right code verifies, and tells how and when (R62)", async () => {
    fakeDate();
    const s = await serve({ express });
    const client = await s.signedIn();
    expect(await client.visit()).toBe(403);
    await client.ask();
    const answer = await client.answer(s.lastCode());
    expect(answer.status).toBe(200);
    const at = new Date().toISOString();
    expect(answer.body).toEqual({ status: "verified", amr: ["sms"], at });
    expect(await client.visit()).toBe(200);
    expect((await client.status()).body).toEqual({ verified: true, challenge: null });
  });

  test("`code` is another name for `auth_code`", async () => {
    const s = await serve({ express });
    const client = await s.signedIn();
    await client.ask();
    const answer = await client.post("/2fa/validate-auth", { code: s.lastCode() });
    expect(answer.status).toBe(200);
  });
});

test.each([
  [600, undefined],
  [60, 60],
  [1, 1],
])(
  "a code of %d seconds is right to the last millisecond, and dead from then on (B061, R3, R4)",
  async (seconds, codeTtl) => {
    fakeDate();
    const s = await serve({ options: { codeTtl } });
    const [early, late, never] = [
      await s.signedIn("a"),
      await s.signedIn("b"),
      await s.signedIn("c"),
    ];
    const codes: string[] = [];
    for (const client of [early, late, never]) {
      await client.ask();
      codes.push(s.lastCode());
    }
    pass(seconds - 0.001);
    expect((await early.answer(String(codes[0]))).status).toBe(200);
    pass(0.001);
    expect((await late.answer(String(codes[1]))).body).toMatchObject({ code: "no_challenge" });
    pass(3600);
    expect((await never.answer(String(codes[2]))).body).toMatchObject({ code: "no_challenge" });
    expect(await late.visit()).toBe(403);
  },
);

test("an expired challenge is dropped from the session, and told of once (R4)", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  pass(600);
  await client.answer(s.lastCode());
  await client.answer(s.lastCode());
  expect(s.events.filter(({ type }) => type === "challenge_expired")).toHaveLength(1);
  expect((await client.ask()).body).toMatchObject({ status: "sent", attemptsLeft: 5 });
});

test("a clock that steps back an hour makes no code and no mark live longer (B105, R99)", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  const verified = await s.signedIn("bob", BOB);
  await verified.ask();
  await verified.answer(s.lastCode());
  expect(await verified.visit()).toBe(200);
  await client.ask();
  pass(-3600);
  expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });
  expect(await verified.visit()).toBe(403);
  const fresh = await s.signedIn();
  expect((await fresh.ask()).body).toMatchObject({ status: "sent" });
  expect((await fresh.answer(s.lastCode())).status).toBe(200);
  expect(await fresh.visit()).toBe(200);
});

test("servers whose clocks differ by a minute take each other's codes and marks (B105, C207)", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  pass(-60);
  expect((await client.status()).body).toMatchObject({ challenge: { attemptsLeft: 5 } });
  expect((await client.answer(s.lastCode())).status).toBe(200);
  pass(-60);
  expect(await client.visit()).toBe(200);
  expect((await client.status()).body).toMatchObject({ verified: true });
});

test("a challenge from further ahead is refused, and not destroyed: the server that made it takes its code (C207)", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  pass(-61);
  expect((await client.status()).body).toEqual({ verified: false, challenge: null });
  for (const code of ["000000", s.lastCode()]) {
    expect((await client.answer(code)).body).toMatchObject({ code: "no_challenge" });
  }
  pass(61);
  expect((await client.status()).body).toMatchObject({ challenge: { attemptsLeft: 5 } });
  expect((await client.answer(s.lastCode())).status).toBe(200);
});

test("a mark from further ahead opens nothing, and is not destroyed: the server that made it passes it (C207)", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  pass(-61);
  expect(await client.visit()).toBe(403);
  pass(61);
  expect(await client.visit()).toBe(200);
});

test("nor is a challenge destroyed whose secret another server does not have yet (C207)", async () => {
  const store = new session.MemoryStore();
  const counters = new DistantCounters();
  const start = (secret: string | string[]) =>
    serve({ session: { store }, options: { counters, secret } });
  const [ahead, behind] = [
    await start(["the-new-secret-of-the-app-0123456789", SECRET]),
    await start(SECRET),
  ];
  const client = await ahead.signedIn();
  await client.ask();
  const elsewhere = behind.client(client.cookie);
  expect((await elsewhere.answer(ahead.lastCode())).body).toMatchObject({ code: "no_challenge" });
  expect((await client.answer(ahead.lastCode())).status).toBe(200);
});

test("the same code again in the verified session is answered alike, and moves nothing (B011)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  const first = (await client.answer(s.lastCode())).body as Verified;
  const { cookie } = client;
  const second = await client.answer(s.lastCode());
  expect(second.status).toBe(200);
  expect(second.body).toEqual(first);
  expect(client.cookie).toBe(cookie);
  expect((await client.answer("000000")).body).toMatchObject({ code: "no_challenge" });
  expect(await client.visit()).toBe(200);
});

test("the same code again is answered alike as often as it may be tried, and a wrong one is a try (B011)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  const code = s.lastCode();
  const [wrong = ""] = wrongCodes(code, 1);
  const statuses = [];
  for (const each of [code, code, wrong, code, code, code, code]) {
    statuses.push((await client.answer(each)).status);
  }
  expect(statuses).toEqual([200, 200, 403, 200, 200, 403, 403]);
  expect(await client.visit()).toBe(200);
});

test("the same code again after a step-up is answered alike too (B011)", async () => {
  const s = await serve({ options: { purposes: ["transfer"] } });
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  await client.ask({ purpose: "transfer" });
  expect((await client.answer(s.lastCode())).status).toBe(200);
  expect((await client.answer(s.lastCode())).status).toBe(200);
});

test("a step-up keeps the plain mark, and renews the time of its own alone", async () => {
  fakeDate();
  const s = await serve({
    options: { purposes: ["transfer"] },
    before: (app, two) => {
      const guard = two.require2fa({ purpose: "transfer", maxAge: 60 });
      app.get("/transfer", guard, (_req, res) => res.json({}));
    },
  });
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  await client.ask({ purpose: "transfer" });
  await client.answer(s.lastCode());
  expect([await client.visit(), await client.visit("/transfer")]).toEqual([200, 200]);
  pass(60);
  expect([await client.visit(), await client.visit("/transfer")]).toEqual([200, 403]);
  await client.ask({ purpose: "transfer", fresh: true });
  await client.answer(s.lastCode());
  expect([await client.visit(), await client.visit("/transfer")]).toEqual([200, 200]);
});

test("a step-up whose session can't be renewed leaves the plain mark, and the code stays good", async () => {
  const store = new FaultyStore();
  const s = await serve({ session: { store }, options: { purposes: ["transfer"] } });
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  await client.ask({ purpose: "transfer" });
  store.faults.set("set", "fail");
  expect((await client.answer(s.lastCode())).status).toBe(503);
  store.faults.clear();
  expect(await client.visit()).toBe(200);
  expect((await client.answer(s.lastCode())).status).toBe(200);
  expect(await client.visit()).toBe(200);
});

test("a number verified before stays usable while another is asked for and not proved (B079)", async () => {
  fakeDate();
  const s = await serve({ user: "from-request" });
  const client = s.client();
  await client.ask({ number: ANN });
  await client.answer(s.lastCode());
  await client.ask({ number: BOB });
  pass(600);
  expect((await client.ask({ number: ANN })).body).toMatchObject({ status: "verified" });
  expect(await client.visit()).toBe(200);
});

test("a number that the request names is verified in its session, as status tells, and no purpose is", async () => {
  const s = await serve({ user: "from-request", options: { purposes: ["pay"] } });
  const client = s.client();
  await client.ask({ number: ANN, purpose: "pay" });
  await client.answer(s.lastCode());
  expect((await client.status()).body).toEqual({ verified: false, challenge: null });
  await client.ask({ number: ANN });
  expect((await client.status()).body).toMatchObject({ verified: false, challenge: {} });
  const typed = await client.answer(s.lastCode(), { number: "extension 7" });
  expect(typed.body).toMatchObject({ code: "invalid_number" });
  await client.answer(s.lastCode());
  expect((await client.status()).body).toEqual({ verified: true, challenge: null });
});

test.each([" ", "-", " - ", "\u200b"])(
  "what holds no digit at all, %j, is no code and no wrong one",
  async (code) => {
    const s = await serve();
    const client = await s.signedIn();
    await client.ask();
    const answer = await client.answer(code);
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.objectContaining({
        code: "invalid_request",
        detail: "There is no code in the request.",
      }),
    ]);
    expect((await client.status()).body).toMatchObject({ challenge: { attemptsLeft: 5 } });
  },
);

test("a log-out whose session can't be saved is told as failed, and ends what was proved all the same (R60)", async () => {
  const store = new FaultyStore();
  const s = await serve({ session: { store } });
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  store.faults.set("set", "fail");
  expect((await client.post("/reset")).status).toBe(503);
  store.faults.clear();
  expect(await client.visit()).toBe(403);
});

test("who answers while the factor is off is told of as that, and as no wrong code (R123)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  await s.two.disable("ann");
  for (const code of [...wrongCodes(s.lastCode(), 1), s.lastCode()]) {
    await client.answer(code);
    const off = { type: "factor_disabled", code: "factor_disabled", subject: "ann" };
    expect(s.events.at(-1)).toMatchObject(off);
  }
  expect(s.events.map(({ type }) => type)).not.toContain("wrong_code");
});

test("codes of seven to ten digits are served too", async () => {
  for (const codeLength of [7, 8, 9, 10]) {
    const s = await serve({ options: { codeLength } });
    const client = await s.signedIn();
    await client.ask();
    expect(codeIn(s.sent[0])).toHaveLength(codeLength);
    expect((await client.answer(s.lastCode().slice(1))).status).toBe(403);
    expect((await client.answer(s.lastCode())).status).toBe(200);
  }
});

test.each(["000000", "no code"])(
  "%j is told of as wrong for the purpose that was asked for last, of several that wait",
  async (typed) => {
    const s = await serve({ options: { purposes: ["transfer"] } });
    const client = await s.signedIn();
    await client.ask();
    await client.ask({ purpose: "transfer" });
    expect((await client.answer(typed)).body).toMatchObject({ code: "wrong_code" });
    expect(s.events.at(-1)).toMatchObject({ type: "wrong_code", purpose: "transfer" });
  },
);
