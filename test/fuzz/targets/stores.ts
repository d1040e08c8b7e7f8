/** What stores give back: ledger answers, records and sessions, tampered with or of another version. */

import fc from "fast-check";
import { bind, isBound } from "../../../lib/challenge/binding";
import { isCurrent } from "../../../lib/challenge/challenge";
import { readKeys } from "../../../lib/crypto/keys";
import { GuardedLedger, type StepOutcome } from "../../../lib/ledger/guarded";
import {
  check,
  note,
  peek,
  set,
  take,
  type CounterStore,
  type StepAnswer,
} from "../../../lib/ledger/ledger";
import { postgresCounters } from "../../../lib/ledger/postgres";
import { redisCounters } from "../../../lib/ledger/redis";
import { TwoFactorError } from "../../../lib/outcome/errors";
import { postgresRecords } from "../../../lib/records/postgres";
import { RecordKeys } from "../../../lib/records/record-keys";
import type { RememberedBrowser } from "../../../lib/records/records";
import { redisRecords } from "../../../lib/records/redis";
import { RecoveryCodes } from "../../../lib/recovery/recovery-codes";
import { BrowserRecords } from "../../../lib/remembered/browser-records";
import { readToken } from "../../../lib/remembered/rotation";
import { packState, readMarks, readState } from "../../../lib/session/state";
import { seldom, textsLike } from "../mutations";
import { grafted, graftsOf, materialise, oddJson } from "../odd-values";
import { hold, target } from "../target";

const ENTRIES = [
  take("a", "sends", 5, 1000),
  check("a", "failures", 10),
  note("b", "seen", 0),
  peek("c", "proved"),
  set("d", "delivery", 2, 1000),
];
const GOOD = {
  status: "ok",
  counts: ENTRIES.map(({ op }) => ({ count: op === "peek" ? 0 : 1, waitMs: 1000, isFull: false })),
};
const FULL = {
  status: "full",
  counts: GOOD.counts.map((each, at) => ({
    ...each,
    isFull: at === 0,
    count: at === 0 ? 5 : each.count,
  })),
};
const WIRE = [
  "ok",
  "1",
  "1000",
  "0",
  "1",
  "1000",
  "0",
  "1",
  "-1",
  "0",
  "0",
  "0",
  "0",
  "2",
  "1000",
  "0",
];

/** A client or pool that gives one answer, whatever it is asked. */
function redisThatTells(answer: unknown): never {
  const tell = () => Promise.resolve(answer);
  return { defineCommand: () => undefined, evalsha: tell, eval: tell } as never;
}

function poolThatTells(rows: unknown): never {
  return { totalCount: 1, query: () => Promise.resolve({ rows, rowCount: 1 }) } as never;
}

/** What a ledger makes of a store, or nothing where it is refused. */
async function stepped(store: CounterStore): Promise<StepOutcome | undefined> {
  // A life of nothing, so that nothing is undone later.
  const ledger = new GuardedLedger(store, { space: "s", life: 0 });
  try {
    return await ledger.step({ entries: ENTRIES, record: "r", mode: "open" });
  } catch (error) {
    hold(
      error instanceof TwoFactorError && error.code === "unavailable",
      "an odd answer is unavailable",
    );
    return undefined;
  } finally {
    void ledger.close();
  }
}

/** One that was applied before (`again`) tells how things stand now. */
function holdOutcome(outcome: StepOutcome | undefined, isAgain = false): void {
  if (outcome === undefined || outcome.status === "gone") return;
  hold(outcome.counts.length === ENTRIES.length, "each entry has a count");
  for (const { count, waitMs, isFull } of outcome.counts) {
    hold(
      Number.isSafeInteger(count) && count >= 0 && waitMs >= 0 && typeof isFull === "boolean",
      "a count is a number of things",
    );
  }
  const [taken, checked] = outcome.counts;
  if (outcome.status === "ok" && !isAgain) {
    hold(
      taken !== undefined && taken.count >= 1 && taken.count <= 5,
      "what was taken is within its limit",
    );
    hold(checked !== undefined && checked.count < 10, "what was checked is below its limit");
  }
  if (outcome.status === "full") {
    hold(taken?.isFull === true || checked?.isFull === true, "what is full says where");
  }
}

