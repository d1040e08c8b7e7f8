/** Issues challenges: one step of the ledger, the session saved, the text sent, in this order. No HTTP. */

import type { Bound } from "../challenge/binding";
import {
  channelOf,
  ENROLMENT,
  isLive,
  isOnRecord,
  isWorthResending,
  makeChallenge,
  sentBy,
  type Challenge,
} from "../challenge/challenge";
import { testCodeOf } from "../challenge/test-codes";
import type { KeyRing } from "../crypto/keys";
import type { Channel } from "../outcome/channel";
import type { PassedOver } from "../delivery/route";
import { sendCode, type Sent } from "../delivery/send-code";
import { countOf, type GuardedLedger } from "../ledger/guarded";
import type { Attempts } from "../limits/attempts";
import { deliveryIn, type Deliveries, type DeliveryStatus } from "../limits/deliveries";
import { entriesOf as lockoutEntries, type Lockout } from "../limits/lockout";
import type { SendLimits } from "../limits/send-limits";
import { LONGEST_MARK } from "../options/guard-settings";
import type { Settings } from "../options/settings";
import { TwoFactorError } from "../outcome/errors";
import type { EmitEvent, TwoFactorEvent } from "../outcome/events";
import type { Quota } from "../outcome/quota";
import { refusal, wholeSeconds, type Refusal } from "../outcome/refusal";
import { measured, type WorkFacts } from "../outcome/telemetry";
import { maskPhone } from "../phone/phone";
import type { DescriptionOf } from "../request/descriptions";
import { factsOf } from "../request/facts";
import type { Subscriber } from "../request/subscriber";
import type { Session } from "../session/session";
import { withChallenge, withoutChallenges, type SessionState } from "../session/state";
import type { Marks } from "../verification/marks";
import { verificationOf, type Verification } from "../verification/verification";
import type { Admission, Admissions, Asking } from "./admission";

/** What a challenge is asked for. */
export interface Ask {
  session: Session;
  subscriber: Subscriber;
  /** Name of the network that asks, see `networkOf`. */
  network: string;
  /** How the code is to travel. */
  channel: Channel;
  /** Empty for the plain second factor. */
  purpose: string;
  /** What the purpose describes; empty where it does not. */
  description: string;
  /** Step-up: ask although the session is verified. */
  isFresh: boolean;
  /** The app's own word on a text, asked last where it has one: true lets it go. */
  approve: ((isKnown: boolean) => Promise<boolean>) | undefined;
  /** Whether the client has hung up: nobody is there to enter a code. @default never */
  isGone?: () => boolean;
}

/** A challenge that waits for an answer. */
export interface OpenChallenge extends DeliveryStatus {
  /** How the code was sent last. */
  channel: Channel;
  /** The masked number. */
  to: string;
  /** Seconds that the code is still good. */
  expiresIn: number;
  /** Seconds until another text may be asked for; 0 when it may be. */
  resendIn: number;
  /** Codes that may still be tried. */
  attemptsLeft: number;
  /** What is to be confirmed, where the purpose describes it. */
  description?: string;
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

/** What issuing works with. */
export interface IssuerParts {
  settings: Settings;
  keys: KeyRing;
  ledger: GuardedLedger;
  attempts: Attempts;
  /** Absent where no gateway tells of texts. */
  deliveries: Deliveries | undefined;
  lockout: Lockout;
  sendLimits: SendLimits;
  admissions: Admissions;
  marks: Marks;
  emit: EmitEvent;
}

type Granted = Extract<Admission, { kind: "granted" }>;
type Undelivered = Extract<Sent, { ok: false }>;

const STREAK_MS = 3_600_000;

export class Issuer {
  readonly #parts: IssuerParts;

  constructor(parts: IssuerParts) {
    this.#parts = parts;
  }

  /** Sends a one-time code, or tells that one is still good or none is needed. */
  async issue(ask: Ask): Promise<Issued> {
    const { session, purpose } = ask;
    if (ask.isGone?.() === true) return this.#refuseGone(ask);
    const state = session.read();
    if (!ask.isFresh) {
      const { marks } = state;
      const demand = { ...boundOf(ask), marks, purpose, maxAge: LONGEST_MARK };
      const mark = await this.#parts.marks.find(demand);
      if (mark !== undefined) return { ok: true, status: "verified", ...verificationOf(mark) };
    }
    return this.#issueIn(ask, state, this.#liveIn(ask, state));
  }

