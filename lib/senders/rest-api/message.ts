/** A text or call as gateways with Twilio's REST API take it, and the sender around one exchange with them. */

import { named } from "../../delivery/route";
import { serving, type Message, type Sender } from "../../delivery/sender";
import { TwoFactorError } from "../../outcome/errors";
import { callFieldsOf, type CallFields } from "./call";
import { gatewayFailure } from "./failures";
import type { GatewayExchange } from "./http";
import type { GatewaySettings } from "./options";

/** What a text is made of, named as the gateways' own clients name it. */
export interface MessageFields {
  to: string;
  body: string;
  validityPeriod: number;
  from?: string;
  messagingServiceSid?: string;
  maxPrice?: number;
  statusCallback?: string;
}

/** What is asked of a gateway: the resource that is to be made, and what of. */
export type GatewayRequest =
  { resource: "Messages"; fields: MessageFields } | { resource: "Calls"; fields: CallFields };

function requestOf(message: Message, settings: GatewaySettings): GatewayRequest {
  return message.channel === "call"
    ? { resource: "Calls", fields: callFieldsOf(message, settings) }
    : { resource: "Messages", fields: messageFieldsOf(message, settings) };
}

function messageFieldsOf(message: Message, settings: GatewaySettings): MessageFields {
  const { origin, maxPrice, statusCallback = message.statusCallback } = settings;
  return {
    to: message.to,
    body: message.text,
    validityPeriod: validityOf(message),
    ...origin,
    ...(maxPrice !== undefined && { maxPrice }),
    ...(statusCallback !== undefined && { statusCallback }),
  };
}

/** The fields as the API itself names them. */
export function asForm(fields: GatewayRequest["fields"]): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(fields as unknown as Record<string, string | number>).map(([name, value]) => [
      name.charAt(0).toUpperCase() + name.slice(1),
      value,
    ]),
  );
}

const LONGEST_VALIDITY = 14_400; // Seconds. SignalWire takes twelve times as much, Twilio less than three times.
const LONGEST_CODE = 600;

/** By default a text waits in the queue for four hours or more, and then brings a dead code. */
function validityOf({ validFor }: Message): number {
  // A sender in JavaScript that wraps this one may hand on less than it was given.
  const seconds = Number.isFinite(validFor) ? Math.floor(validFor) : LONGEST_CODE;
  return Math.min(Math.max(seconds, 1), LONGEST_VALIDITY);
}

/**
 * Makes a sender out of one exchange with a gateway; it serves calls where it has a number for them. So many are
 * under way at once and no more. What has come of each is judged by what the exchange tells, never by an error
 * of a client's.
 */
export function restSender(
  name: string,
  settings: GatewaySettings,
  exchange: (asked: GatewayRequest, message: Message) => Promise<GatewayExchange | undefined>,
): Sender {
  const { maxConcurrent, callFrom } = settings;
  let underway = 0;
  const send = async (message: Message): Promise<void> => {
    if (underway >= maxConcurrent) {
      const sentence = "Too many texts and calls are on their way to the gateway.";
      throw new TwoFactorError("unavailable", sentence, { reason: "busy", retryAfter: 1 });
    }
    const asked = requestOf(message, settings);
    underway += 1;
    try {
      // What a client throws may hold all that it was given; what the exchange tells is enough.
      const failure = gatewayFailure(await exchange(asked, message).catch(() => undefined));
      if (failure !== undefined) throw failure;
    } finally {
      underway -= 1;
    }
  };
  return serving(callFrom === undefined ? ["sms"] : ["sms", "call"], named(name, send));
}
