/** Reads the fields of the demo's own forms, and says what is wrong with them. */

import type { TwoFactor } from "express-sms-2fa";
import { mistakeInPassword } from "../accounts/password-rule";
import type { Mistake } from "../pages/form";

/** What somebody signs up with, as typed. */
export interface SignUp {
  name: string;
  password: string;
  phone: string;
}

/** A number that was typed: E.164, where it can be texted. */
export interface TypedPhone {
  phone: string;
  mistakes: Mistake[];
}

const LONGEST_NAME = 64;
// The text has room for 70 characters of what is confirmed.
const LONGEST_PAYEE = 50;
const PAYEE = `Enter who gets the money, in ${LONGEST_PAYEE} characters or fewer`;

/** One field of a parsed body; empty unless it is there, once, as a string. */
export function textOf(body: unknown, name: string): string {
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, name)) return "";
  const value = (body as Record<string, unknown>)[name];
  return typeof value === "string" ? value : "";
}

/** Reads a sign-up form. */
export function readSignUp(
  body: unknown,
  factor: TwoFactor,
): { typed: SignUp; phone: string; mistakes: Mistake[] } {
  const typed = {
    name: textOf(body, "name").trim(),
    password: textOf(body, "password"),
    phone: textOf(body, "phone").trim(),
  };
  const wrong = mistakeInPassword(typed.password, typed.name);
  const { phone, mistakes: inPhone } = readTypedPhone(typed.phone, factor);
  const mistakes = [
    ...mistakesInName(typed.name),
    ...(wrong === undefined ? [] : [{ field: "password", message: wrong }]),
    ...inPhone,
  ];
  return { typed, phone, mistakes };
}

function mistakesInName(name: string): Mistake[] {
  if (name === "") return [{ field: "name", message: "Enter a name" }];
  const isName = isShort(name) && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(name);
  const message = `The name must be one line of ${LONGEST_NAME} characters or fewer`;
  return isName ? [] : [{ field: "name", message }];
}

function isShort(name: string): boolean {
  return Array.from(name).length <= LONGEST_NAME;
}

/** The name that somebody logs in with, no longer than one can be: each is counted. */
export function nameIn(body: unknown): string {
  return Array.from(textOf(body, "name").trim()).slice(0, LONGEST_NAME).join("");
}

/** Reads a number as the second factor will, so that none is saved which it can't text. */
export function readTypedPhone(typed: string, { readPhone }: TwoFactor): TypedPhone {
  const read = readPhone(typed);
  if (read.ok) return { phone: read.phone, mistakes: [] };
  const message =
    read.code === "invalid_number"
      ? "Enter a phone number with its country code, such as +1 202 555 0123"
      : "We can't text this number, for its country or its kind. Enter another one";
  return { phone: "", mistakes: [{ field: "phone", message }] };
}

/** Reads a form for a pretend transfer. Of the payee it leaves what a text shows of it, and nothing that nobody sees. */
export function readTransfer(body: unknown): {
  made: { to: string; amount: string };
  mistakes: Mistake[];
} {
  const seen = textOf(body, "to").replace(/[\p{Cf}\p{DI}]/gu, "");
  const to = seen.normalize("NFC").replace(/\s+/g, " ").trim();
  const amount = textOf(body, "amount").trim();
  const isName = /[\p{L}\p{N}]/u.test(to) && !/\p{C}/u.test(to) && to.length <= LONGEST_PAYEE;
  const isAmount = /^\d{1,6}(?:\.\d{1,2})?$/.test(amount) && Number(amount) > 0;
  const mistakes = [
    ...(isName ? [] : [{ field: "to", message: PAYEE }]),
    ...(isAmount ? [] : [{ field: "amount", message: "Enter an amount, such as 25 or 9.99" }]),
  ];
  return { made: { to, amount: isAmount ? Number(amount).toFixed(2) : amount }, mistakes };
}
