/** What texts and calls are counted under: whose limit each is, who is kept a share, what comes back, what is told. */

import { countOf } from "../../lib/ledger/guarded";
import { entriesOf, type SendRequest } from "../../lib/limits/send-limits";
import { fakeDate, pass } from "../fakes/clock";
import { ANN, BOB, limitsOf, NEW, OLD, requestFor, type LimitsOptions } from "./kit";

beforeEach(fakeDate);

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const ONE = { max: 1, window: 600 };

/** Nothing of it is Ann's. */
const STRANGER: Partial<SendRequest> = {
  subject: "bob",
  phone: BOB,
  country: "CA",
  network: "198.51.100.0/24",
};

describe("the wait of a session", () => {
  test.each([
    [30, [30, 60, 120, 240, 480, 960, 1920, 1920]],
    [1, [1, 2, 4, 8, 16, 32, 64, 128]],
    [1920, [1920, 1920]],
  ])("of a cooldown of %d s doubles with each text, up to 32 minutes", (cooldown, waits) => {
    const { sendLimits } = limitsOf({ limits: { cooldown } });
    expect(waits.map((_wait, at) => sendLimits.waitAfter(at))).toEqual(waits);
    expect(sendLimits.waitAfter(100_000)).toBe(1920);
  });

  test.each<[string, Partial<SendRequest>]>([
    ["session", { session: "another" }],
    ["subject", { subject: "bob" }],
    ["number", { phone: BOB }],
    ["purpose", { purpose: "pay" }],
  ])("holds up one more of the same, and none of another %s", (_what, other) => {
    const { sendLimits, counters } = limitsOf();
    const request = requestFor();
    const ask = (of: SendRequest) => counters.step(entriesOf(sendLimits.costOf(of, 30))).status;
    expect(ask(request)).toBe("ok");
    const cooldown = sendLimits.peekCooldown(request);
    expect(countOf(counters.step([cooldown]), cooldown)).toMatchObject({
      count: 1,
      waitMs: 30_000,
    });
    expect(counters.count(sendLimits.peekCooldown({ ...request, ...other }))).toBe(0);
    expect(ask(request)).toBe("full");
    expect(ask({ ...request, channel: "call" })).toBe("full");
    expect(ask({ ...request, ...other })).toBe("ok");
    pass(30);
    expect(ask(request)).toBe("ok");
  });
});

describe("a full limit", () => {
  const LIMITS: [string, LimitsOptions, Partial<SendRequest>, number][] = [
    ["user600", { limits: { user: ONE } }, { subject: "ann" }, 600],
    ["number600", { limits: { number: ONE } }, { phone: ANN }, 600],
    ["number-day", { limits: { perDay: 1 } }, { phone: ANN }, DAY],
    ["network600", { limits: { network: ONE } }, { network: "192.0.2.0/24" }, MINUTE],
    ["country600", { limits: { country: ONE } }, { country: "US" }, MINUTE],
    ["all600", { limits: { all: ONE } }, {}, MINUTE],
    ["day", { maxPerDay: 1 }, {}, DAY],
  ];

  test.each(LIMITS)("%s refuses the next of its own, whoever asks", (name, options, same, wait) => {
    const { text } = limitsOf(options);
    expect(text()).toMatchObject({ status: "ok", full: undefined });
    const { status, full } = text({ ...STRANGER, ...same });
    expect(status).toBe("full");
    expect(full).toEqual({ limit: name, waitMs: wait * 1000 });
  });

  test.each(LIMITS)("%s ends with its window, and not before", (name, options) => {
    const { text } = limitsOf(options);
    text();
    const end = name.endsWith("day") ? DAY : 600;
    pass(end - 0.001);
    // What others' answers may free at any time is never told as longer than it lasts.
    expect(text().full).toEqual({ limit: name, waitMs: 1 });
    pass(0.001);
    expect(text().status).toBe("ok");
  });

  test.each(LIMITS.slice(0, 5))("%s refuses nobody else", (_name, options) => {
    const { text } = limitsOf(options);
    text();
    expect(text(STRANGER).status).toBe("ok");
  });

  test.each(LIMITS)(
    "%s comes back with a right answer, unless it counts a day",
    (name, options) => {
      const { text, counters } = limitsOf(options);
      text({}, { record: "challenge" });
      expect(text().status).toBe("full");
      counters.settle("challenge");
      expect(text().status).toBe(name.endsWith("day") ? "full" : "ok");
    },
  );

  test.each(LIMITS.filter(([name]) => !name.endsWith("day")))(
    "%s that is only tried out is found full, and refuses nothing",
    (name, { limits = {} }) => {
      const [budget] = Object.keys(limits);
      const trial = { ...ONE, mode: "record" as const };
      const { text } = limitsOf({ limits: { [String(budget)]: trial } });
      text();
      const { status, full, outcome, cost } = text();
      expect([status, full]).toEqual(["ok", undefined]);
      const charge = cost.charges.find(({ window }) => window.name === name);
      expect(charge && countOf(outcome, charge.entry)).toMatchObject({ count: 2, isFull: true });
    },
  );

  test("that lasts longest is the one that is told", () => {
    const user = [ONE, { max: 1, window: HOUR }];
    const { text } = limitsOf({ limits: { user, number: ONE, all: ONE } });
    text();
    expect(text().full).toEqual({ limit: "user3600", waitMs: HOUR * 1000 });
  });

  test.each([
    ["+5491123456789", "+541123456789"],
    ["+5511912345678", "+551112345678"],
  ])("of a number is one for %s and %s, which ring the same phone", (phone, spelled) => {
    const { text } = limitsOf({ limits: { number: ONE } });
    text({ phone });
    expect(text({ phone: spelled }).full?.limit).toBe("number600");
  });
});

