/** The counters: atomic, bounded in time, closed in doubt, and never below nothing. */

import { RateLimiterMemory } from "rate-limiter-flexible";
import { Counters, type Charge } from "../../lib/ledger/counters";
import { readKeys } from "../../lib/crypto/keys";
import { all } from "../../lib/std/maybe-promise";
import { TwoFactorError, type CounterEngine } from "../../lib/index";
import { fakeDate, hurryDeadlines, pass } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";

const KEYS = readKeys(["x".repeat(32)]);
const make = (
  engine: CounterEngine = new RateLimiterMemory({ points: 1, duration: 1 }),
  isRemote = true,
) => new Counters(engine, KEYS, isRemote);
const charge = (max = 3, window = 60, key = "k"): Charge => ({
  counter: { name: "n", max, window },
  key,
});

test("so many are within the limit, and the next is not, until the window ends", async () => {
  fakeDate();
  const counters = make();
  const counts = async (times: number) => {
    const taken: [boolean, number][] = [];
    for (let time = 0; time < times; time += 1) {
      const { ok, count } = await counters.take(charge());
      taken.push([ok, count]);
    }
    return taken;
  };
  expect(await counts(4)).toEqual([
    [true, 1],
    [true, 2],
    [true, 3],
    [false, 4],
  ]);
  pass(59.999);
  expect(await counts(1)).toEqual([[false, 5]]);
  pass(0.001);
  expect(await counts(1)).toEqual([[true, 1]]);
});

test("the wait counts down to the end of the window, which begins with the first", async () => {
  fakeDate();
  const counters = make();
  expect((await counters.take(charge())).waitMs).toBe(60_000);
  pass(20);
  expect((await counters.take(charge())).waitMs).toBe(40_000);
  expect((await counters.peek(charge())).waitMs).toBe(40_000);
});

test("a window of 0 never ends", async () => {
  fakeDate();
  const counters = make();
  await counters.take(charge(1, 0));
  pass(365 * 86_400);
  expect(await counters.peek(charge(1, 0))).toMatchObject({ ok: false, count: 1 });
  expect(await counters.take(charge(1, 0))).toMatchObject({ ok: false, count: 2 });
});

test("200 taken at once give so many within the limit, in memory and at a distance (R18)", async () => {
  for (const engine of [undefined, new DistantCounters(5)]) {
    const counters = make(engine);
    const taken = await all(Array.from({ length: 200 }, () => counters.take(charge(5))));
    expect(taken.filter(({ ok }) => ok)).toHaveLength(5);
    expect((await counters.peek(charge(5))).count).toBe(200);
  }
});

test("counters of two names or keys are two", async () => {
  const counters = make();
  await counters.take(charge(1, 60, "a"));
  expect((await counters.take(charge(1, 60, "b"))).ok).toBe(true);
  const other: Charge = { counter: { name: "m", max: 1, window: 60 }, key: "a" };
  expect((await counters.take(other)).ok).toBe(true);
});

test("a look counts nothing, and tells whether one more is within the limit", async () => {
  const counters = make();
  expect(await counters.peek(charge(1))).toEqual({ ok: true, count: 0, waitMs: 0 });
  await counters.take(charge(1));
  expect(await counters.peek(charge(1))).toMatchObject({ ok: false, count: 1 });
  expect(await counters.peek(charge(2))).toMatchObject({ ok: true, count: 1 });
});

test("what is given back can be taken again, within the same window", async () => {
  fakeDate();
  const counters = make();
  await counters.take(charge(1));
  pass(20);
  await counters.giveBack(charge(1));
  expect(await counters.take(charge(1))).toEqual({ ok: true, count: 1, waitMs: 40_000 });
  await counters.take(charge(1));
  await counters.giveBack(charge(1), 2);
  expect((await counters.peek(charge(1))).count).toBe(0);
});

test("nothing is paid into a window that has begun anew, nor below nothing", async () => {
  fakeDate();
  const counters = make();
  await counters.giveBack(charge(1), 5);
  expect((await counters.peek(charge(1))).count).toBe(0);
  await counters.take(charge(1));
  expect((await counters.take(charge(1))).ok).toBe(false);
  pass(60);
  await counters.giveBack(charge(1), 2);
  expect((await counters.take(charge(1))).count).toBe(1);
});

