/** The binding: a record in a session holds for one subject at one number, and tells neither. */

import { bind, isBound } from "../../lib/challenge/binding";
import { readKeys } from "../../lib/crypto/keys";

const SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef";

const PHONE = "+12025550123";

const [KEY] = readKeys([SECRET]);

const of = (subject: string, phone: string, description = "") => ({ subject, phone, description });

test("is fixed, and 128 bits long: marks stay good over a release", () => {
  expect(bind(KEY, of("ann", PHONE))).toBe("enJdLkT3cM3KKC3V4OJXEA");
});

test("ties to subject and number under any key in force", () => {
  const binding = bind(KEY, of("ann", PHONE));
  const [other] = readKeys(["n".repeat(48)]);
  expect(isBound([KEY, other], binding, of("ann", PHONE))).toBe(true);
  expect(isBound([other, KEY], binding, of("ann", PHONE))).toBe(true);
  expect(isBound([other], binding, of("ann", PHONE))).toBe(false);
  expect(isBound([KEY], binding, of("bob", PHONE))).toBe(false);
  expect(isBound([KEY], binding, of("ann", "+12025550188"))).toBe(false);
});

test.each(["", "AAAA", "enJdLkT3cM3KKC3V4OJXE", "enJdLkT3cM3KKC3V4OJXEGL9ydWz8Gi9fJFVpxZCOUs"])(
  "%j, which is none, ties nobody",
  (binding) => {
    expect(isBound([KEY], binding, of("ann", PHONE))).toBe(false);
  },
);

test("is another where a digit of the number stands in the subject", () => {
  expect(bind(KEY, of("3", "+1202555012"))).not.toBe(bind(KEY, of("", "+12025550123")));
});

test("is another for another description, and for none", () => {
  const described = [
    of("ann", PHONE),
    of("ann", PHONE, "pay 50 USD"),
    of("ann", PHONE, "pay 500 USD"),
  ];
  const bindings = described.map((each) => bind(KEY, each));
  expect(new Set(bindings).size).toBe(3);
  expect(bindings.map((each, at) => isBound([KEY], each, described[at] as never))).toEqual([
    true,
    true,
    true,
  ]);
  expect(isBound([KEY], bindings[1] as string, of("ann", PHONE, "pay 500 USD"))).toBe(false);
});

test("is another where a number that can't be read shares its letters with the subject", () => {
  expect(bind(KEY, of("b c", "a"))).not.toBe(bind(KEY, of("c", "a b")));
  expect(bind(KEY, of("b", ""))).not.toBe(bind(KEY, of("", "b")));
});

test("is another in another namespace of one secret", () => {
  const [other] = readKeys([SECRET], undefined, "Bank");
  expect(bind(other, of("ann", PHONE))).not.toBe(bind(KEY, of("ann", PHONE)));
});
