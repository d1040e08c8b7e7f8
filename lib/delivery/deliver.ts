/** What a sender is given and may answer, and the deadline and scrubbing put around every delivery. */

import { within } from "../std/deadline";
import { TwoFactorError } from "../outcome/errors";
import { ownProperty } from "../std/own-property";

/** How a one-time code travels. This version serves texts alone. */
export type Channel = "sms";

/** One text, ready to send. It holds the one-time code: never log it. */
export interface Message {
  /** E.164 number of the subscriber, such as `+14155550100`. */
  to: string;
  /** The whole text, the code in it. */
  text: string;
  /** How it is to travel. */
  channel: Channel;
  /** Whole seconds for which the code is still good: a text that arrives later is useless. */
  validFor: number;
  /** Aborts when the delivery's deadline has passed. */
  signal: AbortSignal;
}

/**
 * Hands one text to a gateway, and resolves once the gateway has accepted it. Throw a
 * `TwoFactorError` with `cannot_text_number`, `delivery_failed` or `unavailable` to say what
 * happened; any other throw counts as `delivery_failed` with nothing sent, or as `cannot_text_number`
 * where its `status` and `code` say so in the manner of Twilio's and SignalWire's clients.
 */
export type Sender = (message: Message) => unknown;

const SHORTEST_CODE = 6;

/** Codes of Twilio's, which SignalWire has taken over, for a number that gets no texts, in our own words. */
export const NUMBER_FAULTS: ReadonlyMap<number, string> = new Map([
  [21205, "invalid_number"],
  [21211, "invalid_number"],
  [21217, "invalid_number"],
  [21408, "country_not_enabled"],
  [21601, "not_a_mobile"],
  [21606, "not_a_mobile"],
  [21610, "opted_out"],
  [21614, "not_a_mobile"],
  [30004, "opted_out"],
  [30006, "not_a_mobile"],
]);

/** How a delivery ended. `mayStillArrive`: the gateway may have taken the text all the same. */
export type Delivery =
  | { ok: true }
  | {
      ok: false;
      code: "cannot_text_number" | "delivery_failed" | "unavailable";
      reason: string;
      mayStillArrive: boolean;
      retryAfter?: number;
    };

/**
 * Hands `message` to `sender` and waits no longer than `seconds`, whatever the sender does. The
 * sender's own error goes no further: a client's error object can hold the code, the number and the
 * gateway's credentials.
 */
export async function deliver(
  sender: Sender,
  message: Omit<Message, "signal">,
  seconds: number,
): Promise<Delivery> {
  const deadline = new AbortController();
  try {
    return await within(attempt(sender, { ...message, signal: deadline.signal }), seconds * 1000);
  } catch {
    deadline.abort();
    return { ok: false, code: "delivery_failed", reason: "timeout", mayStillArrive: true };
  }
}

async function attempt(sender: Sender, message: Message): Promise<Delivery> {
  try {
    await sender(message);
    return { ok: true };
  } catch (error) {
    return failureOf(error);
  }
}

function failureOf(error: unknown): Delivery {
  try {
    if (error instanceof TwoFactorError) return asTold(error);
    const fault = faultOfNumber(error);
    if (fault !== undefined) {
      return { ok: false, code: "cannot_text_number", reason: fault, mayStillArrive: false };
    }
  } catch {
    // A client's error may be a proxy whose every member throws: it says nothing then.
  }
  return { ok: false, code: "delivery_failed", reason: "sender_threw", mayStillArrive: false };
}

function asTold({ code, reason, mayStillArrive, retryAfter }: TwoFactorError): Delivery {
  return {
    ok: false,
    code: code === "cannot_text_number" || code === "unavailable" ? code : "delivery_failed",
    reason: isWord(reason) ? reason : code,
    mayStillArrive,
    ...(retryAfter !== undefined && { retryAfter: wholeSeconds(retryAfter) }),
  };
}

/** A gateway's own sentence may repeat the text and the number, and a reason goes into the app's log. */
function isWord(reason: unknown): reason is string {
  return (
    typeof reason === "string" &&
    /^[a-z][\w.:-]{0,31}$/i.test(reason) &&
    reason.replace(/\D/g, "").length < SHORTEST_CODE
  );
}

/** What the error of a gateway's own client blames the number for: nothing else of it goes further. */
function faultOfNumber(error: unknown): string | undefined {
  const status = Number(ownProperty(error, "status"));
  const isRefusal = status >= 400 && status < 500;
  return isRefusal ? NUMBER_FAULTS.get(Number(ownProperty(error, "code"))) : undefined;
}

// A sender may have it from a gateway's header.
function wholeSeconds(seconds: number): number {
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 1), 3600) : 1;
}
