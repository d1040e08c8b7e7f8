/** Asks the app whether a user needs a second factor at all: only a plain `false` says no. */

import type { Request } from "express";
import type { IncomingMessage } from "node:http";
import type { User } from "../options/options";
import type { Settings } from "../options/settings";
import { TwoFactorError } from "../outcome/errors";
import { DeadlinePassed } from "../std/deadline";
import { shown } from "../std/harmless";
import type { MaybePromise } from "../std/maybe-promise";
import { isFirst, warn } from "../std/warning";
import { askApp } from "./ask-app";

/** Whether this user needs one. Throws `unavailable` where the app's function does, or gives nothing in time. */
export function isRequiredOf(
  { isRequired }: Pick<Settings, "isRequired">,
  req: IncomingMessage,
  user: User | undefined,
): MaybePromise<boolean> {
  if (isRequired === undefined || user === undefined) return true;
  return askApp<unknown, boolean>(() => isRequired(req as Request, user), read, refuseFault);
}

function read(word: unknown): boolean {
  if (typeof word !== "boolean" && isFirst("is_required_kind")) {
    const sentence = `Expected \`isRequired\` to give true or false, got ${shown(word)}. Only false lets a user pass.`;
    warn(sentence, "SMS2FA_IS_REQUIRED");
  }
  return word !== false;
}

function refuseFault(cause: unknown): never {
  const [reason, message] =
    cause instanceof DeadlinePassed
      ? [
          "is_required_timeout",
          "`isRequired` did not answer within five seconds, so nobody gets in.",
        ]
      : ["is_required_threw", "`isRequired` threw, so nobody gets in: mend it."];
  throw new TwoFactorError("unavailable", message, { reason, cause });
}
