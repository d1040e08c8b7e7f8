/** The JSON that the fake answers with, as SignalWire words it. */

import { randomUUID } from "node:crypto";
import type { AcceptedCall, AcceptedMessage } from "./accepted";

/** A status and its JSON. */
export interface Reply {
  status: number;
  json: object;
}

/** Of a call that was taken. */
export function callJson(call: AcceptedCall, project: string): Record<string, unknown> {
  const sid = randomUUID();
  const uri = `/api/laml/2010-04-01/Accounts/${project}/Calls/${sid}`;
  return {
    sid,
    account_sid: project,
    annotation: null,
    answered_by: null,
    api_version: "2010-04-01",
    date_created: new Date().toUTCString(),
    date_updated: new Date().toUTCString(),
    direction: "outbound-api",
    duration: 0,
    end_time: null,
    forwarded_from: null,
    from: call.from,
    parent_call_sid: null,
    phone_number_sid: null,
    price: null,
    price_unit: "USD",
    start_time: null,
    status: "queued",
    subresource_uris: { recordings: `${uri}/Recordings.json` },
    to: call.to,
    uri: `${uri}.json`,
  };
}

/** What a callback tells of a text beside its status: the text too. */
export function callbackOf(message: AcceptedMessage, project: string): Record<string, string> {
  return {
    MessageSid: message.sid,
    SmsSid: message.sid,
    AccountSid: project,
    ApiVersion: "2010-04-01",
    From: message.from ?? "",
    To: message.to,
    Body: message.body,
    NumMedia: "0",
    NumSegments: "1",
  };
}

/** Of a text that was taken. */
export function messageJson(message: AcceptedMessage, project: string): Record<string, unknown> {
  const { sid } = message;
  return {
    sid,
    account_sid: project,
    api_version: "2010-04-01",
    body: message.body,
    num_segments: 1,
    num_media: 0,
    date_created: new Date().toUTCString(),
    date_sent: null,
    date_updated: new Date().toUTCString(),
    direction: "outbound-api",
    error_message: null,
    error_code: null,
    from: message.from ?? null,
    price: null,
    price_unit: "USD",
    status: "queued",
    to: message.to,
    messaging_service_sid: message.fields["MessagingServiceSid"] ?? null,
    uri: `/api/laml/2010-04-01/Accounts/${project}/Messages/${sid}`,
    subresource_uris: { media: `/api/laml/2010-04-01/Accounts/${project}/Messages/${sid}/Media` },
  };
}

/** A refusal. */
export function error(status: number, code: number, message: string): Reply {
  return { status, json: errorJson(status, code, message) };
}

/** What it says. */
export function errorJson(
  status: number,
  code: number | string | undefined,
  message: string,
): object {
  const moreInfo = `https://developer.signalwire.com/compatibility-api/errors#${code ?? ""}`;
  return { ...(code !== undefined && { code }), message, more_info: moreInfo, status };
}
