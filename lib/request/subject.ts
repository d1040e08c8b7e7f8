/** Says what may be a user's id, and writes it as records and counters know it. */

import { refuse } from "../std/option-checks";

/** The id as a text; `undefined` for what is none, such as a whole user, or what a form has left out. */
export function readSubject(id: unknown): string | undefined {
  const isUsable =
    (typeof id === "string" && id !== "") ||
    typeof id === "bigint" ||
    (typeof id === "number" && Number.isFinite(id));
  return isUsable ? String(id) : undefined;
}

/** The same for a function that acts on a user: nobody's name must not pass for somebody's. */
export function subjectNamed(name: string, id: unknown): string {
  const subject = readSubject(id);
  if (subject !== undefined) return subject;
  return refuse("userId", `of ${name}() to be a user's id, a string or a number`, id);
}
