/** The app's own word on a text that is about to leave. */

import type { Request } from "express";
import type { IncomingMessage } from "node:http";
import { within } from "../std/deadline";
import type { Settings } from "../options/settings";
import type { Subscriber } from "../request/subscriber";

interface Approving {
  settings: Settings;
  subscriber: Subscriber;
  purpose: string;
}

/** Asks `beforeSend`, where there is one. Only `true` in time allows. */
export function approvalBy(
  req: IncomingMessage,
  { settings, subscriber, purpose }: Approving,
): ((isKnown: boolean) => Promise<boolean>) | undefined {
  const { beforeSend, sendTimeout } = settings;
  if (beforeSend === undefined) return undefined;
  return async (isKnown) => {
    const { e164: phone, country, type } = subscriber.phone;
    const sending = { phone, country, type, channel: "sms", purpose, isKnown } as const;
    const ask = async (): Promise<unknown> => beforeSend(req as Request, sending);
    const word = await within(ask(), sendTimeout * 1000).catch(() => false);
    return word === true;
  };
}
