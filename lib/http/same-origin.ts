/** Refuses calls that another site makes a browser send (cross-site request forgery). */

import type { IncomingMessage, ServerResponse } from "node:http";
import { refusal, type Refusal } from "../outcome/refusal";
import { parseUrl } from "../std/url";
import { isFirst, warn } from "../std/warning";
import { tell } from "./response";

type MaybeExpress = IncomingMessage & { protocol?: unknown };

// The request headers that an answer depends on which `provenanceOf` decides.
const VARY = "Sec-Fetch-Site, Origin";

/** Says so in the answer, beside what the app has said (Fetch Metadata 4). */
export function addVary(res: ServerResponse): void {
  const vary = res.getHeader("Vary");
  tell(res, "Vary", vary === undefined ? VARY : `${String(vary)}, ${VARY}`);
}

/**
 * Where a call comes from: from a page of this origin, of a trusted one, or from no page at all (`here`);
 * from another site; or from a page of which the browser hides the origin. Browsers say so in
 * Sec-Fetch-Site; without it, or with a value that is not known, an Origin that is there must match in full.
 * Script clients send neither. `Origin: null` alone is what an old browser or one on plain http sends from a
 * page with `Referrer-Policy: no-referrer`, and from another site's sandbox too.
 */
export type Provenance = "here" | "elsewhere" | "hidden";

export function provenanceOf(
  req: IncomingMessage,
  trustedOrigins: ReadonlySet<string>,
): Provenance {
  const { origin } = req.headers;
  if (origin !== undefined && trustedOrigins.has(origin)) return "here";
  const site = req.headers["sec-fetch-site"];
  if (site === "same-origin") return "here";
  // Of no page: an address that was typed, or a link in a mail. That a POST comes so is the user's own doing.
  if (site === "none") return req.method === "GET" ? "elsewhere" : "here";
  if (site === "same-site" || site === "cross-site") return "elsewhere";
  if (origin === "null" && site === undefined) return "hidden";
  return origin === undefined || origin === originOf(req) ? "here" : "elsewhere";
}

const HIDDEN =
  "The browser hides which page this came from: it sent `Origin: null` and no Sec-Fetch-Site, as over plain " +
  "http from a page with `Referrer-Policy: no-referrer`. Send that page with `Referrer-Policy: same-origin`.";

/** Refuses a call that does not come from here, and names the cause where it may be a page of the app's own. */
export function refuseProvenance(provenance: Exclude<Provenance, "here">): Refusal {
  if (provenance === "elsewhere") return refusal("cross_site");
  if (isFirst("hidden_origin")) warn(HIDDEN, "SMS2FA_HIDDEN_ORIGIN");
  return refusal("cross_site", { detail: HIDDEN });
}

function originOf(req: IncomingMessage): string | undefined {
  const { protocol, socket } = req as MaybeExpress;
  const isEncrypted = "encrypted" in socket && socket.encrypted === true;
  const scheme = typeof protocol === "string" ? protocol : isEncrypted ? "https" : "http";
  return parseUrl(`${scheme}://${req.headers.host ?? ""}`)?.origin;
}
