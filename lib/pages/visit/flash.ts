/** What one page has to tell the next: kept in its address, sealed so that no link can make a page say it. */

import type { KeyRing } from "../../crypto/keys";
import { isSame, mac } from "../../crypto/mac";
import type { Channel } from "../../outcome/channel";
import type { Refusal } from "../../outcome/refusal";

/** What can be told. */
const FLASHES = [
  "sent",
  "pending",
  "called",
  "call_pending",
  "code_empty",
  "code_short",
  "code_long",
  "code_not_numbers",
  "code_wrong",
  "code_expired",
  "code_spent",
  "stale_form",
  "too_many_attempts",
  "too_many_requests",
  "invalid_number",
  "country_not_allowed",
  "cannot_text_number",
  "opted_out",
  "send_refused",
  "factor_disabled",
  "delivery_failed",
  "call_failed",
  "too_many_calls",
  "unavailable",
  "number_saved",
  "proof_first",
  "number_again",
  "recovery_empty",
  "recovery_malformed",
  "recovery_wrong",
  "recovery_made",
] as const;

export type FlashKind = (typeof FLASHES)[number];

/** One thing to tell. */
export interface Flash {
  kind: FlashKind;
  /** Epoch seconds until which there is something to wait for; 0 for nothing. */
  until: number;
}

/** Seals and opens them for one session. */
export class FlashSeals {
  readonly #keys: KeyRing;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  /** A notice as a parameter of an address. */
  seal({ kind, until }: Flash, sessionId: string): string {
    const seal = mac(this.#keys[0].form, ["notice/1", sessionId, kind, until]);
    return `${kind}.${until}.${seal.subarray(0, 12).toString("base64url")}`;
  }

  /** Reads a notice; nothing where it was made elsewhere, or for another session. */
  open(sealed: string | null, sessionId: string): Flash | undefined {
    const [, word, until] = /^([a-z_]{1,32})\.(\d{1,12})\.[\w-]{16}$/.exec(sealed ?? "") ?? [];
    const kind = FLASHES.find((each) => each === word);
    if (kind === undefined || sealed === null) return undefined;
    const notice = { kind, until: Number(until) };
    return isSame(this.#keys[0].form, this.seal(notice, sessionId), sealed) ? notice : undefined;
  }
}

/** A notice as it stands in the query of an address of the session's. */
export function flashQuery(
  { kind, retryAfter = 0 }: { kind: FlashKind; retryAfter?: number },
  seals: FlashSeals,
  sessionId: string,
): { notice: string } {
  const until = retryAfter > 0 ? Math.ceil(Date.now() / 1000) + retryAfter : 0;
  return { notice: seals.seal({ kind, until }, sessionId) };
}

const FLASH_OF: Partial<Record<Refusal["code"], FlashKind>> = {
  invalid_request: "code_empty",
  no_challenge: "code_expired",
  too_many_attempts: "too_many_attempts",
  too_many_requests: "too_many_requests",
  invalid_number: "invalid_number",
  country_not_allowed: "country_not_allowed",
  cannot_text_number: "cannot_text_number",
  send_refused: "send_refused",
  factor_disabled: "factor_disabled",
  delivery_failed: "delivery_failed",
};

/** What the page has to tell of a refusal; `slip` is what is wrong with a code that is not right. */
export function flashOf(
  { code, retryAfter, attemptsLeft, isOptedOut }: Refusal,
  slip: FlashKind,
): { kind: FlashKind; retryAfter?: number } {
  if (isOptedOut === true) return { kind: "opted_out" };
  if (code === "wrong_code") return { kind: attemptsLeft === 0 ? "code_spent" : slip };
  const kind = FLASH_OF[code] ?? "unavailable";
  return retryAfter === undefined ? { kind } : { kind, retryAfter };
}

/** What came of a form that asked for a code. */
type Asked = { ok: true; status: string; channel?: Channel } | Refusal;

/** What the page has to tell once a code was asked for by `channel`. */
export function flashOfAsking(
  asked: Asked,
  channel: Channel,
): { kind: FlashKind; retryAfter?: number } {
  if (asked.ok) {
    const isSent = asked.status === "sent";
    if (asked.channel === "call") return { kind: isSent ? "called" : "call_pending" };
    return { kind: isSent ? "sent" : "pending" };
  }
  const told = flashOf(asked, "code_expired");
  // A form that no page has drawn.
  if (asked.code === "invalid_request") return { kind: "stale_form" };
  const kind = channel === "call" ? FLASH_OF_CALL[asked.code] : undefined;
  return kind === undefined ? told : { ...told, kind };
}

const FLASH_OF_CALL: Partial<Record<Refusal["code"], FlashKind>> = {
  cannot_text_number: "call_failed",
  delivery_failed: "call_failed",
  too_many_requests: "too_many_calls",
};
