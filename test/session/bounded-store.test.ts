/** A session store with a deadline: what passes through it, and what comes of a store that fails or says nothing. */

import { MemoryStore, Store, type SessionData } from "express-session";
import { boundedStore, TwoFactorError } from "../../lib";
import { hurryDeadlines } from "../fakes/clock";
import { FaultyStore } from "../fakes/stores";

type Call = "get" | "set" | "destroy" | "touch";
type Told = { error: unknown; value: unknown };

const DATA = { cookie: { path: "/" }, cart: "three apples" } as unknown as SessionData;

/** Makes a call as express-session does. */
function ask(store: object, call: Call, ...given: unknown[]): Promise<Told> {
  return new Promise((resolve) => {
    const act = (store as Record<Call, (...all: unknown[]) => unknown>)[call];
    act.call(store, ...given, (error: unknown, value: unknown) => {
      resolve({ error, value });
    });
  });
}

test("what a store is asked and what it tells pass through unchanged", async () => {
  const store = boundedStore(new MemoryStore());
  expect(await ask(store, "set", "a", DATA)).toEqual({ error: null, value: undefined });
  expect(await ask(store, "get", "a")).toMatchObject({ error: null, value: { cart: DATA.cart } });
  expect((await ask(store, "touch", "a", { ...DATA, cart: "other" })).error).toBeNull();
  expect((await ask(store, "get", "a")).value).toMatchObject({ cart: DATA.cart });
  expect((await ask(store, "destroy", "a")).error).toBeNull();
  expect(await ask(store, "get", "a")).toEqual({ error: null, value: undefined });
});

test("it is still the store that was given: its kind, its events, what else it has, and what it lacks", () => {
  class Own extends Store {
    readonly #hidden = 7;
    label = "own";
    get = jest.fn();
    set = jest.fn();
    destroy = jest.fn();
    get size(): number {
      return this.#hidden;
    }
  }
  const store = new Own();
  const bounded = boundedStore(store);
  expect(bounded).toBeInstanceOf(Own);
  expect(bounded.label).toBe("own");
  expect(bounded.size).toBe(7);
  // express-session asks whether a store has it.
  expect(bounded).not.toHaveProperty("touch", expect.anything());
  const heard = jest.fn();
  bounded.on("disconnect", heard);
  store.emit("disconnect");
  expect(heard).toHaveBeenCalledTimes(1);
});

test("a call without a callback is made, and what it fails of harms no process", async () => {
  const store = new FaultyStore();
  const bounded = boundedStore(store);
  bounded.set("a", DATA);
  expect((await ask(store, "get", "a")).value).toMatchObject({ cart: DATA.cart });
  store.faults.set("set", "reject");
  bounded.set("a", DATA);
  // Jest fails a test that leaves a rejection unhandled.
  await new Promise((resolve) => setImmediate(resolve));
});

test.each(["fail", "throw", "reject"] as const)(
  "a store whose calls %s is one that is unavailable, its own error the cause (B075)",
  async (fault) => {
    const store = new FaultyStore();
    store.faults.set("get", fault).set("set", fault).set("destroy", fault);
    const bounded = boundedStore(store);
    for (const [call, ...given] of [
      ["get", "a"],
      ["set", "a", DATA],
      ["destroy", "a"],
    ] as const) {
      const { error, value } = await ask(bounded, call, ...given);
      expect(value).toBeUndefined();
      expect(error).toBeInstanceOf(TwoFactorError);
      expect(error).toMatchObject({
        code: "unavailable",
        status: 503,
        reason: "session_store_error",
        cause: { message: expect.stringContaining("store://") as string },
      });
      expect(String(error)).not.toContain("password");
    }
  },
);

test("a store that says nothing is unavailable once the time is over (B080)", async () => {
  hurryDeadlines();
  const store = new FaultyStore();
  store.faults.set("get", "hang");
  const { error } = await ask(boundedStore(store, 1), "get", "a");
  expect(error).toMatchObject({ code: "unavailable", reason: "session_store_timeout" });
});

test.each([
  [undefined, 5000],
  [1, 1000],
  [60, 60_000],
])("of %p seconds, a call may take %d ms", async (seconds, ms) => {
  const store = new FaultyStore();
  const timer = jest.spyOn(globalThis, "setTimeout");
  await ask(boundedStore(store, seconds), "get", "a");
  expect(timer.mock.calls.map(([, limit]) => limit)).toEqual([ms]);
});

test.each([0, 61, 1.5, -1, NaN, Infinity, "5", null])(
  "a deadline of %p seconds throws at the start, in a sentence that names it",
  (seconds) => {
    expect(() => boundedStore(new MemoryStore(), seconds as never)).toThrow(/`seconds`/);
  },
);

test.each([
  ["an absent file, which is no session, as a store in files tells it", { code: "ENOENT" }],
  ["a fault that this package has named already", undefined],
])("%s passes through as it is", async (_what, more) => {
  const own =
    more === undefined
      ? new TwoFactorError("unavailable", "Not now.", { reason: "session_store_timeout" })
      : Object.assign(new Error("no such file"), more);
  const store = new MemoryStore();
  store.get = (_sid, done) => {
    done(own);
  };
  expect((await ask(boundedStore(store), "get", "a")).error).toBe(own);
});

test.each([
  ["another code", Object.assign(new Error("denied"), { code: "EACCES" })],
  ["a code, and is no Error", { code: "ENOENT" }],
])("a store's error that has %s is a fault", async (_what, own) => {
  const store = new MemoryStore();
  store.get = (_sid, done) => {
    done(own);
  };
  const { error } = await ask(boundedStore(store), "get", "a");
  expect(error).toMatchObject({ reason: "session_store_error", cause: own });
});
