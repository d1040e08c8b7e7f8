/** Numbers are read in any spelling, told apart by country and kind, and never shown whole. */

import { getCountries, getExampleNumber } from "libphonenumber-js/max";
import examples from "libphonenumber-js/examples.mobile.json";
import {
  isAllowedCountry,
  isCountry,
  isTextable,
  lineOf,
  maskPhone,
  readPhone,
  type CountryCode,
  type Phone,
} from "../../lib/phone/phone";
import { asciiDigits } from "../../lib/std/typed-text";
import { inAnyScript, KNOWN } from "./kit";

function read(input: string, defaultCountry?: CountryCode): Phone {
  const reading = readPhone(input, defaultCountry);
  if (!reading.ok) throw new Error(`${JSON.stringify(input)} was refused`);
  return reading.phone;
}

const e164Of = (input: string, defaultCountry?: CountryCode) => read(input, defaultCountry).e164;
const isRead = (input: string, defaultCountry?: CountryCode) => readPhone(input, defaultCountry).ok;

describe("a number is one number in every spelling", () => {
  test.each([
    ["+1 (202) 555-0123", "+12025550123"],
    ["+1.202.555.0123", "+12025550123"],
    ["(+1) 202/555/0123", "+12025550123"],
    ["+1 202 555\u30fc0123", "+12025550123"],
    ["\uff0b\uff11 202\uff70555\uff5e0123", "+12025550123"],
    ["[+1] 202\u00a0555\u2011012\u22123", "+12025550123"],
    ["12025550123", "+12025550123"],
    ["  +12025550123\n", "+12025550123"],
    ["+1\t202\u3000555\u20130123", "+12025550123"],
    ["+91 98765 43210", "+919876543210"],
    ["+1 202\u00b7555\u00b70123", "+12025550123"],
    ["+1\u2022202\u2027555\u22190123", "+12025550123"],
    ["+1 202\u2043555\uff650123", "+12025550123"],
  ])("%j, its punctuation aside (B002, B110)", (typed, e164) => {
    expect(e164Of(typed)).toBe(e164);
  });

  test("a raw plus that form decoding made a space is a plus (B001)", () => {
    expect(e164Of(" 12025550123")).toBe("+12025550123");
    expect(e164Of(" 447700900123")).toBe("+447700900123");
    expect(e164Of(" 4792400123", "US")).toBe("+4792400123");
    expect(e164Of(" 2025550123", "US")).toBe("+12025550123");
  });

  test.each([
    ["+610491570006", "+61491570006"],
    ["+4407700900123", "+447700900123"],
    ["+44 07700 900123", "+447700900123"],
  ])("%s loses the trunk zero of its country (B003)", (typed, e164) => {
    expect(e164Of(typed)).toBe(e164);
  });

  test.each([
    ["+49 (0)171 3920012", "+491713920012"],
    ["+44 (0)7700 900123", "+447700900123"],
    ["+44(0) 7700 900123", "+447700900123"],
    ["0049 (0) 171 3920012", "+491713920012"],
    ["+48 (0)601 234 567", "+48601234567"],
    ["+34 ( 0 ) 612 345 678", "+34612345678"],
    ["+1 (0)202 555 0123", "+12025550123"],
  ])("%s loses a bracketed zero (B004)", (typed, e164) => {
    expect(e164Of(typed)).toBe(e164);
  });

  test.each(["+12025550123(0)", "+1 202 555 0123 (0)", "+1 202 555 0(0)123"])(
    "%s is not read without its bracketed zero, which is no trunk zero there (B004)",
    (typed) => {
      expect(readPhone(typed).ok).toBe(false);
    },
  );

  test.each([
    ["+225 07 00 00 00 12", "+2250700000012"],
    ["+225 (0)7 00 00 00 12", "+2250700000012"],
    ["+39 06 1234 5678", "+390612345678"],
    ["+39 (0)6 1234 5678", "+390612345678"],
  ])("%s keeps a zero that is part of it (B050)", (typed, e164) => {
    expect(e164Of(typed)).toBe(e164);
  });

  test.each([undefined, "GB", "US", "DE", "AU"] as const)(
    "00 is a plus, with %s as the default country (B005)",
    (country) => {
      expect(e164Of("0044 7700 900123", country)).toBe("+447700900123");
      expect(e164Of("00 44 (0)7700 900123", country)).toBe("+447700900123");
      expect(e164Of("+0044 7700 900123", country)).toBe("+447700900123");
      expect(isRead("000447700900123", country)).toBe(false);
    },
  );

  test("00 is a plus even where the digits make a number of the default country (B005)", () => {
    expect(e164Of("00224 601 12 34 56", "BR")).toBe("+224601123456");
  });

  test.each([
    "\u202d+12025550123\u202c",
    "\u2068+1 202-555-0123\u2069",
    "\u200b+12025550123",
    "\ufeff\u200e+1\u00ad2025550123\u200f",
    "+12025550123\ufe0f",
    "+1\u034f202\u180b555\u31640123",
    "+1\ufe0f\u20e3 202 555 012\ufe0f3\u20e3",
  ])("%j carries marks that nobody sees (B027)", (typed) => {
    expect(e164Of(typed)).toBe("+12025550123");
  });

  test.each([
    ["Arabic-Indic", 0x660],
    ["Persian", 0x6f0],
    ["Devanagari", 0x966],
    ["full-width", 0xff10],
    ["mathematical bold", 0x1d7ce],
  ])("%s digits are digits (B029)", (_script, zero) => {
    expect(e164Of(inAnyScript(zero)("+12025550123"))).toBe("+12025550123");
    expect(e164Of(inAnyScript(zero)("\uff0b1 202 555 0123"))).toBe("+12025550123");
  });

  test("every decimal digit of Unicode reads as its own value (B029)", () => {
    const numerals = Array.from({ length: 0x20000 }, (_, point) => String.fromCodePoint(point))
      .filter((character) => /^\p{Nd}$/u.test(character))
      .map(asciiDigits);
    expect(numerals.length).toBeGreaterThan(600);
    expect(numerals.join("")).toBe("0123456789".repeat(numerals.length / 10));
  });

  test("an international number stays itself whatever the default country (B053)", () => {
    expect(e164Of("+47 924 00 123", "US")).toBe("+4792400123");
    expect(e164Of("447700900123", "US")).toBe("+447700900123");
    expect(e164Of("011 44 7700 900123", "US")).toBe("+447700900123");
  });

  test("a national number is read with a default country alone (B053)", () => {
    expect(e164Of("2025550123", "US")).toBe("+12025550123");
    expect(e164Of("(202) 555-0123", "US")).toBe("+12025550123");
    expect(e164Of("1 202 555 0123", "US")).toBe("+12025550123");
    expect(e164Of("07700 900123", "GB")).toBe("+447700900123");
    expect(e164Of("06 1234 5678", "IT")).toBe("+390612345678");
    // 20 is Egypt's code, but the number is none of Egypt's and is one of Washington's.
    expect(isRead("2025550123")).toBe(false);
    expect(isRead("07700 900123")).toBe(false);
    expect(isRead("447700900123")).toBe(true);
  });
});