const ledger = target({
  name: "ledger-answer",
  share: 60_000,
  inputs: fc.record({
    base: fc.constantFrom(GOOD, FULL).map((each) => JSON.stringify(each)),
    grafts: graftsOf(["status", "counts", "count", "waitMs", "isFull"]),
    words: fc.array(
      seldom(
        textsLike(["0", "1", "-1", "ok", "full", "again", "gone", "undone", "1e309", "null", ""]),
        6,
      ),
      { maxLength: 18 },
    ),
  }),
  check: async ({ base, grafts, words }) => {
    const text = grafted(base, grafts);
    const told = materialise(text) as StepAnswer;
    const isAgain = text.includes("again") || words.some((word) => word?.includes("again"));
    holdOutcome(await stepped({ step: () => told }), isAgain);
    const wire = WIRE.map((word, at) => words[at] ?? word);
    holdOutcome(await stepped(redisCounters(redisThatTells(told))), isAgain);
    holdOutcome(await stepped(redisCounters(redisThatTells(wire))), isAgain);
    holdOutcome(await stepped(postgresCounters(poolThatTells([[wire.join(",")]]))), isAgain);
    holdOutcome(await stepped(postgresCounters(poolThatTells([told]))), isAgain);
  },
});

const NOW = 1_900_000_000_000;
const BROWSER: RememberedBrowser = {
  id: "AAAAAAAAAAAAAAAAAAAAAA",
  userId: "BBBBBBBBBBBBBBBBBBBBBB",
  digest: "D".repeat(43),
  previousDigest: "P".repeat(43),
  graceUntil: NOW + 1000,
  binding: "CCCCCCCCCCCCCCCCCCCCCC",
  label: "Firefox on Linux",
  createdAt: NOW - 1000,
  lastUsedAt: NOW - 1000,
  expiresAt: NOW + 1_000_000,
};
const ROW = [
  BROWSER.userId,
  BROWSER.id,
  BROWSER.digest,
  BROWSER.previousDigest,
  String(NOW),
  BROWSER.binding,
  BROWSER.label,
  String(NOW),
  String(NOW),
  String(NOW),
];
const PACKED = `${BROWSER.digest} ${BROWSER.previousDigest ?? ""} ${NOW} ${NOW} ${NOW} ${JSON.stringify({ id: BROWSER.id, userId: BROWSER.userId, binding: BROWSER.binding, label: BROWSER.label, createdAt: NOW })}`;

async function orUnavailable<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    hold(
      error instanceof TwoFactorError && error.code === "unavailable",
      "an odd record is unavailable",
    );
    return undefined;
  }
}

function holdBrowser(found: RememberedBrowser | null | undefined): void {
  if (found === null || found === undefined) return;
  const {
    id,
    userId,
    digest,
    previousDigest,
    binding,
    label,
    graceUntil,
    createdAt,
    lastUsedAt,
    expiresAt,
  } = found;
  hold(id === BROWSER.id && userId === BROWSER.userId, "a record is the one that was asked for");
  hold(
    [digest, binding, label].every((each) => typeof each === "string"),
    "a record has texts",
  );
  hold([graceUntil, createdAt, lastUsedAt, expiresAt].every(Number.isFinite), "a record has times");
  const { isGood } = readToken(found, BROWSER.digest, NOW);
  hold(
    !isGood || BROWSER.digest === digest || BROWSER.digest === previousDigest,
    "only a token whose digest is there is good",
  );
}

const browsers = target({
  name: "browser-record",
  share: 40_000,
  inputs: fc.record({
    grafts: graftsOf(Object.keys(BROWSER)),
    packed: textsLike([PACKED, PACKED.replace("{", ""), ""]),
  }),
  check: async ({ grafts, packed }) => {
    const tampered = materialise(grafted(JSON.stringify(BROWSER), grafts));
    const row = materialise(grafted(JSON.stringify(ROW), grafts));
    const stores = [
      { find: () => tampered, list: () => [tampered] },
      redisRecords(redisThatTells(packed)),
      redisRecords(redisThatTells([packed])),
      redisRecords(redisThatTells(tampered)),
      postgresRecords(poolThatTells([row])),
    ];
    for (const store of stores) {
      const records = new BrowserRecords(store as never, () => undefined);
      holdBrowser(await orUnavailable(records.find(BROWSER.userId, BROWSER.id)));
      const all = await orUnavailable(records.list(BROWSER.userId));
      hold(all === undefined || Array.isArray(all), "a list is a list");
      const isChanged = await orUnavailable(records.remove(BROWSER.userId, BROWSER.id));
      hold([undefined, true, false].includes(isChanged), "removed, or not");
    }
  },
});

