/** Reads a document: which schema stands for an answer, and what is wrong with one. */

import Ajv, { type ValidateFunction } from "ajv/dist/2020";
import { fullFormats } from "ajv-formats/dist/formats";
import type { OpenApiDocument } from "../../lib/index";
import type { ServeOptions } from "../fakes/app";
import { PUBLIC_URL, SIGNING_KEY } from "../fakes/reporting";

export const REQUEST = "/request-auth";
export const VALIDATE = "/validate-auth";
export const STATUS = "/status";
export const DELIVERY = "/delivery-status";

const DOCUMENT = "https://app.example/openapi.json";

/** Every option that the document reflects. */
export const FULL: ServeOptions = {
  user: "from-request",
  options: {
    openapi: true,
    channels: ["sms", "call"],
    purposes: ["pay", "close-account"],
    codeLength: 8,
    codeTtl: 120,
    allowGet: true,
    rateLimitHeaders: true,
    beforeSend: () => true,
    deliveryStatus: { publicUrl: PUBLIC_URL, signingKey: SIGNING_KEY },
  },
};

export interface Operation {
  operationId: string;
  security: object[];
  parameters?: { name: string; required: boolean }[];
  requestBody?: { required: boolean; content: Record<string, { examples: Examples }> };
  responses: Record<string, ResponseObject | undefined>;
}
export interface ResponseObject {
  headers: Record<string, { required: boolean; schema: object }>;
  content: Record<string, { schema: object; examples: Examples }>;
}
export type Examples = Record<string, { value: unknown }>;

/** What an answer is checked against. */
export class Reader {
  readonly document: OpenApiDocument;
  readonly #ajv = new Ajv({ strict: false, allErrors: true, formats: fullFormats });

  constructor(document: OpenApiDocument) {
    this.document = document;
    this.#ajv.addSchema(tightened(document), DOCUMENT);
  }

  operation(method: string, path: string): Operation {
    const operation = this.document.paths[path]?.[method] as Operation | undefined;
    if (operation === undefined) throw new Error(`There is no ${method} ${path}.`);
    return operation;
  }

  /** The schema that stands at these members. */
  at(...members: string[]): ValidateFunction {
    const pointer = members.map((each) => each.replaceAll("~", "~0").replaceAll("/", "~1"));
    const validate = this.#ajv.getSchema(`${DOCUMENT}#/${pointer.join("/")}`);
    if (validate === undefined) throw new Error(`There is no schema at ${members.join(" ")}.`);
    return validate as ValidateFunction;
  }

  /** What is wrong with an answer: nothing, if the document tells the truth. */
  faultsIn(answer: Answer, ...response: string[]): unknown[] {
    const described = response.reduce<unknown>(
      (at, name) => (at as Record<string, unknown> | undefined)?.[name],
      this.document,
    ) as ResponseObject | undefined;
    if (described === undefined) return [`${answer.status} is not documented`];
    const [type = ""] = (answer.headers["content-type"] ?? "").split(";");
    if (described.content[type] === undefined) return [`${type} is not documented`];
    const validate = this.at(...response, "content", type, "schema");
    validate(answer.body);
    const headers = Object.entries(described.headers).filter(
      ([name, { required }]) => required && answer.headers[name.toLowerCase()] === undefined,
    );
    const untold = ["retry-after", "allow", "ratelimit", "ratelimit-policy"].filter(
      (name) =>
        answer.headers[name] !== undefined &&
        !Object.keys(described.headers).some((each) => each.toLowerCase() === name),
    );
    return [...(validate.errors ?? []), ...headers.map(([name]) => name), ...untold];
  }
}

export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  body: unknown;
}

/** The document with no answer allowed to hold more than it says. */
function tightened(document: OpenApiDocument): object {
  return JSON.parse(JSON.stringify(document), (name, value: unknown) => {
    // What only narrows another schema has no type.
    const isObject =
      typeof value === "object" && value !== null && "properties" in value && "type" in value;
    return isObject && !name.endsWith("Fields") ? { ...value, additionalProperties: false } : value;
  }) as object;
}
