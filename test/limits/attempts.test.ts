/** What bounds the answers to one challenge: attempts, a single use, and its end at log-out. */

import { countOf } from "../../lib/ledger/guarded";
import {
  Attempts,
  drop,
  lifeOf,
  MARGIN_MS,
  MARK_LIFE_MS,
  peekDropped,
} from "../../lib/limits/attempts";
import { LONGEST_MARK } from "../../lib/options/guard-settings";
import { fakeDate, pass } from "../fakes/clock";
import { Counters } from "./kit";

beforeEach(fakeDate);

const start = (max = 3) => ({
  attempts: new Attempts({ max, life: lifeOf({ codeTtl: 600 }) }),
  counters: new Counters(),
});

test("what belongs to a challenge outlives its code by a minute", () => {
  expect(lifeOf({ codeTtl: 600 })).toBe(660_000);
  expect(MARGIN_MS).toBe(60_000);
  expect(MARK_LIFE_MS).toBe(LONGEST_MARK * 1000 + 60_000);
});

test("a challenge takes so many answers, and another has its own", () => {
  const { attempts, counters } = start();
  const answer = (id = "one") => counters.step([attempts.take(id)]).status;
  const mayBeSentAgain = (id = "one") => counters.step([attempts.check(id)]).status;
  expect([answer(), answer(), mayBeSentAgain(), answer()]).toEqual(["ok", "ok", "ok", "ok"]);
  expect([answer(), mayBeSentAgain()]).toEqual(["full", "full"]);
  expect([answer("two"), mayBeSentAgain("two")]).toEqual(["ok", "ok"]);
  expect([counters.count(attempts.peek("one")), counters.count(attempts.peek("two"))]).toEqual([
    3, 1,
  ]);
  pass(659.999);
  expect(answer()).toBe("full");
});

test("a challenge is used once, and its attempts are no use of it", () => {
  const { attempts, counters } = start();
  const unused = () => counters.step([attempts.checkUnused("one")]).status;
  counters.step([attempts.take("one")]);
  expect([unused(), counters.count(attempts.peekUsed("one"))]).toEqual(["ok", 0]);
  expect(counters.step([attempts.claim("one")]).status).toBe("ok");
  expect(counters.step([attempts.claim("one")]).status).toBe("full");
  expect([unused(), counters.count(attempts.peekUsed("one"))]).toEqual(["full", 1]);
  expect(counters.step([attempts.claim("two")]).status).toBe("ok");
  pass(659.999);
  expect(unused()).toBe("full");
});

test("a challenge that was dropped at log-out is refused as long as any mark of it could live", () => {
  const { attempts, counters } = start();
  const kept = (id = "one") => counters.step([attempts.checkKept(id)]).status;
  counters.step([attempts.take("one"), attempts.claim("one")]);
  expect([kept(), counters.count(peekDropped("one"))]).toEqual(["ok", 0]);
  const dropped = drop("one");
  expect(countOf(counters.step([dropped]), dropped).waitMs).toBe(MARK_LIFE_MS);
  expect([kept(), kept("two"), counters.count(peekDropped("one"))]).toEqual(["full", "ok", 1]);
  pass(LONGEST_MARK);
  expect(kept()).toBe("full");
});

test.each([
  [0, 3],
  [1, 2],
  [3, 0],
  [4, 0],
])("after %d of three answers %d are left", (count, left) => {
  expect(start().attempts.leftAfter(count)).toBe(left);
});
