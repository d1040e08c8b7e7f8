/** The state in a session: what is kept of challenges and marks, and what a changed store gives back of them. */

import { ENROLMENT, type Challenge } from "../../lib/challenge/challenge";
import {
  isChallenge,
  packState,
  readMarks,
  readState,
  withChallenge,
  withMark,
  withoutChallenges,
  type AnsweredChallenge,
  type Mark,
  type SessionState,
} from "../../lib/session/state";

const NOW = 1_700_000_000_000;

const CHALLENGE: Challenge = {
  id: "c1",
  subject: "ann",
  purpose: "",
  issuedAt: NOW,
  expiresAt: NOW + 600_000,
  key: "k",
  binding: "b",
};

const ANSWERED: AnsweredChallenge = {
  id: "c0",
  issuedAt: NOW - 60_000,
  expiresAt: NOW + 540_000,
  key: "k",
};

const MARK: Mark = {
  subject: "ann",
  purpose: "",
  binding: "b",
  amr: ["sms"],
  at: NOW,
  answered: ANSWERED,
};

const EMPTY: SessionState = { challenges: [], marks: [] };

const challenge = (more: Partial<Challenge>): Challenge => ({ ...CHALLENGE, ...more });
const mark = (more: Partial<Mark>): Mark => ({ ...MARK, ...more });
const idsOf = (list: readonly { id: string }[]) => list.map(({ id }) => id);
const purposesOf = (list: readonly { purpose: string }[]) => list.map(({ purpose }) => purpose);

describe("a challenge that is put into the state", () => {
  test("takes the place of its purpose's, as the newest, and leaves the rest as it is", () => {
    const pay = challenge({ id: "c2", purpose: "pay" });
    const unanswered = { count: 2, at: NOW };
    const before = { challenges: [CHALLENGE, pay], marks: [MARK], unanswered };
    const newer = challenge({ id: "c3" });
    expect(withChallenge(before, newer)).toStrictEqual({ ...before, challenges: [pay, newer] });
  });

  test("is one of four at most: a fifth purpose drops the oldest", () => {
    const purposes = ["", "pay", "address", "email", "close"];
    const state = purposes.reduce(
      (before, purpose) => withChallenge(before, challenge({ id: purpose, purpose })),
      EMPTY,
    );
    expect(purposesOf(state.challenges)).toEqual(["pay", "address", "email", "close"]);
  });
});

test("challenges that have ended leave the state, each by its id, and no other does", () => {
  const of = ["c1", "c2", "c3", "c4"].map((id) => challenge({ id, purpose: id }));
  const state = { challenges: of, marks: [MARK], unanswered: { count: 1, at: NOW } };
  const left = withoutChallenges(state, [{ id: "c1" }, { id: "c3" }, { id: "other" }]);
  expect(left).toStrictEqual({ ...state, challenges: [of[1], of[3]] });
  expect(withoutChallenges(state, [])).toStrictEqual(state);
});