test("what several requests give back at once, beyond what was counted, leaves nothing and no debt", async () => {
  const counters = make(new DistantCounters(5));
  await all(Array.from({ length: 4 }, () => counters.giveBack(charge())));
  expect((await counters.peek(charge())).count).toBe(0);
});

test("a counter can be set, and be forgotten", async () => {
  fakeDate();
  const counters = make();
  await counters.set(charge(3), 3, 600);
  expect(await counters.peek(charge(3))).toEqual({ ok: false, count: 3, waitMs: 600_000 });
  await counters.clear(charge(3));
  expect(await counters.peek(charge(3))).toEqual({ ok: true, count: 0, waitMs: 0 });
});

test("names are hashes: the same for the same, others for others, and tell nothing", () => {
  const counters = make();
  const name = counters.nameOf("user", "ann");
  expect(name).toMatch(/^[\w-]{22}$/);
  expect(counters.nameOf("user", "ann")).toBe(name);
  expect(counters.nameOf("number", "ann")).not.toBe(name);
  expect(counters.nameOf("userann")).not.toBe(name);
  expect(counters.nameOf("use", "rann")).not.toBe(name);
  const other = readKeys(["y".repeat(32)]);
  expect(new Counters(new DistantCounters(), other, true).nameOf("user", "ann")).not.toBe(name);
});

describe("an engine that does not answer", () => {
  const calls: [string, (counters: Counters) => unknown][] = [
    ["take", (counters) => counters.take(charge())],
    ["peek", (counters) => counters.peek(charge())],
    ["giveBack", (counters) => counters.giveBack(charge())],
    ["set", (counters) => counters.set(charge(), 1, 60)],
    ["clear", (counters) => counters.clear(charge())],
  ];

  test.each(
    (["fail", "throw", "hang"] as const).flatMap((fault) =>
      calls.map(([name, call]) => ({ fault, name, call })),
    ),
  )(
    "($fault) makes $name throw `unavailable` in bounded time, without the engine's own words (B080, B081)",
    async ({ fault, call }) => {
      hurryDeadlines();
      const engine = new DistantCounters();
      engine.fault = fault;
      const error: unknown = await Promise.resolve(call(make(engine))).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(TwoFactorError);
      expect(error).toMatchObject({ code: "unavailable", status: 503 });
      expect((error as TwoFactorError).reason).toMatch(/^counters:\w+$/);
      expect((error as TwoFactorError).cause).toBeUndefined();
      expect((error as TwoFactorError).message).not.toContain("redis");
    },
  );

  test("and counts after all gives back what was taken, and keeps what was noted", async () => {
    hurryDeadlines();
    const engine = new DistantCounters();
    const late = new LateEngine(engine);
    const counters = make(late);
    const [roomy, single, noted] = [charge(3), charge(1, 60, "one"), charge(3, 60, "noted")];
    const first = charge(1, 60, "first");
    await make(engine).take(roomy);
    const calls = [counters.take(roomy), counters.take(single), counters.note(noted)];
    for (const call of [...calls, counters.takeFirst(first)]) {
      await expect(call).rejects.toMatchObject({ code: "unavailable" });
    }
    await late.answer();
    await counters.settle();
    const now = make(engine);
    const counts = await all([roomy, single, noted, first].map((each) => now.peek(each)));
    expect(counts.map(({ count }) => count)).toEqual([1, 0, 1, 0]);
  });

  test("gives nothing back to a window that has begun since, which has not counted it", async () => {
    fakeDate();
    hurryDeadlines();
    const engine = new DistantCounters();
    const late = new LateEngine(engine);
    await expect(make(late).take(charge())).rejects.toMatchObject({ code: "unavailable" });
    const now = make(engine);
    await late.answer(() => {
      pass(60);
      return now.take(charge());
    });
    expect((await now.peek(charge())).count).toBe(1);
  });

  test("takes along those that it refused only where it was the first of all", async () => {
    hurryDeadlines();
    const engine = new DistantCounters();
    const late = new LateEngine(engine);
    const [before, after, held] = [1, 2, 3].map((key) => charge(1, 60, String(key))) as [
      Charge,
      Charge,
      Charge,
    ];
    const now = make(engine);
    await now.takeFirst(before);
    const calls = [before, after].map((each) => make(late).takeFirst(each));
    calls.push(make(late).take(held));
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: "unavailable" });
    await late.answer(() => all([after, held].map((each) => now.takeFirst(each))));
    const counts = await all([before, after, held].map((each) => now.peek(each)));
    expect(counts.map(({ count }) => count)).toEqual([2, 0, 1]);
  });

  test.each([
    [undefined],
    [{}],
    [{ consumedPoints: NaN, msBeforeNext: 1 }],
    [{ consumedPoints: null, msBeforeNext: 1 }],
    [{ consumedPoints: 1, msBeforeNext: undefined }],
    [{ consumedPoints: "", msBeforeNext: "1" }],
    [{ consumedPoints: 1, msBeforeNext: Infinity }],
    [[0, 1]],
  ])("or answers with %j, which is no reading, is as one that fails", async (odd) => {
    const answer = () => Promise.resolve(odd as never);
    const counters = make(
      Object.assign(new DistantCounters(), { penalty: answer, reward: answer, get: answer }),
    );
    for (const call of ["take", "peek", "giveBack"] as const) {
      await expect(counters[call](charge())).rejects.toMatchObject({
        code: "unavailable",
        reason: "counters:OddReading",
      });
    }
  });

  test("but tells numbers as texts, or a key without an end, is read as it means it", async () => {
    const get = () => Promise.resolve({ consumedPoints: "2", msBeforeNext: "-1" } as never);
    const counters = make(Object.assign(new DistantCounters(), { get }));
    expect(await counters.peek(charge(2))).toEqual({ ok: false, count: 2, waitMs: 0 });
  });

  test("but tells fractions of a millisecond is read in whole ones, of which none is lost", async () => {
    const penalty = () => Promise.resolve({ consumedPoints: 1, msBeforeNext: 599.25 });
    const counters = make(Object.assign(new DistantCounters(), { penalty }));
    expect(await counters.take(charge())).toEqual({ ok: true, count: 1, waitMs: 600 });
  });

  test("is waited for no longer than two seconds", async () => {
    const timer = jest.spyOn(globalThis, "setTimeout");
    await make(new DistantCounters()).peek(charge());
    expect(timer.mock.calls.map(([, ms]) => ms)).toEqual([2000]);
  });
});