describe("the last fifth of what users share", () => {
  const shared = (max: number): [string, LimitsOptions][] => [
    ["country", { limits: { country: { max, window: 600 } } }],
    ["all", { limits: { all: { max, window: 600 } } }],
    ["day", { maxPerDay: max }],
  ];

  test.each(shared(10))("of %s is for numbers that were proved before", (_name, options) => {
    const { text, textsUntilFull, sendLimits, counters } = limitsOf(options);
    expect(textsUntilFull()).toBe(8);
    counters.step([sendLimits.prove("ann", ANN)]);
    expect(text({ subject: "bob" }).status).toBe("full");
    expect(text({ phone: BOB }).status).toBe("full");
    expect(textsUntilFull()).toBe(2);
  });

  test.each([
    [1, 1],
    [2, 2],
    [6, 5],
    [100, 80],
  ])("is rounded in favour of the others: of %d they have %d", (max, rest) => {
    for (const [, options] of shared(max)) expect(limitsOf(options).textsUntilFull()).toBe(rest);
  });

  test.each([
    ["a day", "memory", DAY, {}],
    [
      "400 days",
      "a store",
      400 * DAY,
      { counters: { step: () => ({ status: "ok", counts: [] }) } },
    ],
  ])("is theirs for %s after the proof, where counters are in %s", (_long, _where, life, given) => {
    const { text, textsUntilFull, sendLimits, counters } = limitsOf({
      ...(given as LimitsOptions),
      limits: { all: { max: 5, window: 600 } },
    });
    const isKnown = () => {
      const { outcome, cost } = text();
      return cost.known.some((entry) => countOf(outcome, entry).count > 0);
    };
    counters.step([sendLimits.prove("ann", ANN)]);
    pass(life - 1);
    expect(isKnown()).toBe(true);
    expect(textsUntilFull()).toBe(4);
    pass(1);
    expect(isKnown()).toBe(false);
  });

  test("stays theirs while the secret is rotated", () => {
    const limits = { all: { max: 5, window: 600 } };
    const before = limitsOf({ limits, secrets: [OLD], isShared: true });
    before.counters.step([before.sendLimits.prove("ann", ANN)]);
    const after = (secrets: [string, ...string[]]) =>
      limitsOf({ limits, secrets, isShared: true }, before.counters).textsUntilFull();
    expect(after([NEW, OLD])).toBe(5);
    const others = limitsOf({ limits, secrets: [NEW], isShared: true });
    others.counters.step([before.sendLimits.prove("ann", ANN)]);
    expect(others.textsUntilFull()).toBe(4);
  });
});

