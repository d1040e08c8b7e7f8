/** Tells a document navigation from a script's call. */

import type { IncomingMessage } from "node:http";

/** Whether a browser wants a page to show: by Sec-Fetch-Dest, without it by Accept. Only a GET does. */
export function isNavigation({ method, headers }: IncomingMessage): boolean {
  if (method !== "GET") return false;
  const destination = headers["sec-fetch-dest"];
  if (destination !== undefined) return destination === "document";
  return /\btext\/html\b/i.test(headers.accept ?? "");
}
