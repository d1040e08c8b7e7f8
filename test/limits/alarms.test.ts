/** Alarms of full limits: once for each window, and of a request only what concerns whose limit it is. */

import type { TwoFactorEvent } from "../../lib";
import { Alarms } from "../../lib/limits/alarms";
import { fakeDate, pass } from "../fakes/clock";
import { ANN, BOB, limitsOf, type LimitsOptions } from "./kit";

beforeEach(fakeDate);

const ONE = { max: 1, window: 600 };
const ABOUT = {
  subject: "ann",
  phone: ANN,
  ip: "192.0.2.7",
  country: "US",
  channel: "sms",
  purpose: "pay",
} as const;

function start(options: LimitsOptions) {
  const told: Partial<TwoFactorEvent>[] = [];
  const alarms = new Alarms((event) => told.push(event ?? {}));
  const { text } = limitsOf(options);
  const ask = (...[of, how]: Parameters<typeof text>) => askFor(ABOUT, of, how);
  const askFor = (about: Partial<TwoFactorEvent>, ...given: Parameters<typeof text>) => {
    const { outcome, cost } = text(...given);
    alarms.tell(outcome, cost.charges, about);
    return told.splice(0);
  };
  return { ask, askFor };
}

test.each<[string, string, LimitsOptions, (keyof typeof ABOUT)[]]>([
  ["user", "user600", { limits: { user: ONE } }, ["subject", "ip", "country", "channel"]],
  [
    "number",
    "number600",
    { limits: { number: ONE } },
    ["subject", "phone", "ip", "country", "channel"],
  ],
  [
    "number",
    "number-day",
    { limits: { perDay: 1 } },
    ["subject", "phone", "ip", "country", "channel"],
  ],
  ["network", "network600", { limits: { network: ONE } }, ["ip", "country", "channel"]],
  ["country", "country600", { limits: { country: ONE } }, ["country", "channel"]],
  ["all", "all600", { limits: { all: ONE } }, ["country", "channel"]],
  ["day", "day", { maxPerDay: 1 }, ["country", "channel"]],
])("a full limit of %s, %s, tells whose it is and no more", (budget, reason, options, fields) => {
  const { ask } = start(options);
  expect(ask()).toEqual([]);
  const whose = Object.fromEntries(fields.map((name) => [name, ABOUT[name]]));
  expect(ask()).toEqual([{ type: "budget_exhausted", budget, reason, ...whose }]);
});

test("a full limit of calls is told of as the user's, and as the number's", () => {
  const { ask } = start({ limits: { calls: ONE } });
  const call = { channel: "call" } as const;
  expect(ask(call)).toEqual([]);
  expect(ask({ ...call, phone: BOB })).toMatchObject([
    { type: "budget_exhausted", budget: "user", reason: "calls600", subject: "ann" },
  ]);
  expect(ask({ ...call, subject: "bob" })).toMatchObject([
    { type: "budget_exhausted", budget: "number", reason: "calls600", phone: ANN },
  ]);
});

test("what a request does not know is left out", () => {
  const { ask, askFor } = start({ limits: { user: ONE } });
  ask();
  expect(askFor({ subject: "ann" })).toStrictEqual([
    { type: "budget_exhausted", budget: "user", reason: "user600", subject: "ann" },
  ]);
});

test("one that is only tried out is told of as such", () => {
  const { ask } = start({ limits: { user: { ...ONE, mode: "record" } } });
  ask();
  expect(ask()).toMatchObject([{ type: "budget_recorded", budget: "user", reason: "user600" }]);
});

test("each is told of once in its window, and again in the next", () => {
  const { ask } = start({ limits: { user: ONE } });
  ask();
  pass(100);
  expect([ask().length, ask().length]).toEqual([1, 0]);
  pass(499.999);
  expect(ask()).toEqual([]);
  pass(0.001);
  expect([ask().length, ask().length, ask().length]).toEqual([0, 1, 0]);
});

test("each user's, each window's and each share's is another", () => {
  const user = [ONE, { max: 2, window: 3600 }];
  const { ask } = start({ limits: { user, number: { max: 5, window: 60 } } });
  ask();
  ask({ subject: "bob" });
  expect([ask().length, ask({ subject: "bob" }).length]).toEqual([1, 1]);
  pass(600);
  ask();
  expect(ask().map(({ reason }) => reason)).toEqual(["user600", "user3600"]);
});

test("a number's limit is told of anew where it is full for one whom support has unlocked, too", () => {
  const { ask } = start({ limits: { number: { max: 2, window: 600 } } });
  const forgiven = { isForgiven: true };
  const alarms = [ask(), ask(), ask(), ask({}, forgiven), ask({}, forgiven), ask({}, forgiven)];
  expect(alarms.map(({ length }) => length)).toEqual([0, 0, 1, 0, 0, 1]);
});

test("a flood of limits is remembered within a bound: the oldest is told of once more", () => {
  const { ask } = start({ limits: { user: ONE } });
  const users = Array.from({ length: 1001 }, (_none, each) => `user-${each}`);
  const tell = (subject: string) => ask({ subject }).length;
  for (const user of users) ask({ subject: user });
  expect(users.slice(0, 1000).every((user) => tell(user) === 1)).toBe(true);
  expect([tell("user-0"), tell("user-1000"), tell("user-999")]).toEqual([0, 1, 0]);
  expect([tell("user-0"), tell("user-1000")]).toEqual([1, 0]);
});
