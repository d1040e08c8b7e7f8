/** Trunk zeros, dialling prefixes and missing plus signs lead to the number that was meant, or to none. */

import fc from "fast-check";
import {
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  isValidPhoneNumber,
} from "libphonenumber-js/max";
import examples from "libphonenumber-js/examples.mobile.json";
import { readPhone, type CountryCode } from "../../lib/phone/phone";
import { serve } from "../fakes/app";

function e164Of(typed: string, defaultCountry?: CountryCode): string | undefined {
  const reading = readPhone(typed, defaultCountry);
  return reading.ok ? reading.phone.e164 : undefined;
}

/** One mobile number of every country, as its numbering plan has it. */
const KNOWN = getCountries().flatMap((country) => {
  const number = getExampleNumber(country, examples);
  if (number === undefined) return [];
  const { number: e164, countryCallingCode: code, nationalNumber: national } = number;
  return [{ country, e164, code, national }];
});

describe("a zero behind the country code", () => {
  test.each([
    ["+420 0 601 123 456", "+420601123456"],
    ["+420 0601123456", "+420601123456"],
    ["+48 0601 234 567", "+48601234567"],
    ["+34 0612 345 678", "+34612345678"],
    ["00351 0912345678", "+351912345678"],
    ["+852 0 9123 4567", "+85291234567"],
    ["+1 0 202 555 0123", "+12025550123"],
    ["+39 0347 123 4567", "+393471234567"],
  ])("goes where the country dials none: %s (B003)", (typed, e164) => {
    expect(e164Of(typed)).toBe(e164);
  });

  test.each([
    ["+39 0343 123456", "+390343123456"],
    ["+378 0549 886377", "+3780549886377"],
    ["+242 06 123 4567", "+242061234567"],
    ["+2250800000012", "+2250800000012"],
    ["+2290361000012", "+2290361000012"],
  ])("stays where it is part of the number: %s (B050)", (typed, e164) => {
    expect(e164Of(typed)).toBe(e164);
  });

  test.each(["+1 0 202 155 0123", "+34 0112 345 678"])(
    "in front of no known number makes none: %s (B003)",
    (typed) => {
      expect(e164Of(typed)).toBeUndefined();
    },
  );

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

  test.each([
    ["HK", "001 65 9123 4567", "+6591234567"],
    ["KR", "001-852-9123-4567", "+85291234567"],
    ["KR", "002 1 202 555 0123", "+12025550123"],
    ["TH", "001 44 7700 900123", "+447700900123"],
    ["AU", "0011 44 7700 900123", "+447700900123"],
    ["BR", "0014 1 202 555 0123", "+12025550123"],
    ["HK", "001 202 555 0123", "+12025550123"],
    ["SG", "0044 7700 900123", "+447700900123"],
    ["BR", "00224 601 12 34 56", "+224601123456"],
  ] as const)("%s, %s (B005)", (country, typed, e164) => {
    expect(e164Of(typed, country)).toBe(e164);
  });

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

  test("that may be two is refused: 0033 6 is France, or 003 and Hungary (B005)", () => {
    expect(e164Of("0033612345678", "SG")).toBeUndefined();
    expect(e164Of("0033612345678", "GB")).toBe("+33612345678");
    expect(e164Of("+33612345678", "SG")).toBe("+33612345678");
  });
});

describe("digits without a plus, where a default country is set", () => {
  test.each([
    ["DE", "4915123456789", "+4915123456789"],
    ["DE", "49 (0)151 23456789", "+4915123456789"],
    ["ID", "62812345678", "+62812345678"],
    ["IN", "9191234567", "+919191234567"],
    ["IT", "3934712345", "+393934712345"],
  ] as const)("%s, %s is one of its own (B053)", (country, typed, e164) => {
    expect(e164Of(typed, country)).toBe(e164);
  });

  test("are its own number with or without its country code (B053)", () => {
    for (const { country, e164, national } of KNOWN) {
      expect(e164Of(e164.slice(1), country)).toBe(e164);
      expect(e164Of(national, country)).toBe(e164);
    }
  });

  test("that are too few for it are no number of another country, unless a known one (B049, B053)", () => {
    expect(e164Of("61 00 00 12", "BJ")).toBeUndefined();
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
    expect(e164Of("447700900123", "US")).toBe("+447700900123");
    expect(e164Of("4200601123456", "US")).toBe("+420601123456");
    fc.assert(
      fc.property(fc.constantFrom(...KNOWN), ({ e164 }) => {
        if (e164.length > 12) expect(e164Of(e164.slice(1), "US")).toBe(e164);
      }),
    );
  });
});

