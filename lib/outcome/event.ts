/** What an event is: which there are, when each comes, what to do about it, and what it may carry. */

import type { Channel } from "./channel";
import type { RefusalCode } from "./errors";

type Who = "subject" | "phone" | "country" | "ip";
type What = Who | "purpose" | "description" | "channel";
type Budgeted = Who | "channel" | "budget" | "reason";

/** Each event, and the fields that it may carry beside `type`, `at` and `owasp`. docs/events.md is made of it. */
export interface EventFields {
  /**
   * The sender has taken a text or a call.
   * @remarks Count it by `country`, `channel` and `sender`; an alarm on `verified` in `sent` finds pumping.
   */
  sent: What | "sender" | "segments" | "duration";
  /**
   * The sender has refused, failed or not answered in time; the user was told to try again.
   * @remarks Look at `reason`: credentials, balance, campaign or a gateway that is down. Wake somebody if it goes on.
   */
  send_failed: What | "sender" | "segments" | "duration" | "code" | "reason";
  /**
   * One gateway of `failover()` did not send, and the next was asked.
   * @remarks The text may have left all the same. Mend the gateway by day; `breaker_open` says that it rests.
   */
  gateway_failed: What | "sender" | "reason";
  /**
   * A number of `testNumbers` has asked for a code (`requested`) or has entered it (`verified`).
   * @remarks Expected while a store reviews your app, and at no other time.
   */
  test_number: What | "reason";
  /**
   * The gateway has told what became of a text.
   * @remarks Many `undelivered` in one country: a carrier's filter, or a route that is down. Ask the gateway.
   */
  delivery: "state" | "reason" | "phone" | "country" | "ip";
  /**
   * A code was asked for while the last one is still good, so nothing was sent.
   * @remarks Nothing: double clicks and reloads do it.
   */
  pending: What;
  /**
   * A right code has verified the session.
   * @remarks Count it against `sent`. Look at one with many `failures`: a guess may have been right.
   */
  verified: What | "failures" | "answeredIn";
  /**
   * The app's own check, handed to `confirm()`, or a recovery code has verified the session.
   * @remarks Of a recovery code (`amr`) write to the user on another channel.
   */
  confirmed: What | "amr" | "failures" | "recoveryCodesLeft";
  /**
   * A wrong code, or a wrong recovery code (`amr`).
   * @remarks Nothing, one by one: people mistype.
   */
  wrong_code: What | "attemptsLeft" | "amr";
  /**
   * The last attempt at a code was wrong, too.
   * @remarks Nothing, one by one: `suspicious` tells whom to warn.
   */
  attempts_exhausted: What;
  /**
   * A code came too late, or its challenge is gone from the store.
   * @remarks Many of them: texts arrive late, or a store loses what it holds.
   */
  challenge_expired: What;
  /**
   * A window of texts is full, so no more are sent; told once for each window in a process.
   * @remarks By `budget`: `user` and `number` wake nobody, people press too often. `network` is one place that asks
   * for many: look by day. `country`, `all` and `day` stop everybody: wake somebody, it is pumping or a limit too low.
   */
  budget_exhausted: Budgeted;
  /**
   * A window with `mode: "record"` is full: it would have refused, and has not.
   * @remarks Raise the limit until it comes no more in a usual week, then enforce it.
   */
  budget_recorded: Budgeted;
  /**
   * The second factor of a user went off, by too many wrong codes in a row or by `disable()` (`reason` is `support`);
   * with a `code`, somebody was refused because it is off.
   * @remarks Talk to the user, then `unlock()`. Many users at once: somebody has a list of passwords.
   */
  factor_disabled: What | "amr" | "code" | "reason";
  /**
   * `unlock()` was called.
   * @remarks Keep it, to know what support does.
   */
  factor_unlocked: "subject";
  /**
   * Somebody has the right password, then entered wrong codes, and no right one followed.
   * @remarks Write to the user on another channel, and say to change the password (ASVS 6.3.5).
   */
  suspicious: What | "amr" | "reason";
  /**
   * A user has got new recovery codes; the old ones are void.
   * @remarks Write to the user on another channel.
   */
  recovery_codes_made: Who;
  /**
   * Two recovery codes of a user are left, or fewer.
   * @remarks Ask the user to make new ones.
   */
  recovery_codes_low: What | "amr" | "recoveryCodesLeft";
  /**
   * The session has a new id, after a proof.
   * @remarks Nothing.
   */
  session_renewed: What | "amr";
  /**
   * `reset()` has dropped a proof, at log-out.
   * @remarks Nothing.
   */
  mark_dropped: "subject";
  /**
   * A request has passed by a proof that is good once, and has spent it.
   * @remarks Keep it beside what was done: it says what the user confirmed.
   */
  mark_spent: What | "route";
  /**
   * A number was saved by the number page.
   * @remarks Write to the user on another channel, unless `pages.onPhoneChange` does.
   */
  phone_changed: What;
  /**
   * A browser is remembered from now on.
   * @remarks Write to the user on another channel.
   */
  browser_remembered: Who | "route" | "browser";
  /**
   * A right code was taken, but its browser could not be remembered.
   * @remarks Look at the store of `remember`.
   */
  remember_failed: Who | "route" | "reason" | "duration";
  /**
   * A guard has let a remembered browser pass; once for each session in a process.
   * @remarks Nothing.
   */
  browser_recognised: Who | "route" | "browser";
  /**
   * A remembered browser was forgotten by `forget()`.
   * @remarks Nothing.
   */
  browser_forgotten: "subject";
  /**
   * An old token of a remembered browser came back: two have it. The browser is forgotten.
   * @remarks Write to the user on another channel, and end the user's sessions.
   */
  browser_stolen: Who | "route" | "browser";
  /**
   * An endpoint, a page or one of the functions without HTTP has refused a request, for the reason in `code`.
   * @remarks `unavailable`: a store or `user` is down, wake somebody. Others: look where their share rises.
   */
  refused: What | "amr" | "code" | "reason" | "route" | "duration";
  /**
   * A guard has refused a request: nobody is signed in, a proof is missing or too old, or nothing could be checked.
   * @remarks `unavailable`: a store or `user` is down, wake somebody. Others are the usual way in.
   */
  guard_refused: Who | "purpose" | "code" | "reason" | "route" | "duration";
  /**
   * The app is wired wrongly, or one of its own functions threw; once for each kind in a process.
   * @remarks Do what `message` says; docs/troubleshooting.md has each `reason`.
   */
  fault: "reason" | "message" | "error";
}

