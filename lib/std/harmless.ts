/** Decides what events and errors may show of what they were given. */

// Five digits at most: a shortest code has six, and a phone number more.
const MOST_DIGITS = 5;
const SHORTEST_NUMBER = 10;
const LONGEST_WORD = 32;
const LONGEST_SHOWN = 64;
// Keys and tokens are long runs without a break; names, hosts and paths are not.
const LONGEST_RUN = 24;

/**
 * Whether it is one word that can go into a log: a sentence of somebody else's may repeat a text, its
 * code and its number.
 */
export function isWord(value: unknown, longest = LONGEST_WORD): value is string {
  return (
    typeof value === "string" &&
    value.length <= longest &&
    /^[a-z][\w.:-]*$/i.test(value) &&
    digitsIn(value) <= MOST_DIGITS
  );
}

/** A value as an error at the start may show it: what could be a secret or a number is described. */
export function shown(value: unknown): string {
  if (typeof value === "string") {
    return isPlain(value)
      ? JSON.stringify(value)
      : `a text of ${value.length} characters, which is not shown`;
  }
  if (typeof value === "number") {
    return digitsIn(String(value)) < SHORTEST_NUMBER ? String(value) : "a number that is not shown";
  }
  if (typeof value === "boolean" || value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  return typeof value === "function" ? "a function" : `a value of type ${typeof value}`;
}

/** Whether a text shows no password of a URL, no key or token, and no phone number. */
export function isPlain(text: string): boolean {
  return (
    text.length <= LONGEST_SHOWN &&
    !text.includes("@") &&
    digitsIn(text) <= MOST_DIGITS &&
    text.split(/[^\p{L}\p{N}_+=~]/u).every((run) => run.length <= LONGEST_RUN)
  );
}

const MOST_LINES = 12;
const DEEPEST = 3;
const LONGEST_LINE = 500;

/**
 * An error of the app's, for its developer: name, message, stack, and the same of its causes. What could be a
 * code, a number, a key or a token is left out of it.
 */
export function shownError(error: unknown): string {
  return textOf(harmlessCopy(error));
}

function textOf({ name, message, stack = "", cause }: Error): string {
  const frames = stack.split("\n").slice(0, MOST_LINES);
  const below = cause instanceof Error ? [`Caused by ${textOf(cause)}`] : [];
  return [`${name}: ${message}`, ...frames, ...below].join("\n");
}

/** The same as an error, whose stack is its frames alone. One may be its own cause, so not all of them are read. */
export function harmlessCopy(error: unknown, depth = 0): Error {
  try {
    const isError = typeof error === "object" && error !== null && "message" in error;
    const { name, message, stack, cause } = isError
      ? (error as Partial<Error>)
      : { name: typeof error, message: typeof error === "string" ? error : "" };
    const isShown = cause !== undefined && depth < DEEPEST;
    const below = isShown ? { cause: harmlessCopy(cause, depth + 1) } : undefined;
    const copy = new Error(masked(String(message)), below);
    copy.name = masked(String(name));
    // A message of several lines stands in the stack too, and its lines may look like frames.
    const saidBefore = String(message)
      .split("\n")
      .map((line) => line.trim());
    copy.stack = (stack ?? "")
      .split("\n")
      .filter((line) => /^\s+at /.test(line) && !saidBefore.includes(line.trim()))
      .map((line) => line.slice(0, LONGEST_LINE))
      .join("\n");
    return copy;
  } catch {
    // A client's error may be a proxy whose every member throws.
    return new Error("an error that can't be read");
  }
}

// A code can be written apart, and a number in many ways; a URL can hold a password; keys and tokens mix letters
// and digits, or are long.
function masked(text: string): string {
  return text
    .slice(0, LONGEST_LINE)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[^\s"'`(),;=]*@[^\s"'`(),;]*/gu, "…")
    .replace(/(?:basic|bearer)\s+\S+/giu, "…")
    .replace(/(pass\w*|pwd|secret|token|api_?key)(["']?\s*[:=]\s*["']?)[^\s"',;&]+/giu, "$1$2…")
    .replace(/\p{Nd}(?:(?:%[\da-f]{2}|[^\p{L}\p{Nd}]){0,3}\p{Nd}){4,}/giu, "…")
    .replace(/[^\s"'`(),:;=]{25,}/gu, "…")
    .replace(/(?=[\w+/~-]*\d[\w+/~-]*\d)(?=[\w+/~-]*[a-z])[\w+/~-]{10,}/giu, "…");
}

function digitsIn(text: string): number {
  return text.match(/\p{Nd}/gu)?.length ?? 0;
}
