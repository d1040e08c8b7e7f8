/** The sender that texts and calls through Twilio, over its REST API, without a client of Twilio's. */

import { markFactory, type Message, type Sender } from "../../delivery/sender";
import { poster, type GatewayExchange, type Post } from "../rest-api/http";
import { asForm, restSender, type GatewayRequest } from "../rest-api/message";
import { readTwilioOptions, type TwilioOptions, type TwilioSettings } from "./settings";

export type { GatewayOptions } from "../rest-api/options";
export type { TwilioOptions };

/**
 * Makes a sender over Twilio's REST API; nothing is to be installed for it. Wrong or missing options throw
 * here, in a sentence. A text or call is handed over once and never again by itself, no redirect is followed, and no
 * error holds the credentials, the number or the code.
 * @example
 * const sender = twilio(); // TWILIO_ACCOUNT_SID, _AUTH_TOKEN and _NUMBER
 */
export function twilio(options: TwilioOptions = {}): Sender {
  const settings = readTwilioOptions(options);
  const post = poster(settings.base);
  return restSender("twilio", settings, (asked, message) => send(asked, message, settings, post));
}

markFactory(twilio);

function send(
  { resource, fields }: GatewayRequest,
  { signal }: Message,
  settings: TwilioSettings,
  post: (post: Post) => Promise<GatewayExchange>,
): Promise<GatewayExchange> {
  const { base, accountSid, user, password, timeoutMs } = settings;
  const url = new URL(base);
  const path = `/2010-04-01/Accounts/${accountSid}/${resource}.json`;
  url.pathname = base.pathname.replace(/\/$/, "") + path;
  return post({
    url,
    user,
    password,
    fields: asForm(fields),
    signal,
    timeoutMs,
  });
}