  /**
   * The challenge that waits for an answer; of several the newest. One whose purpose `descriptionOf` has nothing
   * for is passed over. Sends nothing.
   */
  async open(
    session: Session,
    subscriber: Subscriber,
    descriptionOf: DescriptionOf,
  ): Promise<OpenChallenge | undefined> {
    const { keys } = this.#parts;
    for (const challenge of session.read().challenges.reverse()) {
      const description = descriptionOf(challenge.purpose);
      if (description === undefined) continue;
      if (!isLive(keys, challenge, boundOf({ subscriber, description }))) continue;
      return this.#describe({ session, subscriber, description }, challenge);
    }
    return undefined;
  }

  /**
   * Why no text can be asked for just now, as far as this session and its user's wrong codes decide: what a
   * request would be answered. Sends nothing.
   */
  async hindrance(
    session: Session,
    { subject, phone }: Subscriber,
    purpose: string,
  ): Promise<Refusal | undefined> {
    const { ledger, lockout, sendLimits } = this.#parts;
    const block = lockout.check(subject);
    const cooldown = sendLimits.peekCooldown({
      session: session.id,
      subject,
      phone: phone.e164,
      purpose,
    });
    // A step of what only reads takes nothing, whether or not it is refused.
    const outcome = await ledger.step({ entries: [...lockoutEntries(block), cooldown] });
    const refused = lockout.refusalIn(outcome, block);
    if (refused !== undefined) return refused;
    const { waitMs } = countOf(outcome, cooldown);
    if (waitMs <= 0) return undefined;
    return refusal("too_many_requests", { retryAfter: wholeSeconds(waitMs) });
  }

  async #issueIn(ask: Ask, state: SessionState, live: Challenge | undefined): Promise<Issued> {
    const now = Date.now();
    const isResend = live !== undefined && isWorthResending(live, now);
    const challenge = isResend ? live : this.#makeChallenge(ask, now);
    const wait = this.#parts.sendLimits.waitAfter(unansweredIn(state, now));
    const asking: Asking = { ...ask, session: ask.session.id, challenge, live, wait };
    const admission = await this.#parts.admissions.admit(asking);
    switch (admission.kind) {
      case "spent":
        return this.#issueIn(ask, state, undefined);
      case "cooling":
        return this.#cooling(ask, live, admission);
      case "blocked":
        return this.#refuse(ask, admission.refusal);
      case "full":
        return this.#tooMany(ask, admission.full.limit, admission.full.waitMs, admission.quota);
      case "granted":
        return (await this.#askApp(ask, admission)) ?? this.#send(ask, asking, admission);
    }
  }

  /** The app's own word. It may be dear, so it is asked only for a text that may go. */
  async #askApp(ask: Ask, granted: Granted): Promise<Refusal | undefined> {
    const { approve, session } = ask;
    if (approve === undefined) return undefined;
    if (!(await approve(granted.isKnown))) {
      this.#parts.admissions.refund(granted);
      return this.#refuse(ask, refusal("send_refused"));
    }
    // The app may have thought for long: a session that has ended meanwhile must not come back. One that
    // the client has no cookie of yet is in no store, and nobody else can have ended it.
    if (!session.isBegun || (await session.refresh())) return undefined;
    this.#parts.admissions.release(granted);
    throw new TwoFactorError("unavailable", "The session has ended.", { reason: "session_ended" });
  }

