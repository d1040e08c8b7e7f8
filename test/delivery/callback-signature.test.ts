/** Signatures of callbacks: what SignalWire's own check takes is taken, and nothing else. */

import crypto from "node:crypto";
import fc from "fast-check";
import { isSignedBy } from "../../lib/delivery/callback-signature";
import { objectOf, signatureOf, type Pairs } from "../../lib/fake-signalwire/callback";

const { RestClient } = jest.requireActual<{
  RestClient: {
    validateRequest: (key: string, signature: string, url: string, parameters: object) => boolean;
  };
}>("@signalwire/compatibility-api");

const KEY = "PSK_0123456789abcdef0123456789abcdef";
const URL = "https://app.acme.example/2fa/delivery-status?ref=abc";

const parameter = fc.tuple(
  fc.oneof(
    fc.constantFrom("To", "Body", "MessageStatus", "ErrorCode", "__proto__", "constructor"),
    fc.string({ unit: "grapheme" }),
  ),
  fc.oneof(fc.constant(""), fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" })),
);
const form = fc.array(parameter, { maxLength: 12 });
const urls = fc.constantFrom(
  URL,
  "https://app.acme.example/delivery-status",
  "https://app.acme.example:8443/2fa/delivery-status?ref=abc",
  "http://localhost:3000/2fa/delivery-status",
  "http://127.0.0.1/2fa/delivery-status?ref=abc",
  "https://xn--bcher-kva.example/2fa/%C3%A4/delivery-status",
);
/** What a form holds once it has been encoded and read: no half of a character. */
const sent = (pairs: Pairs): Pairs => [...new URLSearchParams(new URLSearchParams(pairs))];

test("the vendor's own check and ours agree on every form, with names twice, no values and any script (R117)", () => {
  fc.assert(
    fc.property(form, urls, fc.boolean(), (pairs, url, isWhole) => {
      const parameters = sent(pairs);
      const signature = signatureOf(KEY, url, parameters).slice(isWhole ? 0 : 1);
      const vendors = RestClient.validateRequest(KEY, signature, url, objectOf(parameters));
      expect(vendors).toBe(isWhole);
      expect(isSignedBy([KEY], url, parameters, signature)).toBe(vendors);
    }),
    { numRuns: 1000 },
  );
});

test("a form changed anywhere is not signed, as the vendor says too (R117)", () => {
  fc.assert(
    fc.property(form, form, (signed, other) => {
      const [before, after] = [sent(signed), sent(other)];
      const signature = signatureOf(KEY, URL, before);
      const vendors = RestClient.validateRequest(KEY, signature, URL, objectOf(after));
      expect(isSignedBy([KEY], URL, after, signature)).toBe(vendors);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  [URL, "https://app.acme.example:443/2fa/delivery-status?ref=abc", true],
  ["http://localhost/2fa", "http://localhost:80/2fa", true],
  ["https://app.acme.example:8443/2fa", "https://app.acme.example/2fa", true],
  [URL, "https://app.acme.example:8443/2fa/delivery-status?ref=abc", false],
  [URL, "http://app.acme.example/2fa/delivery-status?ref=abc", false],
  [URL, "https://app.acme.example/2fa/delivery-status?ref=abd", false],
  [URL, "https://app.acme.example/2fa/delivery-status", false],
  [URL, "https://evil.example/2fa/delivery-status?ref=abc", false],
])("for %s, what was signed for %s is taken: %s", (url, signedFor, isTaken) => {
  // The vendor's helper signs a URL as it stands.
  const parameters: Pairs = [["MessageStatus", "delivered"]];
  const signature = signatureOf(KEY, signedFor, parameters);
  expect(isSignedBy([KEY], url, parameters, signature)).toBe(isTaken);
  expect(RestClient.validateRequest(KEY, signature, url, objectOf(parameters))).toBe(isTaken);
});

test.each(["", "x", "=", KEY, "\u0000", "ä".repeat(28), "A".repeat(28), "A".repeat(10_000)])(
  "%j is no signature, and throws nothing",
  (signature) => {
    expect(isSignedBy([KEY], URL, [], signature)).toBe(false);
  },
);

test("each of several keys signs, and the order does not matter", () => {
  const signature = signatureOf("the key of another gateway", URL, []);
  expect(isSignedBy([KEY, "the key of another gateway"], URL, [], signature)).toBe(true);
  expect(isSignedBy(["the key of another gateway", KEY], URL, [], signature)).toBe(true);
  expect(isSignedBy([KEY], URL, [], signature)).toBe(false);
});

test("signatures are compared in constant time, all of them, whichever is right (R117)", () => {
  const compare = jest.spyOn(crypto, "timingSafeEqual");
  const signature = signatureOf(KEY, URL, []);
  for (const given of [signature, signature.replace(/^./, "!"), "A".repeat(28)]) {
    compare.mockClear();
    isSignedBy([KEY, "the key of another gateway"], URL, [], given);
    expect(compare).toHaveBeenCalledTimes(4);
  }
  compare.mockRestore();
});
