/** Says which fields a request for a code and an answer take, in one schema each that checks and documents. */

import { CODE_FILLING } from "../challenge/code";
import { isChannel, type Channel } from "../outcome/channel";
import { ownProperty } from "../std/own-property";
import { refusal, type Refusal } from "../outcome/refusal";
import { firstMismatch, type FieldSchema, type FieldsSchema, type Mismatch } from "./schema";
import type { Settings } from "../options/settings";

/** What a request for a code may ask. */
export interface RequestFields {
  /** The number to text. In user mode it must be the user's own. */
  number?: string;
  /** How the code travels: `sms`, or `call` where the option `channels` has it. @default "sms" */
  channel?: string;
  /** BCP 47 tag of the text's language. */
  locale?: string;
  /** A name from the option `purposes`. */
  purpose?: string;
  /** Step-up: ask although the session is verified. */
  fresh?: boolean;
}

/** What an answer holds. */
export interface AnswerFields {
  /** The one-time code. */
  auth_code?: string;
  /** Another name for it. */
  code?: string;
  /** One of the user's recovery codes, in the place of a code; with the option `recovery` alone. */
  recovery_code?: string;
  /** The number that the code was sent to. */
  number?: string;
  /** Has the browser remembered; with the option `remember` alone. */
  remember?: boolean;
}

/** A request for a code, read. */
export interface ReadRequest {
  number: string | undefined;
  channel: Channel;
  locale: string | undefined;
  purpose: string;
  isFresh: boolean;
}

/** An answer, read. */
export interface ReadAnswer {
  code: string;
  /** In the place of the code. */
  recoveryCode: string | undefined;
  number: string | undefined;
  isToRemember: boolean;
}

type Reading<T> = { ok: true; fields: T } | Refusal;

/** What the endpoints take, by the options. */
export interface FieldSchemas {
  request: FieldsSchema;
  answer: FieldsSchema;
}

// A form sends what was left empty too, so an empty field that may be absent is as good as absent. Any
// other value is refused rather than passed over: whoever asks must not think that it was granted.
const UNSERVED: FieldSchema = {
  not: { minLength: 1 },
  description: "Not served: refused unless empty.",
};

// Forms have no booleans.
const NO = [false, "false", "0", ""] as const;
const YES = [true, "true", "1", "on"] as const;

const REMEMBER: FieldSchema = {
  enum: [...NO, ...YES],
  default: false,
  description:
    "Has the browser remembered, in a cookie: for users who have asked for it, on a device of their own. Not with " +
    "a code for a purpose. Forms send it as text.",
};

const RECOVERY_CODE: FieldSchema = {
  type: "string",
  description:
    "One of the user's recovery codes, for the plain second factor, with no code asked for before. Case, spaces, dashes " +
    "and look-alikes (O for 0, I and L for 1) are understood. By POST alone.",
  examples: ["7KQ2-M9XD-40TR-VB8N"],
};

// A form may send it empty beside a code.
const ONE_RECOVERY_CODE = {
  required: ["recovery_code"],
  properties: { recovery_code: { minLength: 1 } },
} as const;

/** Fields that no address may hold, whatever `allowGet` says: unlike a code, what is in them stays good for long. */
export const BODY_ONLY: ReadonlySet<string> = new Set<keyof AnswerFields>(["recovery_code"]);

/** The schemas of an instance. */
export function fieldSchemas(
  settings: Pick<
    Settings,
    "user" | "purposes" | "codeLength" | "channels" | "recovery" | "remember"
  >,
): FieldSchemas {
  return { request: requestSchema(settings), answer: answerSchema(settings) };
}

function requestSchema({
  user,
  purposes,
  channels,
}: Pick<Settings, "user" | "purposes" | "channels">): FieldsSchema {
  const isFromRequest = user === "from-request";
  return {
    type: "object",
    description: "What a code is asked for. Further fields are passed over.",
    properties: {
      number: {
        type: "string",
        description: isFromRequest
          ? "The number to prove, with its country code: E.164 is best, other spellings are understood."
          : "The number to text. It must be the user's own, and may be left out.",
        examples: ["+12025550123"],
      },
      channel: {
        type: "string",
        enum: ["", ...channels],
        description: "How the code travels; empty or left out for a text.",
      },
      locale: {
        type: "string",
        pattern: "^[A-Za-z0-9_-]{0,35}$",
        description: "BCP 47 tag of the text's language.",
        examples: ["es-MX"],
      },
      purpose: {
        type: "string",
        enum: ["", ...purposes.keys()],
        description: "What the proof is for; empty or left out for the plain second factor.",
      },
      fresh: {
        enum: [...NO, ...YES],
        default: false,
        description: "Step-up: asks although the session is verified. Forms send it as text.",
      },
      recovery_code: UNSERVED,
      remember: UNSERVED,
    },
    ...(isFromRequest && { required: ["number"] }),
  };
}

