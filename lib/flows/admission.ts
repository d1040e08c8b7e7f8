/** Lets a text go or not: one step of the ledger takes all that it costs, and the app has the last word. */

import type { Request } from "express";
import type { IncomingMessage } from "node:http";
import { ENROLMENT, type Challenge } from "../challenge/challenge";
import { countOf, type GuardedLedger, type StepOutcome } from "../ledger/guarded";
import { Alarms } from "../limits/alarms";
import type { Attempts } from "../limits/attempts";
import { deliveryIn, type Deliveries, type DeliveryStatus } from "../limits/deliveries";
import { entriesOf as lockoutEntries, type Lockout } from "../limits/lockout";
import {
  entriesOf as costEntries,
  type Cost,
  type Full,
  type SendLimits,
  type SendRequest,
} from "../limits/send-limits";
import type { Settings } from "../options/settings";
import type { Channel } from "../outcome/channel";
import { TwoFactorError } from "../outcome/errors";
import type { EmitEvent } from "../outcome/events";
import type { Quota } from "../outcome/quota";
import type { Refusal } from "../outcome/refusal";
import { factsOf } from "../request/facts";
import type { Subscriber } from "../request/subscriber";
import { within } from "../std/deadline";

/** A text or call that is asked for. */
export interface Asking {
  session: string;
  channel: Channel;
  subscriber: Subscriber;
  network: string;
  purpose: string;
  /** The challenge that the text would be for. */
  challenge: Challenge;
  /** The one of this purpose that is open; the same where its code is sent again. */
  live: Challenge | undefined;
  /** Seconds that the session waits after this text. */
  wait: number;
}

/** Whether a text may go. */
export type Admission =
  | {
      kind: "granted";
      /** Takes it all back. */
      ticket: StepOutcome;
      request: SendRequest;
      isKnown: boolean;
      attemptsLeft: number;
      quota: Quota | undefined;
    }
  /** The last text is too young; `attemptsLeft` and `delivery` of the open challenge. */
  | { kind: "cooling"; waitMs: number; attemptsLeft: number; delivery: DeliveryStatus }
  /** The open challenge is used up, or the ledger knows nothing of it. */
  | { kind: "spent" }
  | { kind: "full"; full: Full; quota: Quota | undefined }
  | { kind: "blocked"; refusal: Refusal };

/** What admission works with. */
export interface AdmissionParts {
  settings: Settings;
  ledger: GuardedLedger;
  attempts: Attempts;
  deliveries: Deliveries | undefined;
  lockout: Lockout;
  sendLimits: SendLimits;
  emit: EmitEvent;
}

