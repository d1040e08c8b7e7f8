/** Which gateways a text went by: told by senders that choose among others, for events. */

import { isWord } from "../std/harmless";
import type { Sender } from "./sender";

/** The way that a text took. */
export interface Route {
  /** Name of the sender that decided: took it, or failed last. */
  sender?: string;
  /** Those that were to send it before, and did not. */
  passedOver?: readonly PassedOver[];
  /** What the one that failed last threw, as its developer may see it. */
  cause?: Error;
}

/** A sender that did not send, and why. */
export interface PassedOver {
  sender: string;
  reason: string;
  /** Absent where it was left out. */
  code?: "delivery_failed" | "unavailable" | "cannot_text_number";
  /** What it threw, as its developer may see it. */
  cause?: Error;
}

/**
 * The name of a sender, which is its function's, or none: anonymous ones have none, and an option's own name
 * (`sender: (message) => …`) says nothing.
 */
export function nameOf({ name }: Sender): string | undefined {
  return isWord(name) && name !== "sender" ? name : undefined;
}

/** Gives a sender its name. */
export function named<Named extends Sender>(name: string, sender: Named): Named {
  return Object.defineProperty(sender, "name", { value: name });
}

// Registered, so that another copy of this package knows it too.
const ROUTE = Symbol.for("express-sms-2fa/route");

/** Writes the way onto what a sender answers or throws. */
export function withRoute<Told extends object>(told: Told, route: Route): Told {
  return Object.defineProperty(told, ROUTE, { value: route });
}

/** The way that a sender's answer or error tells, else the sender itself. */
export function routeOf(sender: Sender, told?: unknown): Route {
  const route = routeIn(told);
  if (route !== undefined) return route;
  const name = nameOf(sender);
  return name === undefined ? {} : { sender: name };
}

function routeIn(told: unknown): Route | undefined {
  try {
    return (told as { [ROUTE]?: Route } | null | undefined)?.[ROUTE];
  } catch {
    // A client's error may be a proxy whose every member throws.
    return undefined;
  }
}
