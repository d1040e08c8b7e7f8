/** Codes that failed and were left: when the user is told to be warned, and what ends the waiting (R86). */

import { makeChallenge } from "../../lib/challenge/challenge";
import { readKeys } from "../../lib/crypto/keys";
import { Suspicions, type Failure } from "../../lib/flows/suspicions";
import { Attempts } from "../../lib/limits/attempts";
import type { TwoFactorOptions } from "../../lib";
import { ANN, limitsOf, NEW } from "../limits/kit";

beforeEach(() => jest.useFakeTimers());

afterEach(() => jest.useRealTimers());

const AN_HOUR = 3_600_000;
const NO_REASON: Failure = { isLast: false, isBlocked: false, isExhausted: false };

/** One process; those that are given the same counters share what they count. */
function start(user?: TwoFactorOptions["user"], shared?: ReturnType<typeof limitsOf>["counters"]) {
  const limits = limitsOf({ ...(user !== undefined && { user }), codeTtl: 300 }, shared);
  const { settings, lockout, counters, fail, refusalOf } = limits;
  const attempts = new Attempts({ max: 5, life: 360_000 });
  const told: unknown[] = [];
  const suspicions = new Suspicions({
    settings,
    ledger: counters.ledger,
    attempts,
    lockout,
    emit: (event) => told.push(event),
  });
  const challengeFor = (subject = "ann") => {
    const of = { subject, phone: ANN, description: "", purpose: "", keepPhone: false };
    return makeChallenge(readKeys([NEW]), { ...of, ttlMs: 300_000 }, Date.now());
  };
  const answerWrongly = (id: string) => counters.step([attempts.take(id)]);
  return { suspicions, attempts, counters, told, challengeFor, answerWrongly, fail, refusalOf };
}

const abandonedBy = (subject: string) => ({ type: "suspicious", reason: "abandoned", subject });

test.each<[string, Partial<Failure>]>([
  ["factor_disabled", { isLast: true, isBlocked: true, isExhausted: true }],
  ["blocked", { isBlocked: true, isExhausted: true }],
  ["attempts_exhausted", { isExhausted: true }],
])("%s is told at once, and nothing more when the challenge ends", async (reason, failure) => {
  const { suspicions, told, challengeFor } = start();
  const challenge = challengeFor();
  const about = { subject: "ann" };
  suspicions.fail(NO_REASON, about, challenge);
  suspicions.fail({ ...NO_REASON, ...failure }, about, challenge);
  expect(told).toEqual([{ type: "suspicious", reason, subject: "ann" }]);
  suspicions.failRecovery({ ...NO_REASON, ...failure }, { subject: "bob" }, "bob");
  expect(told.slice(1)).toEqual([{ type: "suspicious", reason, subject: "bob" }]);
  await jest.advanceTimersByTimeAsync(AN_HOUR);
  expect(told).toHaveLength(2);
});