export class Admissions {
  readonly #parts: AdmissionParts;
  readonly #alarms: Alarms;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
    this.#alarms = new Alarms(parts.emit);
  }

  /** Takes what a text costs, all of it or nothing. */
  async admit(asking: Asking, { isForgiven = false } = {}): Promise<Admission> {
    const { ledger, attempts, deliveries, lockout, sendLimits } = this.#parts;
    const { challenge, live, subscriber } = asking;
    const { subject } = subscriber;
    const request = this.requestOf(asking);
    const cost = sendLimits.costOf(request, asking.wait, { isForgiven });
    const block = lockout.check(subject);
    const isResend = live !== undefined && live.id === challenge.id;
    const [tried, used] = live === undefined ? [] : this.#standOf(live.id, isResend);
    const told = live && deliveries?.peek(live);
    const stand = [tried, used, told].filter((entry) => entry !== undefined);
    const outcome = await ledger.step({
      record: challenge.id,
      // A store that was emptied must not give the same code fresh attempts.
      mode: isResend ? "need" : "open",
      entries: [...lockoutEntries(block), ...stand, ...costEntries(cost)],
    });
    if (outcome.status === "gone") return { kind: "spent" };
    const refused = lockout.refusalIn(outcome, block);
    if (refused !== undefined) return { kind: "blocked", refusal: refused };
    const isSpent = used !== undefined && countOf(outcome, used).count > 0;
    const attemptsLeft =
      tried === undefined || isSpent ? 0 : attempts.leftAfter(countOf(outcome, tried).count);
    if (isResend && attemptsLeft === 0) return { kind: "spent" };
    const cooldown = countOf(outcome, cost.cooldown);
    if (cooldown.isFull) {
      const delivery = live === undefined ? {} : deliveryIn(outcome, told, live);
      return { kind: "cooling", waitMs: cooldown.waitMs, attemptsLeft, delivery };
    }
    this.#alarms.tell(outcome, cost.charges, factsOf(subscriber, asking));
    this.#noteBudgets(outcome, cost, request.country);
    if (outcome.status === "full") return this.#refuse(asking, outcome, cost, isForgiven);
    return {
      kind: "granted",
      ticket: outcome,
      request,
      isKnown: cost.known.some((entry) => countOf(outcome, entry).count > 0),
      attemptsLeft: isResend ? attemptsLeft : attempts.max,
      quota: sendLimits.quotaIn(outcome, cost),
    };
  }

  /** Gives all back: nothing was asked of the gateway. */
  release({ ticket }: { ticket: StepOutcome }): void {
    this.#parts.ledger.undo(ticket);
  }

  /** Gives back what a text would have cost that was refused after all. What bounds the asking stays. */
  refund({ ticket, request }: { ticket: StepOutcome; request: SendRequest }): void {
    const { ledger, sendLimits } = this.#parts;
    ledger.undo(ticket);
    // Nobody waits for it: a count that is lost there only lets one ask once more.
    void Promise.resolve(ledger.step({ entries: sendLimits.asked(request) })).catch(
      () => undefined,
    );
  }

  /** What a text is counted under. */
  requestOf({
    session,
    channel,
    subscriber,
    network,
    purpose,
  }: Omit<Asking, "challenge" | "live" | "wait">): SendRequest {
    const { subject, phone } = subscriber;
    // A number that somebody types is not yet theirs, nor anybody's of whom the app knows.
    const isOnRecord = this.#parts.settings.user !== "from-request" && purpose !== ENROLMENT;
    const country = phone.country ?? "";
    const counted = { country, purpose, network, isOnRecord, channel };
    return { session, subject, phone: phone.e164, ...counted };
  }

  /** Tells what is left of the budgets that users share. */
  #noteBudgets(outcome: StepOutcome, { charges }: Cost, country: string): void {
    const { settings, sendLimits } = this.#parts;
    if (settings.telemetry === undefined) return;
    for (const stand of sendLimits.standsIn(outcome, charges, country)) {
      settings.telemetry.note(stand);
    }
  }

  #standOf(id: string, isResend: boolean) {
    const { attempts } = this.#parts;
    return isResend
      ? ([attempts.check(id), attempts.checkUnused(id)] as const)
      : ([attempts.peek(id), attempts.peekUsed(id)] as const);
  }

  #refuse(
    asking: Asking,
    outcome: StepOutcome,
    cost: Cost,
    isForgiven: boolean,
  ): Admission | Promise<Admission> {
    const { sendLimits } = this.#parts;
    const full = sendLimits.fullIn(outcome, cost) ?? { limit: "unknown", waitMs: 0 };
    // Support can lift what was counted for a user, whose number the ledger does not know.
    const isLifted = countOf(outcome, cost.unlocked).count > 0;
    if (isLifted && !isForgiven && sendLimits.isNumberAlone(outcome, cost)) {
      return this.admit(asking, { isForgiven: true });
    }
    return { kind: "full", full, quota: sendLimits.quotaIn(outcome, cost) };
  }
}

interface Approving {
  settings: Settings;
  emit: EmitEvent;
  subscriber: Subscriber;
  purpose: string;
  channel: Channel;
}

/** Asks `beforeSend`, where there is one. Only `true` in time allows. */
export function approvalBy(
  req: IncomingMessage,
  { settings, emit, subscriber, purpose, channel }: Approving,
): ((isKnown: boolean) => Promise<boolean>) | undefined {
  const { beforeSend, sendTimeout } = settings;
  if (beforeSend === undefined) return undefined;
  return async (isKnown) => {
    const { e164: phone, country, type } = subscriber.phone;
    const sending = { phone, country, type, channel, purpose, isKnown };
    const ask = async (): Promise<unknown> => beforeSend(req as Request, sending);
    const word = await within(ask(), sendTimeout * 1000).catch((cause: unknown) => {
      const sentence =
        "`beforeSend` threw, or took longer than `sendTimeout`, so no text is sent: mend it.";
      emit(
        undefined,
        new TwoFactorError("send_refused", sentence, { reason: "before_send", cause }),
      );
      return false;
    });
    return word === true;
  };
}
