/** Hands a text to its sender, under a deadline: a sender never hangs or breaks the app. */

import { isThenable, within } from "../std/deadline";
import type { MaybePromise } from "../std/maybe-promise";
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
  // Most senders ask for no signal, and some have an answer at once: they pay for no controller and no timer.
  let deadline: AbortController | undefined;
  const signalled = {
    ...message,
    get signal() {
      return (deadline ??= new AbortController()).signal;
    },
  };
  const begun = begin(sender, signalled);
  if (!isThenable(begun)) return begun;
  try {
    return await within(begun, seconds * 1000);
  } catch {
    (deadline ??= new AbortController()).abort();
    return { ok: false, code: "delivery_failed", reason: "timeout", mayStillArrive: true };
  }
}

function begin(sender: Sender, message: Message): MaybePromise<Delivery> {
  try {
    const answer: unknown = sender(message);
    if (!isThenable(answer)) return verdictOnAnswer(answer);
    return Promise.resolve(answer).then(verdictOnAnswer, verdictOnError);
  } catch (error) {
    return verdictOnError(error);
  }
}
