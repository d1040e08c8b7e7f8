/** What the app is told of: one event for each step, with no code, full number or secret in it. */

import { isWord } from "../std/harmless";
import { isRefusalCode, type RefusalCode } from "./errors";

/** What happened. */
export type EventType =
  | "sent"
  | "send_failed"
  | "gateway_failed"
  | "test_number"
  | "pending"
  | "verified"
  | "confirmed"
  | "wrong_code"
  | "attempts_exhausted"
  | "challenge_expired"
  | "budget_exhausted"
  | "budget_recorded"
  | "factor_disabled"
  | "factor_unlocked"
  | "session_renewed"
  | "mark_dropped"
  | "phone_changed"
  | "refused"
  | "guard_refused";

/** One step of somebody's second factor. Safe to log as JSON. */
export interface TwoFactorEvent {
  /** What happened. */
  type: EventType;
  /** ISO 8601, UTC. */
  at: string;
  /** The event's name in OWASP's logging vocabulary, where it has one. */
  owasp?: string;
  /** The user's id, "\ufffd" in place of control characters; the masked number where that is the subject. */
  subject?: string;
  /** The masked number. */
  phone?: string;
  /** ISO 3166-1 alpha-2 code of the country of the number. */
  country?: string;
  /** Network of the client: its IPv4 address, or the /56 of its IPv6 address. */
  ip?: string;
  /** Absent or empty for the plain second factor. */
  purpose?: string;
  /** The refusal code that the client got. */
  code?: RefusalCode;
  /** The sender that took the text or failed, by its function's name, such as `signalwire`. */
  sender?: string;
  /** More about it for operators, such as `opted_out`, `timeout` or the name of a limit. */
  reason?: string;
  /** Method names of RFC 8176, as the app has told them. */
  amr?: string[];
  /** Codes that may still be tried. */
  attemptsLeft?: number;
  /** Wrong codes since the right one before, where a code is right; absent for none. */
  failures?: number;
}

/** Hears of events. What it throws or rejects with is dropped: no listener decides who gets in. */
export type EventListener = (event: TwoFactorEvent) => unknown;

/** The longest reason. */
export const LONGEST_REASON = 64;

export type EmitEvent = (event: Omit<TwoFactorEvent, "at" | "owasp">) => void;

const OWASP: Partial<Record<EventType, string>> = {
  verified: "authn_login_success",
  confirmed: "authn_login_success",
  wrong_code: "authn_login_fail",
  attempts_exhausted: "authn_login_fail_max",
  factor_disabled: "authn_login_lock",
  budget_exhausted: "excess_rate_limit_exceeded",
  session_renewed: "session_renewed",
  phone_changed: "user_updated",
};

const OWASP_OF_REFUSAL: Partial<Record<RefusalCode, string>> = {
  cross_site: "malicious_csrf",
  too_many_requests: "excess_rate_limit_exceeded",
  too_many_attempts: "authn_login_fail_max",
  no_challenge: "sequence_fail",
  invalid_request: "input_validation_fail",
  invalid_number: "input_validation_fail",
  payload_too_large: "input_validation_fail",
  unsupported_media_type: "input_validation_fail",
};

/** Makes the function that tells the listener of events. */
export function eventsTo(listener: EventListener | undefined): EmitEvent {
  if (listener === undefined) return () => undefined;
  return (event) => {
    const owasp = owaspOf(event);
    const whole: TwoFactorEvent = {
      ...harmless(event),
      at: new Date().toISOString(),
      ...(owasp !== undefined && { owasp }),
    };
    void notify(listener, whole);
  };
}

/** The event, whatever an app's function or another copy of this package has put into it. */
function harmless(event: Parameters<EmitEvent>[0]): Parameters<EmitEvent>[0] {
  const { reason, code } = event;
  const isGood =
    (reason === undefined || isWord(reason, LONGEST_REASON)) &&
    (code === undefined || isRefusalCode(code));
  if (isGood) return event;
  return {
    ...event,
    ...(reason !== undefined && !isWord(reason, LONGEST_REASON) && { reason: "unknown" }),
    ...(code !== undefined && !isRefusalCode(code) && { code: "unavailable" }),
  };
}

function owaspOf({ type, code, failures }: Parameters<EmitEvent>[0]): string | undefined {
  if (type === "verified" && failures !== undefined) return "authn_login_successafterfail";
  return OWASP[type] ?? (code === undefined ? undefined : OWASP_OF_REFUSAL[code]);
}

async function notify(listener: EventListener, event: TwoFactorEvent): Promise<void> {
  try {
    await listener(event);
  } catch {
    // ASVS 16.5.3: a log that fails changes no decision.
  }
}
