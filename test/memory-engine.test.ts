/** The counters in memory: windows, clocks that step, the sweep, and the bound that locks. */

import { memoryEngine } from "../lib/memory-engine";
import { fakeDate, pass } from "./fakes/clock";

const MINUTE = { customDuration: 60 };

test("counts within a window that begins with the first, and anew after it", async () => {
  fakeDate();
  const engine = memoryEngine();
  expect(await engine.penalty("a:1", 1, MINUTE)).toEqual({
    consumedPoints: 1,
    msBeforeNext: 60_000,
  });
  pass(59);
  expect(await engine.penalty("a:1", 2, MINUTE)).toEqual({ consumedPoints: 3, msBeforeNext: 1000 });
  pass(1);
  expect(await engine.get("a:1")).toBeNull();
  expect(await engine.penalty("a:1", 1, MINUTE)).toMatchObject({ consumedPoints: 1 });
});

test("a window of 0 never ends", async () => {
  fakeDate();
  const engine = memoryEngine();
  await engine.penalty("row:1", 1, { customDuration: 0 });
  pass(100 * 86_400);
  expect(await engine.penalty("row:1")).toEqual({ consumedPoints: 2, msBeforeNext: -1 });
});

test("what is counted at once is counted one by one", async () => {
  const engine = memoryEngine();
  const readings = await Promise.all(
    Array.from({ length: 100 }, () => engine.penalty("a:1", 1, MINUTE)),
  );
  expect(new Set(readings.map(({ consumedPoints }) => consumedPoints)).size).toBe(100);
});

test("a count that is given back whole leaves nothing, and none falls below 0", async () => {
  const engine = memoryEngine();
  await engine.penalty("a:1", 2, MINUTE);
  expect(await engine.reward("a:1", 1, MINUTE)).toMatchObject({ consumedPoints: 1 });
  expect(await engine.reward("a:1", 5, MINUTE)).toMatchObject({ consumedPoints: 0 });
  expect(await engine.get("a:1")).toBeNull();
  expect(await engine.reward("a:1", 1, MINUTE)).toMatchObject({ consumedPoints: 0 });
  expect(await engine.get("a:1")).toBeNull();
});

test("a count can be set, and forgotten", async () => {
  const engine = memoryEngine();
  await engine.set("a:1", 7, 60);
  await engine.set("a:1", 8, 60);
  expect(await engine.get("a:1")).toMatchObject({ consumedPoints: 8 });
  expect(await engine.delete("a:1")).toBe(true);
  expect(await engine.delete("a:1")).toBe(false);
});

test("a clock that is set back an hour lengthens no window beyond its own length", async () => {
  fakeDate();
  const engine = memoryEngine();
  await engine.penalty("a:1", 1, MINUTE);
  pass(-3600);
  expect(await engine.get("a:1")).toEqual({ consumedPoints: 1, msBeforeNext: 60_000 });
  pass(60);
  expect(await engine.get("a:1")).toBeNull();
});

test("at its bound it refuses new counters, keeps all old ones, and has room once some have ended", async () => {
  fakeDate();
  const engine = memoryEngine(2);
  await engine.penalty("attempts:1", 5, MINUTE);
  await engine.penalty("attempts:2", 1, MINUTE);
  await expect(engine.penalty("attempts:3", 1, MINUTE)).rejects.toThrow();
  await expect(engine.set("attempts:3", 1, 60)).rejects.toThrow();
  expect(await engine.penalty("attempts:1", 1, MINUTE)).toMatchObject({ consumedPoints: 6 });
  await engine.delete("attempts:2");
  expect(await engine.penalty("attempts:3", 1, MINUTE)).toMatchObject({ consumedPoints: 1 });
});

test("the sweep forgets what has ended, without a call that names it, and then rests", () => {
  jest.useFakeTimers();
  const engine = memoryEngine(1000);
  for (let each = 0; each < 1000; each += 1) void engine.penalty(`attempts:${each}`, 1, MINUTE);
  expect(jest.getTimerCount()).toBe(1);
  jest.advanceTimersByTime(130_000);
  expect(jest.getTimerCount()).toBe(0);
});