/** What happened: see docs/events.md. */
export type EventType = keyof EventFields;

/** How a text has fared: `sent` until its gateway has told more. */
export type DeliveryState = "sent" | "delivered" | "undelivered";

/** Whose window of texts: a limit's name in `limits`, or `day` for `maxPerDay`. */
export type Budget = "user" | "number" | "network" | "country" | "all" | "day";

/** One step of somebody's second factor. Safe to log as JSON. */
export interface TwoFactorEvent {
  /** What happened. */
  type: EventType;
  /** ISO 8601, UTC. */
  at: string;
  /** The event's name in OWASP's logging vocabulary, where it has one. */
  owasp?: string;
  /**
   * The user's id, "\ufffd" in place of control characters; the masked number where that is the subject. Of a refusal
   * it is there once `user` has been asked.
   */
  subject?: string;
  /** The masked number. */
  phone?: string;
  /** ISO 3166-1 alpha-2 code of the country of the number. */
  country?: string;
  /** Network of the client: its IPv4 address, or the /56 of its IPv6 address. */
  ip?: string;
  /**
   * The route that was asked for, as the app has written it, such as `/account/:id`; where a guard stands in front of
   * a router or an app, where that is mounted. A part of a mount path that could be a value of a client's is `*`.
   */
  route?: string;
  /** Absent or empty for the plain second factor. */
  purpose?: string;
  /**
   * What the purpose describes, as the user reads it, long numbers masked. It may name people: keep it no longer
   * than you may.
   */
  description?: string;
  /** How the code travels or was to travel; of `pending` and of answers how it last did. */
  channel?: Channel;
  /** The refusal code that the client got. */
  code?: RefusalCode;
  /** The sender that took the text or failed, by its function's name, such as `signalwire`. */
  sender?: string;
  /** What the text is billed as; absent for a call. */
  segments?: number;
  /** Seconds, to the millisecond: of a text how long its sender took, of a refusal by a fault how long that took. */
  duration?: number;
  /** Whole seconds from the first text or call of a code to the right answer. */
  answeredIn?: number;
  /** Whose window of texts is full. */
  budget?: Budget;
  /** How a text has fared, in an event `delivery`. */
  state?: DeliveryState;
  /** More about it for operators, such as `opted_out`, `timeout` or the name of a limit's window. */
  reason?: string;
  /** Method names of RFC 8176, as the app has told them to `confirm()`; `recovery` for a recovery code. */
  amr?: string[];
  /** Codes that may still be tried. */
  attemptsLeft?: number;
  /** Of a `fault`: what is wrong in the app, and the fix. */
  message?: string;
  /** Of a `fault`: the app's own error with its stack, without what could be a code, a number or a key. */
  error?: string;
  /** The remembered browser as its user knows it, such as `Firefox on Linux`; absent where that is not known. */
  browser?: string;
  /** Recovery codes that are not used yet. */
  recoveryCodesLeft?: number;
  /** Wrong codes since the right one before, where a code is right; absent for none. */
  failures?: number;
}
