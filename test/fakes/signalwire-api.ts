/** A stand-in for SignalWire's HTTP API on a loopback port, as strict as the real one, and as faulty as told. */

import { createHash, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { postCallback } from "./callbacks";
import { selfSigned } from "./certificate";
import { listen } from "./listening";
import { readDocument } from "./telephone";

/**
 * What the fake does with one request instead of checking and taking it. Sizes are in bytes, times
 * in milliseconds.
 * - `refuse`: error JSON with that status and code, as the API words it.
 * - `accept`: checks and takes it, with `fields` laid over the 201 JSON, such as `status: "failed"`.
 * - `answer`: that status, body and headers, whatever they are: HTML, an empty body, a redirect.
 * - `flood`: a success told in that many bytes, nearly all of them white space.
 * - `trickle`: takes it, then answers one byte at a time.
 * - `hang`: reads it and never answers.
 * - `wait`: answers as usual once the promise is settled.
 * - `drop`: closes the connection before or after it has read the body.
 * - `raw`: takes it, then writes `text` to the connection as it stands, and `again` every 20 ms.
 * - `cut`: sends the status and half of the JSON, then closes the connection.
 */
export type Behaviour =
  | {
      do: "refuse";
      status: number;
      code?: number | string;
      message?: string;
      headers?: http.OutgoingHttpHeaders;
    }
  | { do: "accept"; fields: Record<string, unknown> }
  | { do: "answer"; status: number; body: string; headers?: http.OutgoingHttpHeaders }
  | { do: "flood"; bytes: number; status?: number }
  | { do: "trickle"; everyMs: number; status?: number }
  | { do: "hang" }
  | { do: "wait"; until: Promise<unknown> }
  | { do: "drop"; when: "before" | "after" }
  | { do: "raw"; text: string; again?: string }
  | { do: "cut"; status: number };

/** A text that the fake took. */
export interface AcceptedMessage {
  sid: string;
  to: string;
  /** Undefined where a messaging service picks the number. */
  from: string | undefined;
  body: string;
  /** All form fields, as they came. */
  fields: Record<string, string>;
}

/** A call that the fake took. */
export interface AcceptedCall {
  to: string;
  from: string;
  /** What it says, as it came: `answerCall` picks up. */
  document: string;
  /** All form fields, as they came. */
  fields: Record<string, string>;
}

/** A request that the fake read to its end, whatever came of it. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** The running fake: `signalwire({ apiBaseUrl: url, project, token, number })` texts into it. */
export interface SignalWireApi {
  /** Base URL, for `apiBaseUrl`. */
  readonly url: string;
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
  /** The texts taken so far, oldest first; grows as they come. */
  readonly messages: readonly AcceptedMessage[];
  /** The calls taken so far, oldest first; grows as they come. */
  readonly calls: readonly AcceptedCall[];
  /** The requests read so far, refused ones too. */
  readonly requests: readonly ReceivedRequest[];
  /** Connections opened so far. */
  readonly connections: number;
  /** Queues behaviours: the first for the next request, and so on. Without one, it takes texts and calls. */
  next(...behaviours: Behaviour[]): void;
  /**
   * Tells the text's StatusCallback of a status, signed, and gives the status of the answer. `more` are
   * further parameters, such as `ErrorCode`; `ca` is the certificate that an https callback shows.
   */
  report(
    message: AcceptedMessage,
    status: string,
    more?: Record<string, string> & { ca?: string },
  ): Promise<number>;
  /** Resolves once that many requests have been read in all. */
  arrived(count: number): Promise<void>;
  /** The certificate that it shows, as PEM; empty without TLS. */
  readonly certificate: string;
  /** Ends the open connections from this side, as a server does with idle ones. */
  hangUp(): Promise<void>;
  /** Ends open exchanges and the server. */
  close(): Promise<void>;
}

/**
 * Starts the fake. `tls` serves https with a certificate that nobody trusts who is not told to; `account` takes
 * the place of one of SignalWire's, such as one of Twilio's, whose API it is.
 */
export async function startSignalWireApi({
  tls = false,
  account: given = {},
}: { tls?: boolean; account?: Partial<Account> } = {}): Promise<SignalWireApi> {
  const project = given.project ?? randomUUID();
  const account = {
    project,
    user: project,
    token: `PT${createHash("sha1").update(randomUUID()).digest("hex")}`,
    number: "+12025550100",
    messagingServiceSid: randomUUID(),
    signingKey: `PSK_${randomBytes(20).toString("hex")}`,
    ...given,
  };
  const messages: AcceptedMessage[] = [];
  const calls: AcceptedCall[] = [];
  const requests: ReceivedRequest[] = [];
  const behaviours: Behaviour[] = [];
  const sockets = new Set<Socket>();
  const waiting: { count: number; resolve: () => void }[] = [];
  let connections = 0;

  const handle = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const behaviour = behaviours.shift() ?? { do: "accept", fields: {} };
    if (behaviour.do === "drop" && behaviour.when === "before") {
      request.socket.destroy();
      return;
    }
    const body = await read(request);
    const { method = "", url: path = "", headers } = request;
    requests.push({ method, path, headers, body });
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
    const take = (laidOver: Record<string, unknown> = {}): Reply => {
      const reply = judge({ method, path, headers, body }, account);
      if ("json" in reply) return reply;
      if ("call" in reply) calls.push(reply.call);
      else messages.push(reply.message);
      const json =
        "call" in reply
          ? callJson(reply.call, account.project)
          : messageJson(reply.message, account.project);
      return { status: 201, json: { ...json, ...laidOver } };
    };
    await behave(behaviour, response, take);
  };

  const listener: http.RequestListener = (request, response) => {
    // A caller that hangs up ends its exchange and nothing else.
    handle(request, response).catch(() => response.destroy());
  };
  const shown = tls ? selfSigned() : { cert: "" };
  const server = tls ? https.createServer(shown, listener) : http.createServer(listener);
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const port = await listen(server);

  return {
    ...account,
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    messages,
    calls,
    requests,
    get connections() {
      return connections;
    },
    next(...more) {
      behaviours.push(...more);
    },
    report(message, status, { ca, ...more } = {}) {
      const parameters = Object.entries({
        ...callbackOf(message, account.project),
        MessageStatus: status,
        SmsStatus: status,
        ...more,
      });
      const url = message.fields["StatusCallback"] ?? "";
      return postCallback(url, parameters, { key: account.signingKey, ...(ca && { ca }) });
    },
    arrived(count) {
      if (requests.length >= count) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ count, resolve }));
    },
    certificate: shown.cert,
    async hangUp() {
      const closed = [...sockets].map((socket) => once(socket, "close"));
      for (const socket of sockets) socket.end();
      await Promise.all(closed);
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

type Account = Pick<SignalWireApi, "project" | "user" | "token" | "number" | "messagingServiceSid">;
type Reply = { status: number; json: object };

async function read(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

async function behave(
  behaviour: Behaviour,
  response: http.ServerResponse,
  take: (laidOver?: Record<string, unknown>) => Reply,
): Promise<void> {
  switch (behaviour.do) {
    case "hang":
      return;
    case "drop":
      response.destroy();
      return;
    case "refuse": {
      const { status, code, message = "Refused.", headers } = behaviour;
      answer(response, { status, json: errorJson(status, code, message) }, headers);
      return;
    }
    case "answer":
      response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
      return;
    case "flood":
      response.writeHead(behaviour.status ?? 201).end('{"sid":"1"}'.padEnd(behaviour.bytes));
      return;
    case "cut": {
      const text = JSON.stringify(take().json);
      response.writeHead(behaviour.status, { "Content-Length": Buffer.byteLength(text) });
      response.write(text.slice(0, text.length / 2), () => response.destroy());
      return;
    }
    case "trickle":
      trickle(response, take(), behaviour);
      return;
    case "raw":
      take();
      writeRaw(response, behaviour);
      return;
    case "wait":
      await behaviour.until;
      answer(response, take());
      return;
    case "accept":
      answer(response, take(behaviour.fields));
  }
}

function answer(
  response: http.ServerResponse,
  { status, json }: Reply,
  headers: http.OutgoingHttpHeaders = {},
): void {
  response
    .writeHead(status, { "Content-Type": "application/json; charset=utf-8", ...headers })
    .end(JSON.stringify(json));
}

function trickle(
  response: http.ServerResponse,
  reply: Reply,
  { status = reply.status, everyMs }: { status?: number; everyMs: number },
): void {
  const text = JSON.stringify(reply.json);
  let at = 0;
  response.writeHead(status);
  const timer = setInterval(() => {
    response.write(text.charAt(at));
    at += 1;
    if (at === text.length) response.end();
  }, everyMs);
  response.on("close", () => {
    clearInterval(timer);
  });
}

function writeRaw(
  { socket }: http.ServerResponse,
  { text, again }: { text: string; again?: string },
): void {
  socket?.write(text);
  if (again === undefined) return;
  const timer = setInterval(() => socket?.write(again), 20);
  socket?.on("close", () => {
    clearInterval(timer);
  });
}

/** Checks a request as the API does, in its order: who, where, what. */
function judge(
  { method, path, headers, body }: ReceivedRequest,
  account: Account,
): Reply | { message: AcceptedMessage } | { call: AcceptedCall } {
  const credentials = Buffer.from(`${account.user}:${account.token}`).toString("base64");
  if (headers.authorization !== `Basic ${credentials}`) return error(401, 20003, "Authenticate");
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

function callJson(call: AcceptedCall, project: string): Record<string, unknown> {
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

function messageOf(fields: Record<string, string>): AcceptedMessage {
  const { To = "", From, Body = "" } = fields;
  return { sid: randomUUID(), to: To, from: From, body: Body, fields };
}

/** What a callback tells of a text beside its status: the text too. */
function callbackOf(message: AcceptedMessage, project: string): Record<string, string> {
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

function messageJson(message: AcceptedMessage, project: string): Record<string, unknown> {
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

function error(status: number, code: number, message: string): Reply {
  return { status, json: errorJson(status, code, message) };
}

function errorJson(status: number, code: number | string | undefined, message: string): object {
  const moreInfo = `https://developer.signalwire.com/compatibility-api/errors#${code ?? ""}`;
  return { ...(code !== undefined && { code }), message, more_info: moreInfo, status };
}
