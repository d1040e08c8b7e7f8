/** What a developer is shown of an error of the app's: enough to mend it, and nothing that could be a secret. */

import { harmlessCopy, shownError } from "../../lib/std/harmless";

test("it keeps name, sentence, stack and causes", () => {
  const cause = new RangeError("row 7 is not there");
  const text = shownError(new TypeError("db is down at line 42", { cause }));
  expect(text).toMatch(/^TypeError: db is down at line 42\n\s+at .*shown-error\.test\.ts:\d+/);
  expect(text).toMatch(/\nCaused by RangeError: row 7 is not there\n\s+at /);
});

test.each([
  ["a code", "the text was 246810 in all"],
  ["a code in two parts", "246 810 it said"],
  ["a number", "no route to +12025550123"],
  ["a number as people write it", "no route to (202) 555-0123"],
  ["a number in other digits", "no route to ٢٠٢٥٥٥٠١٢٣"],
  ["a token", "Authorization: Basic UHJvamVjdDpUb2tlbjEyMzQ1Njc4OTA="],
  ["a password in a URL", "at postgres://app:hunter2@db.internal/app"],
  ["a short token", "no such project (PTb7d1c09e44f2ab)"],
  ["a token behind its scheme", "Authorization: Bearer UHJv1"],
])("it leaves out %s", (_what, message) => {
  const secret = /(?:246|\+?1?\(?202\)?|٢٠٢|UHJv|PTb7|hunter2)/;
  expect(message).toMatch(secret);
  expect(shownError(new Error(message, { cause: message }))).not.toMatch(secret);
});

test("it shows members of an error besides these of nothing", () => {
  const error = Object.assign(new Error("failed"), { config: { auth: "token-of-the-account" } });
  expect(shownError(error)).not.toContain("token-of-the-account");
  expect(JSON.stringify(harmlessCopy(error))).not.toContain("token-of-the-account");
});

test("a message of several lines forges no line of a log", () => {
  expect(shownError(new Error("one\ntwo"))).toMatch(/^Error: one two\n\s+at /);
});

test.each([
  ["a text", "no database", "string: no database"],
  ["nothing", undefined, "undefined: "],
  ["an object", { secret: "kept" }, "object: "],
])("what is thrown may be %s", (_what, thrown, shown) => {
  expect(shownError(thrown)).toBe(`${shown}\n`);
});

test("an error whose members throw is none that throws", () => {
  const error = new Proxy(new Error("x"), {
    get: () => {
      throw new Error("no");
    },
  });
  expect(shownError(error)).toMatch(/can't be read/);
});

test.each([
  ["lines like frames", "no\n    at code 482913 for +12025550123"],
  ["dashes and dots of print", "to 202–555–0123, 202·555·0123, 482_913"],
  ["marks that are not seen", "to 202\u200b555\u200b0123, 482\u2060913"],
  ["a URL's escapes", "GET /send?to=202%20555%200123&code=482%2D913"],
  ["a password by its name", "host=db password=hunter2 user=app"],
])("an error hides numbers, codes and passwords in %s", (_, message) => {
  expect(shownError(new Error(message))).not.toMatch(/482|913|555|0123|hunter2/);
});

test("an error that is its own cause, or has a long row of them, is read a few times alone", () => {
  let reads = 0;
  const circle = Object.defineProperty(new Error("again"), "cause", {
    get: () => {
      reads += 1;
      return circle as unknown;
    },
  });
  expect(shownError(circle).match(/^Caused by Error: again$/gm)).toHaveLength(3);
  expect(reads).toBeLessThan(10);
});