  /** Saves the challenge, then sends its code: whoever reads the text must be able to answer. */
  async #send(ask: Ask, asking: Asking, granted: Granted): Promise<Issued> {
    const { admissions, deliveries } = this.#parts;
    const { session } = ask;
    const { wait } = asking;
    const before = session.read();
    const now = Date.now();
    const started = sentBy(asking.channel, startNow(asking, now));
    const challenge = deliveries?.begin(started) ?? started;
    session.write({
      ...withChallenge(before, challenge),
      unanswered: { count: unansweredIn(before, now) + 1, at: now },
    });
    try {
      await session.save();
    } catch (error) {
      session.write(before);
      admissions.release(granted);
      throw error;
    }
    if (ask.isGone?.() === true) {
      admissions.release(granted);
      await restore(session, challenge, before);
      return this.#refuseGone(ask);
    }
    const delivery = await this.#deliver(ask, challenge);
    if (!delivery.ok) return this.#undelivered(ask, delivery, { challenge, granted, before });
    const { attemptsLeft, quota } = granted;
    return {
      ok: true,
      status: "sent",
      ...openOf(ask, challenge, wait),
      attemptsLeft,
      ...(deliveries !== undefined && { delivery: "sent" }),
      ...(quota !== undefined && { quota }),
    };
  }

  // Refused for certain: as if nothing had been asked. Unsure: the text may arrive and must work.
  async #undelivered(
    ask: Ask,
    delivery: Undelivered,
    sent: { challenge: Challenge; granted: Granted; before: SessionState },
  ): Promise<Refusal> {
    const { admissions, emit } = this.#parts;
    const { code, reason, retryAfter, mayStillArrive, cause } = delivery;
    const sentence = `The sender has not surely sent a text: \`${reason}\`.`;
    const error = new TwoFactorError(code, sentence, { reason, cause });
    const about = { ...sendingIn(delivery), ...factsOf(ask.subscriber, ask) };
    emit({ type: "send_failed", code, reason, ...about }, error);
    if (!mayStillArrive) {
      // `unavailable`: no gateway ever had it. What one has refused still counts as asked for, or nothing
      // would bound the calls.
      if (wasNeverHad(delivery)) admissions.release(sent.granted);
      else admissions.refund(sent.granted);
      await restore(ask.session, sent.challenge, sent.before);
    }
    // Of a number that somebody only names it would tell that its owner had texts from here.
    const isOptedOut = reason === "opted_out" && isOnRecord(sent.challenge);
    return refusal(code, {
      ...(retryAfter !== undefined && { retryAfter }),
      ...(isOptedOut && { isOptedOut }),
    });
  }

  /** Sends the code, save to one of `testNumbers`, and tells of all that had a part in it. */
  async #deliver(ask: Ask, challenge: Challenge): Promise<Sent> {
    const { settings, keys, deliveries, emit } = this.#parts;
    const { channel, description, subscriber } = ask;
    const { locale, phone } = subscriber;
    const about = factsOf(subscriber, ask);
    if (testCodeOf(settings.testCodes, phone.e164) !== undefined) {
      emit({ type: "test_number", reason: "requested", ...about });
      return { ok: true };
    }
    const statusCallback = deliveries?.callbackFor(challenge);
    const sending = { challenge, description, to: phone.e164, channel, locale, statusCallback };
    const delivery = await measured(
      settings.telemetry,
      "send",
      () => sendCode(settings, keys, sending),
      (told) => workFactsOf(told, ask),
    );
    for (const passed of delivery.passedOver ?? []) {
      const { sender, reason } = passed;
      emit({ type: "gateway_failed", sender, reason, ...about }, faultOfPassed(passed));
    }
    if (delivery.ok) emit({ type: "sent", ...sendingIn(delivery), ...about });
    return delivery;
  }

  // Another request of this session has just been here: its challenge may stand in the store already.
  async #cooling(
    ask: Ask,
    live: Challenge | undefined,
    { waitMs, attemptsLeft, delivery }: Extract<Admission, { kind: "cooling" }>,
  ): Promise<Issued> {
    const { session } = ask;
    if (live !== undefined && attemptsLeft > 0) {
      const resendIn = wholeSeconds(waitMs);
      const open = { ...openOf(ask, live, resendIn), attemptsLeft, ...delivery };
      return this.#pending(ask, open);
    }
    if (live === undefined && (await session.refresh())) {
      const found = this.#liveIn(ask, session.read());
      const open = found && (await this.#describe(ask, found));
      if (open !== undefined) return this.#pending(ask, open);
    }
    return this.#tooMany(ask, "cooldown", waitMs);
  }

  async #describe(
    asked: Pick<Ask, "session" | "subscriber" | "description">,
    challenge: Challenge,
  ): Promise<OpenChallenge | undefined> {
    const { ledger, attempts, deliveries, sendLimits } = this.#parts;
    const { subject, phone } = asked.subscriber;
    const { purpose } = challenge;
    const of = { session: asked.session.id, subject, phone: phone.e164, purpose };
    const [tried, used] = [attempts.peek(challenge.id), attempts.peekUsed(challenge.id)];
    const cooldown = sendLimits.peekCooldown(of);
    const told = deliveries?.peek(challenge);
    const entries = [tried, used, cooldown, told].filter((entry) => entry !== undefined);
    const outcome = await ledger.step({ entries });
    const attemptsLeft = attempts.leftAfter(countOf(outcome, tried).count);
    if (attemptsLeft === 0 || countOf(outcome, used).count > 0) return undefined;
    const resendIn = Math.ceil(countOf(outcome, cooldown).waitMs / 1000);
    const delivery = deliveryIn(outcome, told, challenge);
    return { ...openOf(asked, challenge, resendIn), attemptsLeft, ...delivery };
  }

  #liveIn(ask: Ask, { challenges }: SessionState): Challenge | undefined {
    const of = boundOf(ask);
    return challenges.findLast(
      (each) => each.purpose === ask.purpose && isLive(this.#parts.keys, each, of),
    );
  }

  #makeChallenge(ask: Ask, now: number): Challenge {
    const { settings, keys } = this.#parts;
    const { purpose } = ask;
    const keepPhone = settings.user === "from-request" || purpose === ENROLMENT;
    const ttlMs = settings.codeTtl * 1000;
    return makeChallenge(keys, { ...boundOf(ask), purpose, ttlMs, keepPhone }, now);
  }

  #pending(ask: Ask, open: OpenChallenge): Issued {
    const { channel } = open;
    this.#parts.emit({ type: "pending", ...factsOf(ask.subscriber, { ...ask, channel }) });
    return { ok: true, status: "pending", ...open };
  }

  #tooMany(ask: Ask, limit: string, waitMs: number, quota?: Quota): Refusal {
    const retryAfter = wholeSeconds(waitMs);
    if (quota === undefined) {
      return this.#refuse(ask, refusal("too_many_requests", { retryAfter }), limit);
    }
    // Whichever limit it was, told or not, looks the same, and none ends later than `retryAfter`.
    const resetIn = Math.min(quota.resetIn, retryAfter);
    const spent = { ...quota, remaining: 0, resetIn };
    return this.#refuse(ask, refusal("too_many_requests", { retryAfter, quota: spent }), limit);
  }

  #refuseGone(ask: Ask): Refusal {
    return this.#refuse(ask, refusal("send_refused"), "client_gone");
  }

  #refuse(ask: Ask, reason: Refusal, limit?: string): Refusal {
    this.#parts.emit({
      type: "refused",
      code: reason.code,
      ...(limit !== undefined && { reason: limit }),
      ...factsOf(ask.subscriber, ask),
    });
    return reason;
  }
}

