/** The keys: one for each use, all taken from the secret. */

import { readKeys } from "../../lib/crypto/keys";
import { mac } from "../../lib/crypto/mac";

const SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef";

const [KEY] = readKeys([SECRET]);

test("what names a secret, and its counters, is fixed: both outlast a release", () => {
  expect(KEY.id).toBe("FnvPl6UEE-Iw");
  expect(mac(KEY.counter, ["user", "ann"]).toString("base64url").slice(0, 22)).toBe(
    "e6IrlzBF7iV8FJvbcXyfzB",
  );
});

test("keys of each use differ, and follow the secret", () => {
  const [other] = readKeys(["f".repeat(48)]);
  const all = [KEY.code, KEY.binding, KEY.counter, other.code, other.binding, other.counter];
  expect(new Set(all.map((key) => key.toString("hex"))).size).toBe(6);
  expect(KEY.id).not.toBe(other.id);
  expect(SECRET).not.toContain(KEY.id);
});

test("keys that make codes follow the process too where one is named, and bindings do not", () => {
  const [a] = readKeys([SECRET], Buffer.from("a"));
  const [b] = readKeys([SECRET], Buffer.from("b"));
  expect(a.code.equals(b.code)).toBe(false);
  expect(a.id).not.toBe(b.id);
  expect(a.binding.equals(b.binding)).toBe(true);
  expect(a.counter.equals(b.counter)).toBe(true);
});
