/** The headers of the answers, by status and options. */

import type { Settings } from "../options/settings";
import type { Schema } from "./answers";

/** What each kind of answer carries. */
export interface Headers {
  common: Schema;
  requestCode: Schema;
  /** Of a refusal. */
  of: (status: number, isRequest: boolean) => Schema;
}

/** The headers of an instance. */
export function headersFor({ rateLimitHeaders }: Settings): Headers {
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
    of: (status, isRequest) => ({
      ...common,
      ...(status === 405 && { Allow: header("The methods served.", { type: "string" }) }),
      ...((status === 429 || status === 503) && wait(true)),
      ...((status === 422 || status === 502) && wait(false)),
      ...(status === 429 && isRequest && quota),
    }),
  };
}
