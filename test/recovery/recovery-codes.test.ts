/** A user's recovery codes over a store: what it sees, rotation of secrets, and every way that it can fail. */

import { memoryRecords, type RecoveryStore } from "../../lib";
import { readKeys } from "../../lib/crypto/keys";
import { RecordKeys } from "../../lib/records/record-keys";
import { readRecoveryCode } from "../../lib/recovery/code";
import { RecoveryCodes } from "../../lib/recovery/recovery-codes";
import { hurryDeadlines } from "../fakes/clock";

const OLD = "x1".repeat(32);
const NEW = "y2".repeat(32);

function codesOf(
  store: RecoveryStore,
  secrets: [string, ...string[]] = [NEW],
  { namespace = "Acme", faults = [] as string[] } = {},
): RecoveryCodes {
  return new RecoveryCodes(store, new RecordKeys(readKeys(secrets), namespace), (reason) => {
    faults.push(reason);
  });
}

const bare = (code = ""): string => {
  const reading = readRecoveryCode(code);
  return reading.kind === "code" ? reading.code : "";
};

test("ten are made, each is spent once, by its user alone (R121)", async () => {
  const codes = codesOf(memoryRecords());
  const [made, others] = [await codes.make("ann"), await codes.make("bob")];
  expect(new Set(made).size).toBe(10);
  expect(await codes.spend("ann", bare(others[0]))).toBe(false);
  expect(await codes.spend("ann", bare(made[0]))).toBe(true);
  expect(await codes.spend("ann", bare(made[0]))).toBe(false);
  expect([await codes.left("ann"), await codes.left("bob")]).toEqual([9, 10]);
});

test("the store sees neither code nor user, and a code has another digest for another user (R121)", async () => {
  const seen: string[] = [];
  const kept = memoryRecords();
  const store: RecoveryStore = {
    replace: (userId, digests) => {
      seen.push(userId, ...digests);
      return kept.replace(userId, digests);
    },
    spend: (userId, digest) => {
      seen.push(userId, digest);
      return kept.spend(userId, digest);
    },
    count: (userId) => kept.count(userId),
  };
  const codes = codesOf(store);
  const made = await codes.make("ann@acme.example");
  await codes.spend("bob", bare(made[0]));
  const text = seen.join(" ");
  for (const code of made) {
    expect(text).not.toContain(bare(code));
    expect(text).not.toContain(code);
  }
  expect(text).not.toMatch(/ann@|bob/);
  expect(seen.indexOf(seen.at(-1) as string)).toBe(seen.length - 1);
});

test("a new set voids the one before, and void() all", async () => {
  const codes = codesOf(memoryRecords());
  const before = await codes.make("ann");
  const after = await codes.make("ann");
  expect(await codes.spend("ann", bare(before[0]))).toBe(false);
  await codes.void("ann");
  expect(await codes.spend("ann", bare(after[0]))).toBe(false);
  expect(await codes.left("ann")).toBe(0);
});

test("codes of a secret before are good and counted while it is in force, and a new set voids them", async () => {
  const store = memoryRecords();
  const [before, after, later] = [
    codesOf(store, [OLD]),
    codesOf(store, [NEW, OLD]),
    codesOf(store, [NEW]),
  ];
  const made = await before.make("ann");
  expect(await after.left("ann")).toBe(10);
  expect(await after.spend("ann", bare(made[0]))).toBe(true);
  expect(await later.left("ann")).toBe(0);
  expect(await later.spend("ann", bare(made[1]))).toBe(false);
  await after.make("ann");
  expect([await before.left("ann"), await after.left("ann")]).toEqual([0, 10]);
});

test("two apps on one store spend and void none of each other's", async () => {
  const store = memoryRecords();
  const [acme, other] = [codesOf(store), codesOf(store, [NEW], { namespace: "Other" })];
  const made = await acme.make("ann");
  expect(await other.spend("ann", bare(made[0]))).toBe(false);
  await other.make("ann");
  await other.void("ann");
  expect(await acme.left("ann")).toBe(10);
});

describe("a store that fails is unavailable, and its own error goes no further", () => {
  const broken = (call: () => unknown): RecoveryStore => ({
    replace: call,
    spend: call as RecoveryStore["spend"],
    count: call as RecoveryStore["count"],
  });

  test.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("password=hunter2");
      },
    ],
    ["rejects", () => Promise.reject(new Error("password=hunter2"))],
    ["says nothing", () => new Promise(() => undefined)],
  ])("where it %s", async (_how, call) => {
    hurryDeadlines();
    const faults: string[] = [];
    const codes = codesOf(broken(call), [NEW], { faults });
    for (const ask of [
      () => codes.make("ann"),
      () => codes.spend("ann", "x"),
      () => codes.left("ann"),
    ]) {
      const error: unknown = await ask().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "unavailable", status: 503 });
      expect(String((error as Error).stack)).not.toContain("hunter2");
    }
    expect(faults).toHaveLength(3);
    for (const fault of faults) expect(fault).toMatch(/^records:\w+$/);
  });

  test.each([undefined, null, 1, "true", {}])("where `spend` gives %j", async (value) => {
    await expect(codesOf(broken(() => value)).spend("ann", "x")).rejects.toMatchObject({
      code: "unavailable",
    });
  });

  test.each([undefined, null, -1, 1.5, "7", true])("where `count` gives %j", async (value) => {
    await expect(codesOf(broken(() => value)).left("ann")).rejects.toMatchObject({
      code: "unavailable",
    });
  });
});

test("where the set before can't be voided there is no new one", async () => {
  const kept = memoryRecords();
  let isDown = false;
  const store: RecoveryStore = {
    replace: (userId, digests) =>
      isDown ? Promise.reject(new Error("down")) : kept.replace(userId, digests),
    spend: (userId, digest) => kept.spend(userId, digest),
    count: (userId) => kept.count(userId),
  };
  const codes = codesOf(store);
  const made = await codes.make("ann");
  isDown = true;
  await expect(codes.make("ann")).rejects.toMatchObject({ code: "unavailable" });
  expect(await codes.spend("ann", bare(made[0]))).toBe(true);
});
