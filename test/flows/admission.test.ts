/** The app's own word on a text, the day's breaker, and limits on trial. */

import { ANN, BOB, EXPRESSES, serve } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";
import type { BeforeSend, Sending } from "../../lib/index";

describe.each(EXPRESSES)("%s", (_name, express) => {
  test.each<[string, BeforeSend]>([
    ["says false", () => false],
    ["says something truthy", () => "yes" as never],
    ["says nothing", () => undefined as never],
    ["promises false", () => Promise.resolve(false)],
    [
      "throws",
      () => {
        throw new Error("CAPTCHA service is down");
      },
    ],
    ["rejects", () => Promise.reject(new Error("CAPTCHA service is down"))],
    ["never answers", () => new Promise<never>(() => undefined)],
  ])("a beforeSend that %s sends nothing and passes nobody (R42)", async (_how, beforeSend) => {
    const s = await serve({ express, options: { beforeSend, sendTimeout: 1 } });
    const client = await s.signedIn();
    const asked = await client.ask();
    expect(asked.status).toBe(403);
    expect(asked.body).toMatchObject({ code: "send_refused" });
    expect(asked.text).not.toContain("CAPTCHA");
    expect(s.sent).toEqual([]);
    expect((await client.status()).body).toEqual({ verified: false, challenge: null });
    expect(await client.visit()).toBe(403);
  });
});

test("a beforeSend that says true lets the text go, and is told for whom it is", async () => {
  const asked: Sending[] = [];
  const beforeSend: BeforeSend = (req, sending) => {
    expect(req.session.cart).toBe("three apples");
    asked.push(sending);
    return Promise.resolve(true as const);
  };
  const s = await serve({ options: { beforeSend, purposes: ["pay"] } });
  const client = await s.signedIn();
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
  await client.answer(s.lastCode());
  await s.two.close();
  await client.ask({ purpose: "pay" });
  expect(asked).toEqual([
    expect.objectContaining({
      phone: ANN,
      country: "US",
      channel: "sms",
      purpose: "",
      isKnown: false,
    }),
    expect.objectContaining({ phone: ANN, purpose: "pay", isKnown: true }),
  ]);
});

test("a visitor's very first request, whose session no store has yet, is texted with a beforeSend too", async () => {
  const s = await serve({ user: "from-request", options: { beforeSend: () => true } });
  const client = s.client();
  expect((await client.ask({ number: ANN })).body).toMatchObject({ status: "sent" });
  expect((await client.answer(s.lastCode())).body).toMatchObject({ status: "verified" });
});

test("so is a log-in's own POST, which has just given the user a new session", async () => {
  const s = await serve({
    options: { beforeSend: () => Promise.resolve(true as const) },
    before: (app, two) => {
      app.post("/log-in", (req, res, next) => {
        req.session.regenerate(() => {
          req.session.user = { id: "ann", phone: ANN };
          two.request(req).then((asked) => res.json(asked), next);
        });
      });
    },
  });
  const client = s.client();
  await client.signIn("bob", BOB);
  expect((await client.post("/log-in")).body).toMatchObject({ ok: true, status: "sent" });
  expect((await client.answer(s.lastCode())).body).toMatchObject({ status: "verified" });
  expect(await client.visit()).toBe(200);
});

test("beforeSend is asked last: not where a limit, the cooldown or the mark has decided", async () => {
  let calls = 0;
  const beforeSend = () => {
    calls += 1;
    return true;
  };
  const limits = { number: { max: 1, window: 600 } };
  const s = await serve({ options: { beforeSend, limits } });
  const client = await s.signedIn();
  await client.ask();
  await client.ask();
  await (await s.signedIn("joe", ANN)).ask();
  await client.answer(s.lastCode());
  await client.ask();
  expect(calls).toBe(1);
});

test("a refusal by beforeSend costs no wait and nobody else's budget, but bounds its own asking", async () => {
  let word = false;
  const all = { max: 1, window: 600 };
  const limits = { user: { max: 4, window: 600 }, country: all, all };
  const s = await serve({ options: { beforeSend: () => word, limits } });
  const client = await s.signedIn();
  for (let time = 0; time < 3; time += 1) {
    expect((await client.ask()).status).toBe(403);
    await s.two.close();
  }
  word = true;
  expect((await client.ask()).body).toMatchObject({ status: "sent", resendIn: 30 });
  expect((await (await s.signedIn()).ask()).status).toBe(429);
});

test("at four fifths of a day's texts numbers never proved are refused, at its end all (R33)", async () => {
  fakeDate();
  const ROOMY = { max: 1000, window: 600 };
  const limits = { user: ROOMY, number: ROOMY, network: ROOMY };
  const s = await serve({ options: { maxPerDay: 5, limits } });
  const ask = async (id: string, phone: string) =>
    (await (await s.signedIn(id, phone)).ask()).status;
  const known = await s.signedIn("ann", ANN);
  await known.ask();
  await known.answer(s.lastCode());
  await s.two.close();
  expect([await ask("b", BOB), await ask("c", BOB), await ask("d", BOB)]).toEqual([200, 200, 200]);
  expect(await ask("e", BOB)).toBe(429);
  await s.two.close();
  expect(await ask("ann", ANN)).toBe(200);
  expect(await ask("ann", ANN)).toBe(429);
  await s.two.close();
  pass(86_400);
  expect(await ask("b", BOB)).toBe(200);
});

test("numbers never proved, once refused, take nothing of the day's share for the others, not for a moment (R33)", async () => {
  fakeDate();
  const counters = new DistantCounters();
  const roomy = { max: 1000, window: 600 };
  const limits = { user: roomy, number: roomy, network: roomy };
  const s = await serve({ options: { maxPerDay: 5, limits, counters } });
  const ask = async () => (await (await s.signedIn("bob", BOB)).ask()).status;
  for (let time = 0; time < 4; time += 1) expect(await ask()).toBe(200);
  expect(await ask()).toBe(429);
  await s.two.close();
  const { counts } = counters;
  expect(counters.countOf("day")).toBe(4);
  for (let time = 0; time < 3; time += 1) expect(await ask()).toBe(429);
  await s.two.close();
  expect(counters.counts).toEqual(counts);
  expect(s.events.filter(({ type }) => type === "budget_exhausted")).toEqual([
    expect.objectContaining({ reason: "day" }),
  ]);
});

test.each(["user", "number", "network", "country", "all"])(
  "a limit of %s on trial refuses nothing, and tells where it would have, once in its window",
  async (budget) => {
    const limits = { [budget]: { max: 1, window: 600, mode: "record" as const } };
    const s = await serve({ options: { limits } });
    const told = () =>
      s.events.filter(({ type }) => type === "budget_recorded").map(({ reason }) => reason);
    expect((await (await s.signedIn()).ask()).status).toBe(200);
    expect(told()).toEqual([]);
    for (let time = 0; time < 3; time += 1) {
      expect((await (await s.signedIn()).ask()).status).toBe(200);
    }
    expect(told()).toEqual([`${budget}600`]);
    expect(s.events.map(({ type }) => type)).not.toContain("budget_exhausted");
  },
);
