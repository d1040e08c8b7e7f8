/** Reads a form that was posted to the pages: where it came from, what it holds, and whose it is. */

import type { IncomingMessage } from "node:http";
import { readBody } from "../http/body";
import { provenanceOf, refuseProvenance } from "../http/same-origin";
import type { PageSettings } from "../options/page-settings";
import type { Settings } from "../options/settings";
import type { Channel } from "../outcome/channel";
import { refusal, type Refusal } from "../outcome/refusal";
import { sessionOf } from "../session/session";
import { ownProperty } from "../std/own-property";
import { TOKEN_FIELD, type FormTokens } from "./form-token";

/** A form that a page of this origin may have sent. */
export interface PostedForm {
  /** Whether it was drawn for this session. */
  isOwn: () => boolean;
  /** What stands in a field; empty where there is none. */
  field: (name: string) => string;
  /** How it asks for the code to travel. */
  channel: () => Channel;
}

/** What forms are read by. */
export interface PostedFormParts {
  settings: Settings;
  pages: PageSettings;
  tokens: FormTokens;
}

/** Reads a form. */
export async function readPostedForm(
  req: IncomingMessage,
  { settings, pages, tokens }: PostedFormParts,
): Promise<{ ok: true; form: PostedForm } | Refusal> {
  const provenance = provenanceOf(req, settings.trustedOrigins);
  if (provenance === "elsewhere") return refuseProvenance(provenance);
  const body = await readBody(req);
  if (!body.ok) return body;
  const field = (name: string) => textIn(body.fields, name) ?? "";
  const channel = (): Channel => (field("channel") === "call" ? "call" : "sms");
  const token = textIn(body.fields, TOKEN_FIELD);
  const hasGoodToken = (): boolean =>
    token !== undefined && tokens.isGood(token, sessionOf(req).id);
  // No other site has this session's token, so a browser that hides where the form was is believed.
  if (provenance === "hidden" && (pages.csrf !== undefined || !hasGoodToken()))
    return refuseProvenance(provenance);
  // The app guards forms by itself.
  if (pages.csrf !== undefined) return { ok: true, form: { isOwn: () => true, field, channel } };
  if (token === undefined) return refusal("cross_site");
  return { ok: true, form: { isOwn: hasGoodToken, field, channel } };
}

function textIn(fields: object, name: string): string | undefined {
  const value = ownProperty(fields, name);
  return typeof value === "string" ? value : undefined;
}
