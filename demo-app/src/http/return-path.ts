/** Decides which paths of its own the demo sends a visitor back to (OWASP: unvalidated redirects). */

/** Where somebody goes who has asked for nothing else. */
export const HOME = "/account";

const EXITS = ["/log-in", "/log-out", "/sign-up", "/2fa"];
const ORIGIN = "http://demo.invalid";

/** `path` if it is a path of this origin that may be gone back to, else the account page. */
export function returnPath(path: unknown): string {
  if (typeof path !== "string" || path.length > 2000 || !isLocal(path)) return HOME;
  // Servers and proxies behind may decode once more.
  const decoded = decode(path);
  if (decoded === undefined || !isLocal(decoded)) return HOME;
  const url = new URL(path, ORIGIN);
  const pathname = new URL(decoded, ORIGIN).pathname.toLowerCase();
  // Dots are resolved by now: "/.//evil.example" is "//evil.example".
  if (url.origin !== ORIGIN || !isLocal(url.pathname) || !isLocal(pathname)) return HOME;
  const isExit = EXITS.some((exit) => pathname === exit || pathname.startsWith(`${exit}/`));
  return isExit ? HOME : path;
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
