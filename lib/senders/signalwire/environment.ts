/** The settings of `signalwire()` that the environment may hold, and what each must look like. */

/** A string that is an option or an environment variable. */
export interface Setting {
  option: string;
  variable?: string;
  expected: string;
  /** What it reads as, or undefined where it is not good. */
  read: (text: string) => string | undefined;
}

const ID = /^[A-Za-z0-9-]{1,64}$/;

export const SPACE: Setting = {
  option: "space",
  variable: "SIGNALWIRE_SPACE",
  expected:
    'the whole host name of your Space, such as "example.signalwire.com", without path, port or user',
  read: readSpace,
};
export const PROJECT: Setting = {
  option: "project",
  variable: "SIGNALWIRE_PROJECT",
  expected:
    "the project ID from the API page of your Space (the token begins with PT, the ID does not)",
  read: (text) => (ID.test(text) && !text.startsWith("PT") ? text : undefined),
};
export const TOKEN: Setting = {
  option: "token",
  variable: "SIGNALWIRE_TOKEN",
  expected: "an API token from the API page of your Space, without white space or quotes around it",
  // The characters of RFC 6750 alone: quotes, `${…}` and `<…>` are what a shell or a file left there.
  read: (text) => (/^[\w.~+/=-]{1,256}$/.test(text) ? text : undefined),
};
export const NUMBER: Setting = {
  option: "number",
  variable: "SIGNALWIRE_NUMBER",
  expected: 'a number of the project in E.164 form, such as "+12025550100"',
  read: (text) => (/^\+[1-9]\d{6,14}$/.test(text) ? text : undefined),
};
export const SERVICE: Setting = {
  option: "messagingServiceSid",
  expected: "the ID of a messaging service",
  read: (text) => (ID.test(text) ? text : undefined),
};

/**
 * The option as it was given, or the variable where it was not. No value is ever shown: one variable
 * may hold what belongs into another, such as the token.
 */
export function readSetting(given: unknown, setting: Setting): string {
  const { option, variable, expected, read } = setting;
  const isGiven = given !== undefined || variable === undefined;
  const value = isGiven ? given : process.env[variable];
  const name = isGiven ? `\`${option}\`` : variable;
  if (value === undefined || (typeof value === "string" && value.trim() === "")) {
    const rest = isGiven ? "got an empty string" : `or pass \`${option}\` to signalwire()`;
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

const YOURS =
  /^(?:https:\/\/)?(?:PT)?your[-_ ]?(?:account|api|auth|domain|key|name|number|phone|project|secret|sid|signalwire|space|token)/i;
const STAND_IN = /change[-_ ]?me|x{6}|\.{3}|^<.*>$/i;
// What a script writes for a value that it does not have.
const WORD = /^(?:PT|undefined|null|none|todo|tbd)$/i;

function isPlaceholder(text: string): boolean {
  return YOURS.test(text) || STAND_IN.test(text) || WORD.test(text);
}

function readSpace(text: string): string | undefined {
  const host = text
    .toLowerCase()
    .replace(/^https:\/\//, "")
    .replace(/\/$/, "");
  // The client sends to example.com.example.com where a host has two labels only.
  const labels = host.split(".");
  const isHost = host.length <= 253 && labels.length >= 3 && labels.every(isLabel);
  return isHost && !/^\d+$/.test(labels.at(-1) ?? "") ? host : undefined;
}

function isLabel(label: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label);
}
