/** What events tell of a request and its subscriber: no full number, and nothing that forges a line of a log. */

import { TwoFactorError } from "../outcome/errors";
import type { IncomingMessage } from "node:http";
import type { Channel } from "../outcome/channel";
import { LONGEST_REASON, type TwoFactorEvent } from "../outcome/events";
import { maskPhone, type Phone } from "../phone/phone";
import { isWord } from "../std/harmless";
import { askerOf } from "./asker";
import { networkOf, secondsSince } from "./network";
import { routeOf } from "./route";

/** What an event tells of a subscriber, and of the purpose, channel and network of a request. */
export function factsOf(
  { subject, phone }: { subject: string; phone: Phone | undefined },
  {
    purpose = "",
    description = "",
    channel,
    network,
  }: { purpose?: string; description?: string; channel?: Channel; network: string },
): Partial<TwoFactorEvent> {
  return {
    subject: shownSubject(subject, phone),
    ...(phone !== undefined && { phone: maskPhone(phone.e164) }),
    ip: network,
    ...(phone?.country !== undefined && { country: phone.country }),
    ...(purpose !== "" && { purpose }),
    ...(description !== "" && { description: withoutNumbers(description) }),
    ...(channel !== undefined && { channel }),
  };
}

/** A subject as events may show it: an id, but no number, and nothing in it that forges a line of a log. */
export function shownSubject(subject: string, phone?: Pick<Phone, "e164">): string {
  return subject.startsWith("+") || (phone !== undefined && isNumberOf(subject, phone))
    ? maskPhone(subject)
    : subject.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, "\ufffd");
}

// Numbers of phones and accounts, as people write them: no log needs more than their ends.
const LONG_NUMBER = /\+?\p{Nd}(?:[\s().,/-]{0,2}\p{Nd}){6,}/gu;

function withoutNumbers(text: string): string {
  return text.replace(LONG_NUMBER, (digits) => `••••${digits.slice(-2)}`);
}

/** How marks keep the subject for events, where it is a number. */
export function shownIfNumber(subject: string, phone: Phone | undefined): string | undefined {
  return phone !== undefined && isNumberOf(subject, phone)
    ? shownSubject(subject, phone)
    : undefined;
}

/** Whether a subject is the number itself, written in whichever way. */
function isNumberOf(subject: string, { e164 }: Pick<Phone, "e164">): boolean {
  const digits = subject.replace(/[^\p{L}\p{N}]/gu, "");
  return digits.length >= SHORTEST_NUMBER && e164.endsWith(digits);
}

const SHORTEST_NUMBER = 7;

/** What an event tells of a signed-in user whose number may not be readable. */
export function factsOfUser(
  { subject, phone: raw = "" }: { subject: string; phone: string | undefined },
  phone: Phone | undefined,
): Partial<TwoFactorEvent> {
  const number = phone ?? { e164: raw.replace(/[^\p{L}\p{N}]/gu, "") };
  return {
    subject: shownSubject(subject, number),
    ...(phone !== undefined && { phone: maskPhone(phone.e164) }),
    ...(phone?.country !== undefined && { country: phone.country }),
  };
}

/** What an event tells of a request, of whoever was found to have made it, and of the fault that it met. */
export function circumstances(req: IncomingMessage, error?: unknown): Partial<TwoFactorEvent> {
  const route = routeOf(req);
  const about = {
    ...askerOf(req),
    ip: networkOf(req),
    ...(route !== undefined && { route }),
  };
  if (error === undefined) return about;
  return { ...about, reason: reasonOf(error), duration: secondsSince(req) };
}

function reasonOf(error: unknown): string {
  if (error instanceof TwoFactorError) return error.reason ?? error.code;
  const kind = `unexpected:${error instanceof Error ? error.name : typeof error}`;
  return isWord(kind, LONGEST_REASON) ? kind : "unexpected";
}
