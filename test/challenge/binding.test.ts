/** The binding: a record in a session holds for one subject at one number, and tells neither. */

import { bind, isBound } from "../../lib/challenge/binding";
import { readKeys } from "../../lib/crypto/keys";

const SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef";

const PHONE = "+12025550123";

const [KEY] = readKeys([SECRET]);

test("is fixed, and 128 bits long: marks stay good over a release", () => {
  expect(bind(KEY, "ann", PHONE)).toBe("enJdLkT3cM3KKC3V4OJXEA");
});

test("ties to subject and number under any key in force", () => {
  const binding = bind(KEY, "ann", PHONE);
  const [other] = readKeys(["n".repeat(48)]);
  expect(isBound([KEY, other], binding, "ann", PHONE)).toBe(true);
  expect(isBound([other, KEY], binding, "ann", PHONE)).toBe(true);
  expect(isBound([other], binding, "ann", PHONE)).toBe(false);
  expect(isBound([KEY], binding, "bob", PHONE)).toBe(false);
  expect(isBound([KEY], binding, "ann", "+12025550188")).toBe(false);
});

test.each(["", "AAAA", "enJdLkT3cM3KKC3V4OJXE", "enJdLkT3cM3KKC3V4OJXEGL9ydWz8Gi9fJFVpxZCOUs"])(
  "%j, which is none, ties nobody",
  (binding) => {
    expect(isBound([KEY], binding, "ann", PHONE)).toBe(false);
  },
);

test("is another where a digit of the number stands in the subject", () => {
  expect(bind(KEY, "3", "+1202555012")).not.toBe(bind(KEY, "", "+12025550123"));
});
