/** What gateways' own errors blame a number for. */

import { ownProperty } from "../std/own-property";

/** Codes of Twilio's, which SignalWire has taken over, for a number that gets no texts, in our own words. */
export const NUMBER_FAULTS: ReadonlyMap<number, string> = new Map([
  [21205, "invalid_number"],
  [21211, "invalid_number"],
  [21217, "invalid_number"],
  [21408, "country_not_enabled"],
  [21601, "not_a_mobile"],
  [21606, "not_a_mobile"],
  [21610, "opted_out"],
  [21614, "not_a_mobile"],
  [30004, "opted_out"],
  [30006, "not_a_mobile"],
]);

/** What the error of a gateway's own client blames the number for: nothing else of it goes further. */
export function faultOfNumber(error: unknown): string | undefined {
  const status = Number(ownProperty(error, "status"));
  const isRefusal = status >= 400 && status < 500;
  return isRefusal ? NUMBER_FAULTS.get(Number(ownProperty(error, "code"))) : undefined;
}
