/** Hands a text to its sender, under a deadline: a sender never hangs or breaks the app. */

import { unlessAborted, within } from "../std/deadline";
import { isThenable, type MaybePromise } from "../std/maybe-promise";
import { routeOf, type Route } from "./route";
import type { Message, Sender } from "./sender";
import { watchCallback } from "./status-callback";
import { verdictOnAnswer, verdictOnError, type Delivery as Verdict } from "./verdict";

/** How a delivery ended, and by which way. */
export type Delivery = Verdict & Route;

/**
 * Hands `message` to `sender` and waits no longer than `seconds`, nor beyond the abort of `outer`, whatever
 * the sender does. The sender's own error goes no further: a client's error object can hold the code, the
 * number and the gateway's credentials.
 */
export async function deliver(
  sender: Sender,
  message: Omit<Message, "signal">,
  seconds: number,
  outer?: AbortSignal,
): Promise<Delivery> {
  // Most senders ask for no signal, and some have an answer at once: they pay for no controller and no timer.
  let deadline: AbortController | undefined;
  const signalled = {
    ...message,
    get signal() {
      return (deadline ??= new AbortController()).signal;
    },
  };
  const told = watchCallback(signalled, sender);
  const begun = begin(sender, signalled);
  if (!isThenable(begun)) return told(begun);
  try {
    const bounded = outer === undefined ? begun : unlessAborted(begun, outer);
    return told(await within(bounded, seconds * 1000));
  } catch {
    (deadline ??= new AbortController()).abort();
    return (await unsent(begun)) ?? { ...LATE, ...routeOf(sender) };
  }
}

const LATE = {
  ok: false,
  code: "delivery_failed",
  reason: "timeout",
  mayStillArrive: true,
} as const;

/** What a sender that heeds the abort says at once, if that is that nothing has left. */
async function unsent(begun: PromiseLike<Delivery>): Promise<Delivery | undefined> {
  const atOnce = new Promise<undefined>((resolve) => setImmediate(resolve, undefined));
  const said = await Promise.race([begun, atOnce]);
  return said?.ok === false && !said.mayStillArrive ? said : undefined;
}

function begin(sender: Sender, message: Message): MaybePromise<Delivery> {
  const answered = (answer: unknown) => ({
    ...verdictOnAnswer(answer),
    ...routeOf(sender, answer),
  });
  const threw = (error: unknown) => ({ ...verdictOnError(error), ...routeOf(sender, error) });
  try {
    const answer: unknown = sender(message);
    if (!isThenable(answer)) return answered(answer);
    return Promise.resolve(answer).then(answered, threw);
  } catch (error) {
    return threw(error);
  }
}
