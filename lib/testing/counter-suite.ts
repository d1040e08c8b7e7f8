/** What every counter store must do, for any runner of tests: races, all or nothing, giving back, undoing. */

import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import {
  check,
  clear,
  note,
  peek,
  proof,
  set,
  settle,
  take,
  undo,
  type CounterStore,
  type Entry,
  type Step,
  type StepAnswer,
  type TakeOptions,
} from "../ledger/ledger";
import { memoryLedger } from "../ledger/memory";

/** A test of any runner: `test` of Jest, Vitest and node:test are such. */
export type RunTest = (title: string, run: () => Promise<void>) => unknown;

const HOUR = 3_600_000;

/** A name that nothing else has. */
export function fresh(): string {
  return randomBytes(12).toString("base64url");
}

/** Of a step, what differs from the plain one. */
export function stepOf(entries: Entry[], more: Partial<Step> = {}): Step {
  return { id: fresh(), space: "suite", record: "", mode: "any", life: HOUR, entries, ...more };
}

/** Runs the suite over the stores that `stores` gives: connections to one store, used by turns. */
export function counterSuite(test: RunTest, stores: () => readonly CounterStore[]): void {
  let turn = 0;
  const send = async (step: Step): Promise<StepAnswer> => {
    const all = stores();
    turn += 1;
    const store = all[turn % all.length];
    assert.ok(store);
    return store.step(step);
  };
  const ask = (entries: Entry[], more?: Partial<Step>) => send(stepOf(entries, more));
  /** A step under a record, opened where it is not. */
  const under = (record: string, entries: Entry[], more: Partial<Step> = {}) =>
    ask(entries, { record, mode: "open", ...more });
  const countsOf = async (scope: string, ...fields: string[]): Promise<number[]> => {
    const { counts } = await ask(fields.map((field) => peek(scope, field)));
    return counts.map(({ count }) => count);
  };
  const many = <T>(times: number, act: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: times }, (_, index) => act(index)));
  const applied = (answers: StepAnswer[]): number =>
    answers.filter(({ status }) => status === "ok").length;
  const one = (scope: string, field: string, options?: TakeOptions) =>
    take(scope, field, 100, HOUR, options);
  const paid = { isPaid: true };

  test("of 64 at once on a counter that is not there, with room for one, one is applied", async () => {
    for (let round = 0; round < 10; round += 1) {
      const scope = fresh();
      const answers = await many(64, () => under(fresh(), [take(scope, "f", 1, HOUR)]));
      assert.equal(applied(answers), 1);
      assert.deepEqual(await countsOf(scope, "f"), [1]);
    }
  });

  test("of 200 at once, as many are applied as the limit says, each told its own count", async () => {
    for (const max of [5, 10]) {
      const [scope, roomy] = [fresh(), fresh()];
      const answers = await many(200, () =>
        under(fresh(), [take(scope, "f", max, HOUR), take(roomy, "f", 1000, HOUR)]),
      );
      const told = answers.filter(({ status }) => status === "ok");
      assert.deepEqual(
        told.map(({ counts }) => counts[0]?.count).sort((a = 0, b = 0) => a - b),
        Array.from({ length: max }, (_, index) => index + 1),
      );
      assert.deepEqual([await countsOf(scope, "f"), await countsOf(roomy, "f")], [[max], [max]]);
    }
  });

  test("a step that is full counts nothing, in whichever order its entries stand", async () => {
    const broad = fresh();
    const narrow = Array.from({ length: 200 }, fresh);
    const answers = await many(200, (index) => {
      const scope = narrow[index] ?? "";
      const entries = [one(scope, "a"), one(scope, "b"), take(broad, "f", 37, HOUR)];
      return under(fresh(), index % 2 === 0 ? entries : entries.reverse());
    });
    assert.equal(applied(answers), 37);
    const sums = await many(200, (index) => countsOf(narrow[index] ?? "", "a", "b"));
    assert.equal(sums.filter(([a, b]) => a === 1 && b === 1).length, 37);
    assert.equal(sums.filter(([a, b]) => a === 0 && b === 0).length, 163);
  });

  test("a step that is full tells which were full, what each stands at and how long it lasts", async () => {
    const scope = fresh();
    await ask([set(scope, "low", 1, HOUR), set(scope, "high", 5, HOUR)]);
    const { status, counts } = await under(fresh(), [
      take(scope, "low", 2, HOUR),
      take(scope, "high", 5, HOUR),
      check(scope, "none", 1),
    ]);
    assert.equal(status, "full");
    assert.deepEqual(
      counts.map(({ count, isFull }) => [count, isFull]),
      [
        [1, false],
        [5, true],
        [0, false],
      ],
    );
    const [low, , none] = counts.map(({ waitMs }) => waitMs);
    assert.ok(low !== undefined && low > HOUR / 2 && low <= HOUR);
    assert.equal(none, 0);
  });

  test("the same counters in any order are all counted, and none waits for another for ever", async () => {
    const scopes = Array.from({ length: 8 }, fresh);
    await many(200, (index) => {
      const turned = scopes.map((_, at) => scopes[(at * 3 + index) % 8] ?? "");
      return under(
        fresh(),
        turned.map((scope) => take(scope, "f", 1000, HOUR)),
      );
    });
    for (const scope of scopes) assert.deepEqual(await countsOf(scope, "f"), [200]);
  });

  test("a live window keeps its end, and the next begins at one by the store's clock", async () => {
    const scope = fresh();
    const window = [take(scope, "f", 3, 300)];
    assert.equal(applied(await many(20, () => under(fresh(), window))), 3);
    const full = await under(fresh(), window);
    assert.equal(full.status, "full");
    const { waitMs = 0 } = full.counts[0] ?? {};
    assert.ok(waitMs > 0 && waitMs <= 300);
    await over(() => ask([peek(scope, "f")]));
    assert.equal(applied(await many(20, () => under(fresh(), window))), 3);
  });

  test("an endless window is told as endless, and ends only when it is cleared", async () => {
    const [scope, record] = [fresh(), fresh()];
    const id = fresh();
    await under(record, [take(scope, "f", 100, 0), one(scope, "g")], { id });
    for (let each = 0; each < 2; each += 1) await ask([note(scope, "f", 0)]);
    const { counts } = await ask([peek(scope, "f")]);
    assert.deepEqual(counts, [{ count: 3, waitMs: Infinity, isFull: false }]);
    await ask([clear(scope, "f")]);
    await under(fresh(), [take(scope, "f", 100, 0)]);
    await ask([undo(record, id, HOUR)]);
    assert.deepEqual(await countsOf(scope, "f", "g"), [1, 0]);
  });

  test("a short window beside an endless one of the same scope does not take it along", async () => {
    const scope = fresh();
    await ask([note(scope, "endless", 0), note(scope, "short", 50)]);
    await over(() => ask([peek(scope, "short")]));
    assert.deepEqual(await countsOf(scope, "endless", "short"), [1, 0]);
    await ask([note(scope, "short", 50)]);
    await over(() => ask([peek(scope, "short")]));
    assert.deepEqual(await countsOf(scope, "endless", "short"), [1, 0]);
  });

  test("set raises, and never lowers nor shortens", async () => {
    const scope = fresh();
    await ask([set(scope, "f", 10, HOUR)]);
    await ask([set(scope, "f", 3, 1000)]);
    const [told] = (await ask([peek(scope, "f")])).counts;
    assert.ok(told && told.count === 10 && told.waitMs > HOUR / 2);
    await ask([set(scope, "f", 3, 2 * HOUR)]);
    const [longer] = (await ask([peek(scope, "f")])).counts;
    assert.ok(longer && longer.count === 10 && longer.waitMs > HOUR);
    await ask([set(scope, "f", 1, 0)]);
    await ask([set(scope, "f", 1, 1000)]);
    assert.equal((await ask([peek(scope, "f")])).counts[0]?.waitMs, Infinity);
  });

  test("a take keeps the end that a set has given", async () => {
    const scope = fresh();
    await ask([set(scope, "f", 10, HOUR)]);
    const { counts } = await under(fresh(), [take(scope, "f", 10, 1000)]);
    assert.ok((counts[0]?.waitMs ?? 0) > HOUR / 2);
  });

  test("a check refuses and counts nothing; with clears it ends the counter where the step is applied", async () => {
    const scope = fresh();
    await ask([set(scope, "f", 2, HOUR)]);
    assert.equal((await ask([check(scope, "f", 2, { clears: true })])).status, "full");
    const { status, counts } = await ask([check(scope, "f", 3, { clears: true })]);
    assert.deepEqual([status, counts[0]?.count], ["ok", 2]);
    assert.deepEqual(await countsOf(scope, "f"), [0]);
  });

  test("a note is counted beyond any limit, and not in a step that is full", async () => {
    const scope = fresh();
    await ask([set(scope, "full", 1, HOUR)]);
    await under(fresh(), [note(scope, "f", HOUR), take(scope, "full", 1, HOUR)]);
    await ask([note(scope, "f", HOUR)]);
    const { counts } = await ask([note(scope, "f", HOUR)]);
    assert.equal(counts[0]?.count, 2);
  });

  test("a share is lifted by a proof that is read in the same step", async () => {
    const [broad, known] = [fresh(), fresh()];
    const text = (number: string) =>
      under(fresh(), [take(broad, "f", 10, HOUR, { share: 8 }), proof(number, "known")]);
    assert.equal(applied(await many(40, () => text(fresh()))), 8);
    await ask([set(known, "known", 1, HOUR)]);
    assert.equal(applied(await many(40, () => text(known))), 2);
  });

  test("a limit that is only recorded refuses nothing, and tells that it is full", async () => {
    const scope = fresh();
    const answers = await many(10, () =>
      under(fresh(), [take(scope, "f", 3, HOUR, { isRecorded: true })]),
    );
    assert.equal(applied(answers), 10);
    assert.equal(answers.filter(({ counts }) => counts[0]?.isFull).length, 7);
  });

  test("settle gives back what its record paid, once under 50 at once, and nothing of others", async () => {
    const [record, scope] = [fresh(), fresh()];
    await under(fresh(), [one(scope, "f", paid)]);
    for (let text = 0; text < 3; text += 1) {
      await under(record, [one(scope, "f", paid), one(scope, "day")]);
    }
    assert.deepEqual(await countsOf(scope, "f", "day"), [4, 3]);
    await many(50, () => ask([settle(record)]));
    assert.deepEqual(await countsOf(scope, "f", "day"), [1, 3]);
  });

  test("settle beside texts that are still being booked gives nothing twice and loses nothing", async () => {
    for (let round = 0; round < 5; round += 1) {
      const [record, scope] = [fresh(), fresh()];
      const [booked] = await Promise.all([
        many(20, () => under(record, [take(scope, "f", 12, HOUR, paid)])),
        many(10, () => ask([settle(record)])),
      ]);
      await ask([settle(record)]);
      assert.deepEqual(await countsOf(scope, "f"), [0]);
      assert.ok(applied(booked) >= 12);
    }
  });

  test("a window that has ended since is given nothing back", async () => {
    const [record, scope] = [fresh(), fresh()];
    await under(record, [take(scope, "short", 100, 50, paid), one(scope, "long", paid)]);
    await over(() => ask([peek(scope, "short")]));
    await under(fresh(), [one(scope, "short")]);
    await ask([settle(record)]);
    assert.deepEqual(await countsOf(scope, "short", "long"), [1, 0]);
  });

  test("a window that was cleared since is given nothing back, and none is opened by it", async () => {
    const [record, scope] = [fresh(), fresh()];
    await under(record, [one(scope, "f", paid), one(scope, "g", paid)]);
    await ask([clear(scope, "f"), clear(scope, "g")]);
    await under(fresh(), [one(scope, "f")]);
    await ask([settle(record)]);
    assert.deepEqual(await countsOf(scope, "f", "g"), [1, 0]);
    const { counts } = await under(fresh(), [one(scope, "g")]);
    assert.equal(counts[0]?.count, 1);
  });

  test("refused texts in parallel give nothing back with the right answer (C261)", async () => {
    const [record, scope] = [fresh(), fresh()];
    const text = () => under(record, [one(scope, "f", paid), take(scope, "full", 1, HOUR)]);
    await text();
    assert.equal(applied(await many(25, text)), 0);
    await under(fresh(), [one(scope, "f", paid)]);
    await ask([settle(record)]);
    assert.deepEqual(await countsOf(scope, "f"), [1]);
  });

  test("undo takes a step back, once under 30 at once, and closes the record that it opened", async () => {
    const [record, scope, id] = [fresh(), fresh(), fresh()];
    const entries = [one(scope, "f", paid), one(scope, "day"), note(scope, "noted", HOUR)];
    await under(fresh(), [one(scope, "f"), one(scope, "day")]);
    await under(record, entries, { id });
    const undone = await many(30, () => ask([undo(record, id, HOUR)]));
    assert.equal(applied(undone), 30);
    assert.deepEqual(await countsOf(scope, "f", "day", "noted"), [1, 1, 1]);
    assert.equal((await under(record, entries, { id })).status, "undone");
    assert.equal((await under(record, [one(scope, "f")], { mode: "need" })).status, "gone");
    await ask([settle(record)]);
    assert.deepEqual(await countsOf(scope, "f", "day"), [1, 1]);
  });

  test("undo of a later step leaves the record open", async () => {
    const [record, scope, id] = [fresh(), fresh(), fresh()];
    await under(record, [one(scope, "f", paid)]);
    await under(record, [one(scope, "f", paid)], { id });
    await ask([undo(record, id, HOUR)]);
    assert.deepEqual(await countsOf(scope, "f"), [1]);
    assert.equal((await under(record, [one(record, "f")], { mode: "need" })).status, "ok");
  });

  test("a step that arrives after its undoing is refused", async () => {
    const [record, scope, id] = [fresh(), fresh(), fresh()];
    await ask([undo(record, id, HOUR)]);
    assert.equal((await under(record, [one(scope, "f")], { id })).status, "undone");
    assert.deepEqual(await countsOf(scope, "f"), [0]);
    assert.equal((await under(record, [one(scope, "f")])).status, "ok");
  });

  test("a step and its undoing at the same moment leave nothing, in either order", async () => {
    const scope = fresh();
    await many(100, async (index) => {
      const [record, id] = [fresh(), fresh()];
      const acts = [
        () => under(record, [one(scope, "f", paid), take(`${scope}-b`, "g", 1000, HOUR)], { id }),
        () => ask([undo(record, id, HOUR)]),
      ];
      await Promise.all((index % 2 === 0 ? acts : acts.reverse()).map((act) => act()));
    });
    assert.deepEqual([await countsOf(scope, "f"), await countsOf(`${scope}-b`, "g")], [[0], [0]]);
  });

  test("undo and settle at the same moment give each count back once", async () => {
    for (let round = 0; round < 10; round += 1) {
      const [record, scope, id] = [fresh(), fresh(), fresh()];
      await under(fresh(), [one(scope, "f"), one(scope, "g")]);
      await under(record, [one(scope, "f", paid), one(scope, "g")], { id });
      await many(10, (index) => ask([index % 2 === 0 ? undo(record, id, HOUR) : settle(record)]));
      assert.deepEqual(await countsOf(scope, "f", "g"), [1, 1]);
    }
  });

  test("a step that arrives 40 times is applied once", async () => {
    const [record, scope, id] = [fresh(), fresh(), fresh()];
    const entries = [take(scope, "f", 1, HOUR), one(scope, "g", paid)];
    const answers = await many(40, () => under(record, entries, { id }));
    assert.equal(applied(answers), 1);
    assert.equal(answers.filter(({ status }) => status === "again").length, 39);
    assert.deepEqual(await countsOf(scope, "f", "g"), [1, 1]);
  });

  test("a step that needs a record is gone without one, and counts nothing", async () => {
    const [record, scope] = [fresh(), fresh()];
    const attempt = () => under(record, [take(record, "attempts", 5, HOUR)], { mode: "need" });
    assert.equal((await attempt()).status, "gone");
    await under(record, [one(scope, "f")], { mode: "any" });
    assert.equal((await attempt()).status, "gone");
    assert.deepEqual(await countsOf(record, "attempts"), [0]);
    await under(record, [one(scope, "f")]);
    assert.equal(applied(await many(40, attempt)), 5);
  });

  test("a record ends with its life, and may be opened again", async () => {
    const [record, scope] = [fresh(), fresh()];
    await under(record, [take(scope, "f", 5, 50), take(record, "long", 5, HOUR)], { life: 50 });
    await over(() => ask([peek(scope, "f")]));
    const attempt = () => under(record, [one(record, "attempts")], { mode: "need" });
    assert.equal((await attempt()).status, "gone");
    await under(record, [one(scope, "f")]);
    assert.equal((await attempt()).status, "ok");
  });

  test("of 50 right answers one claims, and no attempt is counted for the others", async () => {
    const [record, scope] = [fresh(), fresh()];
    await under(record, [one(scope, "f")]);
    const entries = [
      take(record, "attempts", 5, HOUR),
      check(scope, "failures", 10),
      take(record, "used", 1, HOUR),
    ];
    assert.equal(applied(await many(50, () => under(record, entries, { mode: "need" }))), 1);
    assert.deepEqual(await countsOf(record, "attempts", "used"), [1, 1]);
  });

  test("a right answer claims, settles, clears and proves in one step; a refused one does none", async () => {
    const [record, scope] = [fresh(), fresh()];
    await ask([set(scope, "failures", 1, HOUR)]);
    await under(fresh(), [one(scope, "texts", paid)]);
    for (let text = 0; text < 2; text += 1) {
      await under(record, [one(scope, "texts", paid), one(scope, "day")]);
    }
    const answer = (failures: number) =>
      under(
        record,
        [
          take(record, "attempts", 5, HOUR),
          take(record, "used", 1, HOUR),
          check(scope, "failures", failures, { clears: true }),
          settle(record),
          set(scope, "known", 1, HOUR),
        ],
        { mode: "need" },
      );
    const all = async () => [
      ...(await countsOf(scope, "texts", "day", "failures", "known")),
      ...(await countsOf(record, "attempts")),
    ];
    assert.equal((await answer(1)).status, "full");
    assert.deepEqual(await all(), [3, 2, 1, 0, 0]);
    assert.equal(applied(await many(50, () => answer(10))), 1);
    assert.deepEqual(await all(), [1, 2, 0, 1, 1]);
  });

  test("two spaces share nothing, and two fields of a scope share nothing (C263)", async () => {
    const [record, scope] = [fresh(), fresh()];
    await under(record, [one(scope, "f")]);
    const other = { space: "other" };
    const { counts } = await ask([peek(scope, "f"), peek(scope, "g")], other);
    assert.deepEqual(
      counts.map(({ count }) => count),
      [0, 0],
    );
    const need = { ...other, mode: "need" } as const;
    assert.equal((await under(record, [one(scope, "f")], need)).status, "gone");
    await ask([clear(scope, "f")], other);
    assert.deepEqual(await countsOf(scope, "f", "g"), [1, 0]);
  });

  test("large counts, long windows and many entries are told exactly", async () => {
    const scope = fresh();
    const [most, longest] = [1_000_000_000, 400 * 86_400_000];
    const entries = Array.from({ length: 30 }, (_, at) => take(scope, `f${at}`, most + 1, longest));
    await ask([set(scope, "f7", most, longest)]);
    const { status, counts } = await under(fresh(), entries);
    assert.equal(status, "ok");
    assert.deepEqual([counts[7]?.count, counts[8]?.count], [most + 1, 1]);
    assert.equal((await under(fresh(), entries)).counts[7]?.isFull, true);
  });

  test("3000 random steps are answered as by the ledger in memory", async () => {
    const reference = memoryLedger();
    const random = randomSteps();
    for (let index = 0; index < 3000; index += 1) {
      const step = random();
      const [answer, expected] = [await send(step), reference.step(step)];
      assert.deepEqual(shownOf(answer, step), shownOf(expected, step), JSON.stringify(step));
    }
  });
}

