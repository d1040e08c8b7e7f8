/** Reads URLs. */

/**
 * The URL that a text is, or none. Not by `URL.canParse()`: once hot, Node.js 20's says no to what has a
 * letter such as `ü` in it.
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** Reads a URL as it stands: the parser itself would drop line breaks and spaces in silence. */
export function readUrl(value: unknown): URL | undefined {
  const isWritten = typeof value === "string" && /^[\x21-\x7e]{1,2048}$/.test(value);
  return isWritten ? parseUrl(value) : undefined;
}

/**
 * Reads the URL of a server that may be told secrets: https, or http to this machine, without user, query or
 * fragment.
 */
export function readServerUrl(value: unknown): URL | undefined {
  const url = readUrl(value);
  const isSafe =
    url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  return isSafe && url.href === url.origin + url.pathname ? url : undefined;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
