/** The guarded ledger: whatever a store does, a step ends in time, and nothing of a refused one stays counted. */

import { TwoFactorError } from "../../lib/outcome/errors";
import { countOf, GuardedLedger } from "../../lib/ledger/guarded";
import {
  check,
  clear,
  note,
  peek,
  set,
  take,
  type CounterStore,
  type Entry,
  type Step,
  type StepAnswer,
} from "../../lib/ledger/ledger";
import { memoryLedger } from "../../lib/ledger/memory";
import { fresh } from "../../lib/testing/counter-suite";

const HOUR = 3_600_000;

/** A store whose answers a test can hold back, drop or bend; what reaches it is applied in memory. */
function bentStore() {
  const memory = memoryLedger();
  const steps: Step[] = [];
  const store = {
    memory,
    steps,
    bend: (answer: StepAnswer): unknown => answer,
    step: (step: Step): Promise<StepAnswer> => {
      steps.push(step);
      return Promise.resolve(memory.step({ ...step })).then(
        (answer) => store.bend(answer) as StepAnswer,
      );
    },
  };
  return store;
}

function guard(store: CounterStore) {
  const faults: (string | undefined)[][] = [];
  const onError = (...fault: (string | undefined)[]) => faults.push(fault);
  return { ledger: new GuardedLedger(store, { space: "s", life: 660_000, onError }), faults };
}

const countAt = (store: CounterStore & { step: (step: Step) => unknown }, scope: string) => {
  const step = { id: fresh(), space: "s", record: "", mode: "any", life: 0 } as const;
  const answer = store.step({ ...step, entries: [peek(scope, "f")] }) as StepAnswer;
  return answer.counts[0]?.count;
};

const isUndo = ({ entries }: Step) => entries[0]?.op === "undo";

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("in memory a step has ended when it returns, and so has its undoing", () => {
  const memory = memoryLedger();
  const { ledger } = guard(memory);
  const scope = fresh();
  const taken = ledger.step({ record: "r", mode: "open", entries: [take(scope, "f", 1, HOUR)] });
  expect(taken).toMatchObject({ status: "ok", record: "r", counts: [{ count: 1 }] });
  if (taken instanceof Promise) throw new Error("It has to be waited for.");
  ledger.undo(taken);
  expect(ledger.step({ entries: [peek(scope, "f")] })).toMatchObject({ counts: [{ count: 0 }] });
  expect(ledger.step({ record: "r", mode: "need", entries: [] })).toMatchObject({ status: "gone" });
});

test("steps that read or clear leave nothing in the store, and one that takes has a record", () => {
  const memory = memoryLedger();
  const { ledger } = guard(memory);
  void ledger.step({ entries: [peek("a", "f"), check("a", "g", 1), clear("a", "h")] });
  expect(memory.size).toBe(0);
  expect(ledger.step({ entries: [take("a", "f", 1, HOUR)] })).toMatchObject({
    record: expect.stringMatching(/^[\w-]{8,}$/) as string,
  });
});

test("full memory is unavailable", async () => {
  const { ledger, faults } = guard(memoryLedger(0));
  const refused = Promise.resolve(ledger.step({ entries: [set("a", "f", 1, HOUR)] }));
  await expect(refused).rejects.toMatchObject({ code: "unavailable" });
  expect(faults).toEqual([["counters:MemoryFull", undefined]]);
});

test("a step that arrived twice counts as applied, and one that was undone as unavailable", async () => {
  const store = bentStore();
  const { ledger } = guard(store);
  store.bend = (answer) => ({ ...answer, status: "again" });
  const entries = [take(fresh(), "f", 1, HOUR)];
  expect(await ledger.step({ entries })).toMatchObject({ status: "ok", counts: [{ count: 1 }] });
  store.bend = () => ({ status: "undone", counts: [] });
  await expect(ledger.step({ entries })).rejects.toMatchObject({ code: "unavailable" });
  await ledger.close();
  expect(store.steps.filter(isUndo)).toEqual([]);
});

