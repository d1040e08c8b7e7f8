/** The one error class, and the closed union of codes that a refusal can carry. */

/** Why a call was refused. The union is closed: a `switch` over it can be exhaustive. */
export type RefusalCode =
  | "invalid_request"
  | "invalid_number"
  | "cross_site"
  | "bad_signature"
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
  bad_signature: 403,
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

/** Whether it is one of them. */
export function isRefusalCode(value: unknown): value is RefusalCode {
  return typeof value === "string" && Object.hasOwn(STATUS, value);
}

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

// Registered, so that every copy of this package knows it: CommonJS beside ESM, two installs of a monorepo.
const BRAND = Symbol.for("express-sms-2fa/TwoFactorError");

/**
 * The one error that this package throws or hands over: `code` says why, `status` is its HTTP status.
 * A sender throws one to say what kind of failure it met; anything else it throws counts as
 * `delivery_failed`. `instanceof` knows those of other copies of this package too.
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
    if (!isRefusalCode(code)) {
      // What stands there may be a gateway's sentence, with the code in it: it is not shown.
      throw new TypeError(
        'Expected the first argument of TwoFactorError to be a code, such as "delivery_failed", and the ' +
          "second to be the message.",
      );
    }
    this.code = code;
    this.status = statusOf(code);
    this.retryAfter = details.retryAfter;
    this.reason = details.reason;
    this.mayStillArrive = details.mayStillArrive ?? false;
  }

  /** Knows those of other copies of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // A class of an app's that extends this one is told by its own prototype.
    if (this !== TwoFactorError) return Function.prototype[Symbol.hasInstance].call(this, value);
    try {
      return (value as Record<symbol, unknown> | null | undefined)?.[BRAND] === true;
    } catch {
      // A proxy whose members throw is none.
      return false;
    }
  }
}
Object.defineProperty(TwoFactorError.prototype, BRAND, { value: true });
