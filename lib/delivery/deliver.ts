/** What a sender is given and may answer, and the deadline and scrubbing put around every delivery. */

import { within } from "../std/deadline";
import { TwoFactorError } from "../outcome/errors";
import type { Message, Sender } from "./sender";
import { faultOfNumber } from "./gateway-errors";

const SHORTEST_CODE = 6;

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

// A sender may have it from a gateway's header.
function wholeSeconds(seconds: number): number {
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 1), 3600) : 1;
}
