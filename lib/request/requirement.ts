/** Asks the app whether a user needs a second factor at all: only a plain `false` says no. */

import type { Request } from "express";
import type { IncomingMessage } from "node:http";
import type { User } from "../options/options";
import type { Settings } from "../options/settings";
import { warnOfRequirement } from "../options/warnings";
import { TwoFactorError } from "../outcome/errors";
import { DeadlinePassed, isThenable, within } from "../std/deadline";
import { shown } from "../std/harmless";
import { type MaybePromise } from "../std/maybe-promise";

const DEADLINE_MS = 5000;

/** Whether this user needs one. Throws `unavailable` where the app's function does, or gives nothing in time. */
export function isRequiredOf(
  { isRequired }: Pick<Settings, "isRequired">,
  req: IncomingMessage,
  user: User | undefined,
): MaybePromise<boolean> {
  if (isRequired === undefined || user === undefined) return true;
  try {
    const word: unknown = isRequired(req as Request, user);
    if (!isThenable(word)) return read(word);
    return within(word, DEADLINE_MS).then(read, refuseFault);
  } catch (error) {
    return refuseFault(error);
  }
}

function read(word: unknown): boolean {
  if (typeof word !== "boolean") {
    warnOfRequirement(
      "is_required_kind",
      `Expected \`isRequired\` to give true or false, got ${shown(word)}. Only false lets a user pass.`,
    );
  }
  return word !== false;
}

// What the app's function threw may tell of its user: it goes to the terminal, and no further.
function refuseFault(error: unknown): never {
  const [reason, message] =
    error instanceof DeadlinePassed
      ? ["is_required_timeout", "The app's `isRequired` function did not answer."]
      : ["is_required_threw", "The app's `isRequired` function threw, so nobody gets in."];
  warnOfRequirement(reason, message, error instanceof DeadlinePassed ? undefined : error);
  throw new TwoFactorError("unavailable", message, { reason });
}