/** Its developer would not notice: the next one sends. That it is left out is no news. */
function faultOfPassed({ sender, code, reason, cause }: PassedOver): TwoFactorError | undefined {
  if (code === undefined) return undefined;
  const sentence = `The gateway \`${sender}\` has sent no text, and the next was asked: \`${reason}\`.`;
  return new TwoFactorError(code, sentence, { reason, cause });
}

function wasNeverHad({ code, passedOver = [] }: Undelivered): boolean {
  // One that was left out has no code.
  return [code, ...passedOver.map((each) => each.code ?? "unavailable")].every(
    (each) => each === "unavailable",
  );
}

function workFactsOf(told: Sent, { channel, purpose, subscriber }: Ask): WorkFacts {
  const { country } = subscriber.phone;
  return {
    outcome: told.ok ? "sent" : told.code,
    ...(told.sender !== undefined && { sender: told.sender }),
    channel,
    purpose,
    ...(country !== undefined && { country }),
  };
}

function sendingIn({ sender, segments, duration }: Sent): Partial<TwoFactorEvent> {
  return {
    ...(sender !== undefined && { sender }),
    ...(segments !== undefined && { segments }),
    ...(duration !== undefined && { duration }),
  };
}

type Described = Pick<Ask, "subscriber" | "description">;

function boundOf({ subscriber, description }: Described): Bound {
  return { subject: subscriber.subject, phone: subscriber.phone.e164, description };
}

function openOf(
  { subscriber, description }: Described,
  challenge: Challenge,
  resendIn: number,
): Omit<OpenChallenge, "attemptsLeft"> {
  const expiresIn = Math.max(0, Math.round((challenge.expiresAt - Date.now()) / 1000));
  const to = maskPhone(subscriber.phone.e164);
  const open = { channel: channelOf(challenge), to, expiresIn, resendIn };
  return description === "" ? open : { ...open, description };
}

// Stores and the app may have thought for long: a new code has its whole life from now on, as its text says.
function startNow({ challenge, live }: Asking, now: number): Challenge {
  if (live?.id === challenge.id) return challenge;
  const { issuedAt, expiresAt } = challenge;
  return { ...challenge, issuedAt: now, expiresAt: now + expiresAt - issuedAt };
}

// The wait doubles over challenges too, until an answer or an hour of quiet.
function unansweredIn({ unanswered }: SessionState, now: number): number {
  if (unanswered === undefined) return 0;
  const age = now - unanswered.at;
  return age >= 0 && age < STREAK_MS ? unanswered.count : 0;
}

/** Puts back what stood in the session before a challenge that came to nothing. */
async function restore(
  session: Session,
  challenge: Challenge,
  before: SessionState,
): Promise<void> {
  if (!(await session.refresh())) return;
  const { challenges, marks } = session.read();
  if (challenges.every(({ id }) => id !== challenge.id)) return;
  const earlier = before.challenges.find(({ purpose }) => purpose === challenge.purpose);
  const state = withoutChallenges({ challenges, marks }, [challenge]);
  session.write({
    ...(earlier === undefined ? state : withChallenge(state, earlier)),
    ...(before.unanswered !== undefined && { unanswered: before.unanswered }),
  });
  await session.save().catch(() => undefined);
}
