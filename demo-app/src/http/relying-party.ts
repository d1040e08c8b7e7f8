/** Says which domain passkeys are made for. */

import type { Request } from "express";
import type { RelyingParty } from "../passkeys/passkeys";
import type { Settings } from "../settings/settings";

/**
 * The domain that visitors see; nothing where the demo was opened by an address, for which browsers make no
 * passkeys. Without PUBLIC_ORIGIN it is localhost alone: the Host header is whatever a client says.
 */
export function relyingParty(
  req: Request,
  { publicOrigin }: Pick<Settings, "publicOrigin">,
): RelyingParty | undefined {
  if (publicOrigin !== undefined) {
    const { hostname, origin } = new URL(publicOrigin);
    return /^[\d.]+$|^\[/.test(hostname) ? undefined : { id: hostname, origin };
  }
  const own = `http://${req.get("host") ?? ""}`;
  const url = URL.canParse(own) ? new URL(own) : undefined;
  return url?.hostname === "localhost" ? { id: url.hostname, origin: url.origin } : undefined;
}
