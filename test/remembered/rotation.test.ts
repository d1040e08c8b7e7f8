/** What a token is worth, by what its record says. */

import { confirmation, readToken, rotation } from "../../lib/remembered/rotation";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const END = NOW + 30 * 1440 * MINUTE;
const fresh = {
  digest: "one",
  previousDigest: null as string | null,
  graceUntil: 0,
  lastUsedAt: NOW,
  expiresAt: END,
};
type Record = typeof fresh;

const change = (record: Record, digest: string, to: string, now: number): Record => {
  const { previousDigest, graceUntil, at } = rotation(record, digest, to, now);
  return { ...record, digest: to, previousDigest, graceUntil, lastUsedAt: at };
};
const confirm = (record: Record, now: number): Record => {
  const { to, previousDigest, graceUntil, at } = confirmation(record, now);
  return { ...record, digest: to, previousDigest, graceUntil, lastUsedAt: at };
};
const due = (what: string) => ({ isGood: true, due: what });

test("a token is rotated once it is ten minutes old, and not before", () => {
  expect(readToken(fresh, "one", NOW + 10 * MINUTE - 1)).toEqual(due("nothing"));
  expect(readToken(fresh, "one", NOW + 10 * MINUTE)).toEqual(due("rotation"));
});

test("a token of nobody's is never good", () => {
  for (const digest of ["", "two", "null", "onee"]) {
    expect(readToken(fresh, digest, NOW)).toEqual({ isGood: false });
  }
});

test("until the new token is seen the old one is good, however long that takes", () => {
  const rotated = change(fresh, "one", "two", NOW);
  expect(readToken(rotated, "one", NOW + MINUTE)).toEqual(due("nothing"));
  expect(readToken(rotated, "one", END - 5 * MINUTE)).toEqual(due("rotation"));
  expect(readToken(rotated, "two", NOW + MINUTE)).toEqual(due("confirmation"));
});

test("once the new token is seen the old one is good for two minutes, and no longer", () => {
  const seen = confirm(change(fresh, "one", "two", NOW), NOW + MINUTE);
  expect(readToken(seen, "two", NOW + MINUTE)).toEqual(due("nothing"));
  expect(readToken(seen, "one", NOW + 3 * MINUTE - 1)).toEqual(due("nothing"));
  expect(readToken(seen, "one", NOW + 3 * MINUTE)).toEqual({ isGood: false });
  expect(readToken(seen, "two", NOW + 11 * MINUTE)).toEqual(due("rotation"));
});

test("a clock that is a minute behind confirms once more, and makes nothing last longer", () => {
  const seen = confirm(change(fresh, "one", "two", NOW), NOW + MINUTE);
  expect(readToken(seen, "two", NOW)).toEqual(due("confirmation"));
  expect(confirmation(seen, NOW).graceUntil).toBeLessThan(seen.graceUntil);
});

test("where each answer is lost the first token stays good, and those that were lost are not", () => {
  let record = fresh;
  for (let round = 1; round <= 5; round += 1) {
    const now = NOW + round * 10 * MINUTE;
    expect(readToken(record, "one", now)).toEqual(due("rotation"));
    record = change(record, "one", `lost ${round}`, now);
  }
  expect(record).toMatchObject({ digest: "lost 5", previousDigest: "one" });
  expect(readToken(record, "lost 4", NOW + 51 * MINUTE)).toEqual({ isGood: false });
});
