/** The settings of `signalwire()` that the environment may hold, and what each must look like. */

import { ID, numberSetting, SECRET, type Setting } from "../rest-api/setting";

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
  read: (text) => (SECRET.test(text) ? text : undefined),
};
export const NUMBER = numberSetting("SIGNALWIRE_NUMBER", "the project");

/** Where requests go in the Space's place: `apiBaseUrl` as a variable. Its value is not shown. */
export const API_BASE_URL = { variable: "SIGNALWIRE_API_BASE_URL" };

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
