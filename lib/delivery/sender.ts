/** What a sender is given, and what it may answer. */

import type { Channel } from "./channel";

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
