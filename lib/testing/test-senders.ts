/** Senders that fail as a test wishes. */

import { TwoFactorError } from "../outcome/errors";
import type { Message, Sender } from "../delivery/sender";

/** How a gateway can fail, and the answer that a client then gets. */
export type Failure =
  /** The gateway has refused the text, so none was sent: 502 `delivery_failed`. */
  | "refused"
  /** The connection was cut, so the text may still arrive, and its code stays good: 502 `delivery_failed`. */
  | "unsure"
  /** The user has written STOP: 422 `cannot_text_number`. */
  | "opted_out"
  /** It takes no more at this moment: 503 `unavailable`. */
  | "busy";

const FAILURES: Record<Failure, () => TwoFactorError> = {
  refused: () => new TwoFactorError("delivery_failed", "Refused.", { reason: "refused" }),
  unsure: () =>
    new TwoFactorError("delivery_failed", "Cut.", {
      reason: "connection_lost",
      mayStillArrive: true,
    }),
  opted_out: () => new TwoFactorError("cannot_text_number", "STOP.", { reason: "opted_out" }),
  busy: () => new TwoFactorError("unavailable", "Busy.", { reason: "busy", retryAfter: 1 }),
};

/** Makes a sender that fails so at each text. */
export function failingSender(failure: Failure = "refused"): Sender {
  return () => {
    throw FAILURES[failure]();
  };
}

/** Makes a sender that never answers: it ends when `sendTimeout` has passed. */
export function hangingSender(): Sender {
  return ({ signal }: Message) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        reject(signal.reason as Error);
      });
    });
}
