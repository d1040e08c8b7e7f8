/** The option `remember`: its default, good and bad values, and the sentence that names the fix (R61). */

import { memoryRecords, twoFactor } from "../../lib/index";
import { readOptions } from "../../lib/options/settings";

const GOOD = {
  secret: "0123456789abcdef".repeat(2),
  user: () => null,
  sender: () => undefined,
  appName: "Acme",
};
const store = memoryRecords();
const read = (remember: unknown) => readOptions({ ...GOOD, remember }).remember;

test("it is off, and on for thirty days", () => {
  expect(readOptions(GOOD).remember).toBeUndefined();
  expect(read(undefined)).toBeUndefined();
  expect(read({ store })).toEqual({ store, maxAge: 2_592_000 });
  expect(read({ store, maxAge: undefined })).toEqual({ store, maxAge: 2_592_000 });
  expect(read({ store, maxAge: 1 })).toEqual({ store, maxAge: 1 });
});

test.each<[unknown, RegExp]>([
  [true, /^Expected `remember` to be given an object of options/],
  [null, /^Expected `remember` to be given an object of options/],
  [
    {},
    /^Expected `remember\.store` to be a store such as `memoryRecords\(\)` makes, got undefined/,
  ],
  [{ store: null }, /^Expected `remember\.store` to be a store such as .*, got null/],
  [{ store: memoryRecords }, /^Expected `remember\.store` to be a store .*, got a function/],
  [{ store: { ...store, add: 1 } }, /^Expected `remember\.store` .* It has no method `add`\.$/],
  [{ store: new Map() }, /^Expected `remember\.store` .* It has no method `add`\.$/],
  [{ store, maxAge: 2_592_001 }, /^Expected `remember\.maxAge` .* seconds from 1 to 2592000/],
  ...[0, -1, 1.5, NaN, "60", null].map((maxAge): [unknown, RegExp] => [
    { store, maxAge },
    /^Expected `remember\.maxAge` to be a whole number of seconds from 1 to 2592000/,
  ]),
  [{ store, maxage: 60 }, /^Unknown option `maxage` of `remember`\. Did you mean `maxAge`\?/],
])("%p is refused in a sentence", (remember, sentence) => {
  expect(() => twoFactor({ ...GOOD, remember } as never)).toThrow(sentence);
});

test("it is refused where nobody logs in", () => {
  expect(() => twoFactor({ ...GOOD, user: "from-request", remember: { store } })).toThrow(
    /^Expected `remember` to be absent with `user: "from-request"`/,
  );
});