const KEYS = readKeys(["0123456789abcdef0123456789abcdef"]);

const recovery = target({
  name: "recovery-record",
  share: 20_000,
  inputs: fc.record({ answer: oddJson(["rowCount", "length"]) }),
  check: async ({ answer }) => {
    const told = materialise(answer);
    const store = { spend: () => told, count: () => told, replace: () => told };
    const codes = new RecoveryCodes(store as never, new RecordKeys(KEYS, ""), () => undefined);
    const isSpent = await orUnavailable(codes.spend("ann", "7KQ2M9XD40TRVB8N"));
    hold(isSpent !== true || told === true, "only what is exactly true spends a code");
    const left = await orUnavailable(codes.left("ann"));
    hold(
      left === undefined || (Number.isSafeInteger(left) && left >= 0),
      "what is left is a count",
    );
  },
});

const BOUND = { subject: "ann", phone: "+12025550123", description: "" };
const CHALLENGE = {
  id: BROWSER.id,
  subject: "ann",
  purpose: "",
  issuedAt: NOW,
  expiresAt: NOW + 600_000,
  key: "k",
  binding: bind(KEYS[0], BOUND),
  channel: "call",
  text: "t",
};
const MARK = {
  subject: "ann",
  purpose: "",
  binding: CHALLENGE.binding,
  amr: ["otp", "sms"],
  at: NOW,
  answered: { id: "i", issuedAt: NOW, expiresAt: NOW + 600_000, key: "k" },
  carriedBy: "c",
};
const STATES = [
  { challenges: [CHALLENGE], marks: [MARK], unanswered: { count: 1, at: NOW } },
  {
    challenges: [
      CHALLENGE,
      { ...CHALLENGE, purpose: "pay" },
      { ...CHALLENGE, purpose: "settings", phone: "+12025550188" },
    ],
  },
  {
    marks: [
      { ...MARK, answered: { id: "i" } },
      { ...MARK, purpose: "pay", phone: "+12025550123", shown: "••••23" },
    ],
  },
  // Of other versions, and of other libraries.
  { verified: true, at: NOW },
  { challenge: CHALLENGE, mark: MARK },
  {},
].map((each) => JSON.stringify(each));

const state = target({
  name: "session-state",
  share: 80_000,
  inputs: fc.record({
    base: fc.constantFrom(...STATES),
    grafts: graftsOf([
      ...Object.keys(CHALLENGE),
      ...Object.keys(MARK),
      "challenges",
      "marks",
      "unanswered",
      "count",
    ]),
  }),
  check: ({ base, grafts }) => {
    const kept = materialise(grafted(base, grafts));
    const read = readState(kept);
    const again = readState(packState(read));
    hold(JSON.stringify(again) === JSON.stringify(read), "a state reads as it was packed");
    hold(JSON.stringify(readMarks(kept)) === JSON.stringify(read.marks), "marks read alike alone");
    hold(read.challenges.length <= 4, "so many challenges are open at most");
    for (const challenge of read.challenges) {
      const { issuedAt, expiresAt, binding } = challenge;
      hold(
        expiresAt > issuedAt && expiresAt - issuedAt <= 600_000,
        "a challenge has ten minutes at most",
      );
      hold(typeof isCurrent(challenge, NOW) === "boolean", "a challenge is current or not");
      hold(
        isBound(KEYS, binding, BOUND) === (binding === CHALLENGE.binding),
        "only its own binding binds",
      );
    }
    for (const { subject, purpose, amr } of read.marks) {
      hold(
        [subject, purpose, ...amr].every((each) => typeof each === "string"),
        "a mark has texts",
      );
    }
  },
});

export const STORE_TARGETS = [ledger, browsers, recovery, state];
