/** Describes the path at which gateways tell of texts. */

import type { RefusalCode } from "../outcome/errors";
import type { Schema } from "./answers";
import type { Headers } from "./headers";
import { problemResponses } from "./problems";

/** The path's operation. */
export function takeCallbacks(headers: Headers, codes: readonly RefusalCode[]): Schema {
  const post = {
    operationId: "reportDelivery",
    summary: "Takes what the gateway tells of a text",
    description:
      "For SignalWire and Twilio alone, which sign it. Nobody is let in by it, and nobody kept out. A callback " +
      "about no text of this app's changes nothing.",
    security: [],
    parameters: [REFERENCE, SIGNATURE],
    requestBody: {
      required: true,
      content: { "application/x-www-form-urlencoded": { schema: CALLBACK, examples: EXAMPLES } },
    },
    responses: {
      204: { description: "It was heard.", headers: headers.common },
      ...problemResponses(codes, (status) => headers.of(status, false)),
    },
  };
  return { post };
}

const REFERENCE = {
  name: "ref",
  in: "query",
  description: "Names the text; part of the URL that the gateway was given.",
  required: false,
  schema: { type: "string", pattern: "^[\\w-]{44}$" },
};

const SIGNATURE = {
  name: "X-SignalWire-Signature",
  in: "header",
  description:
    "Base64 of the HMAC-SHA1, under the signing key, over the URL and all parameters, sorted. Twilio's is " +
    "`X-Twilio-Signature`.",
  required: false,
  schema: { type: "string" },
};

const text = (description: string): Schema => ({ type: "string", description });

const CALLBACK = {
  type: "object",
  description: "As the gateway sends it. All parameters are signed; these are read.",
  properties: {
    MessageStatus: text("`delivered`, `undelivered`, `failed` and others."),
    SmsStatus: text("The same."),
    CallStatus: text("Of a call: `completed`, `busy`, `no-answer` and others."),
    ErrorCode: text("Why it was not delivered."),
    To: text("The number, of which events tell the last two digits."),
  },
};

const EXAMPLES = {
  delivered: { value: { MessageStatus: "delivered", SmsStatus: "delivered", To: "+12025550123" } },
};
