/** Names and digests of records: keyed, apart by app, user and use, and found under older secrets. */

import { readKeys } from "../../lib/crypto/keys";
import { RecordKeys } from "../../lib/records/record-keys";

const OLD = "x1".repeat(32);
const NEW = "y2".repeat(32);
const before = new RecordKeys(readKeys([OLD]), "Acme");
const after = new RecordKeys(readKeys([NEW, OLD]), "Acme");

test("names and digests are the same in every process, and after a rotation the older ones come second", () => {
  const [kept] = before.of("alice");
  const [newest, older, ...rest] = after.of("alice");
  expect(rest).toEqual([]);
  expect(newest.userId).not.toBe(kept.userId);
  expect(older?.userId).toBe(kept.userId);
  expect(older?.digest("recovery", "code")).toBe(kept.digest("recovery", "code"));
});

test("a new release finds what an older one has kept: names and digests are these for ever", () => {
  const [{ userId, digest }] = before.of("alice");
  expect([userId, digest("recovery", "code"), digest("browser", "token")]).toEqual([
    "RBmSt12NruVnPQi4yiv5Hw",
    "spQe1bT6Hc7vlghEPC6LHQ9C6sScyE21iQBnx8H9Js0",
    "PUY76ap_m9A06WtENI4CPLVPSBKawEQXb3hTdGRrtyc",
  ]);
});

test("another user, app, use or secret has other names and digests", () => {
  const digests = [
    before.of("alice")[0].digest("recovery", "code"),
    before.of("bob")[0].digest("recovery", "code"),
    before.of("alice")[0].digest("browser", "code"),
    before.of("alice")[0].digest("recovery", "edoc"),
    after.of("alice")[0].digest("recovery", "code"),
    new RecordKeys(readKeys([OLD]), "Other").of("alice")[0].digest("recovery", "code"),
  ];
  expect(new Set(digests).size).toBe(digests.length);
  expect(new RecordKeys(readKeys([OLD]), "Other").of("alice")[0].userId).not.toBe(
    before.of("alice")[0].userId,
  );
});

test("names have 22 characters and digests 43, and neither holds what it was made of", () => {
  const [{ userId, digest }] = before.of("alice");
  expect(userId).toMatch(/^[\w-]{22}$/);
  expect(digest("recovery", "code")).toMatch(/^[\w-]{43}$/);
});
