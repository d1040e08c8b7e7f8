/** Calls of a session store: whatever it does, there is one answer, in time. */

import { StoreFailure, callStore, type Done } from "../../lib/session/store-call";

const FAULT = new Error("store://user:password@host is down");
const LONG = 60_000;

test.each<[string, (done: Done) => unknown]>([
  [
    "at once, with undefined for no error",
    (done) => {
      done(undefined, "kept");
    },
  ],
  [
    "at once, with null for no error",
    (done) => {
      done(null, "kept");
    },
  ],
  ["later", (done) => setImmediate(done, null, "kept")],
  [
    "and resolves too, as some stores do",
    (done) => {
      setImmediate(done, null, "kept");
      return Promise.resolve("other");
    },
  ],
  [
    "and rejects after that",
    (done) => {
      done(null, "kept");
      return Promise.reject(FAULT);
    },
  ],
])("what a store calls back with is the answer: %s", async (_how, call) => {
  await expect(callStore(call, LONG)).resolves.toBe("kept");
});

test.each<[string, StoreFailure["kind"], (done: Done) => unknown]>([
  [
    "calls back with an error",
    "error",
    (done) => {
      done(FAULT);
    },
  ],
  ["calls back with an error later", "error", (done) => setImmediate(done, FAULT)],
  ["rejects and calls nobody back", "error", () => Promise.reject(FAULT)],
  [
    "throws",
    "threw",
    () => {
      throw FAULT;
    },
  ],
])("a store that %s has failed, and its error is the cause", async (_how, kind, call) => {
  const failure = await callStore(call, LONG).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StoreFailure);
  expect(failure).toMatchObject({ name: "StoreFailure", kind, cause: FAULT });
  // What it says may stand in a log, and a store's own error may hold a password.
  expect(String(failure)).not.toContain("password");
});

test.each<[string, unknown]>([
  ["false", false],
  ["an empty text", ""],
  ["zero", 0],
])("an error that is %s is one all the same", async (_what, error) => {
  const failure = callStore((done) => {
    done(error, "kept");
  }, LONG);
  await expect(failure).rejects.toMatchObject({ kind: "error", cause: error });
});

test.each<[string, () => unknown]>([
  ["says nothing", () => undefined],
  ["resolves, and calls nobody back", () => Promise.resolve("kept")],
])("a store that %s has failed once the time is over (B080)", async (_how, call) => {
  await expect(callStore(call, 1)).rejects.toMatchObject({ kind: "timeout" });
});
