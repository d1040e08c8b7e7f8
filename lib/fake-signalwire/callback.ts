/** Posts the callbacks of the fake, signed as SignalWire documents it; a test holds that to its own check. */

import { createHmac } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";

/** Parameters in their order; a name may stand there several times. */
export type Pairs = [name: string, value: string][];

/** The signature of a form that is posted to a URL. */
export function signatureOf(key: string, url: string, parameters: Pairs): string {
  const hmac = createHmac("sha1", key).update(url);
  const all = objectOf(parameters);
  for (const name of Object.keys(all).sort()) {
    for (const value of [all[name]].flat()) hmac.update(`${name}${value}`);
  }
  return hmac.digest("base64");
}

/** Parameters as the vendor takes them: several values of one name are an array. */
export function objectOf(parameters: Pairs): Record<string, string | string[]> {
  const all = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of parameters) {
    const before = all[name];
    all[name] = before === undefined ? value : [before, value].flat();
  }
  return all;
}

/** How a callback is posted. */
interface Posting {
  key: string;
  /** @default the URL that it is posted to */
  signedUrl?: string;
  /** The certificate that an https URL shows. */
  ca?: string;
  agent?: http.Agent | false;
}

/** Posts a callback, and gives the status of the answer. */
export async function postCallback(
  url: string,
  parameters: Pairs,
  { key, signedUrl = url, ca, agent = false }: Posting,
): Promise<number> {
  const { request } = url.startsWith("https:") ? https : http;
  const post = request(url, {
    method: "POST",
    agent,
    ...(ca !== undefined && { ca }),
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-signalwire-signature": signatureOf(key, signedUrl, parameters),
    },
  });
  post.end(new URLSearchParams(parameters).toString());
  const [response] = (await once(post, "response")) as [http.IncomingMessage];
  response.resume();
  await once(response, "end");
  return response.statusCode ?? 0;
}
