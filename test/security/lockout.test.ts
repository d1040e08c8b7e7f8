/** Attacks that lock a user out, or wait a lock out: each lock is bounded, and grows with the attack. */

import { ANN, BOB, fail, serve, wrongCodes, type Client } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";

const ROOMY = { max: 1000, window: 600 };

/** Texts cost nothing here, so that guesses alone are bounded. */
const FREE_TEXTS = { user: ROOMY, number: ROOMY, network: ROOMY, cooldown: 1 };

/** Has a user fail so often, over as many sessions as that takes. */
async function failOver(signedIn: () => Promise<Client>, code: () => string, times: number) {
  let left = times;
  while (left > 0) {
    const client = await signedIn();
    await client.ask();
    await fail(client, code(), Math.min(left, 5));
    left -= 5;
  }
}

describe("10 failures in 15 minutes", () => {
  test("answer 429 to the right code of another session too, and to a new request (R15)", async () => {
    fakeDate();
    const s = await serve({ options: { limits: FREE_TEXTS } });
    const waiting = await s.signedIn();
    await waiting.ask();
    const code = s.lastCode();
    await failOver(s.signedIn, s.lastCode, 10);
    const answer = await waiting.answer(code);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(890);
    expect(Number(answer.headers["retry-after"])).toBeLessThanOrEqual(900);
    expect(await waiting.visit()).toBe(403);
    const fresh = await s.signedIn();
    const asked = await fresh.ask();
    expect(asked.status).toBe(429);
    expect(asked.body).toMatchObject({ code: "too_many_attempts" });
    expect(s.sent).toHaveLength(3);
  });

  test("are at most 18 within any 15 minutes, at the edge of two windows, and then 10 in each block (C267)", async () => {
    fakeDate();
    const s = await serve({ options: { limits: FREE_TEXTS } });
    await failOver(s.signedIn, s.lastCode, 1);
    pass(899);
    const first = Date.now();
    await failOver(s.signedIn, s.lastCode, 8);
    pass(2); // The window began with the first of them, and has just ended.
    await failOver(s.signedIn, s.lastCode, 10);
    const counted = () => s.events.filter(({ type }) => type === "wrong_code").length - 1;
    expect(counted()).toBe(18);
    const client = await s.signedIn();
    pass(896);
    expect(Date.now() - first).toBeLessThan(900_000);
    expect((await client.ask()).status).toBe(429);
    expect(counted()).toBe(18);
  });

  test("leave 9 of them without effect on the right code", async () => {
    const s = await serve({ options: { limits: FREE_TEXTS } });
    await failOver(s.signedIn, s.lastCode, 9);
    const client = await s.signedIn();
    await client.ask();
    expect((await client.answer(s.lastCode())).status).toBe(200);
  });

  test("block for 15 minutes, then 30, then an hour, never longer (R15)", async () => {
    fakeDate();
    const s = await serve({ options: { limits: FREE_TEXTS } });
    for (const [minutes, label] of [
      [15, "first"],
      [30, "second"],
      [60, "third"],
      [60, "fourth"],
    ] as const) {
      await failOver(s.signedIn, s.lastCode, 10);
      await s.two.close();
      const client = await s.signedIn();
      const wait = Number((await client.ask()).headers["retry-after"]);
      expect([label, Math.ceil(wait / 60)]).toEqual([label, minutes]);
      pass(minutes * 60 - 1);
      expect((await client.ask()).status).toBe(429);
      pass(1);
      expect((await client.ask()).status).toBe(200);
    }
  });

  test("are not prolonged by further tries of the one who is blocked (B100)", async () => {
    fakeDate();
    const s = await serve({ options: { limits: { ...FREE_TEXTS, attempts: 10 } } });
    const waiting = await s.signedIn();
    await waiting.ask();
    const client = await s.signedIn();
    await client.ask();
    await fail(client, s.lastCode(), 10);
    await s.two.close();
    pass(600 - 1);
    await fail(waiting, s.lastCode(), 5);
    await s.two.close();
    pass(301);
    expect((await client.ask()).status).toBe(200);
  });

  test("are forgotten after a right code (R17)", async () => {
    const s = await serve({ options: { limits: FREE_TEXTS } });
    for (let round = 0; round < 3; round += 1) {
      const client = await s.signedIn();
      await client.ask();
      await fail(client, s.lastCode(), 4);
      expect((await client.answer(s.lastCode())).status).toBe(200);
      await s.two.close();
    }
  });

  test.each([
    [{ failures: { max: 6, window: 3600 } }, "too_many_attempts"],
    [{ consecutiveFailures: 6 }, "factor_disabled"],
  ])(
    "are not forgotten when a code expires, nor by another text: %j (R17)",
    async (limits, code) => {
      fakeDate();
      const s = await serve({ options: { limits: { ...FREE_TEXTS, ...limits } } });
      const client = await s.signedIn();
      await client.ask();
      await fail(client, s.lastCode(), 3);
      pass(600);
      expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });
      await client.ask();
      await fail(client, s.lastCode(), 2);
      pass(30);
      expect((await client.ask()).body).toMatchObject({ status: "sent" });
      await fail(client, s.lastCode(), 1);
      expect((await client.answer(s.lastCode())).body).toMatchObject({ code });
      expect(await client.visit()).toBe(403);
    },
  );
});

