/** What the codes of gateways' own errors mean, and whose fault each is: the number's or the operator's. */

import { ownProperty } from "../std/own-property";

/** Whom a gateway's error blames, in this package's own words. */
export interface GatewayFault {
  code: "cannot_text_number" | "delivery_failed";
  reason: string;
}

// Codes of Twilio's, most of which SignalWire has taken over.
const NUMBER_FAULTS: readonly (readonly [string, readonly number[]])[] = [
  ["invalid_number", [21205, 21211, 21214, 21217]],
  ["not_a_mobile", [21614, 21635, 30006]],
  ["opted_out", [21610, 30004]],
];

// The user can do nothing about these, and must not be told that their number is bad.
const OPERATOR_FAULTS: readonly (readonly [string, readonly number[]])[] = [
  ["sender_number", [21210, 21601, 21603, 21606, 21661]],
  ["country_not_enabled", [13227, 21215, 21408]],
  ["no_campaign", [21717, 30034]],
  ["no_balance", [4001, 30002]],
  ["trial_account", [21219, 21608]],
  ["too_dear", [30010]],
  ["credentials", [20003]],
];

// Nobody's: the text was taken, and then lost on its way.
const CARRIER_FAULTS: readonly (readonly [string, readonly number[]])[] = [
  ["unreachable_phone", [30003]],
  ["unknown_number", [30005]],
  ["filtered", [30007]],
];

/** What each code means. */
export const GATEWAY_FAULTS: ReadonlyMap<number, GatewayFault> = new Map([
  ...NUMBER_FAULTS.flatMap(([reason, codes]) => faults("cannot_text_number", reason, codes)),
  ...[...OPERATOR_FAULTS, ...CARRIER_FAULTS].flatMap(([reason, codes]) =>
    faults("delivery_failed", reason, codes),
  ),
]);

function faults(
  code: GatewayFault["code"],
  reason: string,
  numbers: readonly number[],
): [number, GatewayFault][] {
  return numbers.map((number) => [number, { code, reason }]);
}

/** What the error of a gateway's own client says: nothing else of it goes further. */
export function faultOfGateway(error: unknown): GatewayFault | undefined {
  const status = Number(ownProperty(error, "status"));
  const isRefusal = status >= 400 && status < 500;
  return isRefusal ? GATEWAY_FAULTS.get(Number(ownProperty(error, "code"))) : undefined;
}
