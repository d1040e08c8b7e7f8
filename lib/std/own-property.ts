/** Reads a member of a record that came from outside. */

/** A member of the record itself, whatever stands in a prototype; nothing where it is no record. */
export function ownProperty(record: unknown, name: string): unknown {
  return typeof record === "object" && record !== null && Object.hasOwn(record, name)
    ? (record as Record<string, unknown>)[name]
    : undefined;
}
