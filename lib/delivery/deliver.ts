/** Hands a text to its sender, under a deadline: a sender never hangs or breaks the app. */

import { within } from "../std/deadline";
import type { Message, Sender } from "./sender";
import { verdictOnAnswer, verdictOnError, type Delivery } from "./verdict";

export type { Delivery };

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
  let answer: unknown;
  try {
    answer = await sender(message);
  } catch (error) {
    return verdictOnError(error);
  }
  return verdictOnAnswer(answer);
}