describe("a mark that is put into the state", () => {
  const others = [
    mark({ purpose: "pay", answered: { ...ANSWERED, id: "paid" } }),
    mark({ purpose: "", answered: { ...ANSWERED, id: "older" } }),
    mark({ purpose: "pay", subject: "joe", answered: { ...ANSWERED, id: "joe's" } }),
  ];

  test("takes the place of its purpose's, and carries the subject's others on under its own name", () => {
    const { marks } = withMark({ challenges: [], marks: others }, MARK);
    expect(marks).toStrictEqual([{ ...others[0], carriedBy: ANSWERED.id }, MARK]);
  });

  test("of another subject ends all that was proved before", () => {
    const joe = mark({ subject: "joe", purpose: "address" });
    const { marks } = withMark({ challenges: [], marks: [MARK] }, joe);
    expect(marks).toStrictEqual([joe]);
  });

  test("ends the challenge of its own subject and purpose, and leaves those of another purpose or subject open", () => {
    const challenges = [
      challenge({ id: "own" }),
      challenge({ id: "pay", purpose: "pay" }),
      challenge({ id: "joe", subject: "joe" }),
    ];
    expect(idsOf(withMark({ challenges, marks: [] }, MARK).challenges)).toEqual(["pay", "joe"]);
  });

  test("by a code forgets the texts without an answer, and by another proof keeps their count", () => {
    const state = { ...EMPTY, unanswered: { count: 3, at: NOW } };
    expect(withMark(state, MARK)).toStrictEqual({ challenges: [], marks: [MARK] });
    const other = mark({ answered: { id: "p1" } });
    expect(withMark(state, other)).toStrictEqual({ ...state, marks: [other] });
  });

  test("of a new number ends every mark and challenge of the number before", () => {
    const proved = mark({ answered: { ...ANSWERED, purpose: ENROLMENT } });
    const challenges = [challenge({ id: "pay", purpose: "pay" })];
    expect(withMark({ challenges, marks: others }, proved)).toStrictEqual({
      challenges: [],
      marks: [proved],
    });
  });

  test("of another challenge that names its purpose ends no more than its own", () => {
    const proved = mark({ answered: { ...ANSWERED, purpose: "address" } });
    const { marks } = withMark({ challenges: [], marks: others }, proved);
    expect(purposesOf(marks)).toEqual(["pay", ""]);
  });
});

test("a proof without a code is told from the code of a challenge", () => {
  expect(isChallenge(ANSWERED)).toBe(true);
  expect(isChallenge({ id: "p1" })).toBe(false);
});

describe("what is kept", () => {
  const full: SessionState = {
    challenges: [CHALLENGE, challenge({ id: "c2", purpose: "pay", phone: "+12025550123" })],
    marks: [
      mark({ phone: "+12025550123", shown: "••••23", carriedBy: "c9" }),
      mark({ purpose: "pay", answered: { id: "p1" }, amr: [] }),
      mark({ purpose: "address", answered: { ...ANSWERED, purpose: ENROLMENT }, at: 0 }),
    ],
    unanswered: { count: 0, at: 0 },
  };

  test.each<[string, SessionState]>([
    ["everything", full],
    ["challenges alone", { ...EMPTY, challenges: full.challenges }],
    ["marks alone", { ...EMPTY, marks: full.marks }],
    ["unanswered texts alone", { ...EMPTY, unanswered: { count: 2, at: NOW } }],
  ])("is read from a store's JSON as it was: %s", (_what, state) => {
    const kept = JSON.parse(JSON.stringify(packState(state))) as unknown;
    expect(readState(kept)).toStrictEqual(state);
    expect(readMarks(kept)).toStrictEqual(state.marks);
  });

  test("is nothing where there is nothing, and holds no empty lists", () => {
    expect(packState(EMPTY)).toBeUndefined();
    expect(packState({ ...EMPTY, marks: [MARK] })).toStrictEqual({ marks: [MARK] });
    expect(packState({ ...EMPTY, challenges: [CHALLENGE] })).toStrictEqual({
      challenges: [CHALLENGE],
    });
  });
});