describe("a number that is not on record", () => {
  const named = { isOnRecord: false };

  test.each([
    [5, 3],
    [10, 6],
    [2, 1],
    [1, 1],
  ])("has, of %d texts, %d", (max, rest) => {
    expect(limitsOf({ limits: { number: { max, window: 600 } } }).textsUntilFull(named)).toBe(rest);
    expect(limitsOf({ limits: { perDay: max } }).textsUntilFull(named)).toBe(rest);
  });

  test("has them all where anybody may name one", () => {
    const limits = { number: { max: 5, window: 600 } };
    expect(limitsOf({ user: "from-request", limits }).textsUntilFull(named)).toBe(5);
  });

  test("spends nothing of its owner's, nor does its owner of it", () => {
    const { text, textsUntilFull } = limitsOf({ limits: { number: { max: 5, window: 600 } } });
    expect(textsUntilFull({ ...named, subject: "bob" })).toBe(3);
    expect(textsUntilFull()).toBe(5);
    expect(text(named).full?.limit).toBe("number600");
  });

  test("has its own count where anybody may name one, and no user's", () => {
    const { text } = limitsOf({ user: "from-request", limits: { user: ONE, calls: ONE } });
    expect(text({ ...named, channel: "call" }).status).toBe("ok");
    expect(text({ ...named, phone: BOB, channel: "call" }).status).toBe("ok");
    expect(text({ ...named, phone: BOB, channel: "call" }).full?.limit).toBe("calls600");
  });
});

describe("calls", () => {
  const call: Partial<SendRequest> = { channel: "call" };
  const limits = { calls: { max: 2, window: 600 } };

  test("have limits of their own for a user", () => {
    const { text, textsUntilFull } = limitsOf({ limits });
    expect(textsUntilFull(call)).toBe(2);
    expect(text({ ...call, ...STRANGER, subject: "ann" }).full?.limit).toBe("calls600");
    expect(text({ ...call, ...STRANGER }).status).toBe("ok");
    expect(text().status).toBe("ok");
  });

  test("have limits of their own for a number, less where it is not on record", () => {
    const { text, textsUntilFull } = limitsOf({ limits });
    expect(textsUntilFull(call)).toBe(2);
    expect(text({ ...call, ...STRANGER, phone: ANN }).full?.limit).toBe("calls600");
    expect(textsUntilFull({ ...call, subject: "bob", phone: BOB, isOnRecord: false })).toBe(1);
  });

  test("count as texts, too", () => {
    const { text } = limitsOf({ limits: { user: ONE } });
    expect(text(call).status).toBe("ok");
    expect(text().full?.limit).toBe("user600");
  });
});

describe("a text that was refused after all", () => {
  const limits = { user: ONE, number: ONE, network: ONE, country: ONE, all: ONE, perDay: 1 };

  test("counts for those who asked, and for nobody who shares", () => {
    const { sendLimits, counters, text } = limitsOf({ limits, maxPerDay: 1 });
    const entries = sendLimits.asked(requestFor());
    expect(counters.step(entries, "challenge").status).toBe("ok");
    counters.settle("challenge");
    const { outcome, cost } = text();
    const full = cost.charges.filter(({ entry }) => countOf(outcome, entry).isFull);
    expect(full.map(({ window }) => window.name).sort()).toEqual([
      "network600",
      "number-day",
      "number600",
      "user600",
    ]);
  });

  test("counts though a limit is full, and takes no more than its number's plain share", () => {
    const { sendLimits, counters } = limitsOf({ limits });
    const ask = () => counters.step(sendLimits.asked(requestFor()));
    ask();
    const again = ask();
    expect(again.status).toBe("ok");
    expect(again.counts.map(({ count, isFull }) => [count, isFull])).toEqual(
      again.entries.map(() => [2, true]),
    );
  });
});

