/** Authentication codes and ids: no two inputs are one, comparing never throws, and all randomness is secure. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readKeys } from "../../lib/crypto/keys";
import { isSame, mac, randomId, randomToken } from "../../lib/crypto/mac";

const [KEY] = readKeys(["0123456789abcdef0123456789abcdef0123456789abcdef"]);

test("no two lists of fields are one input, wherever their borders lie", () => {
  const field = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom('"', ",", "\\", "[", "a") }),
  );
  const fields = fc.array(field, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fields, fields, (a, b) => {
      const isEqual = JSON.stringify(a) === JSON.stringify(b);
      expect(mac(KEY.code, a).equals(mac(KEY.code, b))).toBe(isEqual);
    }),
  );
  expect(mac(KEY.code, ["a", "bc"]).equals(mac(KEY.code, ["ab", "c"]))).toBe(false);
  expect(mac(KEY.code, ["1"]).equals(mac(KEY.code, [1]))).toBe(false);
});

test("two texts of any lengths compare without a throw (B070, R10)", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      expect(isSame(KEY.code, a, b)).toBe(a === b);
    }),
  );
});

test.each([
  ["the token of a remembered browser", randomToken, 256],
  ["the id of a challenge", randomId, 128],
])("each bit of %s is as often set as not (R61)", (_what, make, bits) => {
  const DRAWN = 2000;
  const set = new Map<number, number>();
  for (let each = 0; each < DRAWN; each += 1) {
    const bytes = Buffer.from(make(), "base64url");
    expect(bytes).toHaveLength(bits / 8);
    bytes.forEach((byte, at) => {
      for (let bit = 0; bit < 8; bit += 1) {
        const place = at * 8 + bit;
        set.set(place, (set.get(place) ?? 0) + ((byte >> bit) & 1));
      }
    });
  }
  // Seven standard deviations: no seed meets it.
  const away = 3.5 * Math.sqrt(DRAWN);
  expect([...set.values()].filter((count) => Math.abs(count - DRAWN / 2) > away)).toEqual([]);
  expect(set.size).toBe(bits);
});

test("nothing in the package is left to Math.random (R1)", () => {
  const lib = join(__dirname, "..", "..", "lib");
  const files = readdirSync(lib, { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => file.endsWith(".ts"));
  expect(sources).toContain(join("challenge", "challenge.ts"));
  const random = sources.filter((file) =>
    readFileSync(join(lib, file), "utf8").includes("Math.random"),
  );
  expect(random).toEqual([]);
});
