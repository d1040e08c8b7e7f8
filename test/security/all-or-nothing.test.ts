/** Texts that are refused, however many at once: whichever limit is full, every counter stays as it was. */

import { ANN, BOB, fail, serve, type Client, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";
import type { TwoFactorOptions } from "../../lib";

const ROOMY = { max: 1000, window: 600 };
const LIMITS = { user: ROOMY, number: ROOMY, network: ROOMY, cooldown: 1 };
const TWO = { max: 2, window: 600 };
const number = (index: number) => `+1202555${String(1000 + index)}`;

const atOnce = <T>(times: number, ask: (each: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, each) => ask(each)));

const serveAt = (counters: DistantCounters, options: Partial<TwoFactorOptions>) =>
  serve({ options: { counters, ...options, limits: { ...LIMITS, ...options.limits } } });

beforeEach(fakeDate);

/** Has one user ask for texts in sessions of their own. */
async function spend(s: Served, times: number, id = "ann", phone = ANN): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    expect((await (await s.signedIn(id, phone)).ask()).status).toBe(200);
  }
}

describe.each<[string, Partial<TwoFactorOptions>, string, string]>([
  ["the user's limit", { limits: { user: TWO } }, "ann", BOB],
  ["the number's limit", { limits: { number: TWO } }, "joe", ANN],
  ["the number's day", { limits: { perDay: 2 } }, "joe", ANN],
  ["the network's limit", { limits: { network: TWO } }, "joe", BOB],
  ["the country's limit", { limits: { country: TWO } }, "joe", BOB],
  ["the limit of all", { limits: { all: TWO } }, "joe", BOB],
  ["the day", { maxPerDay: 2 }, "joe", BOB],
])("while %s is full", (_what, options, id, phone) => {
  test("100 requests at once are refused, and leave every counter as it was", async () => {
    const counters = new DistantCounters(2);
    const s = await serveAt(counters, options);
    await spend(s, 2);
    const { counts, size } = counters;
    expect(Object.keys(counts).length).toBeGreaterThan(5);
    const client = await s.signedIn(id, phone);
    const told = await atOnce(100, async () => (await client.copy().ask()).status);
    expect(new Set(told)).toEqual(new Set([429]));
    await s.two.close();
    expect(counters.counts).toEqual(counts);
    expect(counters.size).toBe(size);
    expect(s.sent).toHaveLength(2);
  });
});

test("a wait refuses 100 requests at once, and leaves every counter as it was", async () => {
  const counters = new DistantCounters(2);
  const s = await serveAt(counters, { limits: { cooldown: 30 } });
  const client = await s.signedIn();
  await client.ask();
  const { counts, size } = counters;
  const told = await atOnce(100, async () => {
    return ((await client.copy().ask()).body as { status: string }).status;
  });
  expect(new Set(told)).toEqual(new Set(["pending"]));
  expect(counters.counts).toEqual(counts);
  expect(counters.size).toBe(size);
});

test.each<[string, object, string]>([
  ["a block", { failures: { max: 3, window: 900 } }, "too_many_attempts"],
  ["a factor that is switched off", { consecutiveFailures: 3 }, "factor_disabled"],
])(
  "%s refuses 100 texts and 100 codes at once, counts none of them, and is told before the wait",
  async (_what, limits, code) => {
    const counters = new DistantCounters(2);
    const s = await serveAt(counters, { limits: { cooldown: 30, ...limits } });
    const waiting = await s.signedIn();
    await waiting.ask();
    const right = s.lastCode();
    const client = await s.signedIn();
    await client.ask();
    await fail(client, s.lastCode(), 3);
    await s.two.close();
    const { counts, size } = counters;
    const codeOf = async (asked: ReturnType<Client["ask"]>) =>
      ((await asked).body as { code: string }).code;
    const guesses = ["000001", "000002", right];
    const told = await Promise.all(
      Array.from({ length: 100 }, (_, each) => [
        codeOf(client.copy().ask()),
        codeOf(waiting.copy().answer(String(guesses[each % 3]))),
      ]).flat(),
    );
    expect(new Set(told)).toEqual(new Set([code]));
    expect(counters.counts).toEqual(counts);
    expect(counters.size).toBe(size);
    await s.two.unlock("ann");
    expect((await waiting.answer(right)).status).toBe(200);
  },
);