describe("an unlock", () => {
  const unlock = (of: ReturnType<typeof limitsOf>, subject: string) => {
    const { counted, unlocked } = of.sendLimits.unlock(subject);
    of.counters.step([...counted, ...unlocked]);
  };
  const isUnlocked = (of: ReturnType<typeof limitsOf>, subject: string) => {
    const { outcome, cost } = of.text({ subject });
    return countOf(outcome, cost.unlocked).count > 0;
  };

  test("forgets the user's texts and calls, of all windows", () => {
    const user = [ONE, { max: 1, window: HOUR }];
    const s = limitsOf({ limits: { user, calls: ONE } });
    s.text({ channel: "call" });
    const numbers = { phone: BOB };
    expect(s.text({ ...numbers, channel: "call" }).status).toBe("full");
    unlock(s, "bob");
    expect(s.text({ ...numbers, channel: "call" }).status).toBe("full");
    unlock(s, "ann");
    expect(s.text({ ...numbers, channel: "call" }).status).toBe("ok");
  });

  test.each([
    [HOUR, { number: [ONE, { max: 5, window: HOUR }] }],
    [2 * HOUR, { calls: { max: 5, window: 2 * HOUR } }],
  ])("is remembered as long as the longest window of a number, %d s", (seconds, limits) => {
    const s = limitsOf({ limits });
    expect(isUnlocked(s, "ann")).toBe(false);
    unlock(s, "ann");
    expect(isUnlocked(s, "bob")).toBe(false);
    pass(seconds - 0.001);
    expect(isUnlocked(s, "ann")).toBe(true);
    pass(0.001);
    expect(isUnlocked(s, "ann")).toBe(false);
  });

  test("lets a number be asked for as often once more, and a day's texts no oftener", () => {
    const limits = { number: { max: 2, window: 600 }, calls: { max: 1, window: 600 } };
    const { textsUntilFull } = limitsOf({ limits: { ...limits, perDay: 5 } });
    const forgiven = { isForgiven: true };
    expect(textsUntilFull({}, forgiven)).toBe(4);
    pass(600);
    expect(textsUntilFull({}, forgiven)).toBe(1);
    const others = limitsOf({ limits: { ...limits, user: ONE } });
    expect(others.textsUntilFull({}, forgiven)).toBe(1);
    const calls = limitsOf({ limits: { calls: { max: 2, window: 600 } } });
    expect(calls.textsUntilFull({ channel: "call" }, forgiven)).toBe(2);
    expect(calls.textsUntilFull({ channel: "call", subject: "bob" }, forgiven)).toBe(2);
    expect(calls.textsUntilFull({ channel: "call", subject: "carol" }, forgiven)).toBe(0);
  });

  test("forgets what was counted for a number that is the subject, save the day's", () => {
    const limits = { number: { max: 2, window: 600 }, calls: ONE, perDay: 3 };
    const s = limitsOf({ user: "from-request", limits });
    const call: Partial<SendRequest> = { subject: ANN, isOnRecord: false, channel: "call" };
    expect(s.textsUntilFull(call)).toBe(1);
    expect(s.textsUntilFull({ ...call, channel: "sms" })).toBe(1);
    unlock(s, ANN);
    expect(s.text(call)).toMatchObject({ status: "ok" });
    expect(s.text(call).full?.limit).toBe("number-day");
    expect(isUnlocked(s, ANN)).toBe(false);
  });

  test("forgets them by whichever spelling of the number", () => {
    const s = limitsOf({ user: "from-request", limits: { number: ONE } });
    const [phone, spelled] = ["+5491123456789", "+541123456789"];
    s.text({ subject: phone, phone, isOnRecord: false });
    unlock(s, spelled);
    expect(s.text({ subject: phone, phone, isOnRecord: false }).status).toBe("ok");
  });
});

describe("what support reads", () => {
  const read = (s: ReturnType<typeof limitsOf>, subject: string) =>
    s.sendLimits.peekUser(subject).map(({ max, entry }) => [max, s.counters.count(entry)]);

  test("is each limit of the user that refuses, and how many were taken", () => {
    const user = [
      { max: 3, window: 600 },
      { max: 7, window: HOUR },
      { ...ONE, window: DAY, mode: "record" as const },
    ];
    const s = limitsOf({ limits: { user } });
    s.text();
    s.text();
    expect(read(s, "ann")).toEqual([
      [3, 2],
      [7, 2],
    ]);
    expect(read(s, "bob")).toEqual([
      [3, 0],
      [7, 0],
    ]);
  });

  test("is the number's limits where the number is the subject, by whichever spelling", () => {
    const number = { max: 4, window: 600 };
    const s = limitsOf({ user: "from-request", limits: { number, perDay: 9 } });
    s.text({ subject: "+5491123456789", phone: "+5491123456789", isOnRecord: false });
    expect(read(s, "+541123456789")).toEqual([
      [4, 1],
      [9, 1],
    ]);
  });
});

describe("whether a number's limits refuse alone", () => {
  const isNumberAlone = (limits: LimitsOptions["limits"] & object) => {
    const { sendLimits, text } = limitsOf({ limits });
    text();
    const { outcome, cost } = text();
    return sendLimits.isNumberAlone(outcome, cost);
  };

  test.each([
    ["the number's", { number: ONE }, true],
    ["the number's of a day", { perDay: 1 }, true],
    ["the user's, too", { number: ONE, user: ONE }, false],
    ["the network's alone", { network: ONE }, false],
    ["one beside it that is tried out", { number: ONE, user: { ...ONE, mode: "record" } }, true],
    ["none", {}, true],
  ] as const)("is told of %s", (_which, limits, isAlone) => {
    expect(isNumberAlone(limits)).toBe(isAlone);
  });
});

