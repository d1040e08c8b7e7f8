/** What a mark tells the app: who proved what, how and when. */

import type { Request } from "express";
import type { IncomingMessage } from "node:http";
import type { UserOf } from "../options/options";
import type { Settings } from "../options/settings";
import { readSubject } from "../request/subject";
import { sessionOf } from "../session/session";
import type { Mark } from "../session/state";
import { isThenable } from "../std/maybe-promise";

/** How and when somebody was verified. */
export interface Verification {
  /** Method names of RFC 8176. */
  amr: string[];
  /** ISO 8601, UTC. */
  at: string;
}

/** The public part of a mark. */
export function verificationOf({ amr, at }: Mark): Verification {
  return { amr: [...amr], at: new Date(at).toISOString() };
}

/** Who has been verified in a session, how and when. */
export interface SessionVerification extends Verification {
  /** The user's id; the number itself where the number is what was proved. */
  subject: string;
  /** The proved number, for `user: "from-request"`. */
  phone?: string;
}

/** What the session's mark says where it is of whoever is signed in. For display: no step of the ledger is asked. */
export function verificationIn(
  req: IncomingMessage,
  { user }: Settings,
  purpose: string,
): SessionVerification | undefined {
  const mark = findMark(req, purpose);
  if (mark === undefined) return undefined;
  const { subject, phone } = mark;
  if (user !== "from-request" && isSomebodyElse(req, user, subject)) return undefined;
  return { subject, ...(phone !== undefined && { phone }), ...verificationOf(mark) };
}

// A user whom only a promise tells can't be asked for here; `subject` says whose mark it is.
function isSomebodyElse(req: IncomingMessage, user: UserOf, subject: string): boolean {
  try {
    const current = user(req as Request);
    if (!isThenable(current)) return readSubject(current?.id) !== subject;
    current.then(undefined, () => undefined);
    return false;
  } catch {
    return true;
  }
}

function findMark(req: IncomingMessage, wanted: string): Mark | undefined {
  try {
    return sessionOf(req)
      .readMarks()
      .find(({ purpose }) => purpose === wanted);
  } catch {
    return undefined;
  }
}
