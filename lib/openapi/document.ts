/** Describes the endpoints of one instance as an OpenAPI 3.1 document, from the schemas that check the fields. */

import type { RefusalCode } from "../outcome/errors";
import type { FieldSchemas } from "../request/fields";
import type { Settings } from "../options/settings";
import { PATHS } from "../http/paths";
import { answers, answerSchemas } from "./answers";
import { headersFor, type Headers } from "./headers";
import { takeCallbacks } from "./callbacks";
import { takeFields } from "./operations";
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

// Of the endpoints' contract, which changes more seldom than the package.
const CONTRACT = "1.0.0";

/** Makes the document; `base` is the path of the router. */
export function openApiDocument(
  settings: Settings,
  schemas: FieldSchemas,
  base: string | undefined,
): OpenApiDocument {
  const headers = headersFor(settings);
  return {
    openapi: "3.1.1",
    info: {
      title: `${settings.appName}: second factor by text message`,
      version: CONTRACT,
      description: INTRODUCTION,
    },
    ...(base !== undefined && base !== "" && { servers: [{ url: base }] }),
    paths: pathsOf(settings, schemas, headers),
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

/** The paths of the document. Long, for it is the document itself. */
function pathsOf(
  settings: Settings,
  schemas: FieldSchemas,
  headers: Headers,
): OpenApiDocument["paths"] {
  const good = answers(settings, { requestCode: headers.requestCode, other: headers.common });
  const codes = codesFor(settings);
  const responses = (endpoint: keyof typeof good) => ({
    200: good[endpoint],
    ...problemResponses(codes[endpoint], (status) =>
      headers.of(status, endpoint === "requestCode"),
    ),
  });
  const request = {
    operationId: "requestCode",
    summary: "Asks for a one-time code by text message or call",
    description: "While the last text or call is still fresh it costs no second one.",
    security: settings.user === "from-request" ? WITH_OR_WITHOUT_SESSION : WITH_SESSION,
    responses: responses("requestCode"),
  };
  const submit = {
    operationId: "submitCode",
    summary: "Answers with the code",
    description:
      "A right code is right once; after it the session has another id, in a new cookie.",
    security: WITH_SESSION,
    responses: responses("submitCode"),
  };
  const status = {
    operationId: "status",
    summary: "Tells how the session stands",
    description: "Sends nothing and changes nothing.",
    security: WITH_OR_WITHOUT_SESSION,
    responses: responses("status"),
  };
  return {
    [PATHS.request]: takeFields(settings, request, {
      fields: schemas.request,
      name: "RequestFields",
    }),
    [PATHS.validate]: takeFields(settings, submit, {
      fields: schemas.answer,
      name: "AnswerFields",
    }),
    [PATHS.status]: { get: status },
    ...(settings.deliveryStatus && {
      [PATHS.delivery]: takeCallbacks(headers, codes.reportDelivery),
    }),
  };
}

const WITH_SESSION = [{ session: [] }];
const WITH_OR_WITHOUT_SESSION = [...WITH_SESSION, {}];

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

/** The codes that each endpoint can refuse with, by the options. */
function codesFor({
  user,
  beforeSend,
}: Settings): Record<"requestCode" | "submitCode" | "status" | "reportDelivery", RefusalCode[]> {
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
    reportDelivery: [
      "invalid_request",
      "bad_signature",
      "method_not_allowed",
      "payload_too_large",
      "unsupported_media_type",
      "unavailable",
    ],
  };
}
