/** Issues challenges: cooldown, budgets, challenge saved, text sent, in this order. No HTTP. */

import {
  deriveCode,
  ENROLMENT,
  keyOfChallenge,
  makeChallenge,
  type Challenge,
} from "../challenge/challenge";
import type { Counters } from "../ledger/counters";
import { deliver, type Delivery } from "../delivery/deliver";
import { type Channel } from "../delivery/channel";
import { TwoFactorError } from "../outcome/errors";
import type { EmitEvent } from "../outcome/events";
import { LONGEST_MARK } from "../options/guard-settings";
import { resolveLocale } from "../delivery/wording";
import { composeText } from "../delivery/text";
import { maskPhone } from "../phone/phone";
import { refusal, wholeSeconds, type Refusal } from "../outcome/refusal";
import { type Quota } from "../outcome/quota";
import type { Cost, SendBudget } from "../limits/send-budget";
import type { SendCharges } from "../limits/send-limits";
import { replaceChallenge, type Session, type SessionState } from "../session/session";
import type { Settings } from "../options/settings";
import { type Standing } from "../verification/marks";
import { factsOf } from "../request/facts";
import { type Subscriber } from "../request/subscriber";
import { verificationOf, type Verification } from "../verification/verification";

/** What a challenge is asked for. */
export interface Ask {
  session: Session;
  subscriber: Subscriber;
  /** Name of the network that asks, see `networkOf`. */
  network: string;
  /** Empty for the plain second factor. */
  purpose: string;
  /** Step-up: ask although the session is verified. */
  isFresh: boolean;
  /** The app's own word on a text, asked last where it has one: true lets it go. */
  approve: ((isKnown: boolean) => Promise<boolean>) | undefined;
}

/** A challenge that waits for an answer. */
export interface OpenChallenge {
  /** How the code travels. */
  channel: Channel;
  /** The masked number. */
  to: string;
  /** Seconds that the code is still good. */
  expiresIn: number;
  /** Seconds until another text may be asked for; 0 when it may be. */
  resendIn: number;
  /** Codes that may still be tried. */
  attemptsLeft: number;
}

/** `sent`: a text has left. `pending`: the last one is still good. `verified`: none is needed. */
export type Issued =
  | ({
      /** No refusal. */
      ok: true;
      /** Whether a text has left, or the last one is still good. */
      status: "sent" | "pending";
      /** What is left of the tightest budget that the client may know of. */
      quota?: Quota;
    } & OpenChallenge)
  | ({
      /** No refusal. */
      ok: true;
      /** No text is needed. */
      status: "verified";
    } & Verification)
  | Refusal;

/** A text that was not sent, and what stood in the session before it. */
interface Undelivered {
  cost: Cost;
  challenge: Challenge;
  live: Challenge | undefined;
  unanswered: SessionState["unanswered"];
}

const STREAK_MS = 3_600_000;

export class Issuer {
  readonly #settings: Settings;
  readonly #counters: Counters;
  readonly #standing: Standing;
  readonly #charges: SendCharges;
  readonly #budget: SendBudget;
  readonly #emit: EmitEvent;

  constructor(
    settings: Settings,
    parts: {
      counters: Counters;
      standing: Standing;
      charges: SendCharges;
      budget: SendBudget;
      emit: EmitEvent;
    },
  ) {
    this.#settings = settings;
    this.#counters = parts.counters;
    this.#standing = parts.standing;
    this.#charges = parts.charges;
    this.#budget = parts.budget;
    this.#emit = parts.emit;
  }

  /** Sends a one-time code, or tells that one is still good or none is needed. */
  async issue(ask: Ask): Promise<Issued> {
    const { session, subscriber, purpose } = ask;
    const state = session.read();
    if (!ask.isFresh) {
      const { subject, phone } = subscriber;
      const demand = { state, subject, phone: phone.e164, purpose, maxAge: LONGEST_MARK };
      const mark = await this.#standing.mark(demand);
      if (mark !== undefined) return { ok: true, status: "verified", ...verificationOf(mark) };
    }
    const candidate = this.#candidate(ask, state);
    if (candidate !== undefined && candidate.resendAt > Date.now()) {
      const open = await this.#describe(ask, candidate);
      if (open !== undefined && open.resendIn > 0) return this.#pending(ask, open);
    }
    return this.#issueAnew(ask, state, candidate);
  }