describe("work beside the answer", () => {
  test("is waited for by settle()", async () => {
    const counters = make(new DistantCounters(10));
    await counters.take(charge());
    counters.tidy(counters.clear(charge()));
    await counters.settle();
    expect((await counters.peek(charge())).count).toBe(0);
  });

  test("may fail without a trace: Jest fails what a rejection falls into that nobody handles", async () => {
    const engine = new DistantCounters();
    engine.fault = "fail";
    const counters = make(engine);
    counters.tidy(counters.clear(charge()), counters.giveBack(charge()));
    await expect(counters.settle()).resolves.toBeUndefined();
    await new Promise((resolve) => setImmediate(resolve));
  });
});

test("the memory's timers keep no process alive, and its entries go with their windows (B083, R97)", async () => {
  const engine = new RateLimiterMemory({ points: 1, duration: 1 });
  const spy = jest.spyOn(globalThis, "setTimeout");
  const counters = make(engine, false);
  await counters.take(charge());
  const timers = spy.mock.results.map(({ value }) => value as NodeJS.Timeout);
  expect(timers).toHaveLength(1);
  expect(timers.map((timer) => timer.hasRef())).toEqual([false]);
});

/** Holds each call back until it is let go, as a store does that has stopped. */
class LateEngine implements CounterEngine {
  readonly #engine: CounterEngine;
  #held: (() => Promise<() => void>)[] = [];

  constructor(engine: CounterEngine) {
    this.#engine = engine;
  }

  penalty: CounterEngine["penalty"] = (...given) =>
    this.#hold(() => this.#engine.penalty(...given));
  reward: CounterEngine["reward"] = (...given) => this.#engine.reward(...given);
  get: CounterEngine["get"] = (key) => this.#engine.get(key);
  set: CounterEngine["set"] = (...given) => this.#engine.set(...given);
  delete: CounterEngine["delete"] = (key) => this.#engine.delete(key);

  /** Lets go what is held, and tells of it once what is to come before that is done. */
  async answer(before: () => unknown = () => undefined): Promise<void> {
    const tells = await Promise.all(this.#held.splice(0).map((go) => go()));
    await before();
    for (const tell of tells) tell();
    await new Promise(setImmediate);
  }

  #hold<T>(call: () => Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      this.#held.push(async () => {
        const told = await call();
        return () => {
          resolve(told);
        };
      });
    });
  }
}
