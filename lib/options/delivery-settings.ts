/** The option `deliveryStatus` as the inside reads it: where gateways tell of texts, and how they are known. */

import { refuseUnknown } from "../std/option-checks";
import { isPlaceholder } from "../std/placeholder";
import { readServerUrl } from "../std/url";
import type { DeliveryStatusOptions } from "./options";

/** Where gateways tell of texts, and how they are known. */
export interface DeliverySettings {
  /** URL of the endpoint, as gateways sign it. */
  url: string;
  signingKeys: readonly string[];
}

/** The endpoint's path below the mount path. */
export const DELIVERY_PATH = "/delivery-status";

const OPTIONS: Record<keyof DeliveryStatusOptions, true> = { publicUrl: true, signingKey: true };

/** Checks the option `deliveryStatus`. Neither a key nor the URL is ever shown: one may stand in the other's place. */
export function readDeliveryStatus(value: unknown): DeliverySettings | undefined {
  if (value === undefined) return undefined;
  refuseUnknown("`deliveryStatus`", value, OPTIONS);
  const given: Partial<Record<keyof DeliveryStatusOptions, unknown>> = value;
  return { url: readPublicUrl(given.publicUrl), signingKeys: readSigningKeys(given.signingKey) };
}

function readPublicUrl(value: unknown): string {
  const url = readServerUrl(value);
  if (url === undefined) {
    throw new TypeError(
      "Expected `deliveryStatus.publicUrl` to be the URL at which a gateway reaches the router, such as " +
        '"https://app.acme.example/2fa": https, or http to a loopback host, without user, query or fragment' +
        (value === undefined ? ": none is given." : "."),
    );
  }
  const base = url.href.replace(/\/+$/, "");
  return base.endsWith(DELIVERY_PATH) ? base : base + DELIVERY_PATH;
}

function readSigningKeys(value: unknown): readonly string[] {
  const keys = (Array.isArray(value) ? value : [value]) as unknown[];
  if (keys.length === 0 || keys.includes(undefined)) return refuseKeys(": none is given.");
  if (!keys.every(isSigningKey)) return refuseKeys(".");
  if (keys.some(isPlaceholder)) return refuseKeys("; one is what an example file has there.");
  const isToken = keys.some((key) => key.startsWith("PT"));
  return isToken ? refuseKeys("; one begins with PT, as API tokens of SignalWire's do.") : keys;
}

function refuseKeys(why: string): never {
  throw new TypeError(
    "Expected `deliveryStatus.signingKey` to be the Signing Key from the API page of your SignalWire Space, or " +
      `Twilio's auth token: 16 to 256 characters without white space, or an array of such${why}`,
  );
}

function isSigningKey(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]{16,256}$/.test(value);
}
