/** The checks that options go through once, each refusing in a sentence that names the option and the fix. */

import type * as Levenshtein from "fastest-levenshtein";
import type * as Harmless from "./harmless";

/** Throws what is wrong with an option, and shows the value where it can't be a secret. */
export function refuse(option: string, expected: string, value: unknown, hint = ""): never {
  throw new TypeError(`Expected \`${option}\` ${expected}, got ${harmless().shown(value)}.${hint}`);
}

function harmless(): typeof Harmless {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded at a mistake alone
  return require("./harmless") as typeof Harmless;
}

/** Throws at a name that no option has, with the one that was perhaps meant. */
export function refuseUnknown(
  where: string,
  options: unknown,
  known: Readonly<Record<string, true>>,
): asserts options is Record<string, unknown> {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`Expected ${where} to be given an object of options.`);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded at a mistake alone
    const { closest, distance } = require("fastest-levenshtein") as typeof Levenshtein;
    const nearest = closest(name, Object.keys(known));
    const isNear = distance(name, nearest) <= Math.max(2, name.length / 3);
    const hint = isNear ? ` Did you mean \`${nearest}\`?` : "";
    const { isPlain, shown } = harmless();
    const told = isPlain(name) ? `\`${name}\`` : shown(name);
    throw new TypeError(`Unknown option ${told} of ${where}.${hint}`);
  }
}

/** A whole number between two bounds, or the default. */
export function readWhole(
  option: string,
  value: unknown,
  bounds: { byDefault: number; min: number; max: number; unit?: string },
): number {
  const { byDefault, min, max, unit } = bounds;
  if (value === undefined) return byDefault;
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
    return value;
  }
  const of = unit === undefined ? "" : ` of ${unit}`;
  return refuse(option, `to be a whole number${of} from ${min} to ${max}`, value);
}

/** `true` or `false`; absent is `false`. */
export function readBoolean(option: string, value: unknown): boolean {
  if (value === undefined) return false;
  return typeof value === "boolean" ? value : refuse(option, "to be true or false", value);
}

/** A function, or `undefined` where it is absent. */
export function readFunction(
  option: string,
  value: unknown,
): ((...args: never[]) => unknown) | undefined {
  if (value === undefined) return undefined;
  return typeof value === "function"
    ? (value as (...args: never[]) => unknown)
    : refuse(option, "to be a function", value);
}

/** An object with all of `methods`, such as a store of the app's own. */
export function readMethods(
  option: string,
  value: unknown,
  methods: Readonly<Record<string, true>>,
  expected: string,
): object {
  const given = (value ?? {}) as Record<string, unknown>;
  const missing = Object.keys(methods).find((name) => typeof given[name] !== "function");
  if (missing === undefined) return given;
  const hint =
    typeof value === "object" && value !== null ? ` It has no method \`${missing}\`.` : "";
  return refuse(option, expected, value, hint);
}

/** An array of strings that each pass `isGood`, as a set; `hintAt` says what a wrong one may have meant. */
export function readNames(
  option: string,
  value: unknown,
  expected: string,
  isGood: (name: string) => boolean,
  hintAt: (name: unknown) => string = () => "",
): Set<string> {
  if (!Array.isArray(value)) return refuse(option, `to be an array of ${expected}`, value);
  for (const name of value as unknown[]) {
    if (typeof name !== "string" || !isGood(name)) {
      refuse(option, `to hold ${expected} alone`, name, hintAt(name));
    }
  }
  return new Set(value as string[]);
}

/** What is given, or the default. `null` is no absence: it comes from a mistake, and must not stand for one. */
export function orElse(value: unknown, byDefault: unknown): unknown {
  return value === undefined ? byDefault : value;
}

/** The bounds of a time in whole seconds, for `readWhole()`. */
export function seconds(
  byDefault: number,
  min: number,
  max: number,
): { byDefault: number; min: number; max: number; unit: string } {
  return { byDefault, min, max, unit: "seconds" };
}

const PATH = /^\/(?!\/)[\w\-.~!$&'()*+,;=:@%/?]*$/;

/** Whether it is a path of this origin. */
export function isPath(value: unknown): value is string {
  return typeof value === "string" && PATH.test(value);
}

/** A path of this origin, or `undefined` where it is absent. */
export function readPath(option: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return isPath(value)
    ? value
    : refuse(option, "to be a path of this origin, such as /account", value);
}

/** Whether this process is one of production: `set NODE_ENV=production && …` leaves a blank behind. */
export function isProduction(): boolean {
  return process.env["NODE_ENV"]?.trim().toLowerCase() === "production";
}
