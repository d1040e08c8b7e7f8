/** What events and errors may show of what they were given: words, and values that can be no secret. */

import { isWord, shown } from "../../lib/std/harmless";

test.each(["opted_out", "twilio:21610", "http:503", "unexpected:TypeError", "user.timeout"])(
  "%j is a word",
  (word) => {
    expect(isWord(word)).toBe(true);
  },
);

test.each([
  "",
  "two words",
  "042917",
  "code:042-917".replace("-", "."),
  "a".repeat(33),
  "café",
  "a\nb",
  "1st",
  7,
  null,
  undefined,
])("%j is none (C265)", (word) => {
  expect(isWord(word)).toBe(false);
});

test.each([
  ["UK", '"UK"'],
  ["https://app.acme.example/path", '"https://app.acme.example/path"'],
  ["+1 202", '"+1 202"'],
  [7, "7"],
  [86_400_000, "86400000"],
  [NaN, "NaN"],
  [true, "true"],
  [null, "null"],
  [undefined, "undefined"],
  [[], "an empty array"],
  [["a"], "an array"],
  [{}, "a value of type object"],
  [() => undefined, "a function"],
])("%j is shown as %s", (value, text) => {
  expect(shown(value)).toBe(text);
});

test.each([
  "PTdeadbeefdeadbeefdeadbeef",
  "https://ann:hunter2@app.acme.example",
  "+12025550123",
  "q7Yx/3kB9+ZtV0mN4sLwR8uPcE1fHgJd",
  "correct horse battery staple ".repeat(3),
  12_025_550_123,
])("%j, which could be a secret or a number, is not shown (C265)", (value) => {
  expect(shown(value)).toMatch(/not shown$/);
  expect(shown(value)).not.toContain(String(value));
});
