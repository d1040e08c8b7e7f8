/** The options of `signalwire()`: their reference, and the check that each goes through once. */

import {
  GATEWAY_OPTIONS,
  readApiBaseUrl,
  readGatewayOptions,
  type GatewayOptions,
  type GatewaySettings,
} from "../rest-api/options";
import { readSetting, type Setting } from "../rest-api/setting";
import { refuseUnknown } from "../../std/option-checks";
import { API_BASE_URL, NUMBER, PROJECT, SPACE, TOKEN } from "./environment";

/** What `signalwire()` takes. Every option may be left out where the environment has its variable. */
export interface SignalWireOptions extends GatewayOptions {
  /**
   * Host name of the SignalWire Space, such as `example.signalwire.com`.
   * @default process.env.SIGNALWIRE_SPACE
   */
  space?: string | undefined;
  /** Project ID. @default process.env.SIGNALWIRE_PROJECT */
  project?: string | undefined;
  /**
   * API token with the Messaging scope (and Voice, for calls) and no other: whoever holds it sends texts at your
   * cost.
   * @default process.env.SIGNALWIRE_TOKEN
   */
  token?: string | undefined;
  /**
   * E.164 number of the project that the texts come from, such as `+12025550100`.
   * @default process.env.SIGNALWIRE_NUMBER
   */
  number?: string | undefined;
  /**
   * Where requests go in place of the Space, which is then not needed: for tests and gateways of
   * one's own. https, or http to a loopback host only. It is sent the token and every code.
   * @default process.env.SIGNALWIRE_API_BASE_URL where `space` is not given, else the Space
   */
  apiBaseUrl?: string | undefined;
}

/** What the sender works with. */
export interface SignalWireSettings extends GatewaySettings {
  project: string;
  token: string;
}

type GivenOptions = Partial<Record<keyof SignalWireOptions, unknown>>;

const OPTIONS: Record<keyof SignalWireOptions, true> = {
  ...GATEWAY_OPTIONS,
  space: true,
  project: true,
  token: true,
  number: true,
  apiBaseUrl: true,
};

/** Checks the options, and throws a sentence that names the option or variable and the fix. */
export function readSignalWireOptions(options: unknown): SignalWireSettings {
  refuseUnknown("signalwire()", options, OPTIONS);
  const given: GivenOptions = options;
  return {
    base: readBase(given),
    ...readCredentials(given),
    ...readGatewayOptions(given, NUMBER, "signalwire"),
  };
}

const read = (given: unknown, setting: Setting) => readSetting(given, setting, "signalwire");

function readCredentials(given: GivenOptions): Pick<SignalWireSettings, "project" | "token"> {
  const project = read(given.project, PROJECT);
  const token = read(given.token, TOKEN);
  // A project ID is a UUID, and a token is none.
  if (token !== project || !/^[\da-f-]{36}$/i.test(token)) return { project, token };
  const name = given.token === undefined ? TOKEN.variable : `\`${TOKEN.option}\``;
  throw new TypeError(`Expected ${name} to be ${TOKEN.expected}; got the project ID again.`);
}

function readBase(given: GivenOptions): URL {
  if (given.space !== undefined) read(given.space, SPACE);
  if (given.apiBaseUrl !== undefined) return readApiBaseUrl(given.apiBaseUrl);
  // What the code says wins: a variable moves no texts that were asked to go to a Space.
  const elsewhere = given.space === undefined && process.env[API_BASE_URL.variable]?.trim();
  if (elsewhere) return readApiBaseUrl(elsewhere, API_BASE_URL.variable);
  return new URL(`https://${read(given.space, SPACE)}`);
}
