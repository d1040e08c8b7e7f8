/** What a purpose describes, as whoever reads it gets it: one line that can't pass for anything else. */

import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Describe } from "../../lib";
import { readPurposes } from "../../lib/options/purposes";
import { Descriptions } from "../../lib/request/descriptions";
import { hurryDeadlines } from "../fakes/clock";

const REQ = new IncomingMessage(new Socket());
const of = (describe: unknown) =>
  new Descriptions(readPurposes({ pay: { describe: describe as Describe } }));
const read = async (text: unknown) => of(() => text).of(REQ, "pay");

test.each<[string, string, string]>([
  ["as it is", "pay 50.00 USD to Alice", "pay 50.00 USD to Alice"],
  ["without white space around it", "  pay\t 50 USD \n", "pay 50 USD"],
  ["in one line", "pay 50 USD\nto Bob", "pay 50 USD to Bob"],
  ["in one line, whatever the break", "a\u2028b\u2029c\u0085d\u000be\rf", "a b c d e f"],
  ["without control characters", "pay\u0000 5\u001b[31m0\u007f", "pay 5 [31m0"],
  ["without marks of direction", "pay \u202e05\u202c to \u2066Bob\u2069\u200f", "pay 05 to Bob"],
  ["without what nobody sees", "p\u200bay\u00ad 5\u{e0041}\u034f0\u3164", "pay 50"],
  ["without lone surrogates", "pay \ud800 50", "pay 50"],
  ["without private and unassigned characters", "pay \ue000\u{10ffff}50", "pay 50"],
  ["with quotes that end no others", `pay "50" to “Bob„ «x» ″y＂`, "pay '50' to 'Bob' 'x' 'y'"],
  ["with the apostrophe that costs no more", "pay O’Neil", "pay O'Neil"],
  ["without what binds a code to a host", "pay @evil.example #123456", "pay @evil.example 123456"],
  ["without it, however it is set apart", "@a.b \n # ##  1 @c.d #2 #3", "@a.b 1 @c.d 2 #3"],
  ["with a handle and a number", "pay @alice for order #7", "pay @alice for order #7"],
  ["in its composed form", "pay Zoe\u0308", "pay Zo\u00eb"],
  ["in any script", "Überweisung an 李雷: 50 €", "Überweisung an 李雷: 50 €"],
])("a description is shown %s", async (_how, given, shown) => {
  expect(await read(given)).toBe(shown);
  expect(await read(Promise.resolve(given))).toBe(shown);
});

test("70 characters fit, however many were left out", async () => {
  expect(await read(`${"x".repeat(70)}\u200b `)).toBe("x".repeat(70));
});

test.each<[string, unknown, string]>([
  ["undefined", undefined, "describe_empty"],
  ["null", null, "describe_empty"],
  ["an empty text", "", "describe_empty"],
  ["what nobody sees", " \u200b\n\u2028", "describe_empty"],
  ["a number", 50, "describe_kind"],
  ["an object", { amount: 50 }, "describe_kind"],
  ["a String object", new String("pay 50 USD"), "describe_kind"],
  ["71 characters", "x".repeat(71), "describe_long"],
  ["36 characters of two units each", "\u{1f511}".repeat(36), "describe_long"],
])("%s is no description", async (_what, given, reason) => {
  const code = reason === "describe_empty" ? "invalid_request" : "unavailable";
  await expect(read(given)).rejects.toMatchObject({ name: "TwoFactorError", code, reason });
  await expect(read(Promise.resolve(given))).rejects.toMatchObject({ reason });
});

test("a describe that throws, rejects or hangs gives none", async () => {
  hurryDeadlines();
  const cause = new Error("no row 42");
  const thrown = { code: "unavailable", reason: "describe_threw", cause };
  await expect(async () =>
    of(() => {
      throw cause;
    }).of(REQ, "pay"),
  ).rejects.toMatchObject(thrown);
  await expect(of(() => Promise.reject(cause)).of(REQ, "pay")).rejects.toMatchObject(thrown);
  const hanging = of(() => new Promise(() => undefined)).of(REQ, "pay");
  await expect(hanging).rejects.toMatchObject({ reason: "describe_timeout" });
});

test("a purpose without describe has none, and nobody is asked", () => {
  expect(new Descriptions(readPurposes(["pay"])).of(REQ, "pay")).toBe("");
  expect(new Descriptions(readPurposes({ pay: {} })).of(REQ, "")).toBe("");
});

test("of several, those are left out for which nothing is pending; a fault of one refuses all", async () => {
  const describe = (text: unknown) => ({ describe: () => text as string });
  const purposes = readPurposes({ pay: describe("pay 50 USD"), close: describe(null), plain: {} });
  const descriptionOf = await new Descriptions(purposes).ofAll(REQ, ["pay", "close", "plain", ""]);
  expect(["pay", "close", "plain", ""].map(descriptionOf)).toEqual([
    "pay 50 USD",
    undefined,
    "",
    "",
  ]);
  const broken = new Descriptions(readPurposes({ pay: describe("x"), close: describe(5) }));
  await expect(broken.ofAll(REQ, ["pay", "close"])).rejects.toMatchObject({
    reason: "describe_kind",
  });
});