  /** The challenge that waits for an answer, if one does. Sends nothing. */
  async open(session: Session, subscriber: Subscriber): Promise<OpenChallenge | undefined> {
    const { challenge } = session.read();
    if (challenge === undefined || !this.#standing.isLive(challenge, subscriber)) return undefined;
    return this.#describe({ session, subscriber, purpose: challenge.purpose }, challenge);
  }

  async #issueAnew(
    ask: Ask,
    state: SessionState,
    candidate: Challenge | undefined,
  ): Promise<Issued> {
    const { session, subscriber } = ask;
    const unanswered = unansweredIn(state);
    const wait = this.#charges.waitAfter(unanswered);
    const cost = this.#costOf(ask, wait);
    // Not after the cooldown's counter ends, or whoever asks between the two waits for a round more.
    const resendAt = Date.now() + wait * 1000;
    const [read, narrow] = await Promise.allSettled([
      Promise.all([
        candidate === undefined ? 0 : this.#standing.attemptsLeft(candidate),
        this.#standing.block(subscriber.subject),
      ]),
      this.#budget.takeNarrow(cost),
    ]);
    if (narrow.status === "rejected") throw narrow.reason as Error;
    if (read.status === "rejected") {
      this.#budget.refund(cost);
      throw read.reason as Error;
    }
    const [attemptsLeft, block] = read.value;
    const live = attemptsLeft > 0 ? candidate : undefined;
    if (block !== undefined) {
      this.#budget.refund(cost);
      this.#emit({ type: "refused", code: block.code, ...factsOf(ask.subscriber, ask) });
      return block;
    }
    if (narrow.value?.limit === "cooldown") return this.#cooling(ask, narrow.value.waitMs);
    const full = narrow.value ?? (await this.#budget.takeMiddle(cost));
    if (full !== undefined) return this.#tooMany(ask, full.limit, full.waitMs, cost.quota);
    // The app's word may be dear, and a stranger's refused request must leave no session in the store.
    const isSavedLast = ask.approve !== undefined || !session.isBegun;
    const veto = isSavedLast
      ? ((await this.#takeBroad(ask, cost)) ?? (await this.#askApp(ask, cost)))
      : undefined;
    if (veto !== undefined) return veto;

    const now = Date.now();
    const base = live ?? this.#makeChallenge(ask, now);
    const challenge: Challenge = {
      ...base,
      resendAt,
      texts: [...base.texts, this.#budget.textOf(cost, ask.network, now)],
    };
    const before = session.read();
    session.write({ ...before, challenge, unanswered: { count: unanswered + 1, at: now } });
    // Before the text leaves: whoever reads it must be able to answer. Beside the broad budgets, which
    // are seldom full, for a round is dear.
    const [saved, refused] = await Promise.allSettled([
      session.save(),
      isSavedLast ? undefined : this.#takeBroad(ask, cost),
    ]);
    if (saved.status === "rejected") {
      session.write(before);
      this.#budget.refund(cost);
      throw saved.reason as Error;
    }
    if (refused.status === "rejected" || refused.value !== undefined) {
      const { challenge: earlier, unanswered: streak } = before;
      await restore(session, challenge, { live: earlier, unanswered: streak });
      if (refused.status === "rejected") throw refused.reason as Error;
      return refused.value as Refusal;
    }
    const delivery = await this.#deliver(subscriber, challenge);
    if (!delivery.ok)
      return this.#undelivered(ask, delivery, {
        cost,
        challenge,
        live,
        unanswered: before.unanswered,
      });
    this.#emit({ type: "sent", ...factsOf(ask.subscriber, ask) });
    return {
      ok: true,
      status: "sent",
      ...this.#openOf(ask, challenge, wait),
      attemptsLeft: live === undefined ? this.#settings.limits.attempts : attemptsLeft,
      ...(cost.quota !== undefined && { quota: cost.quota }),
    };
  }

  async #takeBroad(ask: Ask, cost: Cost): Promise<Refusal | undefined> {
    const full = await this.#budget.takeBroad(cost);
    return full && this.#tooMany(ask, full.limit, full.waitMs, cost.quota);
  }

  async #askApp(ask: Ask, cost: Cost): Promise<Refusal | undefined> {
    if (ask.approve === undefined) return undefined;
    if (!(await ask.approve(cost.isKnown))) {
      this.#budget.refundBroad(cost);
      this.#emit({ type: "refused", code: "send_refused", ...factsOf(ask.subscriber, ask) });
      return refusal("send_refused");
    }
    // The app may have thought for long: a session that has ended meanwhile must not come back. One that
    // the client has no cookie of yet is in no store, and nobody else can have ended it.
    if (!ask.session.isBegun || (await ask.session.reload())) return undefined;
    this.#budget.refund(cost);
    throw new TwoFactorError("unavailable", "The session has ended.", { reason: "session_ended" });
  }

