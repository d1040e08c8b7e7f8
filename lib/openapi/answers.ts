/** The schemas of what the endpoints answer when all goes well, and examples of it. */

import { SET_SIZE } from "../recovery/recovery-codes";
import type { Settings } from "../options/settings";

/** A piece of the document. */
export type Schema = Record<string, unknown>;

/** The component schemas of the answers. */
export function answerSchemas(settings: Settings): Record<string, Schema> {
  const { isRequired, recovery, remember } = settings;
  const isRemembering = remember !== undefined;
  const open = openChallenge(settings);
  const isDescribed = [...settings.purposes.values()].some(({ describe }) => describe);
  const more = {
    ...(settings.deliveryStatus && DELIVERY_REASON),
    ...(isDescribed && DESCRIPTION),
  };
  return {
    OpenChallenge: object("A challenge that waits for an answer.", open, more),
    Sent: object(
      "`sent`: a text or call has left. `pending`: the last one is still good.",
      { status: { type: "string", enum: ["sent", "pending"] }, ...open },
      more,
    ),
    Verified: {
      ...object("The session is verified.", VERIFIED),
      properties: {
        ...VERIFIED,
        ...(isRemembering && { remembered: REMEMBERED }),
        ...(recovery && { recoveryCodesLeft: RECOVERY_CODES_LEFT }),
      },
    },
    Status: object("How the session stands.", {
      verified: { type: "boolean", description: "Whether it is verified for the plain factor." },
      ...(isRemembering && { remembered: KNOWN }),
      challenge: { oneOf: [{ $ref: "#/components/schemas/OpenChallenge" }, { type: "null" }] },
      ...(isRequired !== undefined && {
        isRequired: { type: "boolean", description: "Whether this user needs a second factor." },
      }),
    }),
  };
}

const VERIFIED = {
  status: { type: "string", const: "verified" },
  amr: {
    type: "array",
    items: { type: "string" },
    description: "Method names of RFC 8176.",
  },
  at: { type: "string", format: "date-time", description: "When it was proved, UTC." },
};

// Told where it was asked for.
const REMEMBERED = { type: "boolean", description: "Whether the browser is remembered now." };
const KNOWN = {
  type: "boolean",
  description:
    "Whether the browser is one that the user has had remembered: some routes take no more.",
};

const RECOVERY_CODES_LEFT = whole("Recovery codes that are left, after one of them.", SET_SIZE);

const DELIVERY = {
  delivery: {
    type: "string",
    enum: ["sent", "delivered", "undelivered"],
    description: "How the text or call has fared, as far as its gateway has told.",
  },
};

const DESCRIPTION = {
  description: {
    type: "string",
    description: "What the code confirms, where the purpose describes it.",
  },
};

const DELIVERY_REASON = {
  deliveryReason: {
    type: "string",
    const: "opted_out",
    description:
      "Why it was not delivered: texts of START to its sender's number bring texts again.",
  },
};

function openChallenge({ codeTtl, limits, channels, deliveryStatus }: Settings): Schema {
  return {
    channel: { type: "string", enum: [...channels], description: "How the code was sent last." },
    to: { type: "string", description: "The masked number, its last two digits at most." },
    expiresIn: whole("Seconds that the code is still good.", codeTtl),
    resendIn: whole("Seconds until another text or call may be asked for; 0 when it may be."),
    attemptsLeft: whole("Codes that may still be tried.", limits.attempts),
    ...(deliveryStatus && DELIVERY),
  };
}

function whole(description: string, maximum?: number): Schema {
  return { type: "integer", minimum: 0, ...(maximum !== undefined && { maximum }), description };
}

/** A schema whose members are all there, but for those that `may` be. */
export function object(description: string, properties: Schema, may: Schema = {}): Schema {
  const required = Object.keys(properties);
  return { type: "object", description, properties: { ...properties, ...may }, required };
}

/** The responses of status 200. */
export function answers(settings: Settings, headers: { requestCode: Schema; other: Schema }) {
  const { codeTtl, limits, deliveryStatus, isRequired, remember } = settings;
  const required = isRequired !== undefined && { isRequired: true };
  const open = {
    channel: "sms",
    to: "••••23",
    expiresIn: codeTtl,
    resendIn: limits.cooldown,
    attemptsLeft: limits.attempts,
    ...(deliveryStatus && { delivery: "sent" }),
  };
  const known = remember && { remembered: false };
  const verified = { status: "verified", amr: ["sms"], at: "2026-11-25T02:54:16.280Z" };
  return {
    requestCode: response("A text or call has left, or none is needed.", headers.requestCode, {
      schema: {
        oneOf: [{ $ref: "#/components/schemas/Sent" }, { $ref: "#/components/schemas/Verified" }],
      },
      examples: {
        sent: { value: { status: "sent", ...open } },
        pending: { value: { status: "pending", ...open } },
        verified: { value: verified },
      },
    }),
    submitCode: response("The code is right: the session is renewed and verified.", headers.other, {
      schema: { $ref: "#/components/schemas/Verified" },
      examples: { verified: { value: verified } },
    }),
    status: response("How the session stands. Nothing was sent.", headers.other, {
      schema: { $ref: "#/components/schemas/Status" },
      examples: {
        open: { value: { verified: false, ...known, challenge: open, ...required } },
        verified: { value: { verified: true, ...known, challenge: null, ...required } },
      },
    }),
  };
}

function response(description: string, headers: Schema, json: Schema): Schema {
  return { description, headers, content: { "application/json": json } };
}
