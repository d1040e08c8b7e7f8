/** A refusal as a value: what the verifier answers when it does not let somebody through. */

import { isRefusalCode, TwoFactorError, type RefusalCode } from "./errors";
import type { Quota } from "./quota";

/** Why not, and what the client may know of it. */
export interface Refusal {
  /** Nobody was let through. */
  ok: false;
  /** Why not. */
  code: RefusalCode;
  /** Whole seconds after which another try can succeed. */
  retryAfter?: number;
  /** Submitted codes that the challenge has left. */
  attemptsLeft?: number;
  /** What is left of the tightest budget that the client may know of. */
  quota?: Quota;
  /**
   * Another request has answered the challenge first, and renewed the session: an answer to this one
   * must not set the old id's cookie again, as express-session's `rolling` does.
   */
  isSuperseded?: true;
  /** The number on record takes no texts until its owner texts START to where they come from. */
  isOptedOut?: true;
  /** In plain words what is wrong, where the code alone does not say it. */
  detail?: string;
}

/** Makes a refusal. */
export function refusal(code: RefusalCode, more: Omit<Refusal, "ok" | "code"> = {}): Refusal {
  return { ok: false, code, ...more };
}

/** Seconds to tell in `retryAfter`: whole, and never so short that the try comes too early. */
export function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

/** A thrown fault as a refusal: closed whatever it was, and with nothing of a foreign error in it. */
export function refusalOf(error: unknown): Refusal {
  // One of another copy of this package may have a code that is not known here.
  if (!(error instanceof TwoFactorError) || !isRefusalCode(error.code)) {
    return refusal("unavailable");
  }
  return refusal(error.code, {
    ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
    ...(error.reason?.startsWith("session_") === true && { detail: error.message }),
    ...(error.reason === "describe_empty" && {
      detail: "There is nothing to confirm. Begin again.",
    }),
  });
}
