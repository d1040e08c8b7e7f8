/** The challenge: what a new one holds, how long it is current, and what a store may give back as one. */

import fc from "fast-check";
import { isBound } from "../../lib/challenge/binding";
import {
  channelOf,
  isCurrent,
  isLive,
  isOnRecord,
  isOver,
  isWorthResending,
  keyOfChallenge,
  makeChallenge,
  readChallenge,
  type Challenge,
} from "../../lib/challenge/challenge";
import { readKeys } from "../../lib/crypto/keys";

const SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef";

const PHONE = "+12025550123";

const [KEY] = readKeys([SECRET]);

const CHALLENGE: Challenge = {
  id: "AAECAwQFBgcICQoLDA0ODw",
  subject: "ann",
  purpose: "",
  issuedAt: 1_700_000_000_000,
  expiresAt: 1_700_000_600_000,
  key: KEY.id,
  binding: "",
};

describe("a new challenge", () => {
  const ring = readKeys([SECRET, "f".repeat(48)]);
  const make = (keepPhone = false) =>
    makeChallenge(
      ring,
      { subject: "ann", phone: PHONE, description: "", purpose: "pay", ttlMs: 60_000, keepPhone },
      1000,
    );

  test("is of the newest key, begins at the given moment and has an id of 128 bits", () => {
    const challenge = make();
    expect(challenge).toMatchObject({
      issuedAt: 1000,
      expiresAt: 61_000,
      key: ring[0].id,
    });
    expect(Buffer.from(challenge.id, "base64url")).toHaveLength(16);
    expect(new Set(Array.from({ length: 100 }, () => make().id)).size).toBe(100);
    expect(keyOfChallenge(ring, challenge)).toBe(ring[0]);
    expect(keyOfChallenge(readKeys(["g".repeat(48)]), challenge)).toBeUndefined();
  });

  test("holds the number only where nobody else does", () => {
    expect(JSON.stringify(make())).not.toContain("2025550123");
    expect(make(true).phone).toBe(PHONE);
  });

  test("is bound to its subject and number", () => {
    expect(isBound(ring, make().binding, { subject: "ann", phone: PHONE, description: "" })).toBe(
      true,
    );
  });

  test("survives JSON as it is", () => {
    const described = { ...make(), text: "AAECAwQFBgcICQoLDA0ODw", channel: "call" } as const;
    for (const challenge of [make(), make(true), described, CHALLENGE]) {
      expect(readChallenge(JSON.parse(JSON.stringify(challenge)))).toStrictEqual(challenge);
    }
  });
});

test("a challenge is current from its issue to the last millisecond, and a minute before for other clocks (C207, R4)", () => {
  const at = (now: number) => isCurrent(CHALLENGE, now);
  expect(at(CHALLENGE.issuedAt)).toBe(true);
  expect(at(CHALLENGE.expiresAt - 1)).toBe(true);
  expect(at(CHALLENGE.expiresAt)).toBe(false);
  expect(at(CHALLENGE.issuedAt - 60_000)).toBe(true);
  expect(at(CHALLENGE.issuedAt - 60_001)).toBe(false);
});

test("a challenge is live for its subject and number alone, in time, under a secret in force (R4, R8)", () => {
  const ring = readKeys([SECRET]);
  const of = { subject: "ann", phone: PHONE, description: "" };
  const life = { purpose: "", ttlMs: 600_000, keepPhone: false };
  const begun = (at: number) => makeChallenge(ring, { ...of, ...life }, at);
  const now = Date.now();
  expect(isLive(ring, begun(now), of)).toBe(true);
  expect(isLive(ring, begun(now - 600_000), of)).toBe(false);
  expect(isLive(ring, begun(now + 3_600_000), of)).toBe(false);
  expect(isLive(ring, begun(now), { ...of, subject: "bob" })).toBe(false);
  expect(isLive(ring, begun(now), { ...of, phone: "+12025550124" })).toBe(false);
  expect(isLive(readKeys(["g".repeat(48)]), begun(now), of)).toBe(false);
});

test("a challenge is over for good with its last millisecond, and is on record while it names no number", () => {
  expect(isOver(CHALLENGE, CHALLENGE.expiresAt - 1)).toBe(false);
  expect(isOver(CHALLENGE, CHALLENGE.expiresAt)).toBe(true);
  expect(isOnRecord(CHALLENGE)).toBe(true);
  expect(isOnRecord({ ...CHALLENGE, phone: PHONE })).toBe(false);
});

test.each([
  [600, 90],
  [300, 90],
  [180, 90],
  [150, 75],
  [120, 60],
  [100, 60],
  [60, 60],
])(
  "of a life of %d seconds, %d must be left for the same code to be worth sending again (C206)",
  (life, rest) => {
    const issuedAt = 1_700_000_000_000;
    const challenge = { issuedAt, expiresAt: issuedAt + life * 1000 };
    const latest = issuedAt + (life - rest) * 1000;
    expect(isWorthResending(challenge, latest)).toBe(true);
    expect(isWorthResending(challenge, latest + 1)).toBe(false);
  },
);

describe("what a store gives back", () => {
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "x"],
    ["an array", [CHALLENGE]],
    ["an inherited challenge", Object.create(CHALLENGE)],
    ["an id that is a number", { ...CHALLENGE, id: 1 }],
    ["no subject", { ...CHALLENGE, subject: undefined }],
    ["an expiry that is a text", { ...CHALLENGE, expiresAt: "1700000600000" }],
    ["no expiry", { ...CHALLENGE, expiresAt: undefined }],
    ["a NaN", { ...CHALLENGE, expiresAt: NaN }],
    ["a life of no time", { ...CHALLENGE, expiresAt: CHALLENGE.issuedAt }],
    ["a life beyond ten minutes", { ...CHALLENGE, expiresAt: CHALLENGE.expiresAt + 1 }],
    ["a number that is none", { ...CHALLENGE, phone: 1 }],
    ["a null for a number", { ...CHALLENGE, phone: null }],
    ["a channel that is none", { ...CHALLENGE, channel: "fax" }],
    ["a null for a channel", { ...CHALLENGE, channel: null }],
    ["channels in a list", { ...CHALLENGE, channel: ["call"] }],
    ["a number for its text", { ...CHALLENGE, text: 1 }],
    ["no binding", { ...CHALLENGE, binding: undefined }],
    ["no secret's name", { ...CHALLENGE, key: 5 }],
    ["a beginning that is a fraction", { ...CHALLENGE, issuedAt: 1.5 }],
  ])("is no challenge where it is %s (B062, R55)", (_what, value) => {
    expect(readChallenge(value)).toBeUndefined();
  });

  test("is a text's where it says nothing of a channel, as an older version wrote it", () => {
    expect(channelOf(readChallenge(CHALLENGE) ?? {})).toBe("sms");
    expect(channelOf(readChallenge({ ...CHALLENGE, channel: "call" }) ?? {})).toBe("call");
  });

  test("is read without what does not belong to it", () => {
    const more = { ...CHALLENGE, verified: true };
    expect(readChallenge(more)).toStrictEqual(CHALLENGE);
  });

  test("never makes the reading throw", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(readChallenge(value)).toBeUndefined();
      }),
    );
  });
});
