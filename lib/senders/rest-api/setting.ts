/** Reads a string that an option or the environment holds, and never shows what is wrong in it. */

import { isPlaceholder } from "../../std/placeholder";

/** A string that is an option or an environment variable. */
export interface Setting {
  option: string;
  variable?: string;
  expected: string;
  /** What it reads as, or undefined where it is not good. */
  read: (text: string) => string | undefined;
}

export const ID = /^[A-Za-z0-9-]{1,64}$/;
// The characters of RFC 6750 alone: quotes, `${…}` and `<…>` are what a shell or a file left there.
export const SECRET = /^[\w.~+/=-]{1,256}$/;

/** A number of one's own at the gateway. */
export function numberSetting(variable: string, owner: string): Setting {
  return {
    option: "number",
    variable,
    expected: `a number of ${owner} in E.164 form, such as "+12025550100"`,
    read: (text) => (/^\+[1-9]\d{6,14}$/.test(text) ? text : undefined),
  };
}

/** A messaging service, which picks the number. */
export const SERVICE: Setting = {
  option: "messagingServiceSid",
  expected: "the ID of a messaging service",
  read: (text) => (ID.test(text) ? text : undefined),
};

/**
 * The option as it was given, or the variable where it was not. No value is ever shown: one variable
 * may hold what belongs into another, such as the token.
 */
export function readSetting(given: unknown, setting: Setting, factory: string): string {
  const { option, variable, expected, read } = setting;
  const isGiven = given !== undefined || variable === undefined;
  const value = isGiven ? given : process.env[variable];
  const name = isGiven ? `\`${option}\`` : variable;
  if (value === undefined || (typeof value === "string" && value.trim() === "")) {
    const rest = isGiven ? "got an empty string" : `or pass \`${option}\` to ${factory}()`;
    throw new TypeError(`Expected ${name} to be set to ${expected}; ${rest}.`);
  }
  if (typeof value !== "string") {
    throw new TypeError(`Expected ${name} to be ${expected}; got a value of type ${typeof value}.`);
  }
  if (isPlaceholder(value)) {
    throw new TypeError(`Expected ${name} to be ${expected}; got what an example file has there.`);
  }
  const text = read(value);
  if (text === undefined) throw new TypeError(`Expected ${name} to be ${expected}.`);
  return text;
}
