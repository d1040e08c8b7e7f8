/** Reads a request line, in one way for the router, the guard and the pages. */

import type { IncomingMessage } from "node:http";

/** What a URL names on this server. */
export interface Target {
  path: string;
  /** The path without a slash at its end, as Express and Connect route it too; the root stays "/". */
  trimmed: string;
  /** With its question mark; empty where there is none. */
  query: string;
}

/** A URL as a request line may hold it: scheme and host may stand in front (RFC 9112 3.2.2). */
export function readTarget(url: string): Target {
  const [, path = "", query = ""] = /^(?:[a-z][\w+.-]*:\/\/[^/?]*)?([^?]*)(.*)$/is.exec(url) ?? [];
  return { path, trimmed: path.replace(/(?<=.)\/$/, ""), query };
}

/** Whether it asks for what is there, and changes nothing. */
export function isReading({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

/** What the client has asked for, wherever the app has mounted what reads it. */
export function targetOf(req: IncomingMessage & { originalUrl?: unknown }): Target {
  const { originalUrl, url = "" } = req;
  return readTarget(typeof originalUrl === "string" ? originalUrl : url);
}
