/** Describes the endpoints of one instance as an OpenAPI 3.1 document, from the schemas that check the fields. */

import type { RefusalCode } from "../../errors";
import type { FieldSchemas } from "../../fields";
import type { FieldsSchema } from "../../schema";
import type { Settings } from "../../settings";
import { PATHS } from "../router";
import { answers, answerSchemas } from "./answers";
import { problemResponse, problemResponses, problemSchemas } from "./problems";

/** An OpenAPI 3.1 document, ready for `JSON.stringify()`. */
export interface OpenApiDocument {
  /** Version of the specification. */
  openapi: string;
  /** What is described. */
  info: {
    /** `appName` is in it. */
    title: string;
    /** Version of the endpoints' contract, not of the package. */
    version: string;
    /** In CommonMark. */
    description: string;
  };
  /** The path that the endpoints stand below; absent where that is the root, or is not known. */
  servers?: {
    /** The path. */
    url: string;
  }[];
  /** The endpoints, by path and method. */
  paths: Record<string, Record<string, unknown>>;
  /** Schemas, the session's cookie, and the response of guarded routes. */
  components: Record<string, Record<string, unknown>>;
}

type Schema = Record<string, unknown>;

// Of the endpoints' contract, which changes more seldom than the package.
const CONTRACT = "1.0.0";

/** Makes the document; `base` is the path of the router. */
export function openApiDocument(
  settings: Settings,
  schemas: FieldSchemas,
  base: string | undefined,
): OpenApiDocument {
  const headers = headersFor(settings);
  const good = answers(settings, { requestCode: headers.requestCode, other: headers.common });
  const codes = codesFor(settings);
  const optional = [{ session: [] }, {}];
  const responses = {
    requestCode: {
      200: good.requestCode,
      ...problemResponses(codes.requestCode, (status) => headers.of(status, true)),
    },
    submitCode: {
      200: good.submitCode,
      ...problemResponses(codes.submitCode, (status) => headers.of(status, false)),
    },
  };
  const isFromRequest = settings.user === "from-request";
  const request = {
    operationId: "requestCode",
    summary: "Asks for a one-time code by text message",
    description: "While the last text is still fresh it costs no second one.",
    security: isFromRequest ? optional : [{ session: [] }],
    responses: responses.requestCode,
  };
  const submit = {
    operationId: "submitCode",
    summary: "Answers with the code",
    description:
      "A right code is right once; after it the session has another id, in a new cookie.",
    security: [{ session: [] }],
    responses: responses.submitCode,
  };
  return {
    openapi: "3.1.1",
    info: {
      title: `${settings.appName}: second factor by text message`,
      version: CONTRACT,
      description: INTRODUCTION,
    },
    ...(base !== undefined && base !== "" && { servers: [{ url: base }] }),
    paths: {
      [PATHS.request]: act(settings, request, schemas.request, "RequestFields"),
      [PATHS.validate]: act(settings, submit, schemas.answer, "AnswerFields"),
      [PATHS.status]: {
        get: {
          operationId: "status",
          summary: "Tells how the session stands",
          description: "Sends nothing and changes nothing.",
          security: optional,
          responses: {
            200: good.status,
            ...problemResponses(codes.status, (status) => headers.of(status, false)),
          },
        },
      },
    },
    components: {
      securitySchemes: { session: SESSION },
      schemas: {
        RequestFields: { ...schemas.request },
        AnswerFields: { ...schemas.answer },
        ...answerSchemas(settings),
        ...problemSchemas(),
      },
      responses: {
        TwoFactorRequired: problemResponse(["two_factor_required"], headers.of(403, false)),
      },
    },
  };
}

const INTRODUCTION =
  "Calls that another site makes a browser send are refused (`cross_site`). Bodies are JSON or " +
  "urlencoded, 1 kB at most, each field there once. Refusals are problems (RFC 9457); `code` tells " +
  "them apart. Routes behind the guard answer with the response `TwoFactorRequired`.";

