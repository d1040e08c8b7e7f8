/** Tells the app of events: its listener, the diagnostics channel and, of faults, the terminal. */

import { channel } from "node:diagnostics_channel";
import { isWord, shownError } from "../std/harmless";
import { isProduction } from "../std/option-checks";
import { isFirst, warn } from "../std/warning";
import { isRefusalCode, type RefusalCode } from "./errors";
import type { EventType, TwoFactorEvent } from "./event";
import { faultOf } from "./faults";
import type { Telemetry } from "./telemetry";

export type { Budget, DeliveryState, EventFields, EventType, TwoFactorEvent } from "./event";

/** Hears of events. What it throws or rejects with is dropped: no listener decides who gets in. */
export type EventListener = (event: TwoFactorEvent) => unknown;

/** The longest reason. */
export const LONGEST_REASON = 64;

type Untold = Omit<TwoFactorEvent, "at" | "owasp">;

/** Tells of an event and of the error that it came from, or of an error alone. */
export type EmitEvent = (event: Untold | undefined, error?: unknown) => void;

const OWASP: Partial<Record<EventType, string>> = {
  verified: "authn_login_success",
  confirmed: "authn_login_success",
  wrong_code: "authn_login_fail",
  attempts_exhausted: "authn_login_fail_max",
  factor_disabled: "authn_login_lock",
  budget_exhausted: "excess_rate_limit_exceeded",
  session_renewed: "session_renewed",
  phone_changed: "user_updated",
  browser_remembered: "authn_token_created",
  browser_forgotten: "authn_token_revoked",
  browser_stolen: "authn_token_reuse",
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

/** What events go to beside the listener: subscribe to it by `node:diagnostics_channel`. */
const CHANNEL = "express-sms-2fa";

/**
 * Makes the function that tells of events. An error that comes with one is told to the developer too, once for
 * each kind in a process: as an event, and in the terminal, save in production where somebody listens.
 */
export function eventsTo(
  listener: EventListener | undefined,
  telemetry?: Pick<Telemetry, "hear">,
): EmitEvent {
  const heard = channel(CHANNEL);
  const tell = (event: Untold): void => {
    if (listener === undefined && telemetry === undefined && !heard.hasSubscribers) return;
    const owasp = owaspOf(event);
    const whole: TwoFactorEvent = {
      ...harmless(event),
      at: new Date().toISOString(),
      ...(owasp !== undefined && { owasp }),
    };
    telemetry?.hear(whole);
    if (heard.hasSubscribers) heard.publish(whole);
    if (listener !== undefined) void notify(listener, whole);
  };
  const tellFault = (error: unknown): void => {
    const fault = faultOf(error);
    if (fault === undefined || !isFirst(`${fault.reason} ${fault.sentence}`)) return;
    const { code, reason, sentence, cause } = fault;
    const detail = cause === undefined ? undefined : shownError(cause);
    tell({
      type: "fault",
      reason,
      message: sentence,
      ...(detail !== undefined && { error: detail }),
    });
    if (listener === undefined || !isProduction()) warn(sentence, code, detail);
  };
  return (event, error) => {
    if (error !== undefined) tellFault(error);
    if (event !== undefined) tell(event);
  };
}

/** The event, whatever an app's function or another copy of this package has put into it. */
function harmless(event: Untold): Untold {
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

function owaspOf({ type, code, failures }: Untold): string | undefined {
  if (OWASP[type] === "authn_login_success" && failures !== undefined)
    return "authn_login_successafterfail";
  return OWASP[type] ?? (code === undefined ? undefined : OWASP_OF_REFUSAL[code]);
}

async function notify(listener: EventListener, event: TwoFactorEvent): Promise<void> {
  try {
    await listener(event);
  } catch (error) {
    // ASVS 16.5.3: a log that fails changes no decision.
    if (isFirst("on_event")) {
      const sentence = "`onEvent` threw, so events are lost: mend it.";
      warn(sentence, "SMS2FA_ON_EVENT", shownError(error));
    }
  }
}