describe("what a store gives back", () => {
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "marks"],
    ["an array", [MARK]],
    ["texts in place of lists", { challenges: "c", marks: "m", unanswered: "u" }],
    ["records in place of lists", { challenges: CHALLENGE, marks: MARK }],
    ["lists of nothing", { challenges: [null, undefined, 1], marks: [null, undefined, "m"] }],
    ["what is inherited", Object.create({ challenges: [CHALLENGE], marks: [MARK] })],
  ])("is an empty state where it is %s (B062, R55)", (_what, value) => {
    expect(readState(value)).toStrictEqual(EMPTY);
  });

  test.each<[string, object]>([
    ["no subject", { subject: undefined }],
    ["a subject that is a number", { subject: 7 }],
    ["no purpose", { purpose: undefined }],
    ["a purpose that is null", { purpose: null }],
    ["no binding", { binding: undefined }],
    ["a binding in a list", { binding: ["b"] }],
    ["no time", { at: undefined }],
    ["a time before 1970", { at: -1 }],
    ["a time that is a fraction", { at: 1.5 }],
    ["a time that is a text", { at: String(NOW) }],
    ["a time beyond what is counted exactly", { at: 2 ** 53 }],
    ["no methods", { amr: undefined }],
    ["methods that are one text", { amr: "sms" }],
    ["a method that is no text", { amr: ["sms", 1] }],
    ["a number that is no text", { phone: 12025550123 }],
    ["a null for a number", { phone: null }],
    ["a carrier that is no text", { carriedBy: 1 }],
    ["a null for a carrier", { carriedBy: null }],
    ["no answer", { answered: undefined }],
    ["an answer that is a text", { answered: "c0" }],
    ["an answer without an id", { answered: { ...ANSWERED, id: undefined } }],
    ["an answer whose id is a number", { answered: { id: 1 } }],
    ["an answer whose key is a number", { answered: { ...ANSWERED, key: 1 } }],
    ["an answer whose key is null", { answered: { ...ANSWERED, key: null } }],
    ["an answer that began never", { answered: { ...ANSWERED, issuedAt: undefined } }],
    [
      "an answer that began before 1970",
      { answered: { ...ANSWERED, issuedAt: -1000, expiresAt: 1000 } },
    ],
    ["an answer that ends never", { answered: { ...ANSWERED, expiresAt: undefined } }],
    [
      "an answer that ends at a text",
      { answered: { ...ANSWERED, expiresAt: String(ANSWERED.expiresAt) } },
    ],
    ["an answer of no life", { answered: { ...ANSWERED, expiresAt: ANSWERED.issuedAt } }],
    [
      "an answer that lives beyond ten minutes",
      { answered: { ...ANSWERED, expiresAt: ANSWERED.issuedAt + 600_001 } },
    ],
    ["an answer whose purpose is no text", { answered: { ...ANSWERED, purpose: 1 } }],
    ["an answer whose purpose is null", { answered: { ...ANSWERED, purpose: null } }],
  ])("is no mark where it has %s, and the mark beside it stays (B062, R55)", (_what, change) => {
    const beside = mark({ purpose: "pay" });
    const kept = { marks: [{ ...MARK, ...change }, beside] };
    expect(readState(kept).marks).toStrictEqual([beside]);
    expect(readMarks(kept)).toStrictEqual([beside]);
  });

  test.each([
    ["what no mark has", { ...MARK, verified: true }],
    ["what no answer has", { ...MARK, answered: { ...ANSWERED, subject: "ann", code: "1" } }],
    ["how a subject is shown, where that is no text", { ...MARK, shown: 7 }],
  ])("is read without %s", (_what, kept) => {
    expect(readState({ marks: [kept] })).toStrictEqual({ challenges: [], marks: [MARK] });
  });

  test("holds the newest four challenges, whatever more was put there, and none that is broken", () => {
    const many = [1, 2, 3, 4, 5, 6].map((each) =>
      challenge({ id: `c${each}`, purpose: `p${each}` }),
    );
    expect(idsOf(readState({ challenges: many }).challenges)).toEqual(["c3", "c4", "c5", "c6"]);
    const broken = [many[0], { ...CHALLENGE, expiresAt: null }, many[1]];
    expect(idsOf(readState({ challenges: broken }).challenges)).toEqual(["c1", "c2"]);
  });

  test.each([
    ["no count", { at: NOW }],
    ["no time", { count: 1 }],
    ["a count below nothing", { count: -1, at: NOW }],
    ["a count that is a text", { count: "1", at: NOW }],
    ["a time that is a fraction", { count: 1, at: 0.5 }],
    ["a time that is null", { count: 1, at: null }],
  ])("tells of no unanswered texts where they have %s", (_what, unanswered) => {
    expect(readState({ unanswered })).toStrictEqual(EMPTY);
  });
});