describe("a challenge that was answered wrongly and left", () => {
  test("is told of when it ends, once, whatever was tried in between", async () => {
    const { suspicions, told, challengeFor, answerWrongly } = start();
    const challenge = challengeFor();
    await jest.advanceTimersByTimeAsync(100_000);
    for (const subject of ["first", "second"]) {
      answerWrongly(challenge.id);
      suspicions.fail(NO_REASON, { subject }, challenge);
    }
    await jest.advanceTimersByTimeAsync(199_999);
    expect(told).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(told).toEqual([abandonedBy("first")]);
    await jest.advanceTimersByTimeAsync(AN_HOUR);
    expect(told).toHaveLength(1);
  });

  test.each<[string, (s: ReturnType<typeof start>, id: string) => void]>([
    [
      "was answered here",
      ({ suspicions }, id) => {
        suspicions.settle(id);
      },
    ],
    ["was answered elsewhere", (s, id) => s.counters.step([s.attempts.claim(id)])],
    [
      "was used up elsewhere, which told of it",
      ({ answerWrongly }, id) => {
        for (let each = 0; each < 5; each += 1) answerWrongly(id);
      },
    ],
    [
      "is waited for no more: the app is closed",
      ({ suspicions }) => {
        suspicions.close();
      },
    ],
  ])("is not told of where it %s", async (_what, act) => {
    const s = start();
    const [one, other] = [s.challengeFor(), s.challengeFor("bob")];
    s.answerWrongly(one.id);
    s.suspicions.fail(NO_REASON, { subject: "ann" }, one);
    act(s, one.id);
    await jest.advanceTimersByTimeAsync(300_000);
    expect(s.told).toEqual([]);
    s.suspicions.fail(NO_REASON, { subject: "bob" }, { ...other, expiresAt: Date.now() + 1000 });
    await jest.advanceTimersByTimeAsync(1000);
    expect(s.told).toEqual([abandonedBy("bob")]);
  });

  test("is told of by one process of those that share their counters", async () => {
    const here = start();
    const there = start(undefined, here.counters);
    const challenge = here.challengeFor();
    for (const { suspicions } of [here, there]) {
      suspicions.fail(NO_REASON, { subject: "ann" }, challenge);
    }
    await jest.advanceTimersByTimeAsync(300_000);
    expect([...here.told, ...there.told]).toEqual([abandonedBy("ann")]);
  });

  test("is nobody's to warn where a number is all that is known", async () => {
    const { suspicions, told, challengeFor } = start("from-request");
    suspicions.fail(NO_REASON, { subject: ANN }, challengeFor(ANN));
    suspicions.fail({ ...NO_REASON, isExhausted: true }, { subject: ANN }, challengeFor(ANN));
    await jest.advanceTimersByTimeAsync(AN_HOUR);
    expect(told).toEqual([]);
  });

  test("is waited for with ten thousand others at the most", () => {
    const { suspicions, challengeFor } = start();
    const challenge = challengeFor();
    for (let each = 0; each < 10_001; each += 1) {
      suspicions.fail(NO_REASON, {}, { ...challenge, id: String(each) });
    }
    expect(jest.getTimerCount()).toBe(10_000);
    suspicions.close();
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe("a wrong recovery code that no right code followed", () => {
  test("is told of as long after it as a code lives, once", async () => {
    const { suspicions, told, fail } = start();
    fail();
    for (const subject of ["first", "second"]) {
      suspicions.failRecovery(NO_REASON, { subject }, "ann");
    }
    await jest.advanceTimersByTimeAsync(299_999);
    expect(told).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(told).toEqual([abandonedBy("first")]);
  });

  test("is told of for each user who had one", async () => {
    const { suspicions, told, fail } = start();
    for (const subject of ["ann", "bob"]) {
      fail(subject);
      suspicions.failRecovery(NO_REASON, { subject }, subject);
    }
    await jest.advanceTimersByTimeAsync(300_000);
    expect(told).toEqual([abandonedBy("ann"), abandonedBy("bob")]);
  });

  test("is not told of where a right one has cleared the row meanwhile", async () => {
    const { suspicions, told, fail, refusalOf } = start();
    fail();
    suspicions.failRecovery(NO_REASON, { subject: "ann" }, "ann");
    refusalOf("ann", { clears: true });
    await jest.advanceTimersByTimeAsync(300_000);
    expect(told).toEqual([]);
  });

  test("is told of by one process of those that share their counters", async () => {
    const here = start();
    const there = start(undefined, here.counters);
    here.fail();
    for (const { suspicions } of [here, there]) {
      suspicions.failRecovery(NO_REASON, { subject: "ann" }, "ann");
    }
    await jest.advanceTimersByTimeAsync(300_000);
    expect([...here.told, ...there.told]).toEqual([abandonedBy("ann")]);
  });
});

test("a ledger that does not answer at the end of a challenge is no error of anybody's", async () => {
  const { suspicions, counters, told, challengeFor } = start();
  suspicions.fail(NO_REASON, { subject: "ann" }, challengeFor());
  suspicions.failRecovery(NO_REASON, { subject: "ann" }, "ann");
  jest.spyOn(counters.ledger, "step").mockRejectedValue(new Error("down"));
  await jest.advanceTimersByTimeAsync(300_000);
  expect(told).toEqual([]);
});
