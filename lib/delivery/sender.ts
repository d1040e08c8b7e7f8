/** What a sender is given, and what it may answer. */

import { isChannel, type Channel } from "../outcome/channel";
import { refuse } from "../std/option-checks";

/** One text or call, ready to send. It holds the one-time code: never log it. */
export interface Message {
  /** E.164 number of the subscriber, such as `+14155550100`. */
  to: string;
  /** The whole text, the code in it. A call says `spoken` in its place. */
  text: string;
  /** How it is to travel. */
  channel: Channel;
  /** The code alone, for gateways that send templates. */
  code: string;
  /** Language of text and call, such as `en`. */
  locale: string;
  /** The purpose that was asked for; empty for the plain second factor and for a new number. */
  purpose: string;
  /** What the code confirms, where the purpose describes it: a template of yours has to show it too. */
  description?: string;
  /** What a call says; there where `channel` is `call`. */
  spoken?: Spoken;
  /**
   * Where a gateway that speaks as SignalWire and Twilio do is to tell what becomes of it. There with
   * `deliveryStatus` alone.
   */
  statusCallback?: string;
  /** Whole seconds for which the code is still good: a text that arrives later is useless. */
  validFor: number;
  /** Aborts when the delivery's deadline has passed. */
  signal: AbortSignal;
}

/** What a call says, in plain words: escape them for SSML or LaML, and put them in no URL. */
export interface Spoken {
  /** BCP 47 tag of the voice, such as `en-US`. */
  language: string;
  /** Names the app. Nothing of the code is in it. */
  greeting: string;
  /** What has to be pressed before the code is said, or a voicemail would be told it; drawn anew for each call. */
  keys: readonly SpokenKey[];
  /** The code, digits apart, so that a voice says them one by one. Say it twice. */
  code: string;
  /** Asks that nobody else be told. */
  warning: string;
}

/** A key that is asked for in a call. */
export interface SpokenKey {
  /** A digit. */
  key: string;
  /** Asks for it. */
  asks: string;
}

/**
 * Hands one text or call to a gateway, and resolves once the gateway has accepted it. It fails by a throw, by
 * `false`, and by an answer whose `ok` is false or whose `status` is 400 or more, as `fetch` gives one.
 * The code stays good after a failure, for the text may arrive all the same, unless the failure says
 * that nothing was sent: by a status of 4xx, by `code` ECONNREFUSED, ENOTFOUND or EAI_AGAIN, or by
 * `mayStillArrive: false`. Throw a `TwoFactorError` with `cannot_text_number`, `delivery_failed` or
 * `unavailable` to say more; Twilio's and SignalWire's own errors are understood as they are.
 */
export interface Sender {
  (message: Message): unknown;
  /**
   * What it serves: with `call` among the option `channels`, one that says it serves none is refused at the
   * start. @default all: a function of your own looks at `message.channel`
   */
  readonly channels?: readonly Channel[];
}

/** What a sender says that it serves; nothing where it says nothing. What it can't mean throws. */
export function channelsOf(sender: Sender): readonly Channel[] | undefined {
  const { channels } = sender as { channels?: unknown };
  const isGood = Array.isArray(channels) && channels.every(isChannel);
  if (channels === undefined || isGood) return channels;
  return refuse("channels", 'of a sender to be an array of "sms" and "call"', channels);
}

/** Makes a sender say what it serves. */
export function serving<T extends Sender>(channels: readonly Channel[], sender: T): T {
  return Object.defineProperty(sender, "channels", { value: channels, enumerable: true });
}

// Registered, so that another copy of this package knows it too.
const FACTORY = Symbol.for("express-sms-2fa/senderFactory");

/** Marks a function that makes senders, which `sender: signalwire` would pass off as one. */
export function markFactory(makeSender: (...given: never[]) => Sender): void {
  Object.defineProperty(makeSender, FACTORY, { value: true });
}

/** Whether it makes senders and is none. */
export function isFactory(value: object): boolean {
  return Object.hasOwn(value, FACTORY);
}

const TIMEOUT = Symbol.for("express-sms-2fa/senderTimeout");

/** Notes the seconds that a sender was told to take, so that `sendTimeout` can be compared with them. */
export function markTimeout<Timed extends Sender>(sender: Timed, seconds: number): Timed {
  return Object.defineProperty(sender, TIMEOUT, { value: seconds });
}

/** The option `timeout` of a gateway or of several: seconds, or parts of one. */
export function readTimeout(value: unknown, byDefault: number): number {
  if (value === undefined) return byDefault;
  const isGood = typeof value === "number" && value >= 0.1 && value <= 60;
  return isGood ? value : refuse("timeout", "to be a number of seconds from 0.1 to 60", value);
}

/** The seconds that were noted. */
export function timeoutOf(sender: Sender): number | undefined {
  return (sender as { [TIMEOUT]?: number })[TIMEOUT];
}