test("100 failures in a row switch the factor off until unlock(), whatever time passes (R16)", async () => {
  fakeDate();
  const s = await serve({ options: { limits: { ...FREE_TEXTS, attempts: 10 } } });
  for (let round = 0; round < 10; round += 1) {
    const client = await s.signedIn();
    await client.ask();
    await fail(client, s.lastCode(), 10);
    await s.two.close();
    pass(3600);
  }
  pass(7 * 86_400);
  const client = await s.signedIn();
  const refused = await client.ask();
  expect(refused.status).toBe(403);
  expect(refused.body).toMatchObject({ code: "factor_disabled" });
  expect(s.events.filter(({ type }) => type === "factor_disabled")).not.toHaveLength(0);

  await s.two.unlock("ann");
  await client.ask();
  expect((await client.answer(s.lastCode())).status).toBe(200);
});

test("a factor that is switched off refuses the right code of a session that had asked before (R16)", async () => {
  const limits = { ...FREE_TEXTS, consecutiveFailures: 3 };
  const s = await serve({ options: { limits } });
  const waiting = await s.signedIn();
  await waiting.ask();
  const code = s.lastCode();
  await failOver(s.signedIn, s.lastCode, 3);
  expect((await waiting.answer(code)).body).toMatchObject({ code: "factor_disabled" });
  expect(await waiting.visit()).toBe(403);
  const bob = await s.signedIn("bob", BOB);
  await bob.ask();
  expect((await bob.answer(s.lastCode())).status).toBe(200);
});

test("a stranger without the first factor moves no counter of a user, however often he guesses (R19, R24)", async () => {
  const counters = new DistantCounters();
  const s = await serve({ options: { counters } });
  const stranger = s.client();
  for (const code of wrongCodes("000000", 20)) {
    expect((await stranger.answer(code, { number: ANN })).status).toBe(403);
    expect((await stranger.ask({ number: ANN })).status).toBe(403);
  }
  expect(counters.steps).toEqual([]);
  expect(s.sent).toEqual([]);
  const ann = await s.signedIn();
  await ann.ask();
  expect((await ann.answer(s.lastCode())).status).toBe(200);
});

test("a stranger who burns a number's codes does not kill the code that its holder has (B100)", async () => {
  const s = await serve({ user: "from-request" });
  const holder = s.client();
  await holder.ask({ number: ANN });
  const code = s.lastCode();
  const stranger = s.client();
  await stranger.ask({ number: ANN });
  await fail(stranger, s.lastCode(), 6);
  expect((await holder.answer(code)).status).toBe(200);
});

test("a stranger's wrong codes at a sign-up form block no user whose id is that number (B100)", async () => {
  const counters = new DistantCounters();
  const limits = FREE_TEXTS;
  const signUp = await serve({ user: "from-request", options: { counters, limits } });
  const s = await serve({ options: { counters, limits } });
  for (let round = 0; round < 3; round += 1) {
    const stranger = signUp.client();
    await stranger.ask({ number: ANN });
    await fail(stranger, signUp.lastCode(), 5);
  }
  expect((await signUp.client().ask({ number: ANN })).status).toBe(429);
  const ann = await s.signedIn(ANN, ANN);
  expect((await ann.ask()).body).toMatchObject({ status: "sent" });
  expect((await ann.answer(s.lastCode())).status).toBe(200);
});

test("a bare number is not switched off for ever by strangers' wrong codes (B100)", async () => {
  fakeDate();
  const limits = { ...FREE_TEXTS, consecutiveFailures: 3 };
  const s = await serve({ user: "from-request", options: { limits } });
  const stranger = s.client();
  await stranger.ask({ number: ANN });
  await fail(stranger, s.lastCode(), 5);
  const holder = s.client();
  await holder.ask({ number: ANN });
  expect((await holder.answer(s.lastCode())).status).toBe(200);
});
