/** A stand-in for SignalWire's HTTP API on a loopback port, as strict as the real one, and as faulty as told. */

import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { AcceptedCall, AcceptedMessage } from "./accepted";
import { callbackOf, callJson, error, messageJson, type Reply } from "./answers";
import { behave, answer, type Behaviour } from "./behaviour";
import { postCallback } from "./callback";
import { judge, type Account, type ReceivedRequest } from "./requests";

/** The running fake: `signalwire({ apiBaseUrl: url, project, token, number })` texts into it. */
export interface FakeApi extends Account {
  /** Base URL, for `apiBaseUrl`. */
  readonly url: string;
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
  /** Ends the open connections from this side, as a server does with idle ones. */
  hangUp(): Promise<void>;
  /** Ends open exchanges and the server. */
  close(): Promise<void>;
}

/** How the fake is started. */
export interface FakeOptions {
  account: Account;
  /** @default a free one */
  port?: number;
  /** Serves https in place of http. */
  tls?: { key: string; cert: string };
  /** How many texts, calls and requests are kept. @default all */
  keep?: number;
  /** Answers what is not for the API, and says whether it did. */
  elsewhere?: (request: http.IncomingMessage, response: http.ServerResponse) => boolean;
  /** What is done with a text or call to a number where nothing is queued. */
  behaviourFor?: (to: string) => Behaviour | undefined;
  /** Hears of each text that was taken. */
  onMessage?: (message: AcceptedMessage) => void;
  /** Hears of each call that was taken. */
  onCall?: (call: AcceptedCall) => void;
}

const LONGEST_BODY = 64 * 1024;
const TAKEN: Behaviour = { do: "accept", fields: {} };

/** Starts it. Rejects with the system's error where the port is taken. */
export async function startFakeApi(options: FakeOptions): Promise<FakeApi> {
  const { account, tls, port: asked = 0 } = options;
  const api = new Exchanges(options);
  const listener: http.RequestListener = (request, response) => {
    if (options.elsewhere?.(request, response) === true) return;
    // A caller that hangs up ends its exchange and nothing else.
    api.handle(request, response).catch(() => response.destroy());
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  // A client may send on a connection in the moment in which its server finds it idle for too long.
  server.keepAliveTimeout = 0;
  server.listen(asked, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    ...account,
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    messages: api.messages,
    calls: api.calls,
    requests: api.requests,
    get connections() {
      return connections;
    },
    next: (...more) => void api.behaviours.push(...more),
    report: (message, status, more) => report(account, message, status, more),
    arrived: (count) => api.arrived(count),
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

/** What came in, and what is to come of the next. */
class Exchanges {
  readonly messages: AcceptedMessage[] = [];
  readonly calls: AcceptedCall[] = [];
  readonly requests: ReceivedRequest[] = [];
  readonly behaviours: Behaviour[] = [];
  readonly #options: FakeOptions;
  #waiting: { count: number; resolve: () => void }[] = [];

  constructor(options: FakeOptions) {
    this.#options = options;
  }

  arrived(count: number): Promise<void> {
    if (this.requests.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const queued = this.behaviours.shift();
    if (queued?.do === "drop" && queued.when === "before") {
      request.socket.destroy();
      return;
    }
    const body = await read(request);
    if (body === undefined) {
      answer(response, error(413, 10000, "Request too large"), { Connection: "close" });
      return;
    }
    const { method = "", url: path = "", headers } = request;
    const received = { method, path, headers, body };
    this.#keep(this.requests, received);
    for (const { count, resolve } of this.#waiting) if (this.requests.length >= count) resolve();
    const to = new URLSearchParams(body).get("To") ?? "";
    const behaviour = queued ?? this.#options.behaviourFor?.(to) ?? TAKEN;
    await behave(behaviour, response, (laidOver) => this.#take(received, laidOver));
  }

  #take(received: ReceivedRequest, laidOver: Record<string, unknown> = {}): Reply {
    const { account, onMessage, onCall } = this.#options;
    const reply = judge(received, account);
    if ("json" in reply) return reply;
    if ("call" in reply) {
      this.#keep(this.calls, reply.call);
      onCall?.(reply.call);
      return { status: 201, json: { ...callJson(reply.call, account.project), ...laidOver } };
    }
    this.#keep(this.messages, reply.message);
    onMessage?.(reply.message);
    return { status: 201, json: { ...messageJson(reply.message, account.project), ...laidOver } };
  }

  #keep<T>(list: T[], one: T): void {
    list.push(one);
    if (list.length > (this.#options.keep ?? Infinity)) list.shift();
  }
}

async function report(
  account: Account,
  message: AcceptedMessage,
  status: string,
  { ca, ...more }: Record<string, string> & { ca?: string } = {},
): Promise<number> {
  const parameters = Object.entries({
    ...callbackOf(message, account.project),
    MessageStatus: status,
    SmsStatus: status,
    ...more,
  });
  const url = message.fields["StatusCallback"] ?? "";
  return postCallback(url, parameters, { key: account.signingKey, ...(ca && { ca }) });
}

/** The body, or nothing where it is too long. */
async function read(request: http.IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Left open: the refusal is to arrive.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    const chunk = part as Buffer;
    length += chunk.length;
    if (length > LONGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
