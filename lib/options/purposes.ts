/** The option `purposes` as the inside reads it: what a proof can be asked for, and what each purpose wants of one. */

import { readBoolean, readFunction, readNames, refuseUnknown } from "../std/option-checks";
import type { Describe, Purpose } from "./options";

/** UTF-16 units, as texts are counted: with it a text in GSM-7 takes two segments. */
export const LONGEST_DESCRIPTION = 70;

/** What a purpose wants of a proof. */
export interface PurposeSettings {
  /** Says what is proved just now. Absent where the name says it all. */
  describe: Describe | undefined;
  /** Whether the first request that passes spends the proof. */
  isOnce: boolean;
}

/** By name. */
export type Purposes = ReadonlyMap<string, PurposeSettings>;

const PURPOSE: Record<keyof Purpose, true> = { describe: true, once: true };
const NAMES = "names of 1 to 64 lower-case letters, digits, `_`, `.` and `-`";

/** Checks the option: an array of names, or an object that says more of each. */
export function readPurposes(value: unknown): Purposes {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const names = readNames("purposes", isObject ? Object.keys(value) : value, NAMES, (name) =>
    /^[a-z0-9][a-z0-9_.-]{0,63}$/.test(name),
  );
  const givenFor = (name: string): unknown =>
    isObject ? (value as Record<string, unknown>)[name] : {};
  return new Map([...names].map((name) => [name, readPurpose(name, givenFor(name))]));
}

function readPurpose(name: string, given: unknown): PurposeSettings {
  const option = `purposes.${name}`;
  refuseUnknown(`\`${option}\``, given, PURPOSE);
  const { describe, once }: Partial<Record<keyof Purpose, unknown>> = given;
  return {
    describe: readFunction(`${option}.describe`, describe) as Describe | undefined,
    isOnce: readBoolean(`${option}.once`, once),
  };
}
