/** The options of `signalwire()`: their reference, and the check that each goes through once. */

import { readWhole, refuse, refuseUnknown } from "../../std/option-checks";
import { parseUrl } from "../../std/url";
import { NUMBER, PROJECT, readSetting, SERVICE, SPACE, TOKEN } from "./environment";

/** What `signalwire()` takes. Every option may be left out where the environment has its variable. */
export interface SignalWireOptions {
  /**
   * Host name of the SignalWire Space, such as `example.signalwire.com`.
   * @default process.env.SIGNALWIRE_SPACE
   */
  space?: string | undefined;
  /** Project ID. @default process.env.SIGNALWIRE_PROJECT */
  project?: string | undefined;
  /**
   * API token with the Messaging scope and no other: whoever holds it sends texts at your cost.
   * @default process.env.SIGNALWIRE_TOKEN
   */
  token?: string | undefined;
  /**
   * E.164 number of the project that the texts come from, such as `+12025550100`.
   * @default process.env.SIGNALWIRE_NUMBER
   */
  number?: string | undefined;
  /** Messaging service that picks the number to send from, in place of `number`. */
  messagingServiceSid?: string | undefined;
  /**
   * Seconds that one exchange with SignalWire may take in all, from 0.1 to 60. What is not answered by
   * then may still arrive: its code stays good. @default 10
   */
  timeout?: number | undefined;
  /**
   * US dollars that one text may cost at most, with up to four decimals. SignalWire accepts a dearer
   * text and then drops it: only the status callback tells. @default no bound
   */
  maxPrice?: number | undefined;
  /**
   * https URL of yours that SignalWire reports each text's fate to. Anyone can call it: check the
   * signature, and expect the number and the text there.
   */
  statusCallback?: string | undefined;
  /**
   * Texts on their way to SignalWire at once. One more is refused at once with `unavailable`, so that
   * a slow gateway does not fill the app with waiting requests. @default 10
   */
  maxConcurrent?: number | undefined;
  /**
   * Where requests go in place of the Space, which is then not needed: for tests and gateways of
   * one's own. https, or http to a loopback host only. It is sent the token and every code.
   */
  apiBaseUrl?: string | undefined;
}

/** What the sender works with. */
export interface SignalWireSettings {
  /** Where the API is; its path comes before the API's own. */
  base: URL;
  project: string;
  token: string;
  origin: { from: string } | { messagingServiceSid: string };
  timeoutMs: number;
  maxPrice: number | undefined;
  statusCallback: string | undefined;
  maxConcurrent: number;
}

type GivenOptions = Partial<Record<keyof SignalWireOptions, unknown>>;

const OPTIONS: Record<keyof SignalWireOptions, true> = {
  space: true,
  project: true,
  token: true,
  number: true,
  messagingServiceSid: true,
  timeout: true,
  maxPrice: true,
  statusCallback: true,
  maxConcurrent: true,
  apiBaseUrl: true,
};

/** Checks the options, and throws a sentence that names the option or variable and the fix. */
export function readSignalWireOptions(options: unknown): SignalWireSettings {
  refuseUnknown("signalwire()", options, OPTIONS);
  const given: GivenOptions = options;
  return {
    base: readBase(given),
    ...readCredentials(given),
    origin: readOrigin(given),
    timeoutMs: readTimeout(given.timeout) * 1000,
    maxPrice: readMaxPrice(given.maxPrice),
    statusCallback: readStatusCallback(given.statusCallback),
    maxConcurrent: readWhole("maxConcurrent", given.maxConcurrent, {
      byDefault: 10,
      min: 1,
      max: 1000,
    }),
  };
}

function readCredentials(given: GivenOptions): Pick<SignalWireSettings, "project" | "token"> {
  const project = readSetting(given.project, PROJECT);
  const token = readSetting(given.token, TOKEN);
  // A project ID is a UUID, and a token is none.
  if (token !== project || !/^[\da-f-]{36}$/i.test(token)) return { project, token };
  const name = given.token === undefined ? TOKEN.variable : `\`${TOKEN.option}\``;
  throw new TypeError(`Expected ${name} to be ${TOKEN.expected}; got the project ID again.`);
}

function readBase(given: GivenOptions): URL {
  if (given.apiBaseUrl === undefined) return new URL(`https://${readSetting(given.space, SPACE)}`);
  if (given.space !== undefined) readSetting(given.space, SPACE);
  const base = readUrl(given.apiBaseUrl);
  const isSafe =
    base?.protocol === "https:" || (base?.protocol === "http:" && isLoopback(base.hostname));
  if (base === undefined || !isSafe || base.href !== base.origin + base.pathname) {
    throw new TypeError(
      "Expected `apiBaseUrl` to be an https URL, or http to a loopback host, without user, query or " +
        "fragment.",
    );
  }
  return base;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Reads a URL as it stands: the parser itself would drop line breaks and spaces in silence. */
function readUrl(value: unknown): URL | undefined {
  const isWritten = typeof value === "string" && /^[\x21-\x7e]{1,2048}$/.test(value);
  return isWritten ? parseUrl(value) : undefined;
}

function readOrigin(given: GivenOptions): SignalWireSettings["origin"] {
  if (given.messagingServiceSid === undefined) return { from: readSetting(given.number, NUMBER) };
  if (given.number !== undefined) {
    throw new TypeError("Expected one of `number` and `messagingServiceSid`, got both.");
  }
  return { messagingServiceSid: readSetting(given.messagingServiceSid, SERVICE) };
}

function readTimeout(value: unknown): number {
  if (value === undefined) return 10;
  const isGood = typeof value === "number" && value >= 0.1 && value <= 60;
  return isGood ? value : refuse("timeout", "to be a number of seconds from 0.1 to 60", value);
}

function readMaxPrice(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const isPrice = typeof value === "number" && value >= 0.0001 && value <= 100;
  if (isPrice && Number(value.toFixed(4)) === value) return value;
  return refuse("maxPrice", "to be US dollars from 0.0001 to 100, with at most 4 decimals", value);
}

// The URL may hold a password of yours: it is not shown.
function readStatusCallback(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const url = readUrl(value);
  if (url?.protocol === "https:") return url.href;
  throw new TypeError(
    "Expected `statusCallback` to be an https URL, such as https://app.example/sms-status.",
  );
}
