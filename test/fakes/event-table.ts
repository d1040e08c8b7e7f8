/** Reads the events out of the type that declares them: what each is for, and what it may carry. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TwoFactorEvent } from "../../lib";

const SOURCE = readFileSync(join(__dirname, "..", "..", "lib", "outcome", "event.ts"), "utf8");
const ALWAYS = ["type", "at", "owasp"];

/** One event, as its declaration tells it. */
export interface EventRow {
  type: string;
  when: string;
  toDo: string;
  fields: string[];
}

/** The events, in the order of their declaration. */
export const EVENTS: readonly EventRow[] = membersOf("EventFields").map(({ name, doc, type }) => {
  const [when = "", toDo = ""] = doc.split(/ ?@remarks /);
  return { type: name, when, toDo, fields: fieldsIn(type) };
});

/** The fields, each with what it holds. */
export const FIELDS: readonly { name: string; doc: string }[] = membersOf("TwoFactorEvent");

/** What an event carries that its type does not declare for it. */
export function undeclaredIn(event: TwoFactorEvent): string[] {
  const row = EVENTS.find(({ type }) => type === event.type);
  const known = new Set([...ALWAYS, ...(row?.fields ?? [])]);
  return Object.keys(event)
    .filter((name) => !known.has(name))
    .map((name) => `${event.type}.${name}`);
}

function membersOf(name: string): { name: string; doc: string; type: string }[] {
  const [, body = ""] =
    new RegExp(`^export interface ${name} \\{\n(.*?)^\\}`, "ms").exec(SOURCE) ?? [];
  const members = body.matchAll(/\/\*\*(.*?)\*\/\s*(\w+)\??:([^;]*);/gs);
  return [...members].map(([, doc = "", member = "", type = ""]) => ({
    name: member,
    doc: doc
      .replace(/\s*\n?\s*\* ?/g, " ")
      .replace(/\s+/g, " ")
      .trim(),
    type,
  }));
}

/** The names in a union, those that it borrows from another among them. */
function fieldsIn(union: string): string[] {
  return [...union.matchAll(/"(\w+)"|\b([A-Z]\w+)\b/g)].flatMap(([, field, other]) => {
    if (field !== undefined) return [field];
    return fieldsIn(new RegExp(`^type ${other ?? ""} = ([^;]*);`, "m").exec(SOURCE)?.[1] ?? "");
  });
}
