/** What people type: phone numbers, one-time codes and recovery codes. */

import fc from "fast-check";
import { bareCode, deriveCode, isCodeOf, readCode } from "../../../lib/challenge/code";
import { readKeys } from "../../../lib/crypto/keys";
import { slipIn, undouble } from "../../../lib/pages/typed-code";
import {
  isTextable,
  lineOf,
  maskPhone,
  readPhone,
  type CountryCode,
} from "../../../lib/phone/phone";
import { makeRecoveryCode, readRecoveryCode } from "../../../lib/recovery/code";
import { CODES, PHONES, RECOVERY_CODES } from "../corpus";
import { seldom, textsLike } from "../mutations";
import { hold, target } from "../target";

const COUNTRIES: readonly CountryCode[] = [
  "US",
  "CA",
  "DE",
  "GB",
  "IT",
  "SM",
  "FR",
  "RE",
  "BR",
  "AR",
  "MX",
  "RU",
  "AU",
  "JP",
  "PS",
];

const numbers = fc.oneof(
  textsLike(PHONES),
  // What is nearly one: digits with signs of all kinds between.
  fc
    .array(fc.constantFrom(..."01234567890123456789+ -()./\u00a0٣３".split("")), { maxLength: 24 })
    .map((signs) => signs.join("")),
);

const phone = target({
  name: "phone",
  share: 130_000,
  inputs: fc.record({ text: numbers, country: seldom(fc.constantFrom(...COUNTRIES), 2) }),
  always: [
    { text: "\ufdfa".repeat(64), country: undefined },
    { text: " ".repeat(64), country: "US" },
    { text: `${"1 ".repeat(31)}x`, country: "US" },
    { text: `+${"(0)".repeat(21)}`, country: "DE" },
    { text: "-".repeat(63) + "x", country: undefined },
    { text: "1".repeat(1_000_000), country: undefined },
    // Past faults.
    { text: "+12025550123(0)", country: undefined },
    { text: "+970 59 123 45(0)67", country: "RU" },
  ],
  check: ({ text, country }) => {
    const read = readPhone(text, country);
    if (!read.ok) return;
    const { e164, countries } = read.phone;
    hold(/^\+[1-9]\d{5,14}$/.test(e164), "what is read is E.164");
    for (const home of [undefined, country]) {
      const again = readPhone(e164, home);
      hold(again.ok && again.phone.e164 === e164, "E.164 reads as itself");
    }
    hold(
      countries.every((each) => /^[A-Z]{2}$/.test(each)),
      "countries are ISO 3166-1",
    );
    hold(read.phone.country === countries[0], "the country is the likeliest one");
    hold(!maskPhone(e164).includes(e164.slice(-3)), "a mask shows two digits at most");
    hold(lineOf(lineOf(e164)) === lineOf(e164), "a line has one name");
    hold(typeof isTextable(read.phone) === "boolean", "it can be texted or not");
    const typed = digitsIn(text);
    hold(typed.endsWith(e164.slice(-4)), "a number ends as it was typed");
  },
});

/** The digits of a text, by their value in Unicode alone. */
function digitsIn(text: string): string {
  const plain = text.normalize("NFKC").replace(/[\p{Cf}\u{fe00}-\u{fe0f}\u20e3]/gu, "");
  return Array.from(plain, (sign) => (/\p{Nd}/u.test(sign) ? String(valueOf(sign)) : "")).join("");
}

// Decimal digits stand in runs of ten whose zero has a code point that ends in 0 or 6, or begins a run of 𝟎 … 𝟿.
function valueOf(sign: string): number {
  const point = sign.codePointAt(0) ?? 0;
  if (point >= 0x1d7ce && point <= 0x1d7ff) return (point - 0x1d7ce) % 10;
  for (let back = 0; back < 10; back += 1) {
    if (!/\p{Nd}/u.test(String.fromCodePoint(point - back - 1))) return back;
  }
  return point % 10;
}

