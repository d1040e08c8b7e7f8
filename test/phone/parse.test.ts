/** Trunk zeros, dialling prefixes and missing plus signs lead to the number that was meant, or to none. */

import { serve } from "../fakes/app";
import { e164Of } from "./kit";

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
});

describe("a zero in brackets", () => {
  test.each([
    [undefined, "+229 (0)01 95 12 34 56", "+2290195123456"],
    [undefined, "+229 (0) 0195123456", "+2290195123456"],
    [undefined, "0082 (0)10 2000 0000", "+821020000000"],
    ["AD", "(0)312345", "+376312345"],
    ["AD", "( 0 )312345", "+376312345"],
    ["AD", "(  0  ) 312345", "+376312345"],
    ["US", "420 (0)601 123 456", "+420601123456"],
  ] as const)("with %s goes where no number begins with it: %s (B004)", (country, typed, e164) => {
    expect(e164Of(typed, country)).toBe(e164);
  });

  test.each(["+352 (0)650 955 333", "+39 (0)747 779785", "+670 (0)558 0225"])(
    "is refused where neither number is known: %s (B004)",
    (typed) => {
      expect(e164Of(typed)).toBeUndefined();
    },
  );

  test.each([
    [undefined, "+44 77009(0)00123"],
    [undefined, "+376 312 (0)345"],
    ["AD", "0376 (0) 312345"],
    ["BJ", "(0)0195123456"],
  ] as const)(
    "with %s counts where it stands inside the number, or may be half of 00: %s (B004)",
    (country, typed) => {
      expect(e164Of(typed, country)).toBeUndefined();
    },
  );

  test.each(["+39 (0)343 123456", "+39 (0)312 345 6789", "+39 0312 345 6789", "+247 0 40123"])(
    "that makes a landline of what is a mobile number without it is refused: %s (B004, B050)",
    (typed) => {
      expect(e164Of(typed)).toBeUndefined();
    },
  );
});

describe("a country code that an address book has put in front once more", () => {
  test.each([
    ["+376 376 312345", "+376312345"],
    ["+376 00376 312345", "+376312345"],
    ["+376 376 0312345", "+376312345"],
    ["+93 93 701234567", "+93701234567"],
    ["+57 57 0321 1234567", "+573211234567"],
    ["+420 420 0601 123 456", "+420601123456"],
  ])("goes: %s (C243)", (typed, e164) => {
    expect(e164Of(typed)).toBe(e164);
  });

  test.each(["+49 49 151 23456789", "+62 62 812345678", "+247 247 040123"])(
    "may be part of the number too, and then there are two: %s (C243)",
    (typed) => {
      expect(e164Of(typed)).toBeUndefined();
    },
  );
});

describe("the prefix by which a country dials abroad", () => {
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

  test("that are too few for it are no number of another country (B049, B053)", () => {
    expect(e164Of("61 00 00 12", "BJ")).toBeUndefined();
  });

  test("that are too many for it may be any country's (B053)", () => {
    expect(e164Of("447700900123", "US")).toBe("+447700900123");
    expect(e164Of("4200601123456", "US")).toBe("+420601123456");
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
    ["FR", "508 55 12 34", "+508551234"],
    ["RE", "06 12 34 56 78", "+33612345678"],
    ["GP", "06 92 12 34 56", "+262692123456"],
    ["BL", "06 92 12 34 56", "+262692123456"],
    ["MF", "06 92 12 34 56", "+262692123456"],
    ["YT", "06 90 00 12 34", "+590690001234"],
    ["RE", "05 96 60 12 34", "+596596601234"],
    ["MQ", "05 96 60 12 34", "+596596601234"],
    ["PM", "06 92 12 34 56", "+262692123456"],
    ["SM", "347 123 4567", "+393471234567"],
    ["PS", "050 234 5678", "+972502345678"],
    ["PS", "050 855 1234", "+972508551234"],
    ["VA", "5123 4567", "+37851234567"],
    ["IT", "5123 4567", "+37851234567"],
    ["IT", "0549 886377", "+390549886377"],
    ["SM", "0549 886377", "+3780549886377"],
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
    expect(e164Of("00 1 555 555 0123", "BR")).toBe("+15555550123");
    expect(e164Of("00 81 90 0000 0000", "BR")).toBe("+819000000000");
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

  test("may be one that is set aside for films and tests (C243)", () => {
    expect(e164Of("07700 900123", "GB")).toBe("+447700900123");
    expect(e164Of("06 39 98 12 34", "FR")).toBe("+33639981234");
    expect(e164Of("01632 960123", "GB")).toBe("+441632960123");
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
