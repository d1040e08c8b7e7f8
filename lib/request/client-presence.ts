/** Tells whether the client of a request still waits for its answer. */

import type { IncomingMessage } from "node:http";

/** Whether the client has hung up. A request that was made by hand, in a test or a cloud's adapter, has no say. */
export function isGone(req: IncomingMessage): boolean {
  const { destroyed, writableEnded } = (req.socket as IncomingMessage["socket"] | undefined) ?? {};
  // Node ends its own side of a connection only once it has answered the last request, or the other has hung up.
  return destroyed === true || writableEnded === true;
}
