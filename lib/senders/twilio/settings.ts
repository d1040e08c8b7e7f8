/** The options of `twilio()`: their reference, and the check that each goes through once. */

import {
  GATEWAY_OPTIONS,
  readApiBaseUrl,
  readGatewayOptions,
  type GatewayOptions,
  type GatewaySettings,
} from "../rest-api/options";
import { numberSetting, readSetting, SECRET, type Setting } from "../rest-api/setting";
import { refuseUnknown } from "../../std/option-checks";

/** What `twilio()` takes. Every option may be left out where the environment has its variable. */
export interface TwilioOptions extends GatewayOptions {
  /** Account SID, `AC` and 32 hexadecimal digits. @default process.env.TWILIO_ACCOUNT_SID */
  accountSid?: string | undefined;
  /**
   * Auth token of the account. An API key is better: it can be revoked alone.
   * @default process.env.TWILIO_AUTH_TOKEN
   */
  authToken?: string | undefined;
  /** SID of an API key, `SK` and 32 hexadecimal digits, in place of `authToken`. @default process.env.TWILIO_API_KEY */
  apiKey?: string | undefined;
  /** Secret of the API key. @default process.env.TWILIO_API_SECRET */
  apiSecret?: string | undefined;
  /**
   * E.164 number of the account that the texts come from, such as `+12025550100`.
   * @default process.env.TWILIO_NUMBER
   */
  number?: string | undefined;
  /**
   * Where requests go in place of `https://api.twilio.com`: another region, such as
   * `https://api.dublin.ie1.twilio.com`, or a test. https, or http to a loopback host only. It is sent the
   * credentials and every code. @default Twilio
   */
  apiBaseUrl?: string | undefined;
}

/** What the sender works with. */
export interface TwilioSettings extends GatewaySettings {
  accountSid: string;
  user: string;
  password: string;
}

type GivenOptions = Partial<Record<keyof TwilioOptions, unknown>>;

const OPTIONS: Record<keyof TwilioOptions, true> = {
  ...GATEWAY_OPTIONS,
  accountSid: true,
  authToken: true,
  apiKey: true,
  apiSecret: true,
  number: true,
  apiBaseUrl: true,
};

const ACCOUNT_SID: Setting = {
  option: "accountSid",
  variable: "TWILIO_ACCOUNT_SID",
  expected: "the account SID of Twilio's console, AC and 32 hexadecimal digits",
  read: (text) => (/^AC[\da-f]{32}$/i.test(text) ? text : undefined),
};
const AUTH_TOKEN: Setting = {
  option: "authToken",
  variable: "TWILIO_AUTH_TOKEN",
  expected: "the auth token of Twilio's console, which is no SID, without white space or quotes",
  read: readSecret,
};
const API_KEY: Setting = {
  option: "apiKey",
  variable: "TWILIO_API_KEY",
  expected: "the SID of an API key, SK and 32 hexadecimal digits",
  read: (text) => (/^SK[\da-f]{32}$/i.test(text) ? text : undefined),
};
const API_SECRET: Setting = {
  option: "apiSecret",
  variable: "TWILIO_API_SECRET",
  expected: "the secret of that API key, which is no SID, without white space or quotes",
  read: readSecret,
};
const NUMBER = numberSetting("TWILIO_NUMBER", "the account");

function readSecret(text: string): string | undefined {
  return SECRET.test(text) && !/^[A-Z]{2}[\da-f]{32}$/.test(text) ? text : undefined;
}

/** Checks the options, and throws a sentence that names the option or variable and the fix. */
export function readTwilioOptions(options: unknown): TwilioSettings {
  refuseUnknown("twilio()", options, OPTIONS);
  const given: GivenOptions = options;
  return {
    base:
      given.apiBaseUrl === undefined
        ? new URL("https://api.twilio.com")
        : readApiBaseUrl(given.apiBaseUrl),
    accountSid: read(given.accountSid, ACCOUNT_SID),
    ...readCredentials(given),
    ...readGatewayOptions(given, NUMBER, "twilio"),
  };
}

const read = (given: unknown, setting: Setting) => readSetting(given, setting, "twilio");

/** The API key where there is one, else the account's own token. */
function readCredentials(given: GivenOptions): Pick<TwilioSettings, "user" | "password"> {
  const { accountSid, authToken, apiKey, apiSecret } = given;
  const hasKey = apiKey !== undefined || apiSecret !== undefined;
  if (hasKey && authToken !== undefined) {
    throw new TypeError("Expected `authToken`, or `apiKey` and `apiSecret`, got all.");
  }
  const isByKey = hasKey || (authToken === undefined && isSet("TWILIO_API_KEY"));
  return isByKey
    ? { user: read(apiKey, API_KEY), password: read(apiSecret, API_SECRET) }
    : { user: read(accountSid, ACCOUNT_SID), password: read(authToken, AUTH_TOKEN) };
}

function isSet(variable: string): boolean {
  return (process.env[variable] ?? "").trim() !== "";
}