describe("what a client is told is left", () => {
  const quotas = (options: LimitsOptions, of: Partial<SendRequest> = {}, times = 1) => {
    const { sendLimits, text } = limitsOf(options);
    let told;
    for (let each = 0; each < times; each += 1) {
      const { outcome, cost } = text(of);
      told = sendLimits.quotaIn(outcome, cost);
    }
    return told;
  };
  const limit = (max: number, window = 600) => ({ max, window });

  test.each([
    ["the user's first limit", { user: limit(5) }, "send", limit(5), 4],
    ["the user's second", { user: [limit(50), limit(7, HOUR)] }, "send-2", limit(7, HOUR), 6],
    ["the network's", { network: limit(3) }, "send-2", limit(3), 2],
  ])("is that of %s where it is the tightest", (_whose, limits, policy, of, remaining) => {
    expect(quotas({ limits })).toEqual({ policy, limit: of, remaining, resetIn: of.window });
  });

  test("is that of calls for a call alone", () => {
    const limits = { calls: limit(2) };
    expect(quotas({ limits }, { channel: "call" })).toMatchObject({
      policy: "send-3",
      remaining: 1,
    });
    expect(quotas({ limits })).toMatchObject({ policy: "send" });
  });

  test.each(["number", "country", "all"])("is never that of %s, which others use", (name) => {
    expect(quotas({ limits: { [name]: limit(2) } })?.limit.max).toBe(1_000_000);
  });

  test("is the network's alone where anybody may name a number", () => {
    const limits = { user: limit(2), calls: limit(2), network: limit(9) };
    const told = quotas({ user: "from-request", limits }, { channel: "call", isOnRecord: false });
    expect(told).toMatchObject({ policy: "send", limit: limit(9), remaining: 8 });
  });

  test("leaves out one that is only tried out", () => {
    const user = [{ ...limit(2), mode: "record" as const }, limit(9, HOUR)];
    expect(quotas({ limits: { user } })).toMatchObject({ policy: "send", remaining: 8 });
  });

  test("is nothing, and never less, of a full one, until its window ends", () => {
    const { sendLimits, text } = limitsOf({ limits: { user: limit(3) } });
    text();
    text();
    text();
    pass(500.2);
    const { outcome, cost, status } = text();
    expect([status, sendLimits.quotaIn(outcome, cost)]).toEqual([
      "full",
      { policy: "send", limit: limit(3), remaining: 0, resetIn: 100 },
    ]);
  });

  test("is nothing where another process allows more than this one", () => {
    const many = limitsOf({ limits: { user: limit(5) } });
    many.textsUntilFull();
    const { sendLimits, text } = limitsOf({ limits: { user: limit(2) } }, many.counters);
    const { outcome, cost } = text();
    expect(sendLimits.quotaIn(outcome, cost)?.remaining).toBe(0);
  });

  test("is, of two with as much left, the one that lasts longer", () => {
    const [short, long] = [limit(3), limit(3, HOUR)];
    expect(quotas({ limits: { user: [short, long] } })?.limit).toEqual(long);
    expect(quotas({ limits: { user: [long, short] } })?.limit).toEqual(long);
    const [tight, loose] = [limit(2), limit(3, HOUR)];
    expect(quotas({ limits: { user: [tight, loose] } })?.limit).toEqual(tight);
    expect(quotas({ limits: { user: [loose, tight] } })?.limit).toEqual(tight);
  });

  test("is nothing at all where each limit that could be told is tried out", () => {
    const trial = { ...limit(2), mode: "record" as const };
    expect(quotas({ limits: { user: trial, network: trial } })).toBeUndefined();
  });
});

describe("how the shared budgets stand", () => {
  test("is told of each, with its country where it has one", () => {
    const limits = { country: { max: 7, window: HOUR }, all: { max: 8, window: 600 } };
    const { sendLimits, text } = limitsOf({ limits, maxPerDay: 9 });
    text();
    pass(60);
    const { outcome, cost } = text();
    const day = { budget: "day", used: 2, limit: 9, endsIn: (DAY - 60) * 1000 };
    const all = { budget: "all600", used: 2, limit: 8, endsIn: 540_000 };
    const country = { budget: "country3600", used: 2, limit: 7, endsIn: (HOUR - 60) * 1000 };
    const standsIn = (of: string) => sendLimits.standsIn(outcome, cost.charges, of);
    expect(standsIn("US")).toEqual([{ ...country, country: "US" }, all, day]);
    expect(standsIn("")).toEqual([country, all, day]);
  });
});
