/** Reads the fields of the demo's own forms, and says what is wrong with them. */

import type { Mistake } from "./pages/form";

/** What somebody signs up with. */
export interface SignUp {
  name: string;
  password: string;
  phone: string;
}

const LONGEST_NAME = 64;
const LONGEST_PASSWORD = 256;
const SHORTEST_PASSWORD = 8;
const LONGEST_PHONE = 64;

/** One field of a parsed body; empty unless it is there, once, as a string. */
export function textOf(body: unknown, name: string): string {
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, name)) return "";
  const value = (body as Record<string, unknown>)[name];
  return typeof value === "string" ? value : "";
}

/** Reads a sign-up form. */
export function readSignUp(body: unknown): { signUp: SignUp; mistakes: Mistake[] } {
  const signUp = {
    name: textOf(body, "name").trim(),
    password: textOf(body, "password"),
    phone: textOf(body, "phone").trim(),
  };
  const mistakes = [
    ...mistakesInName(signUp.name),
    ...mistakesInPassword(signUp.password),
    ...mistakesInPhone(signUp.phone),
  ];
  return { signUp, mistakes };
}

function mistakesInName(name: string): Mistake[] {
  if (name === "") return [{ field: "name", message: "Enter a name" }];
  const isName = name.length <= LONGEST_NAME && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(name);
  const message = `The name must be one line of ${LONGEST_NAME} characters or fewer`;
  return isName ? [] : [{ field: "name", message }];
}

function mistakesInPassword(password: string): Mistake[] {
  if (password.length >= SHORTEST_PASSWORD && password.length <= LONGEST_PASSWORD) return [];
  const message = `The password must have ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters`;
  return [{ field: "password", message }];
}

/** What a glance shows; the package reads the number in earnest when a text is asked for. */
export function mistakesInPhone(phone: string): Mistake[] {
  if (phone.length <= LONGEST_PHONE && /\p{Nd}(?:.*\p{Nd}){6}/su.test(phone)) return [];
  const message = "Enter a phone number with its country code, such as +1 202 555 0123";
  return [{ field: "phone", message }];
}

/** Reads a form for a pretend transfer. */
export function readTransfer(body: unknown): {
  made: { to: string; amount: string };
  mistakes: Mistake[];
} {
  const made = { to: textOf(body, "to").trim(), amount: textOf(body, "amount").trim() };
  const isName = made.to !== "" && made.to.length <= LONGEST_NAME;
  const isAmount = /^\d{1,6}(?:\.\d{1,2})?$/.test(made.amount) && Number(made.amount) > 0;
  const mistakes = [
    ...(isName ? [] : [{ field: "to", message: "Enter who gets the money" }]),
    ...(isAmount ? [] : [{ field: "amount", message: "Enter an amount, such as 25 or 9.99" }]),
  ];
  return { made, mistakes };
}
