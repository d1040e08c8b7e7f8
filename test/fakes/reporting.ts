/** An app whose gateway tells of texts, and the callbacks that tell it. */

import request, { type Test } from "supertest";
import type { DeliveryStatus, TwoFactorEvent } from "../../lib/index";
import { signatureOf, type Pairs } from "../../lib/fake-signalwire/callback";
import { serve, type Client, type Served, type ServeOptions } from "./app";

export const SIGNING_KEY = "PSK_0123456789abcdef0123456789abcdef";
/** Where the gateway believes the router to be; the test reaches it elsewhere. */
export const PUBLIC_URL = "https://app.acme.example/2fa";

/** Serves an app with `deliveryStatus`. */
export function serveReporting({ options, ...given }: ServeOptions = {}): Promise<Served> {
  const deliveryStatus = { publicUrl: PUBLIC_URL, signingKey: SIGNING_KEY };
  return serve({ ...given, options: { deliveryStatus, ...options } });
}

/** What a gateway tells of a text. */
export function told(status: string, more: Record<string, string> = {}): Pairs {
  return Object.entries({
    MessageSid: "0a059168-ead0-41af-9d1f-343dae832527",
    MessageStatus: status,
    SmsStatus: status,
    AccountSid: "ea108133-d6b3-407c-9536-9fad8a929a6a",
    From: "+12025550100",
    To: "+12025550123",
    Body: "¿Té? 123456 is your code.",
    NumMedia: "0",
    ...more,
  });
}

/** How a callback differs from a good one. */
export interface Forgery {
  key?: string;
  /** What is signed in place of the URL. */
  signedUrl?: string;
  /** What is signed in place of what is sent. */
  signed?: Pairs;
  signature?: string | undefined;
  header?: string;
}

/** Posts a callback to the URL that the gateway was given, or to another. */
export function callBack(
  s: Served,
  parameters: Pairs,
  url = s.sent.at(-1)?.statusCallback ?? "",
  forgery: Forgery = {},
): Test {
  const { pathname, search } = new URL(url);
  const { key = SIGNING_KEY, signedUrl = url, signed = parameters } = forgery;
  const signature =
    "signature" in forgery ? forgery.signature : signatureOf(key, signedUrl, signed);
  const post = request(s.server)
    .post(pathname + search)
    .ok(() => true)
    .type("form");
  if (signature !== undefined) {
    void post.set(forgery.header ?? "X-SignalWire-Signature", signature);
  }
  return post.send(new URLSearchParams(parameters).toString());
}

/** What `status` tells of the text. */
export async function deliveryOf(client: Client): Promise<string | undefined> {
  const { body } = (await client.status()) as { body: { challenge: DeliveryStatus | null } };
  return body.challenge?.delivery;
}

/** What was told of texts. */
export function deliveriesIn({ events }: Served): TwoFactorEvent[] {
  return events.filter(({ type }) => type === "delivery");
}
