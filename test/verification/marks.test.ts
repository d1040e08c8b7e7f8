/** Marks: for whom, how long and how often one passes, how it is dropped, and what a proof leaves as one. */

import { ENROLMENT, makeChallenge } from "../../lib/challenge/challenge";
import { readKeys } from "../../lib/crypto/keys";
import { GuardedLedger } from "../../lib/ledger/guarded";
import { note, type Entry } from "../../lib/ledger/ledger";
import { memoryLedger } from "../../lib/ledger/memory";
import { CounterNames } from "../../lib/limits/counter-names";
import { Lockout } from "../../lib/limits/lockout";
import type { Mark } from "../../lib/session/state";
import { distinct, Marks, type Demand } from "../../lib/verification/marks";
import { Standings } from "../../lib/verification/standing";
import { fakeDate, pass } from "../fakes/clock";

const OLDER = "o".repeat(48);
const NEWER = "n".repeat(48);
const ANN = { subject: "ann", phone: "+12025550123", description: "" };
const PURPOSES = new Map([
  ["pay", { describe: undefined, isOnce: true }],
  ["address", { describe: undefined, isOnce: false }],
]);

/** The marks of an app, its ledger, and what switches a user's factor off. */
function setUp(secrets: [string, ...string[]] = [NEWER], isUserKnown = true) {
  const keys = readKeys(secrets);
  const ledger = new GuardedLedger(memoryLedger(), { space: "", life: 660_000 });
  const limits = { failures: { max: 10, window: 600 }, consecutiveFailures: 50 };
  const user = isUserKnown ? () => ({ id: "ann" }) : "from-request";
  const lockout = new Lockout({ limits, user } as never, new CounterNames(keys, "", false));
  const marks = new Marks(keys, ledger, { lockout, purposes: PURPOSES });
  const put = (entries: readonly Entry[]) => ledger.step({ entries });
  /** A proof, and what it leaves in the ledger. */
  const prove = (
    id: string,
    { purpose = "", ...of }: Partial<typeof ANN & { purpose: string }> = {},
  ) => {
    void put(marks.note(id, purpose));
    return marks.makeOther({ ...ANN, ...of, shown: undefined }, { id, purpose, amr: ["hwk"] });
  };
  return { keys, ledger, lockout, marks, put, prove };
}

const demand = (kept: Mark[], more: Partial<Demand> = {}): Demand => ({
  ...ANN,
  marks: kept,
  purpose: "",
  maxAge: 600,
  ...more,
});

const carried = (mark: Mark, carriedBy: string): Mark => ({ ...mark, carriedBy });

describe("a mark", () => {
  test("passes for its subject, number, purpose and description, and for no other", async () => {
    const { marks, prove } = setUp();
    const plain = prove("p1");
    const described = prove("p2", { purpose: "address", description: "Main Street 1" });
    const kept = [prove("p3", { subject: "joe" }), plain, described];
    expect(await marks.find(demand(kept))).toBe(plain);
    const address = { purpose: "address", description: "Main Street 1" };
    expect(await marks.find(demand(kept, address))).toBe(described);
    for (const other of [
      { subject: "bob" },
      { phone: "+12025550188" },
      { phone: "" },
      { purpose: "pay" },
      { description: "Main Street 1" },
      { ...address, description: "Main Street 2" },
      { purpose: "address" },
    ]) {
      expect([other, await marks.find(demand(kept, other))]).toEqual([other, undefined]);
      expect([other, await marks.use({}, demand(kept, other))]).toEqual([other, undefined]);
    }
    expect(await marks.find(demand([]))).toBeUndefined();
  });

  test("passes until its age is reached, and a minute early for other servers' clocks (C207)", async () => {
    fakeDate();
    const { marks, prove } = setUp();
    const kept = [prove("p1")];
    const passes = async () => (await marks.find(demand(kept, { maxAge: 600 }))) !== undefined;
    pass(599.999);
    expect(await passes()).toBe(true);
    pass(0.001);
    expect(await passes()).toBe(false);
    pass(-660);
    expect(await passes()).toBe(true);
    pass(-0.001);
    expect(await passes()).toBe(false);
  });

  test("of an older secret passes while that is in force, and no longer", async () => {
    const kept = [setUp([OLDER]).prove("p1")];
    expect(await setUp([NEWER, OLDER]).marks.find(demand(kept))).toBe(kept[0]);
    expect(await setUp([NEWER]).marks.find(demand(kept))).toBeUndefined();
  });

  test("good for many requests passes again and again, and is never spent", async () => {
    const { marks, prove } = setUp();
    const kept = [prove("p1")];
    const req = {};
    for (const each of [req, req, {}, {}]) {
      expect(await marks.use(each, demand(kept))).toEqual({ isSpent: false });
    }
    expect(await marks.find(demand(kept))).toBe(kept[0]);
  });
});

