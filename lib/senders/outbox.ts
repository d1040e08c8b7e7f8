/** A sender for development that keeps the texts in memory in place of sending them. */

import { isProduction, readBoolean, readWhole, refuse, refuseUnknown } from "../std/option-checks";
import { markFactory, serving, type Message, type Spoken } from "../delivery/sender";
import { named } from "../delivery/route";
import type { Channel } from "../outcome/channel";
import { maskPhone } from "../phone/phone";

/** What `outbox()` takes. */
export interface OutboxOptions {
  /** How many texts are kept; the oldest goes first. @default 50 */
  size?: number | undefined;
  /**
   * Told of each text in one line, without the code and all but the last two digits of the number;
   * `false` for silence. @default console.log
   */
  print?: ((line: string) => void) | false | undefined;
  /**
   * Allows an outbox where NODE_ENV is `production`. Nobody is texted then, and the codes of the last
   * texts stand in the memory of the process. @default false
   */
  inProduction?: boolean | undefined;
}

/** One text that would have been sent. */
export interface OutboxMessage {
  /** E.164. */
  readonly to: string;
  /** The whole text, the code in it. */
  readonly text: string;
  /** How it would have travelled. */
  readonly channel: Channel;
  /** The code alone. */
  readonly code: string;
  /** Language, such as `en`. */
  readonly locale: string;
  /** The purpose that was asked for, if any; else empty. */
  readonly purpose: string;
  /** What the call would have said. */
  readonly spoken?: Spoken;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A sender, and the texts and calls it was given. */
export interface Outbox {
  (message: Message): void;
  /** Texts and calls. */
  readonly channels: readonly Channel[];
  /** The last texts, the newest last: a copy, which no later text changes. */
  readonly messages: readonly OutboxMessage[];
  /** Forgets the texts. */
  clear(): void;
}

const OPTIONS: Record<keyof OutboxOptions, true> = { size: true, print: true, inProduction: true };

/** Makes an outbox. Throws in production, where it would leave every user without a code. */
export function outbox(options: OutboxOptions = {}): Outbox {
  refuseUnknown("outbox()", options, OPTIONS);
  const size = readWhole("size", options.size, { byDefault: 50, min: 1, max: 10_000 });
  const print = readPrint(options.print);
  const inProduction = readBoolean("inProduction", options.inProduction);
  if (isProduction() && !inProduction) {
    throw new Error(
      "outbox() sends no texts, so it is refused where NODE_ENV is production: use a gateway's " +
        "sender such as signalwire(), or ask for it with `inProduction: true`.",
    );
  }

  const kept: OutboxMessage[] = [];
  const send = ({ to, text, channel, code, locale, purpose, spoken }: Message): void => {
    const what = { to, text, channel, code, locale, purpose, ...(spoken && { spoken }) };
    kept.push(Object.freeze({ ...what, at: Date.now() }));
    if (kept.length > size) kept.shift();
    // Digits alone get through, so that no number forges a line of the log.
    const kind = channel === "call" ? "call" : "text";
    print(`[express-sms-2fa] A ${kind} to ${maskPhone(to.replace(/\D/g, ""))} is in the outbox.`);
  };
  return Object.defineProperties(serving(["sms", "call"], named("outbox", send)), {
    messages: { get: () => kept.slice(), enumerable: true },
    clear: {
      value: () => {
        kept.length = 0;
      },
      enumerable: true,
    },
  }) as Outbox;
}

markFactory(outbox);

function readPrint(value: unknown): (line: string) => void {
  if (value === false) return () => undefined;
  if (value === undefined) {
    return (line) => {
      console.log(line);
    };
  }
  return typeof value === "function"
    ? (value as (line: string) => void)
    : refuse("print", "to be a function or false", value);
}
