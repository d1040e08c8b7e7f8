/** Visits the pages as a browser without JavaScript does: navigations, and the forms as they are drawn. */

import type { Response } from "supertest";
import { serve, type Client, type ServeOptions, type Served } from "../fakes/app";

/** Serves an app with the pages on. */
export async function servePages(given: ServeOptions = {}): Promise<Served> {
  return serve({ ...given, options: { pages: true, ...given.options } });
}

export const NAVIGATION = { Accept: "text/html,*/*;q=0.8", "Sec-Fetch-Dest": "document" };

/** Opens a page. */
export async function open(
  client: Client,
  path: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return client.get(path).set({ ...NAVIGATION, ...headers });
}

/** Opens a page and follows its redirects, and pages that go on by themselves, to where they end. */
export async function land(client: Client, path: string): Promise<Response & { path: string }> {
  let [at, response] = [path, await open(client, path)];
  for (let hops = 0; hops < 8; hops += 1) {
    const next = response.status === 303 ? String(response.headers.location) : refreshIn(response);
    if (next === undefined) break;
    at = next;
    response = await open(client, at);
  }
  return Object.assign(response, { path: at });
}

/** Where a page goes on to by itself. */
export function refreshIn({ text }: { text: string }): string | undefined {
  const [, to] = /<meta http-equiv="refresh" content="0; url=&#39;([^"]*)&#39;"/.exec(text) ?? [];
  return to?.replaceAll("&amp;", "&");
}

/** Where an answer to a form leads on to, over the page in between that goes on by GET. */
export async function wayOn(client: Client, { headers }: Response): Promise<string | undefined> {
  return refreshIn(await open(client, String(headers.location)));
}

/** A form as it stands in a page. */
export interface Form {
  action: string;
  fields: Record<string, string>;
}

/** The form of a page that goes to `to`. */
export function formIn(
  { text }: { text: string },
  to:
    | "code"
    | "text"
    | "number"
    | "number/code"
    | "number/text"
    | "recovery"
    | "recovery-codes"
    | "transfer/confirm"
    | "passkey",
): Form {
  for (const [, action = "", body = ""] of text.matchAll(
    /<form[^>]*\saction="([^"]*)"[^>]*>(.*?)<\/form>/gs,
  )) {
    if (!action.split("?", 1)[0]?.endsWith(`/${to}`)) continue;
    const hidden = body.matchAll(/<input\s+type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"/g);
    const fields: Record<string, string> = {};
    for (const [, name = "", value = ""] of hidden) fields[name] = plain(value);
    return { action: plain(action), fields };
  }
  throw new Error(`The page has no form for ${to}.`);
}

function plain(escaped: string): string {
  const marks: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return escaped.replace(/&(amp|lt|gt|quot|#39);/g, (_all, name: string) => marks[name] ?? "");
}

/** Sends a form. */
export async function submit(
  client: Client,
  { action, fields }: Form,
  typed: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  return client
    .send("post", action)
    .set({ ...NAVIGATION, "Sec-Fetch-Site": "same-origin", Origin: "null", ...headers })
    .type("form")
    .send({ ...fields, ...typed });
}

/** Opens the page at `path`, asks for a text there, and gives the page that comes of it. */
export async function askOnPage(client: Client, path = "/2fa/"): Promise<Response> {
  const sent = await submit(client, formIn(await land(client, path), "text"));
  return land(client, String(sent.headers.location));
}

/** What a page says, without its markup. */
export function wordsIn({ text }: { text: string }): string {
  return text
    .replace(/<head>.*<\/head>/s, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, " ")
    .replace(/ (?=[.,])/g, "");
}
