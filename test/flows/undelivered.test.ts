/** A text that was surely not sent leaves session, code and waits as they were; one that may arrive leaves its own. */

import { codeIn, fail, serve, type ServeOptions } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { FaultyStore } from "../fakes/stores";
import { TwoFactorError, type Message } from "../../lib";

beforeEach(fakeDate);

/** Serves an app whose gateway takes all texts but those that `failing` counts, the first being 1. */
async function serveFailing(
  failing: readonly number[],
  { mayStillArrive = false, ...given }: ServeOptions & { mayStillArrive?: boolean } = {},
) {
  const texts: Message[] = [];
  const sender = (message: Message) => {
    texts.push(message);
    if (!failing.includes(texts.length)) return;
    throw new TwoFactorError("delivery_failed", "No.", { reason: "no_balance", mayStillArrive });
  };
  const s = await serve({ ...given, options: { sender, ...given.options } });
  return { ...s, codeOf: (text: number) => codeIn(texts[text - 1]) };
}

test("the code before stays good where a new one was refused", async () => {
  const s = await serveFailing([2]);
  const client = await s.signedIn();
  await client.ask();
  // So late that the next text has a code of its own.
  pass(530);
  expect((await client.ask()).status).toBe(502);
  expect((await client.status()).body).toMatchObject({ challenge: { expiresIn: 70 } });
  await fail(client, s.codeOf(1), 1);
  expect((await client.answer(s.codeOf(2))).body).toMatchObject({ attemptsLeft: 3 });
  expect((await client.answer(s.codeOf(1))).status).toBe(200);
});

test("nothing waits for an answer where the first was refused", async () => {
  const s = await serveFailing([1]);
  const client = await s.signedIn();
  expect((await client.ask()).status).toBe(502);
  expect((await client.status()).body).toEqual({ verified: false, challenge: null });
  expect((await client.answer(s.codeOf(1))).body).toMatchObject({ code: "no_challenge" });
  expect(s.events.map(({ type }) => type)).not.toContain("sent");
});

test("one that may arrive works, in the place of the code before", async () => {
  const s = await serveFailing([2], { mayStillArrive: true });
  const client = await s.signedIn();
  await client.ask();
  pass(530);
  expect((await client.ask()).status).toBe(502);
  expect((await client.status()).body).toMatchObject({ challenge: { expiresIn: 600 } });
  expect((await client.answer(s.codeOf(1))).body).toMatchObject({ code: "wrong_code" });
  expect((await client.answer(s.codeOf(2))).status).toBe(200);
});

test.each([
  ["was surely not sent", false, 60],
  ["may arrive", true, 120],
])(
  "the waits between texts take a text that %s for none, or for one",
  async (_how, mayStillArrive, wait) => {
    const s = await serveFailing([2], { mayStillArrive });
    const client = await s.signedIn();
    expect((await client.ask()).body).toMatchObject({ resendIn: 30 });
    pass(30);
    expect((await client.ask()).status).toBe(502);
    pass(60);
    expect((await client.ask()).body).toMatchObject({ status: "sent", resendIn: wait });
  },
);

test("what other purposes wait for, and what is verified, stays", async () => {
  const s = await serveFailing([3], { options: { purposes: ["pay"] } });
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.codeOf(1));
  await client.ask({ purpose: "pay" });
  expect((await client.ask({ fresh: true })).status).toBe(502);
  expect(await client.visit()).toBe(200);
  expect((await client.answer(s.codeOf(2))).status).toBe(200);
});

test("a session store that fails after it makes the answer no other one", async () => {
  const store = new FaultyStore();
  const sender = () => {
    store.faults.set("set", "fail");
    throw new TwoFactorError("delivery_failed", "No.", { reason: "no_balance" });
  };
  const s = await serve({ session: { store }, options: { sender } });
  const client = await s.signedIn();
  const asked = await client.ask();
  expect([asked.status, asked.body]).toEqual([
    502,
    expect.objectContaining({ code: "delivery_failed" }),
  ]);
});

test.each([
  ["no gateway ever had", "unavailable", [503, 503, 503, 200]],
  ["one has refused", "delivery_failed", [502, 502, 429, 429]],
] as const)("what %s bounds those who ask as if it was: %s", async (_what, code, statuses) => {
  let calls = 0;
  const sender = () => {
    calls += 1;
    if (calls <= 3) throw new TwoFactorError(code, "No.", { reason: "no_balance" });
  };
  const s = await serve({ options: { sender, limits: { user: { max: 2, window: 600 } } } });
  const client = await s.signedIn();
  const told: number[] = [];
  for (let each = 0; each < 4; each += 1) {
    told.push((await client.ask()).status);
    pass(60);
  }
  expect(told).toEqual(statuses);
});
