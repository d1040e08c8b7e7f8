/** The sender that texts and calls through SignalWire, and the only file that touches its client. */

import { markFactory, type Message, type Sender } from "../../delivery/sender";
import { poster, type GatewayExchange, type Post } from "../rest-api/http";
import type { CallFields } from "../rest-api/call";
import { restSender, type GatewayRequest, type MessageFields } from "../rest-api/message";
import { readSignalWireOptions, type SignalWireOptions, type SignalWireSettings } from "./settings";

export type { GatewayOptions } from "../rest-api/options";
export type { SignalWireOptions };

/**
 * Makes a sender over `@signalwire/compatibility-api`, which is installed beside this package. Wrong
 * or missing options throw here, in a sentence. A text or call is handed over once and never again by itself,
 * and no error of the client gets out: its own hold the token, the number and the code.
 * @example
 * const sender = signalwire(); // SIGNALWIRE_SPACE, _PROJECT, _TOKEN and _NUMBER
 */
export function signalwire(options: SignalWireOptions = {}): Sender {
  const settings = readSignalWireOptions(options);
  const restClient = loadClient();
  const post = poster(settings.base);
  return restSender("signalwire", settings, (asked, message) =>
    send(asked, message, { settings, restClient, post }),
  );
}

markFactory(signalwire);

/** What is used of the client, whose own types resolve under `moduleResolution: "node"` alone. */
type RestClient = (
  project: string,
  token: string,
  options: {
    signalwireSpaceUrl: string;
    httpClient: { request: (request: ClientRequest) => Promise<ClientResponse> };
    lazyLoading: boolean;
    env: Record<string, string>;
  },
) => {
  messages: { create: (fields: MessageFields) => PromiseLike<unknown> };
  calls: { create: (fields: CallFields) => PromiseLike<unknown> };
};

interface ClientRequest {
  uri: string;
  username: string;
  password: string;
  headers: Record<string, string>;
  data: Record<string, string | number>;
}

interface ClientResponse {
  statusCode: number;
  body: object;
  headers: object;
}

const CLIENT = "@signalwire/compatibility-api";

/** Loads the client when a sender is made: apps with another gateway have it not installed. */
function loadClient(): RestClient {
  let client: unknown;
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an optional peer
    client = require("@signalwire/compatibility-api");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "MODULE_NOT_FOUND" || !message.includes(`'${CLIENT}'`)) throw error;
    throw new Error(`signalwire() needs SignalWire's client: \`npm install ${CLIENT}\`.`, {
      cause: error,
    });
  }
  const { RestClient } = client as { RestClient?: unknown };
  if (typeof RestClient === "function") return RestClient as RestClient;
  throw new Error(
    `signalwire() needs version 3 of SignalWire's client: \`npm install ${CLIENT}@3\`.`,
  );
}

/** What texts and calls are handed over by. */
interface Gateway {
  settings: SignalWireSettings;
  restClient: RestClient;
  post: (post: Post) => Promise<GatewayExchange>;
}

async function send(
  { resource, fields }: GatewayRequest,
  { signal }: Message,
  { settings, restClient, post }: Gateway,
): Promise<GatewayExchange | undefined> {
  let exchange: GatewayExchange | undefined;
  // A client for each text: it is cheap, and the request finds its own deadline without a detour.
  const request = async (made: ClientRequest): Promise<ClientResponse> => {
    exchange = await post({
      url: destination(settings.base, made.uri),
      user: made.username,
      password: made.password,
      fields: made.data,
      headers: made.headers,
      signal,
      timeoutMs: settings.timeoutMs,
    });
    // The answer is read outside: the client loses the status of one that is not JSON.
    return { statusCode: 201, body: {}, headers: {} };
  };
  try {
    const client = restClient(settings.project, settings.token, {
      signalwireSpaceUrl: settings.base.host,
      httpClient: { request },
      lazyLoading: true,
      env: {}, // Else TWILIO_* variables move the destination, the credentials and the log level.
    });
    await (resource === "Calls" ? client.calls.create(fields) : client.messages.create(fields));
  } catch {
    // What the exchange says counts.
  }
  return exchange;
}

/** Takes no more than the path from the client, which rewrites hosts of two labels and of six. */
function destination(base: URL, uri: string): URL {
  const url = new URL(base);
  url.pathname = base.pathname.replace(/\/$/, "") + new URL(uri).pathname;
  return url;
}
