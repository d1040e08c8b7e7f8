/** Knows which reasons are faults of the app's own wiring or functions, and by which code its developer hears of each. */

import { TwoFactorError } from "./errors";

/** The code of the warning, by the reason that a `TwoFactorError` carries. */
const CODES: Readonly<Record<string, string>> = {
  session_missing: "SMS2FA_SESSION",
  session_unsupported: "SMS2FA_SESSION",
  session_cookie_secure: "SMS2FA_SESSION_COOKIE",
  session_resaved: "SMS2FA_RESAVE",
  session_shared: "SMS2FA_TWO_INSTANCES",
  session_store_threw: "SMS2FA_SESSION",
  user_threw: "SMS2FA_USER",
  user_timeout: "SMS2FA_USER",
  user_id: "SMS2FA_USER",
  user_phone: "SMS2FA_USER",
  phone_unreadable: "SMS2FA_USER",
  is_required_threw: "SMS2FA_IS_REQUIRED",
  is_required_timeout: "SMS2FA_IS_REQUIRED",
  describe_threw: "SMS2FA_DESCRIBE",
  describe_timeout: "SMS2FA_DESCRIBE",
  describe_kind: "SMS2FA_DESCRIBE",
  describe_long: "SMS2FA_DESCRIBE",
  describe_empty: "SMS2FA_DESCRIBE",
  save_phone: "SMS2FA_SAVE_PHONE",
  on_phone_change: "SMS2FA_ON_PHONE_CHANGE",
  before_send: "SMS2FA_BEFORE_SEND",
  delivery_signature: "SMS2FA_BAD_SIGNATURE",
  layout_threw: "SMS2FA_LAYOUT",
  layout_timeout: "SMS2FA_LAYOUT",
  layout_empty: "SMS2FA_LAYOUT",
};

/** A fault that a developer can mend. */
export interface Fault {
  /** Of the warning. */
  code: string;
  /** Of events; the kind of fault, of which a process tells once. */
  reason: string;
  /** What is wrong, and the fix. */
  sentence: string;
  /** The app's own error, if one was thrown. */
  cause: unknown;
}

/** The fault of the app that an error tells of, if it tells of one. */
export function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof TwoFactorError)) return unexpected(error);
  const { code: refusal, reason = "", message, cause } = error;
  const code = CODES[reason] ?? (refusal === "delivery_failed" ? "SMS2FA_SENDER" : undefined);
  return code === undefined ? undefined : { code, reason, sentence: message, cause };
}

// Out of a middleware of the app's, or a bug of ours: nobody else would tell of it.
function unexpected(error: unknown): Fault {
  const sentence =
    "Something threw where nothing should, so nobody gets in. If it is not yours, report it.";
  const name = error instanceof Error ? error.name : typeof error;
  return { code: "SMS2FA_UNEXPECTED", reason: `unexpected:${name}`, sentence, cause: error };
}
