/** Keeps whom a request was found to come from, for events of what goes wrong later on its way. */

import type { IncomingMessage } from "node:http";
import type { TwoFactorEvent } from "../outcome/events";

type Facts = () => Partial<TwoFactorEvent>;

const askers = new WeakMap<IncomingMessage, Facts>();

/** Notes who is signed in; nobody forgets whoever was before. Facts are asked for only where there is an event. */
export function noteAsker(req: IncomingMessage, facts: Facts | undefined): void {
  if (facts === undefined) askers.delete(req);
  else askers.set(req, facts);
}

/** What events tell of whoever was signed in when the app was last asked. */
export function askerOf(req: IncomingMessage): Partial<TwoFactorEvent> {
  return askers.get(req)?.() ?? {};
}