test.each<[string, Partial<TwoFactorOptions>, number]>([
  ["user", { limits: { user: { max: 7, window: 600 } } }, 7],
  ["number", { limits: { number: { max: 7, window: 600 } } }, 7],
  ["network", { limits: { network: { max: 7, window: 600 } } }, 7],
  ["country", { limits: { country: { max: 10, window: 600 } } }, 8],
  ["all", { limits: { all: { max: 10, window: 600 } } }, 8],
  ["day", { maxPerDay: 10 }, 8],
])(
  "of 100 requests at once, as many get a text as the limit of %s has room for, and no other limit counts more",
  async (_what, options, room) => {
    const counters = new DistantCounters(2);
    const s = await serveAt(counters, options);
    const clients = await Promise.all(Array.from({ length: 100 }, () => s.signedIn()));
    const told = await atOnce(100, async (each) => Number((await clients[each]?.ask())?.status));
    expect(told.filter((status) => status === 200)).toHaveLength(room);
    expect(s.sent).toHaveLength(room);
    await s.two.close();
    const fields = new Set(Object.keys(counters.counts).map((name) => name.split(" ")[0] ?? ""));
    expect(fields.size).toBe(8);
    for (const field of fields) expect([field, counters.countOf(field)]).toEqual([field, room]);
  },
);

test("one answer gives back no more than its texts have cost, whatever was refused beside it (C261)", async () => {
  const counters = new DistantCounters(2);
  const s = await serveAt(counters, { limits: { country: { max: 10, window: 3600 } } });
  const own = await s.signedIn("own", number(0));
  await own.ask();
  const pump = async (each: number) => {
    return (await (await s.signedIn(`pump${String(each)}`, number(each))).ask()).status;
  };
  for (let each = 1; each < 8; each += 1) expect(await pump(each)).toBe(200);
  expect(await pump(8)).toBe(429);
  pass(2);
  const told = await atOnce(25, async () => (await own.copy().ask()).status);
  expect(new Set(told)).toEqual(new Set([429]));
  expect(s.sent).toHaveLength(8);
  expect((await own.answer(s.sent[0]?.text.slice(0, 6) ?? "")).status).toBe(200);
  expect(counters.countOf("country3600")).toBe(7);
  expect([await pump(9), await pump(10)]).toEqual([200, 429]);
});

test("25 resends at once are one text, and the answer gives back two (C261)", async () => {
  const counters = new DistantCounters(2);
  const s = await serveAt(counters, {});
  await spend(s, 3, "joe", BOB);
  const own = await s.signedIn();
  await own.ask();
  pass(2);
  await atOnce(25, async () => (await own.copy().ask()).status);
  expect(s.sent).toHaveLength(5);
  expect(counters.countOf("country3600")).toBe(5);
  expect((await own.answer(s.lastCode())).status).toBe(200);
  expect(counters.countOf("country3600")).toBe(3);
});

test("what stands in the session gives nothing back: an older copy of it, neither (C261)", async () => {
  const counters = new DistantCounters();
  const s = await serveAt(counters, {});
  await spend(s, 3, "joe", BOB);
  const own = await s.signedIn();
  await own.ask();
  const code = s.lastCode();
  const copies = Array.from({ length: 20 }, () => own.copy());
  await Promise.all(copies.map((copy) => copy.answer(code)));
  await Promise.all(copies.map((copy) => copy.answer(code)));
  expect(counters.countOf("country3600")).toBe(3);
  expect(counters.countOf("user600")).toBe(3);
});

