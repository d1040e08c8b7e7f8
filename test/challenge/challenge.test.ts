/** The challenge: codes that no refactor may change, that are uniform, and that are read forgivingly. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { bind, isBound } from "../../lib/challenge/binding";
import {
  isCurrent,
  keyOfChallenge,
  makeChallenge,
  readChallenge,
  type Challenge,
} from "../../lib/challenge/challenge";
import { deriveCode, isCodeOf } from "../../lib/challenge/code";
import { readKeys } from "../../lib/crypto/keys";
import { isSame, mac } from "../../lib/crypto/mac";

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

const derive = (change: Partial<Challenge> = {}, phone = PHONE, digits = 6) =>
  deriveCode(KEY, { ...CHALLENGE, ...change }, phone, digits);

describe("the derivation is fixed: codes that are on their way stay right over a release", () => {
  test("of the key's id, of codes and of bindings", () => {
    expect(KEY.id).toBe("FnvPl6UEE-Iw");
    expect(derive()).toBe("819116");
    expect(derive({}, PHONE, 10)).toBe("9725819116");
    expect(derive({ purpose: "transfer" })).toBe("469119");
    expect(bind(KEY, "ann", PHONE)).toBe("enJdLkT3cM3KKC3V4OJXEGL9ydWz8Gi9fJFVpxZCOUs");
    expect(mac(KEY.counter, ["user", "ann"]).toString("base64url").slice(0, 22)).toBe(
      "e6IrlzBF7iV8FJvbcXyfzB",
    );
  });
});

const id = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString("base64url"));

test("a code is always so many digits (B071, R1)", () => {
  fc.assert(
    fc.property(id, fc.string(), fc.integer({ min: 6, max: 10 }), (name, subject, digits) => {
      const code = derive({ id: name, subject }, PHONE, digits);
      expect(code).toMatch(new RegExp(`^\\d{${digits}}$`));
    }),
  );
});

test("200 000 codes are uniform over 000000 to 999999, one in ten with a leading zero (B007, B071, R1)", () => {
  const count = 200_000;
  const codes = Array.from({ length: count }, (_, index) => derive({ id: `id${index}` }));
  expect(codes.filter((code) => !/^\d{6}$/.test(code))).toEqual([]);
  // Four standard deviations, and the ids are fixed. The statistic's mean is one less than the buckets
  // there are, and its variance twice as much.
  const deviation = (read: (code: string) => string, buckets: number) => {
    const seen = new Map<string, number>();
    for (const code of codes) seen.set(read(code), (seen.get(read(code)) ?? 0) + 1);
    const squares = [...seen.values()].reduce((sum, each) => sum + each ** 2, 0);
    const chiSquared = (squares * buckets) / count - count;
    return Math.abs(chiSquared - (buckets - 1)) / Math.sqrt(2 * (buckets - 1));
  };
  expect(deviation((code) => code, 1_000_000)).toBeLessThan(4);
  for (const at of [0, 1, 2, 3, 4, 5]) {
    expect(deviation((code) => code.charAt(at), 10)).toBeLessThan(4);
  }
  expect(deviation((code) => code.slice(0, 3), 1000)).toBeLessThan(4);
  expect(deviation((code) => code.slice(3), 1000)).toBeLessThan(4);
  const zeros = codes.filter((code) => code.startsWith("0")).length;
  expect(Math.abs(zeros - count / 10)).toBeLessThan(4 * Math.sqrt(count * 0.09));
});

test("nothing in the package is left to Math.random (R1)", () => {
  const lib = join(__dirname, "..", "lib");
  const files = readdirSync(lib, { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => file.endsWith(".ts"));
  expect(sources).toContain("challenge.ts");
  const random = sources.filter((file) =>
    readFileSync(join(lib, file), "utf8").includes("Math.random"),
  );
  expect(random).toEqual([]);
});

test("a changed id, subject, number, purpose or expiry has another code, at every length of digits (R8)", () => {
  const codes = [
    derive({}, PHONE, 10),
    derive({ id: "AAECAwQFBgcICQoLDA0ODx" }, PHONE, 10),
    derive({ subject: "bob" }, PHONE, 10),
    derive({}, "+12025550188", 10),
    derive({ purpose: "pay" }, PHONE, 10),
    derive({ expiresAt: 1_700_000_600_001 }, PHONE, 10),
  ];
  expect(new Set(codes).size).toBe(codes.length);
});

test("what does not belong to the proof leaves the code: a resend repeats it (R7)", () => {
  expect(derive({ binding: "y", issuedAt: 5 })).toBe(derive());
});

test("no two lists of fields are one input, wherever their borders lie", () => {
  const field = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom('"', ",", "\\", "[", "a") }),
  );
  const fields = fc.array(field, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fields, fields, (a, b) => {
      const isEqual = JSON.stringify(a) === JSON.stringify(b);
      expect(mac(KEY.code, a).equals(mac(KEY.code, b))).toBe(isEqual);
    }),
  );
  expect(mac(KEY.code, ["a", "bc"]).equals(mac(KEY.code, ["ab", "c"]))).toBe(false);
  expect(mac(KEY.code, ["1"]).equals(mac(KEY.code, [1]))).toBe(false);
});

test("two texts of any lengths compare without a throw (B070, R10)", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      expect(isSame(KEY.code, a, b)).toBe(a === b);
      expect(isCodeOf(KEY, CHALLENGE, PHONE, 6, a)).toBe(a === derive());
    }),
  );
  expect(isCodeOf(KEY, CHALLENGE, PHONE, 6, derive())).toBe(true);
});

describe("keys", () => {
  test("of each use differ, and follow the secret", () => {
    const [other] = readKeys(["f".repeat(48)]);
    const all = [KEY.code, KEY.binding, KEY.counter, other.code, other.binding, other.counter];
    expect(new Set(all.map((key) => key.toString("hex"))).size).toBe(6);
    expect(KEY.id).not.toBe(other.id);
    expect(SECRET).not.toContain(KEY.id);
  });

  test("that make codes follow the process too where one is named, and bindings do not", () => {
    const [a] = readKeys([SECRET], Buffer.from("a"));
    const [b] = readKeys([SECRET], Buffer.from("b"));
    expect(a.code.equals(b.code)).toBe(false);
    expect(a.id).not.toBe(b.id);
    expect(a.binding.equals(b.binding)).toBe(true);
    expect(a.counter.equals(b.counter)).toBe(true);
  });
});

describe("a new challenge", () => {
  const ring = readKeys([SECRET, "f".repeat(48)]);
  const make = (keepPhone = false) =>
    makeChallenge(
      ring,
      { subject: "ann", phone: PHONE, purpose: "pay", ttlMs: 60_000, keepPhone },
      1000,
    );

  test("is of the newest key, begins at the given moment and has an id of 128 bits", () => {
    const challenge = make();
    expect(challenge).toMatchObject({
      issuedAt: 1000,
      expiresAt: 61_000,
      key: ring[0].id,
      texts: [],
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

  test("is bound to subject and number under any key in force", () => {
    const { binding } = make();
    expect(isBound(ring, binding, "ann", PHONE)).toBe(true);
    expect(isBound(readKeys(["n".repeat(48), SECRET]), binding, "ann", PHONE)).toBe(true);
    expect(isBound(readKeys(["n".repeat(48)]), binding, "ann", PHONE)).toBe(false);
    expect(isBound(ring, binding, "bob", PHONE)).toBe(false);
    expect(isBound(ring, binding, "ann", "+12025550188")).toBe(false);
    expect(isBound(ring, "", "ann", PHONE)).toBe(false);
  });

  test("survives JSON as it is", () => {
    for (const challenge of [make(), make(true), CHALLENGE]) {
      expect(readChallenge(JSON.parse(JSON.stringify(challenge)))).toEqual(challenge);
    }
  });
});

test("a challenge is current from its issue to the last millisecond, and some seconds before for other clocks (R4)", () => {
  const at = (now: number) => isCurrent(CHALLENGE, now);
  expect(at(CHALLENGE.issuedAt)).toBe(true);
  expect(at(CHALLENGE.expiresAt - 1)).toBe(true);
  expect(at(CHALLENGE.expiresAt)).toBe(false);
  expect(at(CHALLENGE.issuedAt - 5000)).toBe(true);
  expect(at(CHALLENGE.issuedAt - 5001)).toBe(false);
});

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
    ["no list of texts", { ...CHALLENGE, texts: undefined }],
    ["a text without a time", { ...CHALLENGE, texts: [{ network: "n", until: 1 }] }],
    ["a text that nobody paid for", { ...CHALLENGE, texts: [{ at: 1, network: 2, until: 1 }] }],
    ["a text without an end", { ...CHALLENGE, texts: [{ at: 1, network: "n" }] }],
  ])("is no challenge where it is %s (B062, R55)", (_what, value) => {
    expect(readChallenge(value)).toBeUndefined();
  });

  test("is read without what does not belong to it", () => {
    const more = { ...CHALLENGE, verified: true };
    expect(readChallenge(more)).toEqual(CHALLENGE);
  });

  test("never makes the reading throw", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(readChallenge(value)).toBeUndefined();
      }),
    );
  });
});
