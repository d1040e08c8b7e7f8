/** Checks the signature of a gateway's callback, as SignalWire and Twilio document it. */

import { createHmac } from "node:crypto";
import { isSameInLength } from "../crypto/mac";

/** The parameters of a form in their order; a name may stand there several times. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/**
 * Whether one of `keys` has signed this form as posted to `url`: base64 of the HMAC-SHA1 over the URL and
 * the parameters, each name with its value behind it, sorted by name, nothing in between.
 */
export function isSignedBy(
  keys: readonly string[],
  url: string,
  parameters: Parameters,
  signature: string,
): boolean {
  // The sort is stable: values of one name stay in their order.
  const sorted = [...parameters].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const form = sorted.flat().join("");
  let isGood = false;
  // All are compared, whichever is right: the time tells nothing of which.
  for (const key of keys) {
    for (const spelling of spellingsOf(url)) {
      const expected = createHmac("sha1", key)
        .update(spelling + form)
        .digest("base64");
      if (isSameInLength(expected, signature)) isGood = true;
    }
  }
  return isGood;
}

/** With the port and without: gateways are of two minds which of them they sign, and so are their own checks. */
function spellingsOf(url: string): string[] {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const standard = protocol === "https:" ? "443" : "80";
  return ["", `:${port === "" ? standard : port}`].map(
    (end) => `${protocol}//${hostname}${end}${pathname}${search}`,
  );
}
