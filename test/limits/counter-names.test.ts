/** Names of counters: plain in memory; in a store those that tell nothing, apart for each app, kind and secret. */

import { readKeys } from "../../lib/crypto/keys";
import { CounterNames, spaceOf } from "../../lib/limits/counter-names";
import { ANN, NEW, OLD } from "./kit";

const namesOf = (secrets: [string, ...string[]], namespace = "acme", isShared = true) =>
  new CounterNames(readKeys(secrets), namespace, isShared);

describe("in the memory of one process", () => {
  const names = namesOf([NEW, OLD], "acme", false);

  test("they are what they count", () => {
    expect(names.of("user", "ann")).toBe("user:ann");
    expect(names.of("all")).toBe("all:");
  });

  test("they have none under older secrets, for nothing outlasts the process", () => {
    expect(names.older("user", "ann")).toEqual([]);
  });

  test("two lists of fields never have one name", () => {
    const lists = [["a", "b"], ["a,b"], ['a","b'], ["", "ab"], ["ab", ""], ["a", "b", ""]];
    expect(new Set(lists.map((fields) => names.of("known", ...fields))).size).toBe(lists.length);
  });
});

describe("in a store that others read", () => {
  test("they tell neither kind nor user nor number, and are 128 bits", () => {
    const names = namesOf([NEW]);
    for (const name of [names.of("user", "ann"), names.of("known", "ann", ANN), names.of("all")]) {
      expect(name).toMatch(/^[\w-]{22}$/);
      expect(Buffer.from(name, "base64url").toString("latin1")).not.toMatch(/user|known|ann|2025/);
    }
  });

  test("they are fixed: counters stay good over a release", () => {
    expect(namesOf([NEW]).of("user", "ann")).toBe("dQmFYq31QvzvdfqAcUUaqw");
  });

  test("they are others for another kind, field, app and secret, and for no other process", () => {
    const one = namesOf([NEW]).of("user", "ann");
    expect(namesOf([NEW, OLD]).of("user", "ann")).toBe(one);
    const others = [
      namesOf([NEW]).of("row", "ann"),
      namesOf([NEW]).of("user", "bob"),
      namesOf([NEW]).of("user", "ann", ""),
      namesOf([NEW], "shop").of("user", "ann"),
      namesOf([OLD]).of("user", "ann"),
    ];
    expect(new Set([one, ...others]).size).toBe(6);
  });

  test("they stay the same however often they are asked for", () => {
    const names = namesOf([NEW]);
    const [ann, bob] = [names.of("user", "ann"), names.of("user", "bob")];
    expect([names.of("user", "ann"), names.of("user", "bob")]).toEqual([ann, bob]);
  });

  test("those under older secrets are the ones that were given while these were the newest", () => {
    const before = namesOf([OLD]);
    expect(namesOf([NEW, OLD]).older("row", "ann")).toEqual([before.of("row", "ann")]);
    expect(namesOf([NEW, OLD]).older("known", "ann", ANN)).toEqual([
      before.of("known", "ann", ANN),
    ]);
    expect(namesOf([NEW]).older("row", "ann")).toEqual([]);
  });
});

test("the space of an app is another for another namespace, and fixed", () => {
  expect(spaceOf("acme")).toBe("oLJ8WxQpUtGd");
  expect(spaceOf("shop")).not.toBe(spaceOf("acme"));
});
