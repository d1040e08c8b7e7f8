/** Says on the code page what has become of its text, where a gateway tells. */

import type { OpenChallenge } from "../../flows/issuer";
import { html, type Html } from "../../std/html";
import type { PageWords } from "../../options/page-words";
import type { View } from "./view";

/** The line; empty while there is nothing to say, for the script to fill it in. */
export function deliveryLine({ words, prefix }: View, challenge: OpenChallenge): Html | undefined {
  if (challenge.delivery === undefined) return undefined;
  const news = newsOf(challenge, words);
  // Not even white space in it, so that it is `:empty`.
  return html`<p class="${prefix}-delivery" aria-live="polite" data-delivery>${news}</p>`;
}

/** What there is to say of it. */
export function newsOf(
  { delivery, deliveryReason, channel }: OpenChallenge,
  words: PageWords,
): string {
  if (delivery === undefined || delivery === "sent") return "";
  // Whoever was called knows it.
  if (channel === "call") return delivery === "delivered" ? "" : words.callMissed;
  if (delivery === "delivered") return words.delivered;
  return deliveryReason === "opted_out" ? words.optedOut + words.stop.trimEnd() : words.undelivered;
}
