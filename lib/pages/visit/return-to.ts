/** Decides which paths somebody is sent back to after the code (OWASP: unvalidated redirects). */

import { parseUrl } from "../../std/url";

const ORIGIN = "http://app.invalid";
const LONGEST_PATH = 1500;

/**
 * `path`, as a Location header can carry it, if it is a path of this origin that leads neither to nor
 * below one of `exits`, but for the very path `entry`; else nothing.
 */
export function returnPath(
  path: unknown,
  exits: readonly string[],
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
  const pathname = plain.pathname.toLowerCase();
  const isExit =
    pathname !== entry?.toLowerCase() &&
    exits.some((exit) => {
      const name = exit.toLowerCase();
      return pathname === name || pathname.startsWith(`${name}/`);
    });
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
