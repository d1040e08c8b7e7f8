/** Which commands come how often, what holds before the first of them, and what has to hold after the last. */

import fc from "fast-check";
import { strict as assert } from "node:assert";
import { answer, answerTwice, confirm, visit, type Pick, type Place } from "./answers";
import { ask, askBoth, strangers } from "./asks";
import {
  changeNumber,
  copyCookies,
  disable,
  setAmount,
  signIn,
  signOut,
  unlock,
  wait,
} from "./circumstances";
import { browserOf, type Command } from "./command";
import { LIMITS, NUMBERS, PURPOSES, USERS } from "./limits";
import { passes } from "./model";
import type { Past } from "./past";
import { makeCodes, recover, recoverBoth, type RecoveryPick } from "./recovery";
import { forget } from "./remembering";
import { Session } from "./people";
import type { Mood, World } from "./world";

const browsers = fc.constantFrom(0, 0, 0, 0, 1, 1, 2, 3);
const workers = fc.nat(2);
const purposes = fc.constantFrom(...PURPOSES, "");
const places = fc.constantFrom<Place>(...PURPOSES, "the last", "the last");
const times = fc.constantFrom<1 | 2>(1, 2);
const users = fc.constantFrom(...USERS);
const numbers = fc.constantFrom(...NUMBERS);
const rights = fc.record<Pick>({
  kind: fc.constant("right"),
  nth: fc.nat(2),
  remember: fc.constantFrom(true, true, false),
});
const wrongly = (times: number): Pick => ({ kind: "wrong", nth: 0, times });
const wrong = fc.constant(wrongly(1));
const picks = fc.oneof(
  { weight: 4, arbitrary: rights },
  { weight: 2, arbitrary: fc.record<Pick>({ kind: fc.constant("any"), nth: fc.nat(7) }) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }).map((times) => wrongly(times)) },
);
const recoveryPicks = fc.record<RecoveryPick>({
  kind: fc.constantFrom("right", "right", "void", "wrong"),
  nth: fc.nat(3),
  times: fc.constantFrom(1, 1, 2, 3),
});
const askings = fc.record({ browser: browsers, purpose: purposes, isFresh: fc.boolean() });
const moods = fc.constantFrom<Mood>(
  "takes",
  "takes",
  "takes",
  "takes",
  "is unsure",
  "refuses",
  "is down",
);
// All limits end at a multiple of ten seconds, and at none of these while the clock runs on a little.
const pauses = fc.constantFrom(20, 40, 120, 300, 520, 600, 900, 3600, 7200, 86_400);

/** One of all, the common ones more often. */
export const COMMANDS = fc.oneof<fc.WeightedArbitrary<Command>[]>(
  { weight: 9, arbitrary: fc.tuple(askings, moods, workers).map((each) => ask(...each)) },
  { weight: 10, arbitrary: fc.tuple(browsers, picks, workers).map((each) => answer(...each)) },
  {
    weight: 4,
    arbitrary: fc.tuple(browsers, places, fc.constant(1), workers).map((each) => visit(...each)),
  },
  { weight: 4, arbitrary: pauses.map(wait) },
  { weight: 2, arbitrary: fc.tuple(askings, askings, workers).map((each) => askBoth(...each)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(browsers, fc.oneof(rights, rights, wrong), workers)
      .map((each) => answerTwice(...each)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(browsers, places, fc.constant(2), workers).map((each) => visit(...each)),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(browsers, fc.constant("remembered"), times, workers)
      .map((each) => visit(...each)),
  },
  { weight: 1, arbitrary: fc.tuple(browsers, users, workers).map((each) => signIn(...each)) },
  { weight: 1, arbitrary: fc.tuple(browsers, workers).map((each) => signOut(...each)) },
  { weight: 1, arbitrary: fc.tuple(browsers, browsers).map((each) => copyCookies(...each)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(browsers, fc.constantFrom("1", "2"), workers)
      .map((each) => setAmount(...each)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(browsers, purposes, times, workers).map((each) => confirm(...each)),
  },
  { weight: 1, arbitrary: fc.tuple(browsers, workers).map((each) => makeCodes(...each)) },
  {
    weight: 2,
    arbitrary: fc.tuple(browsers, recoveryPicks, workers).map((each) => recover(...each)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.tuple(browsers, browsers), recoveryPicks, workers)
      .map((each) => recoverBoth(...each)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(browsers, fc.boolean(), workers).map((each) => forget(...each)),
  },
  { weight: 1, arbitrary: fc.tuple(users, numbers).map((each) => changeNumber(...each)) },
  { weight: 1, arbitrary: fc.tuple(users, workers).map((each) => unlock(...each)) },
  { weight: 1, arbitrary: fc.tuple(users, workers).map((each) => disable(...each)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom("US" as const, "CA" as const), workers)
      .map((each) => strangers(...each)),
  },
);

/** What has happened before the first command. */
export const BEGINNINGS = fc.constantFrom("nothing", "nothing", "nothing", "much");

/** Who is signed in at the first browsers. */
export const VISITORS = ["ann", "ann", "bob"];

/** Who has which number, before the first command. */
export async function begin(past: Past, world: World): Promise<void> {
  for (const [index, user] of USERS.entries()) {
    const number = NUMBERS[index] ?? NUMBERS[0];
    await world.workers.setNumber(user, number);
    past.user(user).number = number;
  }
  for (const [browser, user] of VISITORS.entries()) past.browsers[browser] = new Session(user);
}

/** Ann has a second set of recovery codes and has come back to a browser that is remembered, whose cookies somebody has a copy of. */
export const MUCH: readonly Command[] = [
  ask({ browser: 0, purpose: "", isFresh: false }, "takes", 0),
  answer(0, { kind: "right", nth: 0, remember: true }, 1),
  makeCodes(0, 0),
  makeCodes(0, 1),
  copyCookies(0, 1),
  signOut(0, 1),
  signIn(0, USERS[0], 0),
  signIn(1, USERS[0], 1),
  wait(600),
  visit(0, "remembered", 1, 1),
];

/** Nobody is locked out for ever: a day later, and unlocked where only support can, a right code lets in. */
export async function rescue(past: Past, world: World): Promise<void> {
  await wait(90_000).run(past, world);
  // One of them in each run, for it is asked of every sequence.
  const user = USERS[past.codes.length % USERS.length] ?? USERS[0];
  const { isDisabled, row } = past.user(user);
  if (isDisabled || row >= LIMITS.row) await unlock(user, 0).run(past, world);
  world.setCookie(0, "");
  past.browsers[0] = new Session();
  past.tokens[0] = new Map();
  await signIn(0, user, 0).run(past, world);
  await ask({ browser: 0, purpose: "", isFresh: false }, "takes", 1).run(past, world);
  await answer(0, { kind: "right", nth: 0 }, 0).run(past, world);
  assert.ok(passes(browserOf(past, 0), past, ""), `${user} is locked out for ever`);
}