function answerSchema({
  codeLength,
  recovery,
  remember,
}: Pick<Settings, "codeLength" | "recovery" | "remember">): FieldsSchema {
  const code: FieldSchema = {
    type: "string",
    // More than what carries no information; three signs more become one of those when they are normalised.
    pattern: String.raw`[^${CODE_FILLING}\u207b\u208b\uff70]`,
    description:
      `The one-time code, ${codeLength} digits. Spaces, dashes and other scripts' digits are understood; ` +
      "what can't be a code is refused `wrong_code`, and costs no attempt.",
    examples: ["1234567890".slice(0, codeLength)],
  };
  return {
    type: "object",
    description:
      recovery === undefined
        ? "An answer: `auth_code` or `code`, not both. Further fields are passed over."
        : "An answer: `auth_code`, `code` or `recovery_code`, one of them. Further fields are passed over.",
    properties: {
      number: { type: "string", description: "The number that the code was sent to." },
      auth_code: code,
      code: { ...code, description: "Another name for `auth_code`." },
      recovery_code: recovery === undefined ? UNSERVED : RECOVERY_CODE,
      remember: remember === undefined ? UNSERVED : REMEMBER,
    },
    oneOf: [
      { required: ["auth_code"] },
      { required: ["code"] },
      ...(recovery === undefined ? [] : [ONE_RECOVERY_CODE]),
    ],
  };
}

/** Reads a request for a code. */
export function readRequestFields(fields: object, schema: FieldsSchema): Reading<ReadRequest> {
  const mismatch = firstMismatch(schema, fields);
  if (mismatch !== undefined) return invalid(fields, mismatch);
  const purpose = text(fields, "purpose") ?? "";
  const isFresh = isYes(fields, "fresh");
  const [number, locale] = [text(fields, "number"), text(fields, "locale")];
  const asked = text(fields, "channel");
  const channel = isChannel(asked) ? asked : "sms";
  return { ok: true, fields: { number, channel, locale, purpose, isFresh } };
}

/** Reads an answer. */
export function readAnswerFields(fields: object, schema: FieldsSchema): Reading<ReadAnswer> {
  const mismatch = firstMismatch(schema, fields);
  if (mismatch !== undefined) return invalid(fields, mismatch);
  const code = text(fields, "auth_code") ?? text(fields, "code") ?? "";
  const [recoveryCode, number] = [text(fields, "recovery_code"), text(fields, "number")];
  return {
    ok: true,
    fields: { code, recoveryCode, number, isToRemember: isYes(fields, "remember") },
  };
}

const NO_CODE = "There is no code in the request.";
const WRONG_VALUE: Record<string, string> = {
  channel: "This channel is not served.",
  locale: "Expected `locale` to be a language tag such as es-MX.",
  purpose: "This purpose is not served.",
  fresh: "Expected `fresh` to be true or false.",
  remember: "Expected `remember` to be true or false.",
  auth_code: NO_CODE,
  code: NO_CODE,
};

function invalid(fields: object, mismatch: Mismatch): Refusal {
  return refusal("invalid_request", { detail: wordsFor(fields, mismatch) });
}

function wordsFor(fields: object, { keyword, name }: Mismatch): string {
  switch (keyword) {
    case "not":
      return `\`${name}\` is not served.`;
    case "type":
      return `Expected \`${name}\` to be one string.`;
    case "enum":
    case "pattern":
      return WRONG_VALUE[name] ?? `Expected another \`${name}\`.`;
    case "required":
      return `There is no ${name} in the request.`;
    case "oneOf":
      return ["auth_code", "code"].every((each) => ownProperty(fields, each) === undefined)
        ? NO_CODE
        : "Expected one code, got several.";
  }
}

function isYes(fields: object, name: string): boolean {
  return YES.some((each) => each === ownProperty(fields, name));
}

function text(fields: object, name: string): string | undefined {
  const value = ownProperty(fields, name) as string | undefined;
  return value === "" ? undefined : value;
}
