/** Values of every type, written as JSON: what parsers, stores and apps may leave where a record is expected. */

import fc, { type Arbitrary } from "fast-check";
import { CODES, ODDITIES, PHONES } from "./corpus";
import { signs } from "./mutations";

/** Texts that stand for what JSON has no word for. */
const WORDS: Readonly<Record<string, () => unknown>> = {
  $undefined: () => undefined,
  $NaN: () => NaN,
  $Infinity: () => Infinity,
  $bigint: () => 12n,
  $symbol: () => Symbol("odd"),
  // As `then` it would else keep whoever waits for it waiting.
  $function: () => (done: unknown) => (typeof done === "function" ? (done as Done)("odd") : "odd"),
  $Date: () => new Date(0),
  $Map: () => new Map([["auth_code", "123456"]]),
  $Set: () => new Set(["123456"]),
  $Buffer: () => Buffer.from("{}"),
  $bytes: () => new Uint8Array([0x7b, 0x7d]),
  $bare: () => Object.create(null) as object,
  $inherits: () =>
    Object.create({ auth_code: "123456", number: "+12025550123", id: "x" }) as object,
  $toString: () => ({ toString: () => "123456" }),
  $boxed: () => Object("123456") as object,
  $error: () => new Error("odd"),
  $promise: () => Promise.resolve("123456"),
};

type Done = (value: unknown) => unknown;

/** What a text of `oddJson` stands for. */
export function materialise(json: string): unknown {
  return fill(JSON.parse(json) as unknown);
}

function fill(value: unknown): unknown {
  if (typeof value === "string") return Object.hasOwn(WORDS, value) ? WORDS[value]?.() : value;
  if (Array.isArray(value)) return value.map(fill);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fill(each)]));
}

const scalar: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 1.5, 1e21, -0, 2 ** 53, 253402300800000, 8.64e15 + 1),
  fc.constantFrom(...Object.keys(WORDS)),
  fc.constantFrom(...ODDITIES, ...CODES, ...PHONES),
  signs(8),
  fc.integer(),
);

/** Names of members: those that readers look for, and those that every object has. */
function nameOf(names: readonly string[]): Arbitrary<string> {
  return fc.constantFrom(
    ...names,
    "__proto__",
    "constructor",
    "toString",
    "length",
    "0",
    "then",
    "toJSON",
    "",
  );
}

/** Values of every shape, members of `names` among theirs, as JSON. */
export function oddJson(names: readonly string[]): Arbitrary<string> {
  const { any } = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      scalar,
      fc.array(tie("any"), { maxLength: 4 }),
      fc
        .array(fc.tuple(nameOf(names), tie("any")), { maxLength: 5 })
        .map((members) => Object.fromEntries(members)),
    ),
  }));
  return any.map((value) => JSON.stringify(value));
}

interface Graft {
  /** From 0 to 1: which of all members. */
  at: number;
  act: "set" | "drop" | "list" | "twice" | "text";
  value: string;
}

const graft = (names: readonly string[]): Arbitrary<Graft> =>
  fc.record({
    at: fc.integer({ min: 0, max: 9999 }).map((part) => part / 10_000),
    act: fc.constantFrom("set", "set", "drop", "list", "twice", "text"),
    value: oddJson(names),
  });

type Holder = Record<string, unknown>;

function membersOf(value: unknown): [Holder, string][] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap((name) => [
    [holder, name] as [Holder, string],
    ...membersOf(holder[name]),
  ]);
}

/** A record as JSON, one of its members changed in one of the ways of `Graft`. */
export function grafted(json: string, grafts: readonly Graft[]): string {
  const root = { value: JSON.parse(json) as unknown };
  for (const { at, act, value } of grafts) {
    const members = membersOf(root);
    const [holder, name] = members[Math.floor(at * members.length)] ?? [];
    if (holder === undefined || name === undefined) continue;
    const before = holder[name];
    if (act === "drop") Reflect.deleteProperty(holder, name);
    else if (act === "list") holder[name] = [before];
    else if (act === "twice") holder[name] = [before, before].flat();
    else if (act === "text")
      holder[name] = typeof before === "string" ? `${before} ` : JSON.stringify(before);
    else holder[name] = JSON.parse(value);
  }
  return Object.hasOwn(root, "value") ? JSON.stringify(root.value) : "null";
}

/** Up to three changes for `grafted`. */
export function graftsOf(names: readonly string[]): Arbitrary<Graft[]> {
  return fc.array(graft(names), { minLength: 1, maxLength: 3 });
}
