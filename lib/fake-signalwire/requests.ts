/** Checks what is sent to the fake, as strictly as SignalWire does. */

import { randomUUID } from "node:crypto";
import type http from "node:http";
import type { AcceptedCall, AcceptedMessage } from "./accepted";
import { error, type Reply } from "./answers";
import { readDocument } from "./call-document";

/** A request that the fake read to its end, whatever came of it. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** Whose the fake is. */
export interface Account {
  readonly project: string;
  /** Whose the token is, as the one half of the credentials: the project's, or an API key's. */
  readonly user: string;
  readonly token: string;
  /** The one number that texts and calls may come from. */
  readonly number: string;
  /** The one messaging service. */
  readonly messagingServiceSid: string;
  /** What its callbacks are signed with. */
  readonly signingKey: string;
}

/** Checks a request as the API does, in its order: who, where, what. */
export function judge(
  { method, path, headers, body }: ReceivedRequest,
  account: Account,
): Reply | { message: AcceptedMessage } | { call: AcceptedCall } {
  const credentials = Buffer.from(`${account.user}:${account.token}`).toString("base64");
  if (headers.authorization !== `Basic ${credentials}`) return error(401, 20003, "Authenticate");
  const reading = readingOf({ method, path, headers, body }, account);
  if (reading !== undefined) return reading;
  const [, resource] =
    new RegExp(`^/2010-04-01/Accounts/${account.project}/(Messages|Calls)\\.json$`).exec(path) ??
    [];
  if (resource === undefined) return error(404, 20404, "The requested resource was not found");
  if (method !== "POST") return error(405, 20004, "Method not allowed");
  if (!headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    return error(415, 10000, "Unsupported media type");
  }
  const fields = Object.fromEntries(new URLSearchParams(body));
  return resource === "Calls"
    ? (refusalOfCall(fields, account) ?? { call: callOf(fields) })
    : (refusalOf(fields, account) ?? { message: messageOf(fields) });
}

function refusalOf(fields: Record<string, string>, account: Account): Reply | undefined {
  const { To, From, MessagingServiceSid, Body = "", MaxPrice, StatusCallback } = fields;
  const { ValidityPeriod = "14400" } = fields;
  if (!To) return error(400, 21604, "The destination 'To' phone number is required");
  if (!/^\+[1-9]\d{6,14}$/.test(To)) return error(400, 21211, `'To' number ${To} is not valid`);
  if (!From && !MessagingServiceSid) return error(400, 21603, "A 'From' phone number is required");
  if (From && From !== account.number) return error(400, 21210, "'From' number not verified");
  if (MessagingServiceSid && MessagingServiceSid !== account.messagingServiceSid) {
    return error(404, 20404, "The messaging service was not found");
  }
  if (Body === "") return error(400, 21602, "Message body is required");
  if (Body.length > 1600) return error(400, 21617, "The message body exceeds 1600 characters");
  const isValidity = /^\d{1,6}$/.test(ValidityPeriod) && Number(ValidityPeriod) <= 172_800;
  if (!isValidity || Number(ValidityPeriod) < 1) return error(400, 10000, "ValidityPeriod");
  if (MaxPrice !== undefined && !/^\d+(\.\d{1,4})?$/.test(MaxPrice)) {
    return error(400, 10000, "MaxPrice");
  }
  if (StatusCallback !== undefined && !/^https?:\/\/\S+$/.test(StatusCallback)) {
    return error(400, 11100, "StatusCallback");
  }
  return undefined;
}

const CALL_FIELDS = new Set([
  "To",
  "From",
  "Twiml",
  "Laml",
  "Timeout",
  "MachineDetection",
  "StatusCallback",
]);

/** As the reference of "Create a Call" has it. */
function refusalOfCall(fields: Record<string, string>, account: Account): Reply | undefined {
  const { To, From, Twiml, Laml, Timeout = "60", MachineDetection = "none" } = fields;
  if (!To) return error(400, 21201, "The destination 'To' phone number is required");
  if (!/^\+[1-9]\d{6,14}$/.test(To)) return error(400, 21211, `'To' number ${To} is not valid`);
  if (!From) return error(400, 21213, "A 'From' phone number is required");
  if (From !== account.number) return error(400, 21210, "'From' number not verified");
  const document = Twiml ?? Laml;
  if (document === undefined) return error(400, 10000, "One of Url, Laml and Twiml is required");
  if (!isDocument(document)) return error(400, 12100, "Document parse failure");
  if (!/^\d{1,3}$/.test(Timeout) || Number(Timeout) > 600) return error(400, 21208, "Timeout");
  if (!["Enable", "DetectMessageEnd", "none"].includes(MachineDetection)) {
    return error(400, 10000, "MachineDetection");
  }
  // The real one may pass over others in silence; what is sent here is to be what is documented.
  const unknown = Object.keys(fields).find((name) => !CALL_FIELDS.has(name));
  return unknown === undefined ? undefined : error(400, 10000, unknown);
}

function isDocument(xml: string): boolean {
  try {
    readDocument(xml);
    return true;
  } catch {
    return false;
  }
}

function callOf(fields: Record<string, string>): AcceptedCall {
  const { To = "", From = "", Twiml, Laml = "" } = fields;
  return { to: To, from: From, document: Twiml ?? Laml, fields };
}

function messageOf(fields: Record<string, string>): AcceptedMessage {
  const { To = "", From, Body = "" } = fields;
  return { sid: randomUUID(), to: To, from: From, body: Body, fields };
}

/** What the account and its numbers read as, for who may read them. */
function readingOf({ path, method }: ReceivedRequest, account: Account): Reply | undefined {
  const { pathname, searchParams } = new URL(path, "http://fake");
  const root = `/2010-04-01/Accounts/${account.project}`;
  if (pathname === `${root}.json` && method === "GET") {
    const json = { sid: account.project, friendly_name: "Fake", status: "active", type: "Full" };
    return { status: 200, json };
  }
  if (pathname !== `${root}/IncomingPhoneNumbers.json` || method !== "GET") return undefined;
  const wanted = searchParams.get("PhoneNumber") ?? account.number;
  const capabilities = { sms: true, mms: true, voice: true, fax: false };
  const own = { phone_number: account.number, capabilities };
  return {
    status: 200,
    json: { incoming_phone_numbers: wanted === account.number ? [own] : [] },
  };
}
