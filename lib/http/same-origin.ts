/** Refuses calls that another site makes a browser send (cross-site request forgery). */

import type { IncomingMessage, ServerResponse } from "node:http";
import { parseUrl } from "../std/url";
import { tell } from "./response";

type MaybeExpress = IncomingMessage & { protocol?: unknown };

// The request headers that an answer depends on which `isSameOrigin` decides.
const VARY = "Sec-Fetch-Site, Origin";

/** Says so in the answer, beside what the app has said (Fetch Metadata 4). */
export function addVary(res: ServerResponse): void {
  const vary = res.getHeader("Vary");
  tell(res, "Vary", vary === undefined ? VARY : `${String(vary)}, ${VARY}`);
}

/**
 * Whether the call comes from a page of this origin, of a trusted one, or from no page at all. Browsers
 * say so in Sec-Fetch-Site; without it, or with a value that is not known, an Origin that is there must
 * match in full. Script clients send neither.
 */
export function isSameOrigin(req: IncomingMessage, trustedOrigins: ReadonlySet<string>): boolean {
  const { origin } = req.headers;
  if (origin !== undefined && trustedOrigins.has(origin)) return true;
  const site = req.headers["sec-fetch-site"];
  if (site === "same-origin") return true;
  // Of no page: an address that was typed, or a link in a mail. That a POST comes so is the user's own doing.
  if (site === "none") return req.method !== "GET";
  if (site === "same-site" || site === "cross-site") return false;
  return origin === undefined || origin === originOf(req);
}

function originOf(req: IncomingMessage): string | undefined {
  const { protocol, socket } = req as MaybeExpress;
  const isEncrypted = "encrypted" in socket && socket.encrypted === true;
  const scheme = typeof protocol === "string" ? protocol : isEncrypted ? "https" : "http";
  return parseUrl(`${scheme}://${req.headers.host ?? ""}`)?.origin;
}