describe("a number is accepted for its length, not for a known range", () => {
  test.each(["+966579000123", "+16705550123", "+447700900123", "+442079460123", "+12025550123"])(
    "%s is read (B047, B048)",
    (e164) => {
      expect(e164Of(e164)).toBe(e164);
      expect(isTextable(read(e164))).toBe(true);
    },
  );

  test("Benin's numbers have ten digits, and its old ones aren't guessed at (B049)", () => {
    expect(e164Of("+229 01 61 00 00 12")).toBe("+2290161000012");
    expect(isRead("+22961000012")).toBe(false);
  });

  test("Mexico's old mobile prefix isn't a second identity (B051)", () => {
    expect(e164Of("+52 55 0000 0123")).toBe("+525500000123");
    expect(isRead("+52 1 55 0000 0123")).toBe(false);
  });
});

describe("what can't receive a text, or isn't one number, is refused", () => {
  test.each([
    "+1 202-555-0123 ext. 9",
    "+12025550123;ext=9",
    "+12025550123x9",
    "+12025550123 #9",
    "+12025550123,9",
  ])("%s has an extension (B054)", (typed) => {
    expect(isRead(typed)).toBe(false);
    expect(isRead(typed, "US")).toBe(false);
  });

  test.each([
    "+1 202-555-0123 (Axel)",
    "call me on +12025550123",
    "+120255a50123",
    "1-800-FLOWERS",
    "tel:+12025550123",
    "+12025550123 +12025550188",
    "+12025550123/12025550188",
    "1+2025550123",
    "++12025550123",
    "+",
    "()",
    "",
    " ",
  ])("%j isn't a number and nothing else (B055)", (typed) => {
    expect(isRead(typed)).toBe(false);
    expect(isRead(typed, "US")).toBe(false);
  });

  test.each(["911", "112", "999", "12345", "116123", "+911", "741741"])(
    "%s is a short code (B056)",
    (typed) => {
      expect(isRead(typed)).toBe(false);
      expect(isRead(typed, "US")).toBe(false);
      expect(isRead(typed, "GB")).toBe(false);
    },
  );

  test.each([
    "+12025550123\nBcc: x",
    "+12025550123\n+12025550188",
    "+1202\r\n5550123",
    "+1202\u20285550123",
    "+1202\v5550123",
    "+1202\u00005550123",
  ])("%j has a line break or another control character inside (B110)", (typed) => {
    expect(isRead(typed)).toBe(false);
  });

  test.each([
    "+12025550",
    "+120255501234",
    "+1234567890123456",
    "+4930123456789012",
    "+0123456789",
    "+999123456789",
  ])("%s has no length or country code that exists (R26)", (typed) => {
    expect(isRead(typed)).toBe(false);
  });

  test("two trunk zeros make no number, for dropping them one by one would give two", () => {
    expect(isRead("+49 00562 761388")).toBe(false);
    expect(e164Of("+49 0562 761388")).toBe("+49562761388");
  });

  test("64 characters are read, and one more is refused (B109)", () => {
    expect(e164Of("+12025550123".padStart(64))).toBe("+12025550123");
    expect(isRead("+12025550123".padStart(65))).toBe(false);
  });

  test("50 000 digits are refused at once (B109)", () => {
    const start = performance.now();
    for (let turn = 0; turn < 100; turn += 1) expect(isRead(`${"1".repeat(50_000)}@`)).toBe(false);
    expect(isRead(" ".repeat(1_000_000))).toBe(false);
    // A few milliseconds; a pattern that backtracks takes seconds for one of them.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe("a number is told to one country", () => {
  const american = new Set(["US", "CA"]);

  test.each([
    ["+12025550123", "US"],
    ["+14165550123", "CA"],
    ["+18765550123", "JM"],
    ["+16585550123", "JM"],
    ["+18095550123", "DO"],
    ["+14735550123", "GD"],
    ["+17875550123", "PR"],
    ["+17845550123", "VC"],
  ])("%s belongs to %s inside +1 (R28, B052)", (e164, country) => {
    const phone = read(e164);
    expect(phone.country).toBe(country);
    expect(isAllowedCountry(phone, american)).toBe(american.has(country));
    expect(isAllowedCountry(phone, new Set([country]))).toBe(true);
  });

  test("an area code that no table knows yet is of the US or Canada (B048)", () => {
    const phone = read("+15555550123");
    expect(phone.countries).toEqual(["US", "CA"]);
    expect(isAllowedCountry(phone, new Set(["JM"]))).toBe(false);
  });

  test.each(["+17005550123", "+12115550123", "+12021550123"])(
    "%s, which can be no +1 area code or exchange, is in no country (R27, R28)",
    (e164) => {
      const phone = read(e164);
      expect(phone.country).toBeUndefined();
      expect(isAllowedCountry(phone, new Set(getCountries()))).toBe(false);
      expect(readPhone(e164.slice(2), "US")).not.toMatchObject({ phone: { country: "US" } });
    },
  );

  test("an unassigned range counts under the main country of its code (B048)", () => {
    const phone = read("+447700900123");
    expect(phone.country).toBe("GB");
    expect(isAllowedCountry(phone, new Set(["GB"]))).toBe(true);
    expect(isAllowedCountry(phone, new Set(["JE"]))).toBe(true);
    expect(isAllowedCountry(phone, american)).toBe(false);
  });

  test("an assigned range of a shared code is its own country's alone", () => {
    expect(read("+79161234567").country).toBe("RU");
    expect(isAllowedCountry(read("+77012345678"), new Set(["RU"]))).toBe(false);
    expect(isAllowedCountry(read("+441534456789"), new Set(["GB"]))).toBe(false);
  });

  test.each(getCountries())(
    "%s, alone in the list, is texted its mobile numbers (C244)",
    (country) => {
      const number = getExampleNumber(country, examples)?.number ?? "";
      expect(isAllowedCountry(read(number), new Set([country]))).toBe(true);
    },
  );

  test.each(["+447781123456", "+447797712345", "+447624123456", "+447924123456"])(
    "%s, of one range with Great Britain's mobile numbers, is allowed with it (C244)",
    (e164) => {
      expect(isAllowedCountry(read(e164), new Set(["GB"]))).toBe(true);
      expect(isAllowedCountry(read(e164), new Set(["US", "FR"]))).toBe(false);
    },
  );

  test("what is a country's own isn't its neighbour's (C244)", () => {
    expect(isAllowedCountry(read("+447400123456"), new Set(["JE"]))).toBe(false);
    expect(isAllowedCountry(read("+262639012345"), new Set(["RE"]))).toBe(false);
    expect(isAllowedCountry(read("+18765550123"), new Set(["US", "CA"]))).toBe(false);
    expect(isAllowedCountry(read("+12025550123"), new Set(["CA"]))).toBe(false);
  });

  test("the country that a shared number counts under stays the main one (C244)", () => {
    expect(read("+590690001234").countries).toEqual(["GP", "BL", "MF"]);
    expect(read("+393123456789").country).toBe("IT");
    expect(read("+61412345678").country).toBe("AU");
  });

  test("country codes are known in capitals, and nothing else is one", () => {
    expect(["US", "CA", "GB", "XK"].every(isCountry)).toBe(true);
    expect(["us", "USA", "ZZ", "", "001", "1", "__proto__", "toString"].some(isCountry)).toBe(
      false,
    );
  });
});

test.each([
  ["+5491157447700", "+541157447700"],
  ["+5511977654321", "+551177654321"],
  ["+390549886377", "+3780549886377"],
  ["+972599123456", "+970599123456"],
])("%s and %s are two numbers of one line (C268)", (a, b) => {
  expect([e164Of(a), e164Of(b)]).toEqual([a, b]);
  expect(lineOf(a)).toBe(lineOf(b));
  expect(lineOf(`${a.slice(0, -1)}9`)).not.toBe(lineOf(b));
});

test("all other numbers are a line each (C268)", () => {
  const numbers = KNOWN.map(({ e164 }) => e164);
  expect(new Set(numbers.map(lineOf)).size).toBe(new Set(numbers).size);
});

describe("a line that pays whoever pumps texts isn't texted", () => {
  test.each([
    ["+19005550123", "premium"],
    ["+448431234567", "premium"],
    ["+491801234567", "premium"],
    ["+15005550006", "forwarding"],
    ["+447012345678", "forwarding"],
    ["+447640123456", "forwarding"],
    ["+443001234567", "forwarding"],
    ["+3938312345678", "forwarding"],
    ["+881612345678", "global"],
    ["+88213000000", "global"],
    ["+883510012345", "global"],
    ["+870773111632", "global"],
    ["+979123456789", "global"],
    ["+80012345678", "global"],
    ["+80812345678", "global"],
  ])("%s is %s (R28)", (e164, kind) => {
    const phone = read(e164);
    expect(phone.kind).toBe(kind);
    expect(isTextable(phone)).toBe(false);
    if (kind === "global") expect(phone.country).toBeUndefined();
  });

  test.each([
    "+12025550123",
    "+442079460123",
    "+491713920012",
    "+18005550123",
    "+445612345678",
    "+447700900123",
  ])("%s is for the gateway to decide (B047)", (e164) => {
    expect(isTextable(read(e164))).toBe(true);
  });
});

test("a masked number tells two digits, and not even the length (R88)", () => {
  expect(maskPhone("+12025550123")).toBe("••••23");
  expect(maskPhone("+37255512")).toBe("••••12");
});
