/** The counters in memory: windows, clocks that step, the sweep, and the bound that locks. */

import { memoryEngine } from "../../lib/ledger/memory-engine";
import { fakeDate, pass } from "../fakes/clock";

const MINUTE = { customDuration: 60 };

test("counts within a window that begins with the first, and anew after it", () => {
  fakeDate();
  const engine = memoryEngine();
  expect(engine.penalty("a:1", 1, MINUTE)).toEqual({
    consumedPoints: 1,
    msBeforeNext: 60_000,
  });
  pass(59);
  expect(engine.penalty("a:1", 2, MINUTE)).toEqual({ consumedPoints: 3, msBeforeNext: 1000 });
  pass(1);
  expect(engine.get("a:1")).toBeNull();
  expect(engine.penalty("a:1", 1, MINUTE)).toMatchObject({ consumedPoints: 1 });
});

test("a window of 0 never ends", () => {
  fakeDate();
  const engine = memoryEngine();
  engine.penalty("row:1", 1, { customDuration: 0 });
  pass(100 * 86_400);
  expect(engine.penalty("row:1")).toEqual({ consumedPoints: 2, msBeforeNext: -1 });
});

test("what is counted in one turn is counted one by one", () => {
  const engine = memoryEngine();
  const readings = Array.from({ length: 100 }, () => engine.penalty("a:1", 1, MINUTE));
  expect(new Set(readings.map(({ consumedPoints }) => consumedPoints)).size).toBe(100);
});

test("a count that is given back whole leaves nothing, and none falls below 0", () => {
  const engine = memoryEngine();
  engine.penalty("a:1", 2, MINUTE);
  expect(engine.reward("a:1", 1, MINUTE)).toMatchObject({ consumedPoints: 1 });
  expect(engine.reward("a:1", 5, MINUTE)).toMatchObject({ consumedPoints: 0 });
  expect(engine.get("a:1")).toBeNull();
  expect(engine.reward("a:1", 1, MINUTE)).toMatchObject({ consumedPoints: 0 });
  expect(engine.get("a:1")).toBeNull();
});

test("a count can be set, and forgotten", () => {
  const engine = memoryEngine();
  engine.set("a:1", 7, 60);
  engine.set("a:1", 8, 60);
  expect(engine.get("a:1")).toMatchObject({ consumedPoints: 8 });
  expect(engine.delete("a:1")).toBe(true);
  expect(engine.delete("a:1")).toBe(false);
});

test("a clock that is set back an hour lengthens no window beyond its own length (R99)", () => {
  fakeDate();
  const engine = memoryEngine();
  engine.penalty("a:1", 1, MINUTE);
  pass(-3600);
  expect(engine.get("a:1")).toEqual({ consumedPoints: 1, msBeforeNext: 60_000 });
  pass(60);
  expect(engine.get("a:1")).toBeNull();
});

test("at its bound it refuses new counters, keeps all old ones, and has room once some have ended (R97)", () => {
  fakeDate();
  const engine = memoryEngine(2);
  engine.penalty("attempts:1", 5, MINUTE);
  engine.penalty("attempts:2", 1, MINUTE);
  expect(() => engine.penalty("attempts:3", 1, MINUTE)).toThrow();
  expect(() => engine.set("attempts:3", 1, 60)).toThrow();
  expect(engine.penalty("attempts:1", 1, MINUTE)).toMatchObject({ consumedPoints: 6 });
  engine.delete("attempts:2");
  expect(engine.penalty("attempts:3", 1, MINUTE)).toMatchObject({ consumedPoints: 1 });
});

test("the sweep forgets what has ended, without a call that names it, and then rests (R97)", () => {
  jest.useFakeTimers();
  const engine = memoryEngine(1000);
  for (let each = 0; each < 1000; each += 1) engine.penalty(`attempts:${each}`, 1, MINUTE);
  expect(jest.getTimerCount()).toBe(1);
  jest.advanceTimersByTime(130_000);
  expect(jest.getTimerCount()).toBe(0);
});
