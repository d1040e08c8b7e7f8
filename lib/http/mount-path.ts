/** Reads mount paths that hold parameters, such as `/t/:tenant/2fa`, and fills them in from a request. */

/** A mount path without a slash at its end. */
export function readPattern(path: string): string {
  return path.replace(/\/+$/, "");
}

/** Whether it stands for one path alone. */
export function isPlain(pattern: string): boolean {
  return !/[:*?+(){},\\]/.test(pattern);
}

const PARAMETER = /^:(\w+)$/;
// What a segment of a URL may hold, but for those that mean another folder.
const SEGMENT = /^(?!(?:\.|%2e){1,2}$)[\w.~!$&'()*+,;=:@%-]+$/i;

/** Whether it holds nothing but plain segments and whole parameters. */
export function isReadable(pattern: string): boolean {
  return segmentsOf(pattern) !== undefined;
}

/**
 * A path with the parameters that a request has: those that stand at the same place in its own path, else
 * those of the same name in its route. Nothing where it lacks one, or where the pattern holds anything else.
 */
export function fillIn(pattern: string, path: string, params: unknown): string | undefined {
  const wanted = segmentsOf(pattern);
  if (wanted === undefined) return undefined;
  const given = path.split("/").slice(1);
  const values = wanted.map((each, at) => {
    const here = isBefore(wanted, given, at) ? given[at] : undefined;
    return valueOf(each, here) ?? valueOf(each, paramOf(params, each.name));
  });
  return joined(values);
}

/** The same from a path that a proxy in front has taken the beginning off, as far as it goes. */
export function fillInFromEnd(pattern: string, path: string): string | undefined {
  const wanted = segmentsOf(pattern);
  const given = path.split("/").slice(1);
  if (wanted === undefined || given.length > wanted.length) return undefined;
  const offset = wanted.length - given.length;
  const isSame = given.every((value, at) => isAt(wanted[at + offset], value));
  return isSame ? joined(wanted.map((each, at) => valueOf(each, given[at - offset]))) : undefined;
}

/** Whether a path is one that the pattern stands for, in capitals or not. */
export function matches(pattern: string, path: string): boolean {
  const wanted = segmentsOf(pattern);
  const given = path.split("/").slice(1);
  return wanted?.length === given.length && wanted.every((each, at) => isAt(each, given[at]));
}

interface Segment {
  /** Its text; of a parameter with its colon. */
  text: string;
  /** The name of a parameter. */
  name: string | undefined;
}

/** Its segments; nothing where it holds more than plain ones and whole parameters. */
function segmentsOf(pattern: string): Segment[] | undefined {
  const segments = pattern.split("/").slice(1);
  const isRead = pattern === "" || pattern.startsWith("/");
  if (!isRead || !segments.every((each) => PARAMETER.test(each) || isPlain(each))) return undefined;
  return segments.map((text) => ({ text, name: PARAMETER.exec(text)?.[1] }));
}

// A parameter is where the request has it only if all before it is the same.
function isBefore(wanted: readonly Segment[], given: readonly string[], at: number): boolean {
  return wanted.slice(0, at).every((each, index) => isAt(each, given[index]));
}

function isAt(wanted: Segment | undefined, given: string | undefined): boolean {
  if (wanted === undefined || given === undefined) return false;
  if (wanted.name !== undefined) return SEGMENT.test(given);
  return wanted.text.toLowerCase() === given.toLowerCase();
}

function valueOf({ name, text }: Segment, value: string | undefined): string | undefined {
  if (name === undefined) return text;
  return value !== undefined && SEGMENT.test(value) ? value : undefined;
}

function paramOf(params: unknown, name: string | undefined): string | undefined {
  if (name === undefined || typeof params !== "object" || params === null) return undefined;
  const value: unknown = Object.hasOwn(params, name)
    ? (params as Record<string, unknown>)[name]
    : undefined;
  return typeof value === "string" ? encodeURIComponent(value) : undefined;
}

function joined(values: readonly (string | undefined)[]): string | undefined {
  return values.includes(undefined) ? undefined : values.map((value) => `/${value ?? ""}`).join("");
}
