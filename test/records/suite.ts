/** What every store of remembered browsers and recovery codes must do, for any runner of tests. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { RecordStore, RememberedBrowser, Rotation } from "../../lib";

/** A test of any runner: `test` of Jest, Vitest and node:test are such. */
export type RunTest = (title: string, run: () => Promise<void>) => unknown;

/** A digest, or a name, that nothing else has. */
export function fresh(bytes = 32): string {
  return randomBytes(bytes).toString("base64url");
}

/** A remembered browser of a user's. */
export function browserOf(
  userId: string,
  more: Partial<RememberedBrowser> = {},
): RememberedBrowser {
  const now = Date.now();
  return {
    id: fresh(16),
    userId,
    digest: fresh(),
    previousDigest: null,
    graceUntil: 0,
    binding: fresh(16),
    label: "Firefox on Windows",
    createdAt: now,
    lastUsedAt: now,
    expiresAt: now + 86_400_000,
    ...more,
  };
}

function rotationOf({ digest }: RememberedBrowser): Rotation {
  const at = Date.now() + 5000;
  return { from: digest, to: fresh(), previousDigest: digest, graceUntil: at + 60_000, at };
}

/** Runs the suite over the stores that `stores` gives: connections to one store, used by turns. */
export function recordSuite(test: RunTest, stores: () => readonly RecordStore[]): void {
  let turn = 0;
  const next = (): RecordStore => {
    const all = stores();
    turn += 1;
    const store = all[turn % all.length];
    assert.ok(store);
    return store;
  };
  const many = <T>(times: number, act: (index: number) => T | Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: times }, async (_, index) => act(index)));
  const idsOf = async (userId: string): Promise<string[]> =>
    (await next().list(userId)).map(({ id }) => id).sort();

  browserSuite(test, { next, many, idsOf });
  recoverySuite(test, { next, many });
}

interface Suite {
  next: () => RecordStore;
  many: <T>(times: number, act: (index: number) => T | Promise<T>) => Promise<T[]>;
}

function browserSuite(
  test: RunTest,
  { next, many, idsOf }: Suite & { idsOf: (userId: string) => Promise<string[]> },
): void {
  test("a browser is found as it was added, under its own user alone", async () => {
    const browser = browserOf(fresh(16));
    await next().add(browser);
    assert.deepEqual({ ...(await next().find(browser.userId, browser.id)) }, browser);
    assert.ok(!(await next().find(fresh(16), browser.id)));
    assert.ok(!(await next().find(browser.userId, fresh(16))));
  });

  test("a label in any script comes back as it was", async () => {
    const browser = browserOf(fresh(16), { label: "متصفح \"x\" 😀 'y' \\ ;" });
    await next().add(browser);
    assert.equal((await next().find(browser.userId, browser.id))?.label, browser.label);
  });

  test("a browser's token is replaced, and the one before kept for its grace", async () => {
    const browser = browserOf(fresh(16));
    await next().add(browser);
    const rotation = rotationOf(browser);
    assert.equal(await next().touch(browser.userId, browser.id, rotation), true);
    assert.deepEqual(
      { ...(await next().find(browser.userId, browser.id)) },
      {
        ...browser,
        digest: rotation.to,
        previousDigest: rotation.previousDigest,
        graceUntil: rotation.graceUntil,
        lastUsedAt: rotation.at,
      },
    );
  });

  test("a browser's token can stay, and the one before change", async () => {
    const browser = browserOf(fresh(16), { previousDigest: fresh(), graceUntil: 1 });
    await next().add(browser);
    const { userId, id, digest } = browser;
    const [graceUntil, at] = [browser.createdAt + 2, browser.createdAt + 1];
    const kept = { from: digest, to: digest, previousDigest: null, graceUntil, at };
    assert.equal(await next().touch(userId, id, kept), true);
    assert.deepEqual(
      { ...(await next().find(userId, id)) },
      { ...browser, previousDigest: null, graceUntil, lastUsedAt: at },
    );
  });

  test("of parallel requests with one token, one alone replaces it", async () => {
    const browser = browserOf(fresh(16));
    await next().add(browser);
    const done = await many(20, () =>
      next().touch(browser.userId, browser.id, rotationOf(browser)),
    );
    assert.equal(done.filter((isDone) => isDone).length, 1);
  });

  test("a token that is not the browser's, another user or a removed browser replaces nothing", async () => {
    const browser = browserOf(fresh(16));
    await next().add(browser);
    const rotation = rotationOf(browser);
    const { userId, id } = browser;
    assert.equal(await next().touch(userId, id, { ...rotation, from: fresh() }), false);
    assert.equal(await next().touch(fresh(16), id, rotation), false);
    assert.equal((await next().find(userId, id))?.digest, browser.digest);
    await next().remove(userId, id);
    assert.equal(await next().touch(userId, id, rotation), false);
    assert.ok(!(await next().find(userId, id)));
  });

  test("a user's browsers are listed, and nobody else's", async () => {
    const [userId, other] = [fresh(16), fresh(16)];
    const browsers = [browserOf(userId), browserOf(userId), browserOf(userId)];
    await many(3, (index) => next().add(browsers[index] as RememberedBrowser));
    await next().add(browserOf(other));
    assert.deepEqual(await idsOf(userId), browsers.map(({ id }) => id).sort());
    assert.deepEqual(await idsOf(fresh(16)), []);
  });

  test("one browser is removed, or all of a user's, and nobody else's", async () => {
    const [userId, other] = [fresh(16), fresh(16)];
    const [first, second] = [browserOf(userId), browserOf(userId)];
    const others = browserOf(other);
    for (const browser of [first, second, others]) await next().add(browser);
    assert.equal(await next().remove(other, first.id), false);
    assert.equal(await next().remove(userId, first.id), true);
    assert.equal(await next().remove(userId, first.id), false);
    assert.equal(await next().remove(fresh(16), second.id), false);
    assert.equal(await next().removeAll(fresh(16)), false);
    assert.deepEqual(await idsOf(userId), [second.id]);
    assert.equal(await next().removeAll(userId), true);
    assert.equal(await next().removeAll(userId), false);
    assert.deepEqual(await idsOf(userId), []);
    assert.deepEqual(await idsOf(other), [others.id]);
  });

  test("a browser whose time is over may be gone, and takes no other with it", async () => {
    const userId = fresh(16);
    const over = browserOf(userId, { expiresAt: Date.now() - 1000 });
    await next().add(over);
    const browser = browserOf(userId);
    await next().add(browser);
    const left = (await idsOf(userId)).filter((id) => id !== over.id);
    assert.deepEqual(left, [browser.id]);
  });
}