test.each(["right", "wrong"])(
  "a store that was emptied has no challenge for a %s code, and answers take nothing from others' counts (C262)",
  async (kind) => {
    let inner = new DistantCounters();
    const s = await serve({
      options: { counters: { step: (step) => inner.step(step) }, limits: LIMITS },
    });
    const ann = await s.signedIn();
    await ann.ask();
    const code = s.lastCode();
    inner = new DistantCounters();
    await spend(s, 3, "joe", BOB);
    const { counts } = inner;
    for (const guess of kind === "right" ? [code, code] : ["000000", code]) {
      expect((await ann.answer(guess)).body).toMatchObject({ code: "no_challenge" });
    }
    expect(inner.counts).toEqual(counts);
    expect(await ann.visit()).toBe(403);
  },
);

test("a code that has verified is answered alike no more once the store was emptied: its attempts are forgotten", async () => {
  let inner = new DistantCounters();
  const s = await serve({ options: { counters: { step: (step) => inner.step(step) } } });
  const ann = await s.signedIn();
  await ann.ask();
  const code = s.lastCode();
  expect([(await ann.answer(code)).status, (await ann.answer(code)).status]).toEqual([200, 200]);
  inner = new DistantCounters();
  expect((await ann.answer(code)).body).toMatchObject({ code: "no_challenge" });
});

describe("two apps on one store (C263)", () => {
  const other = (counters: DistantCounters, options: Partial<TwoFactorOptions>) =>
    serve({ options: { counters, limits: { failures: { max: 6, window: 900 } }, ...options } });

  test.each<[string, Partial<TwoFactorOptions>, boolean]>([
    ["of another name", { appName: "Bank" }, false],
    ["of another namespace", { namespace: "staging" }, false],
    ["of another secret", { secret: "another-secret-of-the-app-0123456789" }, false],
    ["of one name", {}, true],
    ["of another name in one namespace", { appName: "Bank", namespace: "Acme" }, true],
  ])(
    "%s: a right answer in one, and an unlock, clear the other's wrong codes only where they are one (C263)",
    async (_what, options, isOne) => {
      const counters = new DistantCounters();
      const a = await other(counters, {});
      const b = await other(counters, options);
      const guesser = await b.signedIn();
      await guesser.ask();
      await fail(guesser, b.lastCode(), 3);
      const verified = await a.signedIn();
      await verified.ask();
      expect((await verified.answer(a.lastCode())).status).toBe(200);
      await a.two.unlock("ann");
      await fail(guesser, b.lastCode(), 1);
      expect(counters.countOf("failures")).toBe(isOne ? 1 : 4);
    },
  );

  test.each<[string, Partial<TwoFactorOptions>, number]>([
    ["of another name", { appName: "Bank" }, 200],
    ["of another secret", { secret: "another-secret-of-the-app-0123456789" }, 200],
    [
      "of a new secret beside the old one",
      { secret: ["another-secret-of-the-app-0123456789", "the-secret-before-that-one-0123456789"] },
      200,
    ],
    ["of one name and secret", {}, 429],
  ])(
    "%s: no limit of one is full of the other's texts unless they are one (C202, C263)",
    async (_what, options, status) => {
      for (const limit of [
        { limits: { user: TWO } },
        { limits: { number: TWO } },
        { limits: { network: TWO } },
        { limits: { country: TWO } },
        { limits: { all: TWO } },
        { maxPerDay: 2 },
      ]) {
        const counters = new DistantCounters();
        await spend(await serveAt(counters, limit), 2);
        const b = await serveAt(counters, { ...limit, ...options });
        expect((await (await b.signedIn()).ask()).status).toBe(status);
      }
    },
  );

  test("of one secret: a code and a mark of one are none of the other's, though a user be the same (C263)", async () => {
    const counters = new DistantCounters();
    const a = await other(counters, {});
    const b = await other(counters, { appName: "Bank" });
    const client = await a.signedIn();
    await client.ask();
    const stranger = await b.signedIn();
    await stranger.ask();
    expect((await stranger.answer(a.lastCode())).body).toMatchObject({ code: "wrong_code" });
    expect((await client.answer(a.lastCode())).status).toBe(200);
    expect(await stranger.visit()).toBe(403);
  });
});
