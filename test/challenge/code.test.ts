/** The one-time code: derived so that no refactor may change it, uniform, and read as every keyboard writes it. */

import crypto from "crypto";
import fc from "fast-check";
import { deriveCode, isCodeOf, readCode, type CodeSource } from "../../lib/challenge/code";
import { readKeys } from "../../lib/crypto/keys";

const SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef";

const PHONE = "+12025550123";

const [KEY] = readKeys([SECRET]);

const SOURCE: CodeSource = {
  id: "AAECAwQFBgcICQoLDA0ODw",
  subject: "ann",
  purpose: "",
  expiresAt: 1_700_000_600_000,
};

const derive = (change: Partial<CodeSource> = {}, phone = PHONE, digits = 6) =>
  deriveCode(KEY, { ...SOURCE, ...change }, phone, digits);

describe("the derivation is fixed: codes that are on their way stay right over a release", () => {
  test("of codes", () => {
    expect(derive()).toBe("819116");
    expect(derive({}, PHONE, 10)).toBe("9725819116");
    expect(derive({ purpose: "transfer" })).toBe("469119");
    expect(derive({ purpose: "transfer", description: "pay 10.00 USD" })).toBe("558470");
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

test.each(["", "pay 10.00 USD to Bob"])(
  "a changed id, subject, number, purpose, expiry or description has another code, at every length of digits: of %j (R8)",
  (description) => {
    const codes = [
      derive({ description }, PHONE, 10),
      derive({ description, id: "AAECAwQFBgcICQoLDA0ODx" }, PHONE, 10),
      derive({ description, subject: "bob" }, PHONE, 10),
      derive({ description }, "+12025550188", 10),
      derive({ description, purpose: "pay" }, PHONE, 10),
      derive({ description, expiresAt: 1_700_000_600_001 }, PHONE, 10),
      derive({ description: "pay 11.00 USD to Bob" }, PHONE, 10),
    ];
    expect(new Set(codes).size).toBe(codes.length);
  },
);

test("what does not belong to the proof leaves the code: a resend repeats it (R7)", () => {
  expect(derive({ binding: "y", issuedAt: 5 } as object)).toBe(derive());
});

test("a submitted text of any length is compared without a throw (B070, R10)", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(isCodeOf(KEY, SOURCE, PHONE, 6, text)).toBe(text === derive());
    }),
  );
  expect(isCodeOf(KEY, SOURCE, PHONE, 6, derive())).toBe(true);
});

test("a code is compared in constant time, wherever it is wrong (R10)", () => {
  const compare = jest.spyOn(crypto, "timingSafeEqual");
  const right = derive();
  const wrong = [right.replace(/^./, otherDigit), right.replace(/.$/, otherDigit), "000000"];
  for (const code of [right, ...wrong]) {
    compare.mockClear();
    isCodeOf(KEY, SOURCE, PHONE, 6, code);
    expect(compare).toHaveBeenCalledTimes(1);
  }
  compare.mockRestore();
});

const otherDigit = (digit: string) => String((Number(digit) + 1) % 10);

describe("a submitted code", () => {
  const digits = fc.stringMatching(/^\d{6}$/);
  const noise = fc.stringMatching(
    /^[\u034f\u20e3\ufe0e\ufe0f \t\n\r\u00a0\u2003\u3000\u200b\u200e\u202d\u2068\ufeff\u2010-\u2015\u2212\u30fc\uff70-]{0,6}$/,
  );
  // The zeros of scripts that phones write.
  const zero = fc.constantFrom(0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x1040, 0xff10, 0x1d7d8);

  test("reads as its digits, whatever stands between them and in whatever script (B006, B031, R23)", () => {
    fc.assert(
      fc.property(
        digits,
        fc.array(noise, { minLength: 7, maxLength: 7 }),
        fc.array(zero, { minLength: 6, maxLength: 6 }),
        (code, gaps, zeros) => {
          const written = Array.from(code, (digit, at) =>
            String.fromCodePoint((zeros[at] ?? 0x30) + Number(digit)),
          );
          const input = gaps.map((gap, at) => gap + (written[at] ?? "")).join("");
          expect(readCode(input, 6)).toEqual({ kind: "code", code });
        },
      ),
    );
  });

  test("of another length is none (B070)", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,20}$/), (code) => {
        const kind = code.length === 6 ? "code" : "malformed";
        expect(readCode(code, 6).kind).toBe(kind);
      }),
    );
  });

  test.each([
    "123456abc",
    "a23456",
    "123456.0",
    "1.23456e5",
    "0x1E240",
    "+123456",
    "12345\u0000",
    "1,23456",
    "12:34:56",
  ])("%j is none (B065)", (input) => {
    expect(readCode(input, 6)).toEqual({ kind: "malformed" });
  });

  test.each(["", "   ", "\u200b", "--", "\n"])("%j is empty (B063)", (input) => {
    expect(readCode(input, 6)).toEqual({ kind: "empty" });
  });

  test("of any text is read without a throw, to six digits or to nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (input) => {
        const reading = readCode(input, 6);
        if (reading.kind === "code") expect(reading.code).toMatch(/^\d{6}$/);
      }),
    );
  });

  test("that is long is refused before any pattern sees it (B109)", () => {
    expect(readCode("1".repeat(65), 6)).toEqual({ kind: "malformed" });
    expect(readCode(" ".repeat(58) + "123456", 6)).toEqual({ kind: "code", code: "123456" });
    expect(readCode(" ".repeat(5_000_000), 6)).toEqual({ kind: "malformed" });
  });
});
