/** What the app is told of a mark: of its own user's alone, without a step of the ledger. */

import type { Mark } from "../../lib/session/state";
import { verificationIn, verificationOf } from "../../lib/verification/verification";
import type { UserOf } from "../../lib";

const MARK: Mark = {
  subject: "ann",
  purpose: "",
  binding: "b",
  amr: ["otp", "sms"],
  at: 1_700_000_000_000,
  answered: { id: "p1" },
};
const AT = "2023-11-14T22:13:20.000Z";
const nothing = (): void => undefined;

/** A request whose session holds these marks. */
const holding = (marks: Mark[], more: object = {}) =>
  ({
    url: "/",
    headers: {},
    sessionID: "s1",
    session: { save: nothing, touch: nothing, twoFactor: { marks } },
    sessionStore: { generate: nothing, get: nothing, destroy: nothing },
    ...more,
  }) as never;

const told = (user: unknown, req: never, purpose = "") =>
  verificationIn(req, { user: user as UserOf } as never, purpose);

test("it tells how and when, and what is done with that changes no mark", () => {
  const verification = verificationOf(MARK);
  expect(verification).toStrictEqual({ amr: ["otp", "sms"], at: AT });
  verification.amr.push("mfa");
  expect(MARK.amr).toEqual(["otp", "sms"]);
});

test("it tells of the purpose that is asked for, and of no other", () => {
  const pay: Mark = { ...MARK, purpose: "pay", amr: ["hwk"] };
  const ann = () => ({ id: "ann" });
  const req = holding([MARK, pay]);
  expect(told(ann, req)).toStrictEqual({ subject: "ann", amr: ["otp", "sms"], at: AT });
  expect(told(ann, req, "pay")).toStrictEqual({ subject: "ann", amr: ["hwk"], at: AT });
  expect(told(ann, req, "address")).toBeUndefined();
});

test("it tells the number where no record holds it", () => {
  const phone = "+12025550123";
  const req = holding([{ ...MARK, subject: phone, phone }]);
  expect(told("from-request", req)).toMatchObject({ subject: phone, phone });
});

test.each<[string, () => unknown]>([
  ["a number that is the id", () => ({ id: 7 })],
  ["a promise of the user, whom the subject names", () => Promise.resolve({ id: "joe" })],
  ["a promise that rejects, which harms no process", () => Promise.reject(new Error("down"))],
])("it tells of a user() that gives %s", async (_what, user) => {
  expect(told(user, holding([{ ...MARK, subject: "7" }]))).toMatchObject({ subject: "7" });
  // Jest fails a test that leaves a rejection unhandled.
  await new Promise((resolve) => setImmediate(resolve));
});

test.each<[string, () => unknown]>([
  ["another user", () => ({ id: "bob" })],
  ["a user without an id", () => ({})],
  ["null", () => null],
  ["undefined", () => undefined],
])("it tells nothing where user() gives %s (B078)", (_what, user) => {
  expect(told(user, holding([MARK]))).toBeUndefined();
});

test("it tells nothing where user() throws, or the request has no session", () => {
  const raise = () => {
    throw new Error("down");
  };
  expect(told(raise, holding([MARK]))).toBeUndefined();
  const ann = () => ({ id: "ann" });
  expect(told(ann, holding([MARK], { session: undefined }))).toBeUndefined();
  expect(told(ann, {} as never)).toBeUndefined();
});