test.each<[string, (answer: StepAnswer) => unknown]>([
  ["nothing", () => undefined],
  ["a word", () => "ok"],
  ["no status", ({ counts }) => ({ counts })],
  ["an unknown status", (answer) => ({ ...answer, status: "fine" })],
  ["no counts", ({ status }) => ({ status })],
  ["too few counts", (answer) => ({ ...answer, counts: [] })],
  ["too many counts", (answer) => ({ ...answer, counts: [...answer.counts, ...answer.counts] })],
  ["a count of null", (answer) => ({ ...answer, counts: [null] })],
  ["a count as text", (answer) => bentCount(answer, { count: "1" })],
  ["a negative count", (answer) => bentCount(answer, { count: -1 })],
  ["a broken count", (answer) => bentCount(answer, { count: 1.5 })],
  ["a wait of NaN", (answer) => bentCount(answer, { waitMs: NaN })],
  ["a negative wait", (answer) => bentCount(answer, { waitMs: -1 })],
  ["no word whether it is full", (answer) => bentCount(answer, { isFull: undefined })],
  ["applied beyond its limit", (answer) => bentCount(answer, { count: 3 })],
  ["applied and not counted", (answer) => bentCount(answer, { count: 0 })],
  ["full with nothing that is full", (answer) => ({ ...answer, status: "full" })],
  ["gone, though it opens its record", (answer) => ({ ...answer, status: "gone" })],
])("an answer that is odd (%s) is unavailable and undone", async (_kind, bend) => {
  const store = bentStore();
  const { ledger, faults } = guard(store);
  const scope = fresh();
  store.bend = (answer) =>
    answer.counts.length === 1 && !isUndo(last(store)) ? bend(answer) : answer;
  const refused = ledger.step({ record: "r", mode: "open", entries: [take(scope, "f", 2, HOUR)] });
  await expect(refused).rejects.toThrow(TwoFactorError);
  expect(faults).toEqual([["counters:OddAnswer", undefined]]);
  await ledger.close();
  expect(store.steps.filter(isUndo)).toHaveLength(1);
  expect(countAt(store.memory, scope)).toBe(0);
});

/** An answer to a step over two counters, of which the second says what can't be true. */
test.each<[string, (answer: StepAnswer) => unknown, () => Entry]>([
  [
    "no number",
    ({ status, counts: [first] }) => ({ status, counts: [first, null] }),
    () => peek(fresh(), "f"),
  ],
  [
    "passed, though it is at its limit",
    ({ status, counts: [first, second] }) => ({ status, counts: [first, { ...second, count: 5 }] }),
    () => check(fresh(), "f", 5),
  ],
  [
    "full by what refuses nobody",
    ({ counts: [first, second] }) => ({
      status: "full",
      counts: [first, { ...second, isFull: true }],
    }),
    () => note(fresh(), "f", HOUR),
  ],
])("an answer whose second count is odd (%s) is unavailable", async (_kind, bend, entry) => {
  const store = bentStore();
  const { ledger, faults } = guard(store);
  store.bend = (answer) => (isUndo(last(store)) ? answer : bend(answer));
  const refused = ledger.step({ record: "r", entries: [take(fresh(), "f", 2, HOUR), entry()] });
  await expect(refused).rejects.toThrow(TwoFactorError);
  expect(faults).toEqual([["counters:OddAnswer", undefined]]);
  await ledger.close();
});

test("a count as high as a check allows is no odd answer", async () => {
  const store = bentStore();
  const { ledger } = guard(store);
  const scope = fresh();
  await ledger.step({ entries: [take(scope, "f", 2, HOUR)] });
  expect(await ledger.step({ entries: [check(scope, "f", 2)] })).toMatchObject({ status: "ok" });
  expect(countOf(await ledger.step({ entries: [] }), peek(scope, "f"))).toEqual({
    count: 0,
    waitMs: 0,
    isFull: false,
  });
});

function bentCount({ status, counts: [told] }: StepAnswer, more: Record<string, unknown>) {
  return { status, counts: [{ ...told, ...more }] };
}

