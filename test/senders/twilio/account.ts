/** Twilio's API by the fake of SignalWire's, which is compatible with it, and a sender to it. */

import { startSignalWireApi, type SignalWireApi } from "../../fakes/signalwire-api";
import { twilio, type TwilioOptions } from "../../../lib/senders/twilio/index";

export const ACCOUNT = {
  project: "AC0123456789abcdef0123456789abcdef",
  token: "fedcba9876543210fedcba9876543210",
  messagingServiceSid: "MG0123456789abcdef0123456789abcdef",
};

/** Starts it; `user` is that of an API key, the account's own token else. */
export function startTwilioApi(more: { tls?: boolean; user?: string } = {}) {
  const { tls = false, user = ACCOUNT.project } = more;
  return startSignalWireApi({ tls, account: { ...ACCOUNT, user } });
}

export function senderTo(api: SignalWireApi, options: TwilioOptions = {}) {
  const { url: apiBaseUrl, project: accountSid, token: authToken, number } = api;
  return twilio({ apiBaseUrl, accountSid, authToken, number, ...options });
}
