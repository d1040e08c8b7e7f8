/** Wrong codes of a user: what shuts out, for how long, what ends it, and that support's switch stands apart. */

import { fakeDate, pass } from "../fakes/clock";
import { limitsOf, NEW, OLD, type LimitsOptions } from "./kit";

beforeEach(fakeDate);

const failures = { max: 3, window: 900 };
const OFF = { ok: false, code: "factor_disabled" };
const blocked = (retryAfter: number) => ({ ok: false, code: "too_many_attempts", retryAfter });

const failTimes = ({ fail }: ReturnType<typeof limitsOf>, times: number, subject = "ann") => {
  for (let each = 0; each < times; each += 1) fail(subject);
};

/** How the user stands, as support reads it. */
const standing = ({ lockout, counters }: ReturnType<typeof limitsOf>, subject = "ann") => {
  const reading = lockout.peek(subject);
  const { failures: count, rows, off } = reading;
  return lockout.standingIn(counters.step([count, ...rows, ...off]), reading);
};

describe("wrong codes within a window", () => {
  test("block the user and nobody else, until it ends (R28)", () => {
    const s = limitsOf({ limits: { failures } });
    failTimes(s, 2);
    expect([s.refusalOf(), standing(s)]).toEqual([undefined, { isDisabled: false, blockedFor: 0 }]);
    failTimes(s, 1);
    expect(s.refusalOf()).toEqual(blocked(900));
    expect(s.refusalOf("ann", { clears: true })).toEqual(blocked(900));
    expect(s.fail().refusal).toEqual(blocked(900));
    expect(standing(s)).toEqual({ isDisabled: false, blockedFor: 900 });
    expect([s.refusalOf("bob"), standing(s, "bob").blockedFor]).toEqual([undefined, 0]);
    pass(899.999);
    expect(s.refusalOf()).toEqual(blocked(1));
    expect(standing(s).blockedFor).toBe(1);
    pass(0.001);
    expect([s.refusalOf(), standing(s).blockedFor]).toEqual([undefined, 0]);
  });

  test("count together only where they were entered within it", () => {
    const s = limitsOf({ limits: { failures } });
    for (const wait of [400, 500, 899.999]) {
      failTimes(s, 1);
      pass(wait);
    }
    expect([s.refusalOf(), standing(s).blockedFor]).toEqual([undefined, 0]);
    failTimes(s, 1);
    expect(s.refusalOf()).toBeUndefined();
    failTimes(s, 1);
    expect(s.refusalOf()).toMatchObject({ code: "too_many_attempts" });
  });

  test.each([
    [900, [900, 1800, 3600, 3600]],
    [60, [60, 120, 240, 480, 960, 1920, 3600, 3600]],
    [7200, [7200, 7200]],
  ])("block for twice as long each time, from %d s up to an hour or that", (window, blocks) => {
    const s = limitsOf({ limits: { failures: { max: 3, window } } });
    for (const seconds of blocks) {
      failTimes(s, 3);
      expect(s.refusalOf()).toEqual(blocked(seconds));
      pass(seconds);
    }
  });

  test("that end by themselves lengthen what follows, though no block came of them", () => {
    const s = limitsOf({ limits: { failures } });
    failTimes(s, 2);
    pass(900);
    failTimes(s, 3);
    expect(s.refusalOf()).toEqual(blocked(1800));
  });

  test("block for the window and no longer where anybody may name the subject", () => {
    const s = limitsOf({ user: "from-request", limits: { failures } });
    for (const subject of ["ann", "ann", "bob"]) {
      failTimes(s, 3, subject);
      expect(s.refusalOf(subject)).toEqual(blocked(900));
      pass(900);
    }
  });

  test("are forgotten with a right answer, the row too", () => {
    const s = limitsOf({ limits: { failures, consecutiveFailures: 4 } });
    failTimes(s, 2);
    expect(s.refusalOf("ann", { clears: true })).toBeUndefined();
    failTimes(s, 2);
    expect(s.refusalOf()).toBeUndefined();
    failTimes(s, 1);
    // The first block again, for nothing came before it.
    expect(s.refusalOf()).toEqual(blocked(900));
    pass(900);
    failTimes(s, 1);
    expect(s.refusalOf()).toEqual(OFF);
  });

  test("are not forgotten by one who only asks", () => {
    const s = limitsOf({ limits: { failures } });
    failTimes(s, 2);
    s.refusalOf();
    failTimes(s, 1);
    expect(s.refusalOf()).toEqual(blocked(900));
  });
});