function last({ steps }: { steps: Step[] }): Step {
  return steps.at(-1) as Step;
}

test("an error of the store is unavailable, undone, and told by its name alone", async () => {
  const store = bentStore();
  const { ledger, faults } = guard(store);
  const scope = fresh();
  store.bend = () => {
    store.bend = (answer) => answer;
    throw new RangeError("redis://user:password@host was cut");
  };
  const refused = ledger.step({ entries: [take(scope, "f", 2, HOUR)] });
  const error: unknown = await Promise.resolve(refused).catch((reason: unknown) => reason);
  const message = "The counter store did not answer.";
  expect(error).toMatchObject({ code: "unavailable", message, reason: "counters:RangeError" });
  expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain("password");
  expect(faults).toEqual([["counters:RangeError", undefined]]);
  await ledger.close();
  expect(countAt(store.memory, scope)).toBe(0);
});

test.each<[string, unknown]>([
  ["no error at all", "redis://user:password@host"],
  ["nothing", undefined],
  ["a name that is a sentence", Object.assign(new Error(), { name: "E password" })],
  ["a name that is long", Object.assign(new Error(), { name: "E".repeat(23) })],
])("what a store threw (%s) is told as an error and no more", async (_kind, thrown) => {
  const store = bentStore();
  const { ledger, faults } = guard(store);
  store.bend = () => {
    throw thrown;
  };
  await Promise.allSettled([ledger.step({ entries: [peek("a", "f")] })]);
  expect(faults).toEqual([["counters:error", undefined]]);
});

test("a refusal that surely applied nothing is unavailable, and nothing is undone", async () => {
  const store = bentStore();
  const { ledger } = guard(store);
  store.bend = () => {
    throw Object.assign(new Error("READONLY"), { isApplied: false });
  };
  await expect(ledger.step({ entries: [take("a", "f", 2, HOUR)] })).rejects.toThrow(TwoFactorError);
  await ledger.close();
  expect(store.steps.filter(isUndo)).toEqual([]);
});

test("a step that is late is unavailable after two seconds, and undone", async () => {
  const store = bentStore();
  const { ledger, faults } = guard(store);
  const scope = fresh();
  store.bend = (answer) => (isUndo(last(store)) ? answer : new Promise(() => undefined));
  const refused = ledger.step({ entries: [take(scope, "f", 2, HOUR)] });
  expect(countAt(store.memory, scope)).toBe(1);
  await expect(refused).rejects.toMatchObject({ reason: "counters:DeadlinePassed" });
  expect(faults).toHaveLength(1);
  await until(() => countAt(store.memory, scope) === 0);
  await ledger.close();
});

test("an undoing is tried until the store confirms it, one at a time while the store fails", async () => {
  const store = bentStore();
  const { ledger } = guard(store);
  const scope = fresh();
  let [failures, atOnce, most] = [0, 0, 0];
  store.bend = async (answer) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await Promise.resolve();
    atOnce -= 1;
    failures += 1;
    if (failures < 25) throw new Error("down");
    return answer;
  };
  const refused = Array.from({ length: 20 }, () =>
    Promise.resolve(ledger.step({ entries: [take(scope, "f", 100, HOUR)] })),
  );
  await Promise.allSettled(refused);
  most = 0;
  await until(() => failures === 23);
  expect(most).toBe(1);
  await until(() => store.steps.filter(isUndo).length >= 20 + 4);
  await ledger.close();
  expect(countAt(store.memory, scope)).toBe(0);
});

test("close() ends although the store never answers again", async () => {
  const store = bentStore();
  const { ledger } = guard(store);
  store.bend = () => {
    throw new Error("down");
  };
  await Promise.allSettled([ledger.step({ entries: [take("a", "f", 2, HOUR)] })]);
  await until(() => store.steps.filter(isUndo).length > 1);
  const before = store.steps.length;
  await ledger.close();
  expect(store.steps.length - before).toBeLessThanOrEqual(1);
});
