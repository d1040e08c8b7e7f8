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
  // Dots are resolved by now: "/.//evil.example" is "//evil.example".
  if (!isLocal(url.pathname) || !isLocal(plain.pathname)) return undefined;
  const name = plain.pathname.toLowerCase();
  const isEntry = entry !== undefined && name === nameOf(entry);
  const isExit = !isEntry && exits.some((exit) => isAtOrBelow(name, nameOf(exit)));
  if (isExit) return undefined;
  return /^[!-~]+$/.test(path) ? path : url.pathname + url.search + url.hash;
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

// As routers tell paths apart: in any case.
function nameOf(path: string): string | undefined {
  return parse(path)?.pathname.toLowerCase();
}

// Below "/" is all that an app has: it stands for itself alone.
function isAtOrBelow(name: string, top: string | undefined): boolean {
  const bare = top?.replace(/(?<=.)\/$/, "");
  return bare !== undefined && (name === bare || name.startsWith(`${bare}/`));
}
