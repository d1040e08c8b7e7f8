/** What events tell of a request and its subscriber: no full number, and nothing that forges a line of a log. */

import { TwoFactorError } from "../outcome/errors";
import type { IncomingMessage } from "node:http";
import type { Channel } from "../outcome/channel";
import { LONGEST_REASON, type TwoFactorEvent } from "../outcome/events";
import { maskPhone, type Phone } from "../phone/phone";
import { isWord } from "../std/harmless";
import { networkOf } from "./network";
import type { Passer } from "./subscriber";

/** What an event tells of a subscriber, and of the purpose, channel and network of a request. */
export function factsOf(
  { subject, phone }: Pick<Passer, "subject" | "phone">,
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
export function shownSubject(subject: string, phone?: Phone): string {
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
export function isNumberOf(subject: string, { e164 }: Phone): boolean {
  const digits = subject.replace(/[^\p{L}\p{N}]/gu, "");
  return digits.length >= SHORTEST_NUMBER && e164.endsWith(digits);
}

const SHORTEST_NUMBER = 7;

/** What an event tells of a request, and of the fault that it met. */
export function circumstances(
  req: IncomingMessage,
  error?: unknown,
): { ip: string; reason?: string } {
  const ip = networkOf(req);
  if (error === undefined) return { ip };
  if (error instanceof TwoFactorError) return { ip, reason: error.reason ?? error.code };
  const kind = `unexpected:${error instanceof Error ? error.name : typeof error}`;
  return { ip, reason: isWord(kind, LONGEST_REASON) ? kind : "unexpected" };
}
