/** The options that gateways with Twilio's REST API share: their reference, and the check that each goes through once. */

import { readTimeout } from "../../delivery/sender";
import { readBoolean, readWhole, refuse } from "../../std/option-checks";
import { readServerUrl, readUrl } from "../../std/url";
import { readSetting, SERVICE, type Setting } from "./setting";

/** What `signalwire()` and `twilio()` take alike. */
export interface GatewayOptions {
  /** Messaging service that picks the number to send from, in place of `number`. @default none */
  messagingServiceSid?: string | undefined;
  /**
   * E.164 number of yours that calls come from. @default `number`; with `messagingServiceSid` none, and no calls
   */
  callFrom?: string | undefined;
  /**
   * Says the code of a call to whatever answers, answering machines too, without asking for a key: whoever
   * guesses the PIN of a voicemail hears it there. @default false
   */
  speakToMachines?: boolean | undefined;
  /**
   * Seconds that one exchange with the gateway may take in all, from 0.1 to 60. What is not answered by
   * then may still arrive: its code stays good. @default 10
   */
  timeout?: number | undefined;
  /**
   * US dollars that one text may cost at most, with up to four decimals. The gateway accepts a dearer
   * text and then drops it: only the status callback tells. Nothing bounds a call so. @default no bound
   */
  maxPrice?: number | undefined;
  /**
   * https URL of yours that the gateway reports each text's fate to, and no call's. Anyone can call it: check
   * the signature, and expect the number and the text there. @default the endpoint of `deliveryStatus`
   */
  statusCallback?: string | undefined;
  /**
   * Texts and calls on their way to the gateway at once. One more is refused at once with `unavailable`, so that
   * a slow gateway does not fill the app with waiting requests. @default 10
   */
  maxConcurrent?: number | undefined;
}

/** How a gateway is used. */
export interface GatewaySettings {
  /** Where the API is; its path comes before the API's own. */
  base: URL;
  origin: { from: string } | { messagingServiceSid: string };
  /** Absent where there is no number to call from. */
  callFrom: string | undefined;
  speakToMachines: boolean;
  timeoutMs: number;
  maxPrice: number | undefined;
  statusCallback: string | undefined;
  maxConcurrent: number;
}

/** The names, for the list of those that a factory knows. */
export const GATEWAY_OPTIONS: Record<keyof GatewayOptions, true> = {
  messagingServiceSid: true,
  callFrom: true,
  speakToMachines: true,
  timeout: true,
  maxPrice: true,
  statusCallback: true,
  maxConcurrent: true,
};

/** Checks the options that all have, and the number, which has a variable of each gateway's. */
export function readGatewayOptions(
  given: Partial<Record<keyof GatewayOptions | "number", unknown>>,
  number: Setting,
  factory: string,
): Omit<GatewaySettings, "base"> {
  const origin = readOrigin(given, number, factory);
  return {
    origin,
    callFrom:
      readCallFrom(given.callFrom, number, factory) ?? ("from" in origin ? origin.from : undefined),
    speakToMachines: readBoolean("speakToMachines", given.speakToMachines),
    timeoutMs: readTimeout(given.timeout, 10) * 1000,
    maxPrice: readMaxPrice(given.maxPrice),
    statusCallback: readStatusCallback(given.statusCallback),
    maxConcurrent: readWhole("maxConcurrent", given.maxConcurrent, {
      byDefault: 10,
      min: 1,
      max: 1000,
    }),
  };
}

/** Where requests go in the gateway's place, token and code with them. */
export function readApiBaseUrl(value: unknown, name = "`apiBaseUrl`"): URL {
  const base = readServerUrl(value);
  if (base !== undefined) return base;
  throw new TypeError(
    `Expected ${name} to be an https URL, or http to a loopback host, without user, query or fragment.`,
  );
}

function readOrigin(
  given: { number?: unknown; messagingServiceSid?: unknown },
  number: Setting,
  factory: string,
): GatewaySettings["origin"] {
  if (given.messagingServiceSid === undefined) {
    return { from: readSetting(given.number, number, factory) };
  }
  if (given.number !== undefined) {
    throw new TypeError("Expected one of `number` and `messagingServiceSid`, got both.");
  }
  return { messagingServiceSid: readSetting(given.messagingServiceSid, SERVICE, factory) };
}

function readCallFrom(
  value: unknown,
  { expected, read }: Setting,
  factory: string,
): string | undefined {
  if (value === undefined) return undefined;
  return readSetting(value, { option: "callFrom", expected, read }, factory);
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