/** Waits until a window has ended, as the store itself tells. */
async function over(read: () => Promise<StepAnswer>): Promise<void> {
  for (;;) {
    const { count = 0, waitMs = 0 } = (await read()).counts[0] ?? {};
    if (count === 0) return;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

// Two clocks never tell the same wait.
function shownOf({ status, counts }: StepAnswer, { entries }: Step) {
  const shown = counts.map(({ count, waitMs, isFull }) => ({
    count,
    isFull,
    wait: Number.isFinite(waitMs) ? Math.sign(waitMs) : "endless",
  }));
  return { status, counts: shown.filter((_, at) => !/settle|undo/.test(entries[at]?.op ?? "")) };
}

/** Steps over few names, so that they meet. */
function randomSteps(): () => Step {
  const base = fresh();
  const sent: [string, string][] = [];
  const any = (below: number): number => (below > 0 ? randomInt(Math.ceil(below)) : 0);
  const entry = (scope: string, field: string): Entry => {
    const kinds: (() => Entry)[] = [
      () => check(scope, field, 5, { clears: any(3) === 0 }),
      () => note(scope, field, HOUR),
      () => peek(scope, field),
      () => proof(scope, field),
      () => clear(scope, field),
      () => set(scope, field, any(4) + 1, HOUR + 1000),
    ];
    const max = 2 + any(6);
    const options = { isPaid: any(2) === 0, isRecorded: any(6) === 0 };
    const shared = any(3) === 0 ? { share: 2 } : {};
    return kinds[any(12)]?.() ?? take(scope, field, max, HOUR, { ...options, ...shared });
  };
  return () => {
    const kind = any(10);
    const record = `${base}r${any(12)}`;
    if (kind === 0) return stepOf([settle(record)]);
    const old = sent[any(sent.length)] ?? [record, fresh()];
    if (kind === 1)
      return stepOf([undo(...(any(4) > 0 ? old : ([record, fresh()] as const)), HOUR)]);
    const names = new Map<string, Entry>();
    for (let left = 1 + any(8); left > 0; left -= 1) {
      const [scope, field] = [`${base}s${any(6)}`, `f${any(3)}`];
      names.set(`${scope} ${field}`, entry(scope, field));
    }
    const entries = [...names.values()];
    const [under, id] = any(8) === 0 ? old : [record, fresh()];
    sent.push([under, id]);
    const mode = (["open", "open", "need", "any"] as const)[any(4)] ?? "any";
    if (any(5) > 0) return stepOf(entries, { id, record: under, mode });
    // Of those that settle none pays, and none of them names what was paid.
    const apart = entries.map((each) => {
      const scope = each.scope.replace(`${base}s`, `${base}q`);
      return each.op === "take" ? { ...each, scope, isPaid: false } : { ...each, scope };
    });
    return stepOf([...apart, settle(under)], { id, record: under, mode });
  };
}
