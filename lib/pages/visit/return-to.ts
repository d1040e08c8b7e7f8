/** Decides which paths somebody is sent back to after the code (OWASP: unvalidated redirects). */

import { parseUrl } from "../../std/url";

const ORIGIN = "http://app.invalid";
const LONGEST_PATH = 1500;

/**
 * Gives `path`, such as the `returnTo` of a log-in page's query, if it is a path of your own origin that
 * is safe to redirect to, as a Location header carries it; else nothing (OWASP: unvalidated redirects).
 *
 * @param exits Paths, such as `/log-out`, that nobody is sent back to, nor to what is below them.
 * @param entry The one path below them that counts all the same.
 */
export function returnPath(
  path: unknown,
  exits: readonly string[] = [],
  entry?: string,
): string | undefined {
  if (typeof path !== "string" || path.length > LONGEST_PATH || !isLocal(path)) return undefined;
  // Servers and proxies behind may decode once more. A space, as names of files have it, is no danger.
  const decoded = decode(path);
  if (decoded === undefined || !isLocal(decoded.replaceAll(" ", ""))) return undefined;
  const url = parse(path);
  const plain = parse(decoded);
  if (url === undefined || plain === undefined) return undefined;
  // Browsers resolve dots before a server decodes, and a router may take "/log-out/..%2fx" for what is below
  // "/log-out", or for "/x". Dots are resolved by now: "/.//evil.example" is "//evil.example".
  const names = [nameOf(url), nameOf(plain)];
  if (!names.every((name) => isLocal(name.replaceAll(" ", "")))) return undefined;
  const isEntry = entry !== undefined && names.every((name) => name === nameOf(parse(entry)));
  if (!isEntry && exits.some((exit) => names.some((name) => isAtOrBelow(name, exit))))
    return undefined;
  const carried = /^[!-~]+$/.test(path) ? path : url.pathname + url.search + url.hash;
  return carried.length > LONGEST_PATH ? undefined : carried;
}

// One slash and no second, no backslash (browsers read it as a slash), nothing that browsers drop.
function isLocal(path: string): boolean {
  return /^\/(?![/\\])[^\\\s\p{Cc}\p{Cf}]*$/u.test(path);
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path.split(/[?#]/, 1)[0] ?? "");
  } catch {
    return undefined;
  }
}

function parse(path: string): URL | undefined {
  const url = parseUrl(path, ORIGIN);
  return url?.origin === ORIGIN ? url : undefined;
}

// As routers tell paths apart: in any case, letters encoded or not.
function nameOf(url: URL | undefined): string {
  const { pathname = "" } = url ?? {};
  return (decode(pathname) ?? pathname).toLowerCase();
}

// Below "/" is all that an app has: it stands for itself alone.
function isAtOrBelow(name: string, exit: string): boolean {
  const bare = nameOf(parse(exit)).replace(/(?<=.)\/$/, "");
  return bare !== "" && (name === bare || name.startsWith(`${bare}/`));
}
