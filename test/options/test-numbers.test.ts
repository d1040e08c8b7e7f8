/** `testNumbers`, checked at the start: whose number, which code, and until when. */

import { testCodeOf } from "../../lib/challenge/test-codes";
import { readOptions } from "../../lib/options/settings";
import { fakeDate } from "../fakes/clock";

const NUMBER = "+12025550123";
const GOOD = { code: "246810", until: "2030-01-20" };

function read(testNumbers: unknown, more: object = {}) {
  return readOptions({
    secret: "0123456789abcdefghijklmnopqrstuv",
    user: () => null,
    sender: () => undefined,
    appName: "Acme",
    testNumbers,
    ...more,
  }).testCodes;
}

const NODE_ENV = process.env["NODE_ENV"];
beforeEach(() => {
  fakeDate();
  jest.setSystemTime(Date.parse("2030-01-01T12:00:00Z"));
});
afterEach(() => {
  process.env["NODE_ENV"] = NODE_ENV;
});

test("there are none by default", () => {
  expect([read(undefined).size, read({}).size]).toEqual([0, 0]);
});

test.each([
  ["a date, which ends at its 00:00 UTC", "2030-01-20", "2030-01-20T00:00:00Z"],
  ["a time in UTC", "2030-01-20T18:30Z", "2030-01-20T18:30:00Z"],
  ["a time with seconds", "2030-01-20T18:30:15.250Z", "2030-01-20T18:30:15.250Z"],
  ["a time in another zone", "2030-01-20T18:30:00+02:00", "2030-01-20T16:30:00Z"],
])("the end is %s", (_what, until, end) => {
  const codes = read({ [NUMBER]: { ...GOOD, until } });
  jest.setSystemTime(Date.parse(end) - 1);
  expect(testCodeOf(codes, NUMBER)).toBe("246810");
  expect(testCodeOf(codes, "+12025550124")).toBeUndefined();
  jest.setSystemTime(Date.parse(end));
  expect(testCodeOf(codes, NUMBER)).toBeUndefined();
});

const many = Object.fromEntries(
  Array.from({ length: 21 }, (_, n) => [`+120255501${n + 10}`, GOOD]),
);
test.each<[string, unknown, string]>([
  ["null", null, "Expected `testNumbers` to be an object such as"],
  ["an array", [NUMBER], "Expected `testNumbers` to be an object such as"],
  ["a number of its own spelling", { "+1 202 555 0123": GOOD }, "to name numbers as E.164"],
  ["a name that is no number", { ann: GOOD }, "to name numbers as E.164"],
  ["a number that is served nowhere", { "+442071838750": GOOD }, "•••50 is of a country"],
  ["a premium number", { "+19005550123": GOOD }, "of a kind that gets no texts"],
  ["more than twenty", many, "to hold 20 numbers at most"],
  ["no entry", { [NUMBER]: null }, 'Expected `testNumbers`["••••23"] to be given an object'],
  ["no end", { [NUMBER]: { code: "246810" } }, '`until` of `testNumbers`["••••23"] to be an ISO'],
  ["no code", { [NUMBER]: { until: GOOD.until } }, '["••••23"] to be a string of 6 digits'],
  ["a number for a code", { [NUMBER]: { ...GOOD, code: 246810 } }, "a string of 6 digits"],
  ["a code too short", { [NUMBER]: { ...GOOD, code: "24681" } }, "a string of 6 digits"],
  ["letters", { [NUMBER]: { ...GOOD, code: "24681a" } }, "a string of 6 digits"],
  ["other scripts' digits", { [NUMBER]: { ...GOOD, code: "٢٤٦٨١٠" } }, "a string of 6 digits"],
  ["a misspelt member", { [NUMBER]: { ...GOOD, untill: "" } }, "Did you mean `until`?"],
  ["a time without a zone", { [NUMBER]: { ...GOOD, until: "2030-01-20T18:30" } }, "an ISO 8601"],
  ["another way to write it", { [NUMBER]: { ...GOOD, until: "20 Jan 2030" } }, "an ISO 8601"],
  ["no day", { [NUMBER]: { ...GOOD, until: "2030-13-40" } }, "an ISO 8601"],
  ["a day that its month lacks", { [NUMBER]: { ...GOOD, until: "2030-02-30" } }, "an ISO 8601"],
  ["a Date", { [NUMBER]: { ...GOOD, until: new Date(2e12) } }, "an ISO 8601"],
  ["a date that has passed", { [NUMBER]: { ...GOOD, until: "2030-01-01" } }, "to be to come"],
])("%s is refused in a sentence that shows neither number nor code", (_what, given, sentence) => {
  const start = () => read(given);
  expect(start).toThrow(sentence);
  expect(start).not.toThrow(/2025550123|24681|442071838750/);
});

test("the code has as many digits as `codeLength`", () => {
  const eight = { [NUMBER]: { ...GOOD, code: "24681357" } };
  expect(read(eight, { codeLength: 8 }).get(NUMBER)?.code).toBe("24681357");
  expect(() => read({ [NUMBER]: GOOD }, { codeLength: 8 })).toThrow("a string of 8 digits");
});

describe("in production", () => {
  beforeEach(() => {
    process.env["NODE_ENV"] = "production";
  });

  test("the end is at most 30 days ahead", () => {
    expect(read({ [NUMBER]: { ...GOOD, until: "2030-01-31T12:00Z" } }).size).toBe(1);
    expect(() => read({ [NUMBER]: { ...GOOD, until: "2030-01-31T12:01Z" } })).toThrow(
      '`until` of `testNumbers`["••••23"] to be at most 30 days ahead in production',
    );
  });

  test.each(["000000", "123456", "987654", "777777"])("%s is too easy to guess", (code) => {
    expect(() => read({ [NUMBER]: { ...GOOD, code } })).toThrow("hard to guess");
    process.env["NODE_ENV"] = "test";
    expect(read({ [NUMBER]: { ...GOOD, code } }).size).toBe(1);
  });

  test("a date that has passed stops no restart: the number is as any other, and a warning says so", () => {
    const warn = jest.spyOn(process, "emitWarning").mockImplementation();
    const codes = read({ [NUMBER]: { ...GOOD, until: "2029-12-31" }, "+12025550124": GOOD });
    expect([...codes.keys()]).toEqual(["+12025550124"]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining("The date of one of `testNumbers` has passed"),
      { type: "ExpressSms2faWarning", code: "SMS2FA_TEST_NUMBERS" },
    );
  });
});
