/** Texts that are answered, too, have an end: a phone of one's own is no way to spend another's money. */

import { ANN, BOB, fail, serve, wrongCodes, type Served } from "../fakes/app";
import { DistantCounters } from "../fakes/stores";

/** Asks and answers in a loop, and tells how many texts it got. */
async function loop(s: Served, times: number): Promise<number> {
  const client = await s.signedIn();
  for (let time = 0; time < times; time += 1) {
    if ((await client.ask({ fresh: true })).status !== 200) break;
    await client.answer(s.lastCode());
    await s.two.close();
  }
  return s.sent.length;
}

test("by default one number gets 30 texts a day, all of them answered", async () => {
  const s = await serve();
  expect(await loop(s, 40)).toBe(30);
  expect((await (await s.signedIn("bob", BOB)).ask()).status).toBe(200);
});

test("a stranger who chooses numbers fills no store once his network is refused (R97)", async () => {
  const counters = new DistantCounters();
  const s = await serve({ user: "from-request", options: { counters } });
  for (let each = 0; each < 15; each += 1) {
    await s.client().ask({ number: `+120255501${String(each).padStart(2, "0")}` });
  }
  await s.two.close();
  const { counts, size } = counters;
  for (let each = 0; each < 50; each += 1) {
    const asked = await s.client().ask({ number: `+120255502${String(each).padStart(2, "0")}` });
    expect(asked.status).toBe(429);
  }
  expect(counters.counts).toEqual(counts);
  expect(counters.size).toBe(size);
});

test("codes that are submitted during a block count for nothing, not even an attempt, and the right one stays unused", async () => {
  const limits = { failures: { max: 2, window: 900 }, consecutiveFailures: 6 };
  const s = await serve({ options: { limits } });
  const one = await s.signedIn();
  await one.ask();
  const two = await s.signedIn();
  await two.ask();
  const code = s.lastCode();
  await fail(one, s.lastCode(), 2);
  for (const guess of [...wrongCodes(code, 3), code]) {
    expect((await two.answer(guess)).status).toBe(429);
    await s.two.close();
  }
  expect((await two.status()).body).toMatchObject({ challenge: { attemptsLeft: 5 } });
  await s.two.unlock("ann");
  expect((await two.answer(code)).status).toBe(200);
});

test("two limits of the same window are refused, for they would be one counter", () => {
  const user = [
    { max: 4, window: 600 },
    { max: 9, window: 600 },
  ];
  return expect(serve({ options: { limits: { user } } })).rejects.toThrow(/`limits\.user`/);
});

test.each([ANN, ANN.slice(1), ANN.slice(2), "202-555-0123", "1 (202) 555.0123"])(
  "an event shows no number, though a user's id be one: %s (R88)",
  async (id) => {
    const s = await serve();
    const client = await s.signedIn(id, ANN);
    await client.ask();
    await client.answer("000001");
    await client.answer(s.lastCode());
    await client.post("/reset");
    expect(s.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["sent", "wrong_code", "verified", "session_renewed", "mark_dropped"]),
    );
    expect(new Set(s.events.map(({ subject }) => subject))).toEqual(new Set(["••••23"]));
  },
);

test("the event of a factor that is switched on again shows no number either (R88)", async () => {
  const s = await serve();
  await s.two.unlock(ANN);
  expect(s.events).toEqual([
    expect.objectContaining({ type: "factor_unlocked", subject: "••••23" }),
  ]);
});
