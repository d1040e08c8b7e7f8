/** Names of counters: plain in memory; in a store those that tell nothing, apart for each app, kind and secret. */

import type { Challenge } from "../../lib/challenge/challenge";
import { readKeys } from "../../lib/crypto/keys";
import type { Entry } from "../../lib/ledger/ledger";
import { Attempts, drop, peekDropped } from "../../lib/limits/attempts";
import { CounterNames, spaceOf } from "../../lib/limits/counter-names";
import { Deliveries } from "../../lib/limits/deliveries";
import { entriesOf as lockoutEntries } from "../../lib/limits/lockout";
import { entriesOf } from "../../lib/limits/send-limits";
import { ANN, limitsOf, NEW, OLD, requestFor, settingsWith } from "./kit";

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

describe("what counters are called stays as it was, or those of the release before are forgotten:", () => {
  const called = (entries: readonly Entry[]) =>
    entries.map(({ scope, field }) => `${scope} ${field}`);

  test("texts and calls", () => {
    const { sendLimits } = limitsOf();
    const request = requestFor({ session: "s", channel: "call", network: "net" });
    expect(called(entriesOf(sendLimits.costOf(request, 30)))).toEqual([
      'session:["s","ann","+12025550123",""] wait',
      'known:["ann","+12025550123"] known',
      "user:ann unlocked",
      "user:ann user600",
      "user:ann calls600",
      "number:+12025550123 number600",
      "number:+12025550123 number-day",
      "number:+12025550123 calls600",
      "network:net network600",
      "country:US country600",
      "all: all600",
      "day: day",
    ]);
    expect(called([sendLimits.prove("ann", ANN)])).toEqual(['known:["ann","+12025550123"] known']);
  });

  test("texts to a number that anybody may name", () => {
    const { sendLimits } = limitsOf({ user: "from-request" });
    const request = requestFor({ session: "s", subject: ANN, isOnRecord: false, network: "net" });
    expect(called(entriesOf(sendLimits.costOf(request, 30))).slice(2, 6)).toEqual([
      "named:+12025550123 unlocked",
      "named-number:+12025550123 number600",
      "named-number:+12025550123 number-day",
      "network:net network600",
    ]);
  });

  test("wrong codes", () => {
    const known = limitsOf().lockout;
    const named = limitsOf({ user: "from-request" }).lockout;
    const expected = ["user:ann failures", "row:ann row", "row:ann off"];
    expect(called(lockoutEntries(known.check("ann")))).toEqual(expected);
    expect(called(lockoutEntries(known.count("ann")))).toEqual(expected);
    expect(called(known.switchOff("ann"))).toEqual(["row:ann off"]);
    expect(called(lockoutEntries(named.count(ANN)))).toEqual([`named:${ANN} failures`]);
  });

  test("answers to a challenge, and how its text has fared", () => {
    const attempts = new Attempts({ max: 5, life: 660_000 });
    const counted = [attempts.take("id"), attempts.claim("id"), drop("id"), peekDropped("id")];
    expect(called(counted)).toEqual(["id attempts", "id used", "id dropped", "id dropped"]);
    const deliveries = new Deliveries(readKeys([NEW]), "https://acme.example/", settingsWith());
    const text = "t".repeat(22);
    const told = { state: "delivered", reason: undefined, to: undefined } as const;
    expect(called([deliveries.raise(text, told)])).toEqual([`${text} delivery`]);
    expect(deliveries.callbackFor({ text } as Challenge)).toBe(
      `https://acme.example/?ref=${text}2rmU7T704-v_4hJNzPmQLg`,
    );
  });
});
