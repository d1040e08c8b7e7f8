/** What an outsider could learn from answers: who has a number, whose code is pending, which limit is full. */

import { ANN, serve } from "../fakes/app";
import { fakeDate } from "../fakes/clock";

test("an outsider can't tell a user with a number from one without, nor a known number from another (R78, B102)", async () => {
  const s = await serve();
  const outsider = s.client();
  const answers = [
    await outsider.ask(),
    await outsider.ask({ number: ANN }),
    await outsider.ask({ number: "+12025550199" }),
    await outsider.answer("123456"),
    await outsider.answer("123456", { number: ANN }),
  ];
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
});

test("an answer for a number that somebody else has a code for is the one for a number without (B102)", async () => {
  fakeDate();
  const s = await serve({ user: "from-request" });
  await s.client().ask({ number: ANN });
  const outsider = s.client();
  const pending = await outsider.answer("123456", { number: ANN });
  const none = await outsider.answer("123456", { number: "+12025550199" });
  expect([pending.status, pending.text]).toEqual([none.status, none.text]);
  const asked = await outsider.ask({ number: ANN });
  const fresh = await s.client().ask({ number: "+12025550199" });
  expect({ ...(asked.body as object), to: "" }).toEqual({ ...(fresh.body as object), to: "" });
});

test("a 429 does not name the counter that was full (R21)", async () => {
  const limits = { number: { max: 1, window: 600 } };
  const s = await serve({ user: "from-request", options: { limits } });
  await s.client().ask({ number: ANN });
  const refused = await s.client().ask({ number: ANN });
  expect(refused.status).toBe(429);
  expect(refused.text).not.toMatch(/number|user|network|country|600/i);
  const told = s.events.filter(({ type }) => type === "refused");
  expect(told.at(-1)).toMatchObject({ reason: "number600" });
});
