/** Whatever is typed: numbers in any dress, letters among them, and noise. */

import fc from "fast-check";
import { getCountries } from "libphonenumber-js/max";
import { maskPhone, readPhone } from "../../lib/phone/phone";
import { e164Of, inAnyScript, KNOWN } from "./kit";

const NUMBERS = KNOWN.map(({ e164 }) => e164);

describe("whatever is typed", () => {
  const separator = fc.constantFrom(
    "",
    "",
    " ",
    "-",
    ".",
    "/",
    "\u00a0",
    "\t",
    "\u2013",
    "\u2212",
    "\u00b7",
    "\u2022",
  );
  const mark = fc.constantFrom("", "", "\u200b", "\u200e", "\u202d", "\u2069", "\ufeff", "\ufe0f");
  const zero = fc.constantFrom(0x30, 0x660, 0x6f0, 0x966, 0xff10);
  const plus = fc.constantFrom("+", "\uff0b", "00", " ", "");

  test("a known number reads back to itself under any dress (B002, B005, B027, B029)", () => {
    const dressed = fc
      .constantFrom(...NUMBERS)
      .chain((e164) =>
        fc.tuple(
          fc.constant(e164),
          plus,
          zero,
          mark,
          fc.array(separator, { minLength: e164.length, maxLength: e164.length }),
        ),
      )
      .map(([e164, sign, script, invisible, gaps]) => ({
        e164,
        typed:
          sign +
          invisible +
          inAnyScript(script)(
            Array.from(e164.slice(1), (digit, at) => digit + (gaps[at] ?? "")).join(""),
          ) +
          invisible,
      }));
    fc.assert(
      fc.property(dressed, ({ e164, typed }) => {
        expect(e164Of(typed)).toBe(e164);
      }),
      { numRuns: 500 },
    );
  });

  test("reading never throws, gives E.164, and reads its own result as the same (R26)", () => {
    const numberLike = fc.string({
      unit: fc.constantFrom(...Array.from("0123456789+ -()./\u0663\uff10\u202d")),
      maxLength: 24,
    });
    const country = fc.option(fc.constantFrom(...getCountries()), { nil: undefined });
    const text = fc.oneof(numberLike, fc.string({ unit: "binary", maxLength: 80 }));
    fc.assert(
      fc.property(text, country, (typed, defaultCountry) => {
        const reading = readPhone(typed, defaultCountry);
        if (!reading.ok) return;
        expect(reading.phone.e164).toMatch(/^\+[1-9]\d{6,14}$/);
        expect(readPhone(reading.phone.e164)).toEqual(reading);
        expect(readPhone(reading.phone.e164, defaultCountry)).toEqual(reading);
      }),
      { numRuns: 5000 },
    );
  });

  test("an input with a letter in it is refused (B055)", () => {
    // The fillers of Hangul are letters that nobody sees, and a Japanese keyboard's hyphen counts as one.
    const letter = fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }).filter((text) => {
      return /\p{L}/u.test(text.replace(/[\p{DI}\u30fc\uff70]/gu, ""));
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...NUMBERS),
        fc.oneof(letter, fc.constantFrom("a", "x", "X", "e", "O", "l", "I")),
        fc.nat(16),
        (e164, unwanted, at) => {
          expect(e164Of(e164.slice(0, at) + unwanted + e164.slice(at))).toBeUndefined();
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a masked number tells two digits, and not even the length (R88)", () => {
    fc.assert(
      fc.property(fc.constantFrom(...NUMBERS), (e164) => {
        expect(maskPhone(e164)).toMatch(/^•{4}\d\d$/);
        expect(e164.endsWith(maskPhone(e164).slice(4))).toBe(true);
      }),
    );
  });
});
