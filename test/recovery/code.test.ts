/** Recovery codes as people keep them: their strength, their look, and what is forgiven when they are typed. */

import fc from "fast-check";
import { makeRecoveryCode, readRecoveryCode } from "../../lib/recovery/code";

const made = Array.from({ length: 2000 }, makeRecoveryCode);

test("a code is sixteen signs of an alphabet without look-alikes, in four groups (R121)", () => {
  for (const code of made) {
    expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  }
});

test("codes are all different, and each sign at each place comes as often as any other (R121)", () => {
  expect(new Set(made).size).toBe(made.length);
  const signs = made.map((code) => code.replaceAll("-", ""));
  for (let place = 0; place < 16; place += 1) {
    const counts = new Map<string, number>();
    for (const code of signs) {
      const sign = code.charAt(place);
      counts.set(sign, (counts.get(sign) ?? 0) + 1);
    }
    expect(counts.size).toBe(32);
    // 62.5 on average; a fair one is this far off once in many millions of runs.
    for (const count of counts.values()) expect(count).toBeLessThan(125);
  }
});

test("a code reads as itself in any case, with other dashes, spaces and look-alikes", () => {
  const [code = ""] = made;
  const bare = code.replaceAll("-", "");
  const told = { kind: "code", code: bare };
  const typed = [
    code,
    bare,
    ` ${code.toLowerCase()} \n`,
    code.replaceAll("-", " – "),
    code.replaceAll("0", "o").replaceAll("1", "l"),
    code.replaceAll("0", "O").replaceAll("1", "I"),
    code.replaceAll("1", "i"),
    // Full-width, as some keyboards write, and a mark of direction that a copy brings along.
    `\u200f${bare.replace(/[A-Z0-9]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))}`,
  ];
  for (const each of typed) expect(readRecoveryCode(each)).toEqual(told);
});

test("every code reads as it was made", () => {
  for (const code of made) {
    expect(readRecoveryCode(code)).toEqual({ kind: "code", code: code.replaceAll("-", "") });
  }
});

test.each([
  ["", "empty"],
  [" - ", "empty"],
  ["123456", "malformed"],
  ["ABCD-EFGH-JKMN-PQR", "malformed"],
  ["ABCD-EFGH-JKMN-PQRSS", "malformed"],
  ["UUUU-UUUU-UUUU-UUUU", "malformed"],
  ["ABCD_EFGH_JKMN_PQRS", "malformed"],
  ["x".repeat(100_000), "malformed"],
])("%j is %s", (typed, kind) => {
  expect(readRecoveryCode(typed)).toEqual({ kind });
});

test("whatever is typed reads as one of three things, and as a code only in the alphabet", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (typed) => {
      const reading = readRecoveryCode(typed);
      if (reading.kind === "code") expect(reading.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
    }),
  );
});