describe("a national number in no known range of its country", () => {
  test.each([
    ["FR", "06 92 12 34 56", "+262692123456"],
    ["FR", "06 39 01 23 45", "+262639012345"],
    ["FR", "06 90 00 12 34", "+590690001234"],
    ["FR", "06 94 20 12 34", "+594694201234"],
    ["FR", "06 96 20 12 34", "+596696201234"],
    ["FR", "05 08 55 12 34", "+508551234"],
    ["FR", "05 96 60 12 34", "+596596601234"],
    ["RE", "06 12 34 56 78", "+33612345678"],
    ["RE", "05 96 60 12 34", "+596596601234"],
    ["MQ", "05 96 60 12 34", "+596596601234"],
    ["PM", "06 92 12 34 56", "+262692123456"],
    ["SM", "347 123 4567", "+393471234567"],
    ["PS", "050 234 5678", "+972502345678"],
    ["GB", "07781 123456", "+447781123456"],
    ["JE", "07400 123456", "+447400123456"],
    ["US", "876 555 0123", "+18765550123"],
  ] as const)("with %s, %s is read where the plan is shared: %s (C243)", (country, typed, e164) => {
    expect(e164Of(typed, country)).toBe(e164);
  });

  test.each([
    ["AR", "15 5744-7700"],
    ["VN", "0168 123 4567"],
    ["VN", "0120 123 4567"],
    ["FR", "06 91 12 34 56"],
    ["RE", "06 91 12 34 56"],
    ["MX", "044 55 1234 5678"],
    ["CI", "07 12 34 56"],
    ["US", "555 555 0123"],
    ["GB", "07000 123 45"],
  ] as const)(
    "with %s, %s is refused where no country of the plan has it (C243)",
    (country, typed) => {
      expect(e164Of(typed, country)).toBeUndefined();
    },
  );

  test("is refused with the neighbour's code missing, and behind the wrong one (C243)", () => {
    expect(e164Of("690001", "GP")).toBeUndefined();
    expect(e164Of("+33 692 12 34 56")).toBeUndefined();
    expect(e164Of("+33 692 12 34 56", "FR")).toBeUndefined();
    expect(e164Of("0033 692 12 34 56", "FR")).toBeUndefined();
    expect(e164Of("33692123456", "FR")).toBeUndefined();
  });

  test("passes behind a plus or 00, as ranges are assigned faster than tables know (R26, C243)", () => {
    expect(e164Of("+33 691 12 34 56", "FR")).toBe("+33691123456");
    expect(e164Of("0033 691 12 34 56", "FR")).toBe("+33691123456");
    expect(e164Of(" 33 691 12 34 56", "FR")).toBe("+33691123456");
    expect(e164Of("+1 555 555 0123", "US")).toBe("+15555550123");
    expect(e164Of("33 691 12 34 56")).toBe("+33691123456");
    expect(e164Of("1 555 555 0123", "US")).toBeUndefined();
  });

  test.each([
    ["BR", "48 69973-6049"],
    ["CN", "784 2125 4483"],
    ["US", "451 234 5678"],
    ["MR", "311282362"],
    ["LI", "530 500 0981"],
  ] as const)("with %s, %s is no number of another country (C243)", (country, typed) => {
    expect(e164Of(typed, country)).toBeUndefined();
  });

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

  test("may be one that is set aside for films and tests (C243)", () => {
    expect(e164Of("07700 900123", "GB")).toBe("+447700900123");
    expect(e164Of("06 39 98 12 34", "FR")).toBe("+33639981234");
  });
});

test("Brazil's mobile numbers of eight digits have the 9 that they were given (C268)", () => {
  expect(e164Of("+55 11 8765-4321")).toBe("+5511987654321");
  expect(e164Of("551187654321", "BR")).toBe("+5511987654321");
  expect(e164Of("(11) 8765-4321", "BR")).toBe("+5511987654321");
  expect(e164Of("(11) 98765-4321", "BR")).toBe("+5511987654321");
  expect(e164Of("+55 11 2345-6789")).toBe("+551123456789");
});

test.each([
  ["+420 0 601 123 456", "+420601123456", undefined],
  ["001 65 9123 4567", "+6591234567", "HK"],
  ["4915123456789", "+4915123456789", "DE"],
])(
  "asked for by HTTP, %s is texted at %s and answered by either (B003, B005, B053)",
  async (number, e164, defaultCountry) => {
    const countries = ["CZ", "SG", "DE", "US"];
    const s = await serve({ user: "from-request", options: { countries, defaultCountry } });
    const client = s.client();
    await client.ask({ number });
    expect(s.sent.map(({ to }) => to)).toEqual([e164]);
    expect((await client.answer("12", { number })).body).toMatchObject({ code: "wrong_code" });
    expect((await client.answer(s.lastCode(), { number: e164 })).status).toBe(200);
  },
);

test.each([
  [["FR", "RE"], 200, ["+262692123456"]],
  [["FR"], 403, []],
])("with %j served, Réunion's 06 92 answers %i (C243)", async (countries, status, texted) => {
  const s = await serve({ user: "from-request", options: { countries, defaultCountry: "FR" } });
  expect((await s.client().ask({ number: "06 92 12 34 56" })).status).toBe(status);
  expect(s.sent.map(({ to }) => to)).toEqual(texted);
});
