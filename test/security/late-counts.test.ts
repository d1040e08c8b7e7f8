/** A counter store that answers too late, as an attack: what is given back then opens nothing. */

import type { CounterEngine } from "../../lib";
import { serve, type Served } from "../fakes/app";
import { hurryDeadlines, until } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";

type Penalty = CounterEngine["penalty"];

/** Holds counts of one counter back, before they are made or before they are told of. */
class HeldCounters extends DistantCounters {
  readonly #name: string;
  readonly #held: (() => void)[] = [];
  hold: "call" | "answer" | undefined;

  constructor(name: string) {
    super();
    this.#name = name;
    const count = this.penalty;
    this.penalty = (...given) => this.#pass(given, count);
  }

  get held(): number {
    return this.#held.length;
  }

  /** Lets the one go that has been held for longest. */
  letGo(): void {
    this.#held.shift()?.();
  }

  async #pass(given: Parameters<Penalty>, count: Penalty): ReturnType<Penalty> {
    const { hold } = this;
    if (hold === undefined || !given[0].startsWith(`${this.#name}:`)) return count(...given);
    if (hold === "call") await this.#wait();
    const told = await count(...given);
    if (hold === "answer") await this.#wait();
    return told;
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => this.#held.push(resolve));
  }
}

let counters: HeldCounters;
let s: Served;
let answer: () => Promise<number>;

beforeEach(async () => {
  counters = new HeldCounters("claim");
  s = await serve({ options: { counters: () => counters } });
  const client = await s.signedIn();
  await client.ask();
  answer = async () => (await client.copy().answer(s.lastCode())).status;
});

/** Waits until so many claims were given back. */
async function isUndone(times: number): Promise<void> {
  const undone = () => counters.calls.filter(([call]) => call === "reward" || call === "delete");
  await until(() => undone().filter(([, key]) => key.startsWith("claim:")).length === times);
  await s.two.close();
}

test("claims that are told of too late, one after the other, let a code be used once (R24)", async () => {
  hurryDeadlines();
  counters.hold = "answer";
  expect(await Promise.all([answer(), answer()])).toEqual([503, 503]);
  jest.restoreAllMocks();
  counters.letGo();
  await isUndone(1);
  // One has read the session, and is about to claim the code, while another does.
  counters.hold = "call";
  const last = answer();
  await until(() => counters.held === 2);
  counters.hold = undefined;
  const statuses = [await answer()];
  counters.letGo();
  await isUndone(2);
  counters.letGo();
  statuses.push(await last);
  expect(statuses.sort()).toEqual([200, 403]);
});

test("a claim that is told of too late, and those that it refused, leave the code good", async () => {
  hurryDeadlines();
  counters.hold = "answer";
  const late = answer();
  await until(() => counters.held === 1);
  counters.hold = undefined;
  expect(await answer()).toBe(403);
  expect(await late).toBe(503);
  counters.letGo();
  await isUndone(2);
  expect(await answer()).toBe(200);
});