function recoverySuite(test: RunTest, { next, many }: Suite): void {
  const setOf = (size = 10): string[] => Array.from({ length: size }, () => fresh());

  test("a recovery code is spent once, also by twenty requests at the same time", async () => {
    const userId = fresh(16);
    const digests = setOf();
    await next().replace(userId, digests);
    assert.equal(await next().count(userId), 10);
    const spent = await many(20, () => next().spend(userId, digests[3] as string));
    assert.equal(spent.filter((isSpent) => isSpent).length, 1);
    assert.equal(await next().count(userId), 9);
  });

  test("ten codes that are spent at the same time are each spent once", async () => {
    const userId = fresh(16);
    const digests = setOf();
    await next().replace(userId, digests);
    const spent = await many(40, (index) => next().spend(userId, digests[index % 10] as string));
    assert.equal(spent.filter((isSpent) => isSpent).length, 10);
    assert.equal(await next().count(userId), 0);
  });

  test("a code of another user's, or of nobody's, spends nothing", async () => {
    const [userId, other] = [fresh(16), fresh(16)];
    const [digests, others] = [setOf(), setOf()];
    await next().replace(userId, digests);
    await next().replace(other, others);
    assert.equal(await next().spend(userId, others[0] as string), false);
    assert.equal(await next().spend(userId, fresh()), false);
    assert.equal(await next().spend(fresh(16), digests[0] as string), false);
    assert.deepEqual([await next().count(userId), await next().count(other)], [10, 10]);
  });

  test("a new set voids the one before", async () => {
    const userId = fresh(16);
    const [before, after] = [setOf(), setOf(4)];
    await next().replace(userId, before);
    await next().replace(userId, after);
    assert.equal(await next().count(userId), 4);
    assert.equal(await next().spend(userId, before[0] as string), false);
    assert.equal(await next().spend(userId, after[0] as string), true);
  });

  test("two sets at the same time leave one of them, whole", async () => {
    const userId = fresh(16);
    const sets = [setOf(), setOf(), setOf(), setOf()];
    await many(4, (index) => next().replace(userId, sets[index] as string[]));
    assert.equal(await next().count(userId), 10);
    const spent = await many(4, (index) =>
      next().spend(userId, (sets[index] as string[])[0] ?? ""),
    );
    assert.equal(spent.filter((isSpent) => isSpent).length, 1);
  });

  test("an empty set leaves no code, and a user without codes has none", async () => {
    const userId = fresh(16);
    await next().replace(userId, setOf());
    await next().replace(userId, []);
    const nobody = fresh(16);
    await next().replace(nobody, []);
    assert.deepEqual([await next().count(userId), await next().count(nobody)], [0, 0]);
  });

  test("recovery codes and browsers of one user are apart", async () => {
    const browser = browserOf(fresh(16));
    const digests = setOf();
    await next().add(browser);
    await next().replace(browser.userId, digests);
    await next().removeAll(browser.userId);
    assert.equal(await next().count(browser.userId), 10);
    await next().add(browser);
    await next().replace(browser.userId, []);
    assert.equal((await next().list(browser.userId)).length, 1);
  });
}
