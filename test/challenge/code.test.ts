/** A submitted code: read in every keyboard's spelling, and nothing else taken for one. */

import fc from "fast-check";
import { readCode } from "../../lib/challenge/code";

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
    expect(readCode(" ".repeat(5_000_000), 6)).toEqual({ kind: "malformed" });
  });
});
