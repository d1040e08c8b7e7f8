/** The refusals as responses: a schema for each code, and for each status those that can carry it. */

import { REFUSAL_CODES, statusOf, type RefusalCode } from "../outcome/errors";
import { refusal } from "../outcome/refusal";
import { problemOf } from "../http/problem";
import { object, type Schema } from "./answers";

/** The component schemas of all problems. */
export function problemSchemas(): Record<string, Schema> {
  return Object.fromEntries(REFUSAL_CODES.map((code) => [nameOf(code), schemaOf(code)]));
}

/** The responses that refuse, by status; `headersOf` gives what a status carries. */
export function problemResponses(
  codes: readonly RefusalCode[],
  headersOf: (status: number) => Schema,
): Record<string, Schema> {
  const statuses = [...new Set(codes.map(statusOf))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const here = codes.filter((code) => statusOf(code) === status);
      return [String(status), problemResponse(here, headersOf(status))];
    }),
  );
}

/** One response, for codes of one status. */
export function problemResponse(codes: readonly RefusalCode[], headers: Schema): Schema {
  return {
    description: codes.map((code) => exampleOf(code).title).join(". ") + ".",
    headers,
    content: {
      "application/problem+json": {
        schema: schemaOfAny(codes),
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

function schemaOfAny(codes: readonly RefusalCode[]): Schema {
  const [first, ...others] = codes.map((code) => ({ $ref: refOf(code) }));
  if (first !== undefined && others.length === 0) return first;
  const mapping = Object.fromEntries(codes.map((code) => [code, refOf(code)]));
  return {
    oneOf: [first, ...others],
    discriminator: { propertyName: "code", mapping },
  };
}

function refOf(code: RefusalCode): string {
  return `#/components/schemas/${nameOf(code)}`;
}

/** `wrong_code` is `WrongCodeProblem`. */
function nameOf(code: RefusalCode): string {
  const words = code.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Problem`;
}

function schemaOf(code: RefusalCode): Schema {
  const { type, title, status, detail } = exampleOf(code);
  const members = object(`${title}. ${detail}`, {
    type: { type: "string", const: type },
    title: { type: "string" },
    status: { type: "integer", const: status },
    code: { type: "string", const: code },
    detail: { type: "string" },
    ...(code === "wrong_code" && {
      attemptsLeft: { type: "integer", minimum: 0, description: "Codes that may still be tried." },
    }),
  });
  if (code !== "two_factor_required") return members;
  return { ...members, properties: { ...(members.properties as Schema), ...DIRECTIONS } };
}

const path = (description: string): Schema => ({ type: "string", description });

// Each may be absent: where the app has not told the path, and where no more than a proof is asked.
const DIRECTIONS = {
  verifyAt: {
    type: "object",
    description: "Where to verify.",
    properties: {
      request: path("Path of request-auth."),
      validate: path("Path of validate-auth."),
      page: path(
        "Path of the code page, where there is one; `returnTo` may be added to its query.",
      ),
    },
    required: ["request", "validate"],
  },
  ask: {
    type: "object",
    description: "The fields to ask for the code with.",
    properties: { purpose: { type: "string" }, fresh: { type: "boolean", const: true } },
  },
};

function exampleOf(code: RefusalCode) {
  const problem = problemOf(refusal(code, code === "wrong_code" ? { attemptsLeft: 4 } : {}));
  if (code !== "two_factor_required") return problem;
  return {
    ...problem,
    verifyAt: { request: "/2fa/request-auth", validate: "/2fa/validate-auth" },
  };
}