const [KEY] = readKeys(["0123456789abcdef0123456789abcdef"]);
const SOURCE = {
  id: "AAAAAAAAAAAAAAAAAAAAAA",
  subject: "ann",
  purpose: "",
  expiresAt: 1_900_000_000_000,
};
const ANN = "+12025550123";

const code = target({
  name: "code",
  share: 100_000,
  inputs: fc.record({ text: textsLike(CODES), digits: fc.integer({ min: 6, max: 10 }) }),
  always: [
    { text: "\ufdfa".repeat(64), digits: 6 },
    { text: "1".repeat(1_000_000), digits: 6 },
    { text: "\u0301".repeat(64), digits: 6 },
  ],
  check: ({ text, digits }) => {
    const read = readCode(text, digits);
    hold(["code", "malformed", "empty"].includes(read.kind), "a code, or none");
    hold(typeof slipIn(text, digits) === "string", "a slip has a name");
    const once = undouble(text, digits);
    hold(once === text || once.length === digits, "what was filled in twice is read once");
    if (read.kind !== "code") return;
    hold(new RegExp(`^\\d{${digits}}$`).test(read.code), "a code is digits alone");
    hold(bareCode(read.code) === read.code, "a code is bare");
    const right = deriveCode(KEY, SOURCE, ANN, digits);
    hold(
      isCodeOf(KEY, SOURCE, ANN, digits, read.code) === (read.code === right),
      "only the right code is right",
    );
    hold(!isCodeOf(KEY, SOURCE, "+12025550188", digits, right), "another number has another code");
  },
});

const FILLING = [" ", "-", "\u00a0", "\u200b", "–", "\n", "\u202a", "\u3000", "−"];
const ZEROS = ["0", "０", "٠", "۰", "०", "๐", "𝟘", "𝟎"];

const spelledCode = target({
  name: "code-spelled",
  share: 40_000,
  inputs: fc.record({
    code: fc.stringMatching(/^[0-9]{6}$/),
    zero: fc.constantFrom(...ZEROS),
    filling: fc.array(fc.constantFrom(...FILLING, ""), { minLength: 7, maxLength: 7 }),
  }),
  check: ({ code: right, zero, filling }) => {
    const first = zero.codePointAt(0) ?? 0;
    const signs = Array.from(right, (digit) => String.fromCodePoint(first + Number(digit)));
    const typed = [...signs.map((sign, at) => (filling[at] ?? "") + sign), filling[6]].join("");
    const read = readCode(typed, 6);
    hold(read.kind === "code" && read.code === right, "filling and script say nothing");
  },
});

const recoveryCode = target({
  name: "recovery-code",
  share: 60_000,
  inputs: fc.record({
    text: fc.oneof(
      textsLike(RECOVERY_CODES),
      fc.string({
        unit: fc.constantFrom(..."0123456789ABCDEFGHJKMNPQRSTVWXYZILOUiloß- ıſ".split("")),
        maxLength: 22,
      }),
    ),
  }),
  always: [
    { text: "ﬃ".repeat(64) },
    { text: "\ufdfa".repeat(64) },
    { text: "A".repeat(1_000_000) },
  ],
  check: ({ text }) => {
    const read = readRecoveryCode(text);
    if (read.kind !== "code") return;
    hold(
      /^[0-9A-HJKMNP-TV-Z]{16}$/.test(read.code),
      "a recovery code has sixteen signs of its alphabet",
    );
    const again = readRecoveryCode(read.code.replace(/.{4}(?!$)/g, "$&-").toLowerCase());
    hold(again.kind === "code" && again.code === read.code, "as it is written it reads as itself");
    const other = readRecoveryCode(makeRecoveryCode());
    hold(other.kind === "code" && other.code !== read.code, "one that is made is another");
  },
});

export const TYPED = [phone, code, spelledCode, recoveryCode];
