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
