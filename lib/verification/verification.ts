/** What a mark tells the app: who proved what, how and when. */

import type { Mark } from "../session/session";

/** How and when somebody was verified. */
export interface Verification {
  /** Method names of RFC 8176. */
  amr: string[];
  /** ISO 8601, UTC. */
  at: string;
}

/** The public part of a mark. */
export function verificationOf({ amr, at }: Mark): Verification {
  return { amr: [...amr], at: new Date(at).toISOString() };
}
