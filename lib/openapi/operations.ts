/** Describes a path that takes fields: in a body and, where GET is open, in the query. */

import { BODY_ONLY } from "../request/fields";
import type { FieldsSchema } from "../request/schema";
import type { Settings } from "../options/settings";
import type { Schema } from "./answers";

/** The path's operations; `name` is the component that its fields' schema stands in. */
export function takeFields(
  { allowGet }: Settings,
  operation: Schema & { operationId: string },
  { fields, name }: { fields: FieldsSchema; name: string },
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
    .filter(([name, field]) => field.not === undefined && !BODY_ONLY.has(name))
    .map(([name, { description, ...schema }]) => ({
      name,
      in: "query",
      description,
      required: required?.includes(name) ?? false,
      schema,
    }));
}