describe("wrong codes in a row", () => {
  const limits = { failures: { max: 100, window: 60 }, consecutiveFailures: 3 };

  test("switch the factor off for good, over any time (R28)", () => {
    const s = limitsOf({ limits });
    for (const isLast of [false, false, true]) {
      const { outcome, entries } = s.fail();
      expect(s.lockout.isLast(outcome, entries)).toBe(isLast);
      pass(86_400);
    }
    expect(s.refusalOf()).toEqual(OFF);
    expect(s.fail().refusal).toEqual(OFF);
    expect(standing(s)).toEqual({ isDisabled: true, blockedFor: 0 });
    expect([s.refusalOf("bob"), standing(s, "bob").isDisabled]).toEqual([undefined, false]);
    pass(400 * 86_400);
    expect(s.refusalOf()).toEqual(OFF);
  });

  test("never do where anybody may name the subject", () => {
    const s = limitsOf({ user: "from-request", limits });
    for (let each = 0; each < 5; each += 1) {
      const { outcome, entries } = s.fail();
      expect(s.lockout.isLast(outcome, entries)).toBe(false);
    }
    expect([s.refusalOf(), standing(s)]).toEqual([undefined, { isDisabled: false, blockedFor: 0 }]);
  });

  test("are forgotten by an unlock, with the block", () => {
    const s = limitsOf({ limits: { failures, consecutiveFailures: 3 } });
    failTimes(s, 3);
    s.counters.step(s.lockout.clear("bob"));
    expect(standing(s)).toEqual({ isDisabled: true, blockedFor: 900 });
    s.counters.step(s.lockout.clear("ann"));
    expect([s.refusalOf(), standing(s)]).toEqual([undefined, { isDisabled: false, blockedFor: 0 }]);
    failTimes(s, 2);
    expect(s.refusalOf()).toBeUndefined();
  });
});

describe("support's switch", () => {
  test("refuses the user and nobody else, until it is turned back", () => {
    const s = limitsOf({ limits: { failures } });
    s.counters.step(s.lockout.switchOff("ann"));
    pass(400 * 86_400);
    expect([s.refusalOf(), s.refusalOf("ann", { clears: true }), s.fail().refusal]).toEqual([
      OFF,
      OFF,
      OFF,
    ]);
    expect(s.counters.step(s.lockout.checkOff("ann")).status).toBe("full");
    expect(standing(s)).toEqual({ isDisabled: true, blockedFor: 0 });
    expect(s.lockout.peekOff("ann").map((entry) => s.counters.count(entry))).toEqual([1]);
    expect([s.refusalOf("bob"), standing(s, "bob").isDisabled]).toEqual([undefined, false]);
    s.counters.step(s.lockout.switchOn("ann"));
    expect([s.refusalOf(), standing(s).isDisabled]).toEqual([undefined, false]);
    expect(s.counters.step(s.lockout.checkOff("ann")).status).toBe("ok");
  });

  test("is not turned by wrong codes, nor by what forgets them", () => {
    const s = limitsOf({ limits: { failures: { max: 9, window: 60 }, consecutiveFailures: 2 } });
    failTimes(s, 2);
    expect(s.counters.step(s.lockout.checkOff("ann")).status).toBe("ok");
    s.counters.step(s.lockout.switchOff("ann"));
    s.counters.step(s.lockout.clear("ann"));
    expect(s.refusalOf()).toEqual(OFF);
    failTimes(s, 1);
    s.counters.step(s.lockout.switchOn("ann"));
    expect(s.refusalOf()).toBeUndefined();
  });
});

describe("after a rotation of the secret", () => {
  const limits = { failures: { max: 100, window: 60 }, consecutiveFailures: 2 };
  const rotating = (act: (s: ReturnType<typeof limitsOf>) => void) => {
    const given: LimitsOptions = { limits, isShared: true };
    const before = limitsOf({ ...given, secrets: [OLD] });
    act(before);
    return limitsOf({ ...given, secrets: [NEW, OLD] }, before.counters);
  };

  test("a factor that wrong codes have switched off stays off, until an unlock", () => {
    const s = rotating((before) => {
      failTimes(before, 2);
    });
    expect([s.refusalOf(), s.fail().refusal, standing(s).isDisabled]).toEqual([OFF, OFF, true]);
    s.counters.step(s.lockout.clear("ann"));
    expect([s.refusalOf(), standing(s).isDisabled]).toEqual([undefined, false]);
  });

  test("a row that is not full yet is forgotten with a right answer", () => {
    const s = rotating((before) => {
      failTimes(before, 1);
    });
    const [newest, older] = s.lockout.peek("ann").rows;
    const count = () => [newest, older].map((entry) => entry && s.counters.count(entry));
    expect(count()).toEqual([0, 1]);
    s.refusalOf();
    failTimes(s, 1);
    expect(count()).toEqual([1, 1]);
    s.refusalOf("ann", { clears: true });
    expect(count()).toEqual([0, 0]);
  });

  test("a factor that support has switched off stays off, until it is switched on", () => {
    const s = rotating(({ counters, lockout }) => counters.step(lockout.switchOff("ann")));
    expect([s.refusalOf(), standing(s).isDisabled]).toEqual([OFF, true]);
    s.counters.step(s.lockout.switchOn("ann"));
    expect([s.refusalOf(), standing(s).isDisabled]).toEqual([undefined, false]);
  });
});

test("what anybody may name shares no count with the user of that id", () => {
  const limits = { failures };
  const named = limitsOf({ user: "from-request", limits });
  failTimes(named, 3);
  const known = limitsOf({ limits }, named.counters);
  expect([named.refusalOf(), known.refusalOf()]).toEqual([blocked(900), undefined]);
});
