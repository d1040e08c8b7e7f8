/** How long things hold where codes are asked for and answered: marks, waits and failures, to the second. */

import { ANN, fail, serve } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";

beforeEach(fakeDate);

test("a session stays verified for a day, and is then texted again", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  pass(86_399.999);
  expect((await client.status()).body).toMatchObject({ verified: true });
  expect((await client.ask()).body).toMatchObject({ status: "verified", amr: ["sms"] });
  pass(0.001);
  expect((await client.status()).body).toMatchObject({ verified: false });
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
});

test.each([
  [3599.999, 120],
  [3600, 30],
  // The clock of the server that counted them was ahead.
  [-1, 30],
])(
  "after two texts and %d s the next wait is %d s: the streak lasts an hour",
  async (seconds, resendIn) => {
    const s = await serve();
    const client = await s.signedIn();
    await client.ask();
    pass(30);
    await client.ask();
    pass(seconds);
    // Another number has no cooldown, and the same streak.
    await client.signIn("ann", "+12025550199");
    expect((await client.ask()).body).toMatchObject({ status: "sent", resendIn });
  },
);

test.each([
  [1, 0, "30"],
  [1, 10.5, "20"],
  [2, 0, "60"],
  [2, 59.999, "1"],
  [2, 100, "1"],
])(
  "after %d texts and five wrong codes a sixth, %d s later, is told when a text may be asked for: in %s s",
  async (texts, later, retryAfter) => {
    const s = await serve();
    const client = await s.signedIn();
    await client.ask();
    if (texts === 2) {
      pass(30);
      await client.ask();
    }
    await fail(client, s.lastCode(), 4);
    const before = client.copy();
    await fail(client, s.lastCode(), 1);
    pass(later);
    const refused = await before.answer(s.lastCode());
    expect([refused.status, refused.body]).toEqual([
      429,
      expect.objectContaining({ code: "too_many_attempts" }),
    ]);
    expect(refused.headers["retry-after"]).toBe(retryAfter);
  },
);

test.each([
  [0, 2],
  [900, 2],
])(
  "wrong codes of %d s ago are told of with the right one that ends their row",
  async (ago, failures) => {
    const s = await serve();
    const client = await s.signedIn();
    await client.ask();
    await fail(client, s.lastCode(), 2);
    pass(ago);
    await client.ask();
    await client.answer(s.lastCode());
    expect(s.events.filter(({ type }) => type === "verified")).toMatchObject([{ failures }]);
    await client.ask({ fresh: true });
    await client.answer(s.lastCode());
    expect(s.events.filter(({ type }) => type === "verified")[1]).not.toHaveProperty("failures");
  },
);

test("a code that is asked for again is told to last as long as it does, in whole seconds", async () => {
  const s = await serve();
  const client = await s.signedIn("ann", ANN);
  await client.ask();
  pass(29.4);
  expect((await client.ask()).body).toMatchObject({
    status: "pending",
    expiresIn: 571,
    resendIn: 1,
  });
  expect((await client.status()).body).toMatchObject({
    challenge: { expiresIn: 571, resendIn: 1 },
  });
  pass(0.6);
  expect((await client.status()).body).toMatchObject({
    challenge: { expiresIn: 570, resendIn: 0 },
  });
});
