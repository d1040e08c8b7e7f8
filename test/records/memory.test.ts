/** Records in memory: the suite of all stores, their bound, and the warning in production. */

import { memoryRecords } from "../../lib";
import { fakeDate } from "../fakes/clock";
import { browserOf, fresh, recordSuite } from "./suite";

const store = memoryRecords();
recordSuite(test, () => [store]);

afterEach(() => jest.restoreAllMocks());

test("beyond its bound the user who changed longest ago is dropped, and nobody else", () => {
  const small = memoryRecords({ maxUsers: 2 });
  void small.replace("first", ["a"]);
  void small.replace("second", ["b"]);
  void small.add(browserOf("first"));
  void small.replace("third", ["c"]);
  expect(["first", "second", "third"].map((user) => small.count(user))).toEqual([1, 0, 1]);
});

test("a set that is emptied makes nobody else's place, also where there was none", () => {
  const small = memoryRecords({ maxUsers: 1 });
  void small.replace("first", ["a"]);
  void small.replace("second", []);
  expect(small.count("first")).toBe(1);
});

test("a browser whose time is over goes when its user's next one is added", () => {
  fakeDate();
  const userId = fresh(16);
  const ends = [-1, 0, 1].map((later) => Date.now() + later);
  const browsers = ends.map((expiresAt) => browserOf(userId, { expiresAt }));
  for (const browser of browsers) void store.add(browser);
  void store.add(browserOf(userId, { id: "next" }));
  expect(store.list(userId)).toEqual([browsers[2], expect.objectContaining({ id: "next" })]);
});

test("a bound that is none is refused at the start", () => {
  for (const maxUsers of [0, 1.5, NaN, -1, "9" as unknown as number]) {
    expect(() => memoryRecords({ maxUsers })).toThrow("Expected `maxUsers`");
  }
});

test("a misspelt option is refused at the start, and so is what is no object of options", () => {
  const misspelt = { maxUser: 5 } as object;
  expect(() => memoryRecords(misspelt)).toThrow("Unknown option `maxUser` of memoryRecords(). Did");
  expect(() => memoryRecords(null as never)).toThrow("Expected memoryRecords() to be given");
});

test("in production it warns that a restart loses them, and else nowhere", () => {
  const { NODE_ENV: before } = process.env;
  const spy = jest.spyOn(process, "emitWarning").mockReturnValue();
  try {
    for (const mode of ["test", "production "]) {
      process.env.NODE_ENV = mode;
      memoryRecords();
    }
  } finally {
    process.env.NODE_ENV = before;
  }
  expect(spy.mock.calls.map(([, details]) => details)).toEqual([
    expect.objectContaining({ code: "SMS2FA_MEMORY_RECORDS" }),
  ]);
});