describe("a mark that is good once", () => {
  const PAY = { purpose: "pay" };

  test("is spent by the first request, passes that one again, and is found by no other (R124)", async () => {
    const { marks, prove } = setUp();
    const kept = [prove("p1", PAY)];
    const req = {};
    expect(await marks.find(demand(kept, PAY))).toBe(kept[0]);
    expect(await marks.use(req, demand(kept, PAY))).toEqual({ isSpent: true });
    expect(await marks.use(req, demand(kept, PAY))).toEqual({ isSpent: false });
    expect(await marks.use({}, demand(kept, PAY))).toBeUndefined();
    expect(await marks.find(demand(kept, PAY))).toBeUndefined();
  });

  test("is spent for itself: a request that has spent one spends the next, and passes by both", async () => {
    const { marks, prove } = setUp();
    const req = {};
    const one = demand([prove("p1", PAY)], PAY);
    const two = demand([prove("p2", PAY)], PAY);
    expect(await marks.use(req, one)).toEqual({ isSpent: true });
    expect(await marks.use(req, two)).toEqual({ isSpent: true });
    expect([await marks.use(req, one), await marks.use(req, two)]).toEqual([
      { isSpent: false },
      { isSpent: false },
    ]);
  });

  test("passes nobody where the ledger does not know it: it may have been spent", async () => {
    const { prove } = setUp();
    const emptied = setUp();
    const kept = [prove("p1", PAY)];
    expect(await emptied.marks.find(demand(kept, PAY))).toBeUndefined();
    expect(await emptied.marks.use({}, demand(kept, PAY))).toBeUndefined();
  });

  test("is known to the ledger, and one that is good for many needs not be", () => {
    const { marks } = setUp();
    expect(marks.note("p1", "pay")).toHaveLength(1);
    expect(["", "address", "other"].flatMap((purpose) => marks.note("p1", purpose))).toEqual([]);
  });

  test("which has ended in one session is not spent by it, so that it passes once where it was carried to", async () => {
    const { marks, put, prove } = setUp();
    const left = prove("p1", PAY);
    void put(marks.endAll([left]));
    expect(await marks.use({}, demand([left], PAY))).toBeUndefined();
    const here = carried(left, "p2");
    expect(await marks.use({}, demand([here], PAY))).toEqual({ isSpent: true });
    expect(await marks.use({}, demand([carried(left, "p3")], PAY))).toBeUndefined();
  });
});

describe.each(["address", "pay"])("a mark for %j that has ended passes nobody", (purpose) => {
  const asked = { purpose };
  const passes = async (marks: Marks, mark: Mark) => {
    const found = await marks.find(demand([mark], asked));
    const used = await marks.use({}, demand([mark], asked));
    expect(used !== undefined).toBe(found !== undefined);
    return found !== undefined;
  };

  test("where it stood when its session was renewed, and the copies go on that others carry", async () => {
    const { marks, put, prove } = setUp();
    const mark = prove("p1", asked);
    void put(marks.endAll([mark, carried(prove("p2", asked), "p3")]));
    expect(await passes(marks, mark)).toBe(false);
    expect(await passes(marks, carried(mark, "p3"))).toBe(false);
    expect(await passes(marks, carried(mark, "p4"))).toBe(true);
  });

  test("wherever it was carried to, once it was dropped (R60)", async () => {
    const { marks, put, prove } = setUp();
    const mark = prove("p1", asked);
    void put(marks.drop(mark));
    expect(await passes(marks, mark)).toBe(false);
    expect(await passes(marks, carried(mark, "p2"))).toBe(false);
    expect(await passes(marks, prove("p3", asked))).toBe(true);
  });

  test("once a copy of it was dropped, there and in every other (R60)", async () => {
    const { marks, put, prove } = setUp();
    const mark = prove("p1", asked);
    void put(marks.drop(carried(mark, "p2")));
    expect(await passes(marks, carried(mark, "p2"))).toBe(false);
    expect(await passes(marks, carried(mark, "p3"))).toBe(false);
  });

  test("while support has switched the user's factor off, and passes again after", async () => {
    const { marks, put, prove, lockout } = setUp();
    const mark = prove("p1", asked);
    const copy = carried(mark, "p2");
    void put(lockout.switchOff("ann"));
    expect([await marks.isOff("ann"), await marks.isOff("bob")]).toEqual([true, false]);
    expect([await passes(marks, mark), await passes(marks, copy)]).toEqual([false, false]);
    void put(lockout.switchOn("ann"));
    expect(await marks.isOff("ann")).toBe(false);
    expect(await passes(marks, mark)).toBe(true);
  });
});

test("a number that anybody may name is switched off by nobody", async () => {
  const { marks } = setUp([NEWER], false);
  expect(await marks.isOff("+12025550123")).toBe(false);
});

test("marks that one proof has carried end in one line of the ledger, and others in one each", () => {
  const { marks, prove } = setUp();
  const both = [carried(prove("p1"), "p3"), carried(prove("p2", { purpose: "address" }), "p3")];
  expect(marks.endAll(both)).toHaveLength(1);
  expect(marks.endAll([...both, prove("p4")])).toHaveLength(2);
  expect(marks.endAll([])).toEqual([]);
});

