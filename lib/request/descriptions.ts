/** Asks the app what a proof is for just now, and takes no text that could deceive whoever reads it. */

import type { Request } from "express";
import type { IncomingMessage } from "node:http";
import { LONGEST_DESCRIPTION, type Purposes } from "../options/purposes";
import { TwoFactorError, type RefusalCode } from "../outcome/errors";
import { DeadlinePassed } from "../std/deadline";
import type { MaybePromise } from "../std/maybe-promise";
import { UNSEEN } from "../std/typed-text";
import { askApp } from "./ask-app";

/** What purposes describe for one request: empty for those without a description; nothing where there is none now. */
export type DescriptionOf = (purpose: string) => string | undefined;

/** The descriptions of one `twoFactor()`. */
export class Descriptions {
  readonly #purposes: Purposes;

  constructor(purposes: Purposes) {
    this.#purposes = purposes;
  }

  /** The description of a purpose, empty where it has none. Throws a `TwoFactorError` where it should and has not. */
  of(req: IncomingMessage, purpose: string): MaybePromise<string> {
    const describe = this.#purposes.get(purpose)?.describe;
    if (describe === undefined) return "";
    return askApp<unknown, string>(
      () => describe(req as Request),
      (given) => readDescription(purpose, given),
      (error) => refuseFault(purpose, error),
    );
  }

  /** The descriptions of several purposes. Where nothing is to be confirmed, a purpose has none. */
  async ofAll(req: IncomingMessage, purposes: readonly string[]): Promise<DescriptionOf> {
    const described = [...new Set(purposes)].filter(
      (each) => this.#purposes.get(each)?.describe !== undefined,
    );
    const found = new Map(
      await Promise.all(
        described.map(async (each) => [each, await this.#orNothing(req, each)] as const),
      ),
    );
    return (purpose) => (found.has(purpose) ? found.get(purpose) : "");
  }

  async #orNothing(req: IncomingMessage, purpose: string): Promise<string | undefined> {
    try {
      return await this.of(req, purpose);
    } catch (error) {
      if (error instanceof TwoFactorError && error.reason === NOTHING) return undefined;
      throw error;
    }
  }
}

const NOTHING = "describe_empty";

function readDescription(purpose: string, given: unknown): string {
  if (given !== undefined && given !== null && typeof given !== "string") {
    throw fault(purpose, "describe_kind", `gave a value of type ${typeof given}, not a text`);
  }
  const text = harmless(given ?? "");
  if (text === "") {
    // No fault where what was to be confirmed is done by now, so no 503.
    const advice =
      "gave no text, so there is nothing to confirm. It is asked where the code is requested, at the answer and at " +
      "the guard: keep what is pending in the session, not in the body of one request";
    throw fault(purpose, NOTHING, advice, { code: "invalid_request" });
  }
  if (text.length <= LONGEST_DESCRIPTION) return text;
  // Without the length, which users choose: each would be another fault, and told of anew.
  const what = `gave more than the ${LONGEST_DESCRIPTION} characters that a text has room for`;
  throw fault(purpose, "describe_long", what);
}

const UNSEEN_MARKS = new RegExp(`[${UNSEEN}]`, "gu");
// Those of all scripts, and what looks like one.
const QUOTES = /["\p{Pi}\p{Pf}\u201a\u201e\u2033\u2036\u301d-\u301f\uff02]/gu;

// Chromium takes it for the line that binds a code to a host, wherever it stands behind a blank.
const BINDING = /((?:^| )@\S+ )(?:# ?)+/g;

/**
 * One line of what can be seen, which can't end the quotes that it stands in: often a user's input is part of it,
 * and must neither pass for a sentence of ours nor turn others round.
 */
function harmless(text: string): string {
  return text
    .normalize("NFC")
    .replace(UNSEEN_MARKS, "")
    .replace(QUOTES, "'")
    .replace(/[\s\p{Z}\p{C}]+/gu, " ")
    .replace(BINDING, "$1")
    .trim();
}

function refuseFault(purpose: string, cause: unknown): never {
  if (cause instanceof DeadlinePassed) {
    throw fault(purpose, "describe_timeout", "did not answer within five seconds");
  }
  throw fault(purpose, "describe_threw", "threw", { cause });
}

function fault(
  purpose: string,
  reason: string,
  what: string,
  { code = "unavailable", cause }: { code?: RefusalCode; cause?: unknown } = {},
): TwoFactorError {
  const sentence = `\`describe\` of the purpose \`${purpose}\` ${what}. Nobody passes by it.`;
  return new TwoFactorError(code, sentence, { reason, cause });
}
