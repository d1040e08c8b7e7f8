/** A counter store that answers too late, as an attack: what is told of too late counts nothing and opens nothing. */

import type { Step, StepAnswer } from "../../lib";
import { serve, wrongCodes, type Served } from "../fakes/app";
import { holdDeadlines, until } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";

const isUndoing = ({ entries }: Step) => entries.some(({ op }) => op === "undo");

/** Holds steps back, before they are applied or before they are told of; none that undoes. */
class HeldCounters extends DistantCounters {
  readonly #held: (() => void)[] = [];
  hold: "step" | "answer" | undefined;
  /** How many times it fails to undo. */
  failures = 0;

  get held(): number {
    return this.#held.length;
  }

  /** How many were undone. */
  get undone(): number {
    return this.steps.filter(isUndoing).length;
  }

  /** Lets all go that are held. */
  letGo(): void {
    for (const go of this.#held.splice(0)) go();
  }

  override async step(step: Step): Promise<StepAnswer> {
    if (isUndoing(step)) {
      if (this.failures > 0) {
        this.failures -= 1;
        throw new Error("redis://:password@host is down");
      }
      return super.step(step);
    }
    const { hold } = this;
    if (hold === "step") await this.#wait();
    const told = await super.step(step);
    if (hold === "answer") await this.#wait();
    return told;
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => this.#held.push(resolve));
  }
}

let counters: HeldCounters;
let s: Served;
let answer: (code?: string) => Promise<number>;

beforeEach(async () => {
  counters = new HeldCounters();
  s = await serve({ options: { counters } });
  const client = await s.signedIn();
  await client.ask();
  answer = async (code = s.lastCode()) => (await client.copy().answer(code)).status;
});

/** Whether no attempt and no use is counted. What a right code gives back, it may give back. */
const isUnused = () => counters.countOf("attempts") + counters.countOf("used") === 0;

/** Has so many requests met by a store that is late. */
async function late<T>(
  hold: "step" | "answer",
  count: number,
  ask: () => PromiseLike<T>,
): Promise<T[]> {
  const endDeadlines = holdDeadlines();
  counters.hold = hold;
  const asked = Promise.all(Array.from({ length: count }, ask));
  await until(() => counters.held === count);
  counters.hold = undefined;
  endDeadlines();
  const told = await asked;
  jest.restoreAllMocks();
  return told;
}

test("right codes that are told of too late are undone, and the code lets in once (R5, R6)", async () => {
  expect(await late("answer", 3, answer)).toEqual([503, 503, 503]);
  await until(() => counters.undone === 3);
  expect(isUnused()).toBe(true);
  const statuses = await Promise.all([answer(), answer(), answer()]);
  expect(statuses.sort()).toEqual([200, 403, 403]);
  counters.letGo();
  expect(await answer()).toBe(403);
});

test("a right code that reaches the store after its undoing claims nothing, before the code is used and after (R5, R6)", async () => {
  expect(await late("step", 2, answer)).toEqual([503, 503]);
  await until(() => counters.undone === 2);
  const { counts } = counters;
  counters.letGo();
  await new Promise(setImmediate);
  expect(counters.counts).toEqual(counts);
  expect(await answer()).toBe(200);
  expect(await answer()).toBe(403);
});

test("one who waits for a late store while another uses the code is let in by neither answer (R6)", async () => {
  const endDeadlines = holdDeadlines();
  counters.hold = "answer";
  const waiting = answer();
  await until(() => counters.held === 1);
  counters.hold = undefined;
  expect(await answer()).toBe(403);
  endDeadlines();
  expect(await waiting).toBe(503);
  counters.letGo();
  await until(() => counters.undone === 1);
  expect(await answer()).toBe(200);
});

test.each(["step", "answer"] as const)(
  "wrong codes whose %s is late tell nothing, and count nothing",
  async (hold) => {
    const before = counters.counts;
    const guesses = wrongCodes(s.lastCode(), 7);
    const told = await late(hold, 7, () => answer(guesses.pop()));
    expect(new Set(told)).toEqual(new Set([503]));
    await until(() => counters.undone === 7);
    counters.letGo();
    await new Promise(setImmediate);
    expect(counters.counts).toEqual(before);
    expect(await answer()).toBe(200);
  },
);

test.each(["step", "answer"] as const)(
  "a request for a code whose %s is late sends nothing, costs nothing, and the next try need not wait",
  async (hold) => {
    const bob = await s.signedIn("bob", "+12025550188");
    const before = counters.counts;
    expect(await late(hold, 1, () => bob.ask().then(({ status }) => status))).toEqual([503]);
    await until(() => counters.undone === 1);
    counters.letGo();
    await new Promise(setImmediate);
    expect(counters.counts).toEqual(before);
    expect(s.sent).toHaveLength(1);
    expect((await bob.ask()).body).toMatchObject({ status: "sent", resendIn: 30 });
    expect((await bob.answer(s.lastCode())).status).toBe(200);
  },
);

test("what can't be undone at once is undone as soon as the store is back", async () => {
  counters.failures = 3;
  expect(await late("answer", 1, answer)).toEqual([503]);
  await until(() => counters.undone === 1);
  expect(counters.failures).toBe(0);
  expect(isUnused()).toBe(true);
  expect(await answer()).toBe(200);
});

test("a store that has applied a step and then reports a failure is undone too", async () => {
  const spy = jest.spyOn(counters, "step").mockImplementationOnce(async (step) => {
    await DistantCounters.prototype.step.call(counters, step);
    throw new Error("redis://:password@host was lost");
  });
  expect(await answer()).toBe(503);
  spy.mockRestore();
  await until(() => counters.undone === 1);
  expect(isUnused()).toBe(true);
  expect(await answer()).toBe(200);
});
