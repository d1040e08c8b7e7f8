/** Every country's mobile number, and slips of the hand in it: read as itself, or as no stranger's. */

import fc from "fast-check";
import { getCountryCallingCode, isValidPhoneNumber } from "libphonenumber-js/max";
import type { CountryCode } from "../../lib/phone/phone";
import { e164Of, KNOWN } from "./kit";

describe("a zero behind the country code", () => {
  test("makes no other number in any country, save a known one that begins with it (B003, B050)", () => {
    let found = 0;
    for (const { e164, code, national } of KNOWN) {
      const typed = `+${code}0${national}`;
      const read = e164Of(typed);
      if (read === e164) found += 1;
      else if (read !== undefined) expect(isValidPhoneNumber(typed)).toBe(true);
    }
    expect(found).toBeGreaterThan(230);
  });
});

describe("the prefix by which a country dials abroad", () => {
  // Those that are more than "00", and "00" itself.
  const PREFIXES: [CountryCode, string[]][] = [
    ["HK", ["001", "00"]],
    ["SG", ["001", "002", "00"]],
    ["KR", ["001", "002", "00700", "00"]],
    ["TH", ["001", "00"]],
    ["ID", ["008", "00"]],
    ["BR", ["0014", "0021", "00"]],
    ["AU", ["0011", "00"]],
    ["CO", ["009", "00"]],
    ["JP", ["010", "00"]],
    ["US", ["011", "00"]],
    ["RU", ["810", "00"]],
    ["GB", ["00"]],
  ];

  test("is never taken for a part of another number (B005)", () => {
    for (const [country, prefixes] of PREFIXES) {
      for (const prefix of prefixes) {
        const read = KNOWN.map(({ e164 }) => e164Of(prefix + e164.slice(1), country) ?? "none");
        const others = read.filter((each, at) => each !== "none" && each !== KNOWN[at]?.e164);
        expect({ country, prefix, others }).toEqual({ country, prefix, others: [] });
        expect(read.filter((each) => each === "none").length).toBeLessThan(45);
      }
    }
  });
});

describe("digits without a plus, where a default country is set", () => {
  test("are its own number with or without its country code (B053)", () => {
    for (const { country, e164, national } of KNOWN) {
      expect(e164Of(e164.slice(1), country)).toBe(e164);
      expect(e164Of(national, country)).toBe(e164);
    }
  });

  test("that are too few for it are no number of another country, unless a known one (B049, B053)", () => {
    for (const { country, national } of KNOWN) {
      for (const digits of [1, 2, 3]) {
        const typed = national.slice(0, -digits);
        const read = e164Of(typed, country);
        if (read === undefined || read.startsWith(`+${getCountryCallingCode(country)}`)) continue;
        expect(read).toBe(`+${typed}`);
        expect(isValidPhoneNumber(read)).toBe(true);
      }
    }
  });

  test("that are too many for it may be any country's (B053)", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KNOWN), ({ e164 }) => {
        if (e164.length > 12) expect(e164Of(e164.slice(1), "US")).toBe(e164);
      }),
    );
  });
});

describe("a national number in no known range of its country", () => {
  test("never becomes a number behind a foreign code, by any digits (C243)", () => {
    const written = fc.tuple(fc.constantFrom(...KNOWN), fc.stringMatching(/^[1-9]\d{9}$/));
    fc.assert(
      fc.property(
        written,
        fc.constantFrom("", "0"),
        ([{ country, code, national }, digits], zero) => {
          const read = e164Of(zero + digits.slice(0, national.length), country);
          const isSlip = read === undefined || read.startsWith(`+${code}`);
          if (!isSlip) expect(isValidPhoneNumber(read)).toBe(true);
          if (!isSlip && zero === "")
            expect(read.endsWith(digits.slice(0, national.length))).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
