/** Checks fields against their schema: the small part of JSON Schema 2020-12 that they are written in. */

import { ownProperty } from "../std/own-property";

/** One field. What is no string is refused by `type`, or is named in `enum`. */
export interface FieldSchema {
  description: string;
  type?: "string";
  enum?: readonly (string | boolean)[];
  /** Read with the `u` flag, as JSON Schema asks. */
  pattern?: string;
  /** No value will do but the empty string. */
  not?: { minLength: 1 };
  default?: boolean;
  examples?: readonly string[];
}

/** The fields of a call. Further ones are passed over. */
export interface FieldsSchema {
  type: "object";
  description: string;
  properties: Readonly<Record<string, FieldSchema>>;
  required?: readonly string[];
  /** Of these exactly one; one with `properties` counts where its field is not empty. */
  oneOf?: readonly {
    required: readonly [string];
    properties?: Readonly<Record<string, { minLength: 1 }>>;
  }[];
}

/** The keyword that refuses, and the field that it is about; none where it is about all. */
export type Mismatch =
  | { keyword: "not" | "type" | "enum" | "pattern" | "required"; name: string }
  | { keyword: "oneOf"; name?: undefined };

/** The first thing wrong with the fields. */
export function firstMismatch(schema: FieldsSchema, fields: object): Mismatch | undefined {
  for (const [name, field] of Object.entries(schema.properties)) {
    const value = ownProperty(fields, name);
    const keyword = value === undefined ? undefined : refusingKeyword(field, value);
    if (keyword !== undefined) return { keyword, name };
  }
  const isThere = (name: string) => ownProperty(fields, name) !== undefined;
  const missing = schema.required?.find((name) => !isThere(name));
  if (missing !== undefined) return { keyword: "required", name: missing };
  const chosen = schema.oneOf?.filter(
    ({ required: [name], properties }) =>
      isThere(name) && (properties === undefined || ownProperty(fields, name) !== ""),
  );
  return chosen === undefined || chosen.length === 1 ? undefined : { keyword: "oneOf" };
}

function refusingKeyword(
  field: FieldSchema,
  value: unknown,
): "not" | "type" | "enum" | "pattern" | undefined {
  if (field.not !== undefined) return value === "" ? undefined : "not";
  if (field.type !== undefined && typeof value !== field.type) return "type";
  if (field.enum?.some((each) => each === value) === false) return "enum";
  const isMatch =
    field.pattern === undefined ||
    (typeof value === "string" && new RegExp(field.pattern, "u").test(value));
  return isMatch ? undefined : "pattern";
}