  #candidate(ask: Ask, { challenge }: SessionState): Challenge | undefined {
    return challenge?.purpose === ask.purpose && this.#standing.isLive(challenge, ask.subscriber)
      ? challenge
      : undefined;
  }

  #makeChallenge({ subscriber, purpose }: Ask, now: number): Challenge {
    const { subject, phone } = subscriber;
    const keepPhone = this.#settings.user === "from-request" || purpose === ENROLMENT;
    const ttlMs = this.#settings.codeTtl * 1000;
    const of = { subject, phone: phone.e164, purpose, ttlMs, keepPhone };
    return makeChallenge(this.#standing.keys, of, now);
  }

  #costOf({ session, subscriber, network, purpose }: Ask, wait: number): Cost {
    const { subject, phone } = subscriber;
    const country = phone.country ?? "";
    const errand = { session: session.id, subject, phone: phone.e164, country, purpose, network };
    return this.#budget.costOf(errand, wait);
  }

  #openOf(
    { subscriber }: Pick<Ask, "subscriber">,
    challenge: Challenge,
    resendIn: number,
  ): Omit<OpenChallenge, "attemptsLeft"> {
    const expiresIn = Math.max(0, Math.round((challenge.expiresAt - Date.now()) / 1000));
    return { channel: "sms", to: maskPhone(subscriber.phone.e164), expiresIn, resendIn };
  }

  async #describe(
    ask: Pick<Ask, "session" | "subscriber" | "purpose">,
    challenge: Challenge,
  ): Promise<OpenChallenge | undefined> {
    const { session, subscriber, purpose } = ask;
    const { subject, phone } = subscriber;
    const of = { session: session.id, subject, phone: phone.e164, purpose };
    const [attemptsLeft, cooldown] = await Promise.all([
      this.#standing.attemptsLeft(challenge),
      this.#counters.peek(this.#charges.cooldownOf(of, 1)),
    ]);
    if (attemptsLeft === 0) return undefined;
    const resendIn = cooldown.ok ? 0 : Math.ceil(cooldown.waitMs / 1000);
    return { ...this.#openOf(ask, challenge, resendIn), attemptsLeft };
  }

  #pending(ask: Ask, open: OpenChallenge): Issued {
    this.#emit({ type: "pending", ...factsOf(ask.subscriber, ask) });
    return { ok: true, status: "pending", ...open };
  }

  // Another request of this session has just been here: its challenge may stand in the store already.
  async #cooling(ask: Ask, waitMs: number): Promise<Issued> {
    if (await ask.session.reload()) {
      const candidate = this.#candidate(ask, ask.session.read());
      const open = candidate && (await this.#describe(ask, candidate));
      if (open !== undefined) return this.#pending(ask, open);
    }
    return this.#tooMany(ask, "cooldown", waitMs);
  }

  #tooMany(ask: Ask, limit: string, waitMs: number, quota?: Quota): Refusal {
    this.#emit({
      type: "refused",
      code: "too_many_requests",
      reason: limit,
      ...factsOf(ask.subscriber, ask),
    });
    const retryAfter = wholeSeconds(waitMs);
    if (quota === undefined) return refusal("too_many_requests", { retryAfter });
    // Whichever limit it was, told or not, looks the same, and none ends later than `retryAfter`.
    const resetIn = Math.min(quota.resetIn, retryAfter);
    const spent = { ...quota, remaining: 0, resetIn };
    return refusal("too_many_requests", { retryAfter, quota: spent });
  }

  async #deliver(subscriber: Subscriber, challenge: Challenge): Promise<Delivery> {
    const { appName, codeLength, host, sender, sendTimeout } = this.#settings;
    const key = keyOfChallenge(this.#standing.keys, challenge);
    if (key === undefined) throw new TwoFactorError("unavailable", "The challenge has no key.");
    const to = subscriber.phone.e164;
    const code = deriveCode(key, challenge, to, codeLength);
    const validFor = Math.max(1, Math.round((challenge.expiresAt - Date.now()) / 1000));
    const minutes = Math.max(1, Math.floor(validFor / 60));
    const locale = resolveLocale(subscriber.locale);
    const text = composeText({ appName, code, minutes, locale, host });
    return deliver(sender, { to, text, channel: "sms", validFor }, sendTimeout);
  }

  // Refused for certain: as if nothing had been asked. Unsure: the text may arrive and must work.
  async #undelivered(
    ask: Ask,
    delivery: Extract<Delivery, { ok: false }>,
    { cost, challenge, live, unanswered }: Undelivered,
  ): Promise<Refusal> {
    const { code, reason, retryAfter, mayStillArrive } = delivery;
    this.#emit({ type: "send_failed", code, reason, ...factsOf(ask.subscriber, ask) });
    if (!mayStillArrive) {
      // `unavailable`: the gateway never had it. What the gateway refused stays counted, or nothing
      // would bound the calls.
      if (code === "unavailable") this.#budget.refund(cost);
      else this.#budget.release(cost);
      await restore(ask.session, challenge, { live, unanswered });
    }
    return refusal(code, retryAfter === undefined ? {} : { retryAfter });
  }
}

// The wait doubles over challenges too, until an answer or an hour of quiet.
function unansweredIn({ unanswered }: SessionState): number {
  if (unanswered === undefined) return 0;
  const age = Date.now() - unanswered.at;
  return age >= 0 && age < STREAK_MS ? unanswered.count : 0;
}

/** Puts back what stood in the session before a challenge that came to nothing. */
async function restore(
  session: Session,
  challenge: Challenge,
  { live, unanswered }: Pick<Undelivered, "live" | "unanswered">,
): Promise<void> {
  const before = {
    ...(live !== undefined && { challenge: live }),
    ...(unanswered !== undefined && { unanswered }),
  };
  await replaceChallenge(session, challenge, before).catch(() => undefined);
}