const SESSION = {
  type: "apiKey",
  in: "cookie",
  name: "connect.sid",
  description: "The app's session. `connect.sid` unless the app has named its cookie otherwise.",
};

/** A path that is posted to and, where GET is open, has the same fields in its query. */
function act(
  { allowGet }: Settings,
  operation: Schema & { operationId: string },
  fields: FieldsSchema,
  name: string,
): Schema {
  const schema = { $ref: `#/components/schemas/${name}` };
  const isRequired = fields.required !== undefined || fields.oneOf !== undefined;
  const post = {
    ...operation,
    requestBody: {
      required: isRequired,
      content: {
        "application/json": { schema, examples: examplesFor(fields) },
        "application/x-www-form-urlencoded": { schema, examples: examplesFor(fields) },
      },
    },
  };
  if (!allowGet) return { post };
  const get = {
    ...operation,
    operationId: `${operation.operationId}ByGet`,
    description: "As POST, for clients of SignalWire's guide: what is in a URL stays in histories.",
    parameters: parametersFor(fields),
  };
  return { post, get };
}

function examplesFor({ required, oneOf, properties }: FieldsSchema): Schema {
  const names = [...(required ?? []), ...(oneOf?.[0]?.required ?? [])];
  const value = Object.fromEntries(
    names.map((name) => [name, properties[name]?.examples?.[0] ?? ""]),
  );
  return { plain: { value } };
}

function parametersFor({ properties, required }: FieldsSchema): Schema[] {
  return Object.entries(properties)
    .filter(([, field]) => field.not === undefined)
    .map(([name, { description, ...schema }]) => ({
      name,
      in: "query",
      description,
      required: required?.includes(name) ?? false,
      schema,
    }));
}

/** The codes that each endpoint can refuse with, by the options. */
function codesFor({
  user,
  beforeSend,
}: Settings): Record<"requestCode" | "submitCode" | "status", RefusalCode[]> {
  const isFromRequest = user === "from-request";
  const call: RefusalCode[] = [
    "invalid_request",
    "invalid_number",
    "cross_site",
    "method_not_allowed",
    "payload_too_large",
    "unsupported_media_type",
    "too_many_attempts",
    "unavailable",
  ];
  // Where there are no users, nobody can be missing, and no stranger can switch a number off.
  const ofUser: RefusalCode[] = isFromRequest
    ? []
    : ["not_signed_in", "no_number", "factor_disabled"];
  return {
    requestCode: [
      ...call,
      ...ofUser,
      ...(isFromRequest ? [] : (["number_mismatch"] as const)),
      "country_not_allowed",
      ...(beforeSend === undefined ? [] : (["send_refused"] as const)),
      "cannot_text_number",
      "too_many_requests",
      "delivery_failed",
    ],
    submitCode: [...call, ...ofUser, "wrong_code", "no_challenge"],
    status: ["method_not_allowed", "unavailable"],
  };
}

function headersFor({ rateLimitHeaders }: Settings) {
  const header = (description: string, schema: Schema, required = true): Schema => ({
    description,
    required,
    schema,
  });
  const common = {
    "Cache-Control": header("No cache keeps it.", { type: "string", const: "no-store" }),
  };
  const quota = rateLimitHeaders
    ? {
        RateLimit: header("What is left of the budget.", { type: "string" }, false),
        "RateLimit-Policy": header("The budget.", { type: "string" }, false),
      }
    : {};
  const seconds = { type: "integer", minimum: 1 };
  const wait = (isSure: boolean) => ({
    "Retry-After": header("Whole seconds after which another try can succeed.", seconds, isSure),
  });
  return {
    common,
    requestCode: { ...common, ...quota },
    of: (status: number, isRequest: boolean): Schema => ({
      ...common,
      ...(status === 405 && { Allow: header("The methods served.", { type: "string" }) }),
      ...((status === 429 || status === 503) && wait(true)),
      ...((status === 422 || status === 502) && wait(false)),
      ...(status === 429 && isRequest && quota),
    }),
  };
}