test("marks that have ended may end again, as by a parallel request of the same session", async () => {
  const { marks, put, prove } = setUp();
  const ended = marks.endAll([prove("p1")]);
  expect([await put(ended), await put(ended)]).toMatchObject([{ status: "ok" }, { status: "ok" }]);
});

test("whether a mark holds is told by the step that reads how it stands", async () => {
  const { marks, put, prove } = setUp();
  const mark = prove("p1");
  const { entries, isHeld } = marks.standing(mark);
  const holds = async () => isHeld(await put(entries));
  expect(await holds()).toBe(true);
  void put(marks.drop(mark));
  expect(await holds()).toBe(false);
});

test("what the ledger knows of marks keeps its names over a release, and so they stay dropped and spent", () => {
  const { lockout, marks, prove } = setUp();
  const mark = carried(prove("p1", { purpose: "pay" }), "p2");
  const spending = new Standings(lockout, PURPOSES).spending(mark).entries;
  const named = [
    ...marks.note("p1", "pay"),
    ...marks.endAll([mark]),
    ...marks.drop(mark),
    ...spending,
  ];
  expect(new Set(named.map(({ scope, field }) => `${field} ${scope}`))).toEqual(
    new Set(["made p1", "renewed p2", "dropped p1", "spent p1", "off row:ann"]),
  );
  expect(marks.proofIds("session-1")).toEqual(["jYCEpxKAZgyURR-Tj0qy7M8tz7RkU5_264YkyC6wyQk"]);
});

test("a step names each counter once, by scope and field", () => {
  const of = (scope: string, field: string) => note(scope, field, 1000);
  const entries = [of("a", "x"), of("a", "y"), of("b", "x"), of("a", "x")];
  expect(distinct(entries).map(({ scope, field }) => scope + field)).toEqual(["ax", "ay", "bx"]);
});

describe("the name of a proof without a code", () => {
  test("is another for another session, and tells nothing of its id", () => {
    const { marks } = setUp();
    const [one] = marks.proofIds("session-1");
    expect(marks.proofIds("session-1")).toEqual([one]);
    expect(marks.proofIds("session-2")).not.toEqual([one]);
    expect(one).toMatch(/^[\w-]{43}$/);
    expect(one).not.toContain("session");
  });

  test("is told under each secret in force, the newest first", () => {
    const names = (secrets: [string, ...string[]]) => setUp(secrets).marks.proofIds("s");
    expect(names([NEWER, OLDER])).toEqual([...names([NEWER]), ...names([OLDER])]);
    expect(new Set(names([NEWER, OLDER])).size).toBe(2);
  });
});

describe("what a proof leaves", () => {
  const NOW = 1_700_000_000_000;

  beforeEach(() => {
    fakeDate();
    jest.setSystemTime(NOW);
  });

  const answered = (purpose: string, keepPhone: boolean, shown?: string) => {
    const { keys, marks } = setUp([NEWER, OLDER]);
    const challenge = makeChallenge(keys, { ...ANN, purpose, ttlMs: 600_000, keepPhone }, NOW);
    const { id, issuedAt, expiresAt, key } = challenge;
    const mark = marks.make({ ...ANN, shown }, challenge, ["otp", "sms"]);
    return { mark, own: { id, issuedAt, expiresAt, key }, binding: mark.binding };
  };
  const MADE = { subject: "ann", purpose: "", amr: ["otp", "sms"], at: NOW };

  test("by a code is a mark of its purpose, which knows the challenge", () => {
    const { mark, own, binding } = answered("address", false);
    expect(mark).toStrictEqual({ ...MADE, purpose: "address", binding, answered: own });
  });

  test("by a code to a number that no record holds keeps the number, and how it is shown", () => {
    const { mark, own, binding } = answered("", true, "••••23");
    const more = { phone: ANN.phone, shown: "••••23" };
    expect(mark).toStrictEqual({ ...MADE, binding, answered: own, ...more });
  });

  test("by the code that puts a number on record is a mark of the plain factor, and knows what it was", () => {
    const { mark, own, binding } = answered(ENROLMENT, true);
    expect(mark).toStrictEqual({ ...MADE, binding, answered: { ...own, purpose: ENROLMENT } });
  });

  test("by another proof is a mark under the newest secret, named by its proof", async () => {
    const { marks } = setUp([NEWER, OLDER]);
    const proof = { id: "p1", purpose: "address", amr: ["hwk"] };
    const mark = marks.makeOther({ ...ANN, shown: undefined }, proof);
    const { binding } = mark;
    const made = { ...MADE, purpose: "address", amr: ["hwk"], binding, answered: { id: "p1" } };
    expect(mark).toStrictEqual(made);
    expect(marks.makeOther({ ...ANN, shown: "••••23" }, proof)).toStrictEqual({
      ...made,
      shown: "••••23",
    });
    const newest = setUp([NEWER]).marks;
    expect(await newest.find(demand([mark], { purpose: "address" }))).toBe(mark);
  });
});
