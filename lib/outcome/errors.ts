/** The one error class, and the closed union of codes that a refusal can carry. */

/** Why a call was refused. The union is closed: a `switch` over it can be exhaustive. */
export type RefusalCode =
  | "invalid_request"
  | "invalid_number"
  | "cross_site"
  | "not_signed_in"
  | "no_number"
  | "number_mismatch"
  | "country_not_allowed"
  | "wrong_code"
  | "no_challenge"
  | "factor_disabled"
  | "send_refused"
  | "two_factor_required"
  | "method_not_allowed"
  | "payload_too_large"
  | "unsupported_media_type"
  | "cannot_text_number"
  | "too_many_attempts"
  | "too_many_requests"
  | "delivery_failed"
  | "unavailable";

const STATUS: Record<RefusalCode, number> = {
  invalid_request: 400,
  invalid_number: 400,
  cross_site: 403,
  not_signed_in: 403,
  no_number: 403,
  number_mismatch: 403,
  country_not_allowed: 403,
  wrong_code: 403,
  no_challenge: 403,
  factor_disabled: 403,
  send_refused: 403,
  two_factor_required: 403,
  method_not_allowed: 405,
  payload_too_large: 413,
  unsupported_media_type: 415,
  cannot_text_number: 422,
  too_many_attempts: 429,
  too_many_requests: 429,
  delivery_failed: 502,
  unavailable: 503,
};

/** All of them. */
export const REFUSAL_CODES = Object.keys(STATUS) as readonly RefusalCode[];

/** The HTTP status that a refusal code answers with. */
export function statusOf(code: RefusalCode): number {
  return STATUS[code];
}

/** What a `TwoFactorError` may carry beside its code. */
export interface TwoFactorErrorDetails {
  /** Whole seconds after which another try can succeed. */
  retryAfter?: number;
  /**
   * A stable word for logs and events, such as `opted_out` or `twilio:30007`. Never shown to the client.
   * A sender's is passed over where it is no single word of 32 characters, with five digits at most.
   */
  reason?: string;
  /**
   * For senders: the text may arrive although the call failed (a time-out, a 5xx), so its code must
   * stay good. @default false
   */
  mayStillArrive?: boolean;
  /** A scrubbed cause. Never hand in an error object of a gateway's client: it may hold the code. */
  cause?: unknown;
}

/**
 * The one error that this package throws or hands over: `code` says why, `status` is its HTTP status.
 * A sender throws one to say what kind of failure it met; anything else it throws counts as
 * `delivery_failed`.
 */
export class TwoFactorError extends Error {
  /** Tells it from other errors, across realms and copies of the package too. */
  override readonly name = "TwoFactorError";
  /** Why. */
  readonly code: RefusalCode;
  /** The HTTP status of the code. */
  readonly status: number;
  /** Whole seconds after which another try can succeed. */
  readonly retryAfter: number | undefined;
  /** For logs and events; never shown to the client. */
  readonly reason: string | undefined;
  /** Whether the text may arrive all the same. */
  readonly mayStillArrive: boolean;

  constructor(code: RefusalCode, message: string, details: TwoFactorErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = statusOf(code);
    this.retryAfter = details.retryAfter;
    this.reason = details.reason;
    this.mayStillArrive = details.mayStillArrive ?? false;
  }
}
