/** Names the route that a request has come to, as the app has written it: what a client put there is left out. */

import type { IncomingMessage } from "node:http";

type Routed = IncomingMessage & {
  baseUrl?: unknown;
  originalUrl?: unknown;
  route?: { path?: unknown } | undefined;
};

const ends = new WeakMap<IncomingMessage, string>();
const LONGEST = 120;

/** Notes which of the router's own paths a request is for: no route of Express tells it. */
export function noteEndpoint(req: IncomingMessage, path: string): void {
  ends.set(req, path);
}

/** The route; nothing where neither Express nor Connect has led there. */
export function routeOf(req: IncomingMessage): string | undefined {
  const base = baseOf(req);
  if (base === undefined) return undefined;
  const end = ends.get(req) ?? patternOf((req as Routed).route?.path);
  const route = base.split("/").map(shown).join("/") + end;
  return route === "" ? "/" : route.slice(0, LONGEST);
}

/** Where the handler stands that is asked, which Connect tells by what it has taken off the URL. */
function baseOf({ baseUrl, originalUrl, url = "" }: Routed): string | undefined {
  if (typeof baseUrl === "string") return baseUrl;
  if (typeof originalUrl !== "string") return undefined;
  const [path = ""] = originalUrl.split("?", 1);
  const [rest = ""] = url.split("?", 1);
  if (path === rest) return "";
  return path.endsWith(rest) ? path.slice(0, -rest.length || undefined) : path;
}

function patternOf(path: unknown): string {
  if (path === undefined) return "";
  return [path].flat().map(String).join("|");
}

// A mount path's parameters are filled in by the client: a token or a number may stand there.
const WORD = /^(?:[a-z\d._~-]{1,24}|[A-Z\d._~-]{1,24}|[a-z]{2,}(?:[A-Z][a-z]{2,})+)$/;
const MANY_DIGITS = /(?:\d\D*){4}/;

function shown(segment: string): string {
  return segment === "" || (WORD.test(segment) && !MANY_DIGITS.test(segment)) ? segment : "*";
}
