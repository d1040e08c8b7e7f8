/** One POST to a gateway over a connection kept alive, under a hard deadline and a size limit. */

import http from "node:http";
import https from "node:https";

/** What came of a POST. It never holds the request, nor an error object that could. */
export interface GatewayExchange {
  /** Whether the request left: if not, the gateway knows nothing of it. */
  sent: boolean;
  /** HTTP status, once one arrived. */
  status?: number;
  retryAfter?: string;
  /** The whole body; absent where it was cut off or too long. */
  body?: string;
  /** What ended the exchange before the answer was complete. */
  fault?: "timeout" | "connection_lost" | "too_long";
}

/** A form as it goes out. */
export interface Post {
  url: URL;
  user: string;
  password: string;
  fields: Record<string, string | number>;
  /** Beside those that are needed. */
  headers?: Record<string, string>;
  /** Ends the exchange like the deadline does. */
  signal: AbortSignal;
  /** Milliseconds for the whole exchange: a trickling body does not stretch them. */
  timeoutMs: number;
}

const LONGEST_BODY = 64 * 1024;
const IDLE_MS = 15_000; // Well under the 60 s after which load balancers usually hang up.

/**
 * Makes a function that posts to the origin of `base`. Redirects are not followed, nothing is sent
 * twice, and no variable of the environment turns off the check of certificates or adds a proxy.
 */
export function poster(base: URL): (post: Post) => Promise<GatewayExchange> {
  // No `maxSockets`: a request that waited in the agent's queue would not know that its connection is
  // an open one, and so not that it has left. Whoever posts bounds how many do at once.
  const keepAlive = { keepAlive: true, timeout: IDLE_MS };
  if (base.protocol === "http:") {
    const agent = new http.Agent(keepAlive);
    return (post) => exchange(post, "connect", (url, options) => http.request(url, options), agent);
  }
  // Said outright, for NODE_TLS_REJECT_UNAUTHORIZED=0 counts where it is not.
  const agent = new https.Agent({ ...keepAlive, rejectUnauthorized: true });
  return (post) =>
    exchange(post, "secureConnect", (url, options) => https.request(url, options), agent);
}

type Opened = "connect" | "secureConnect";
type Open = (url: URL, options: http.RequestOptions) => http.ClientRequest;

/** One POST. Long, for its events share what is known of how far it has come. */
function exchange(
  post: Post,
  opened: Opened,
  open: Open,
  agent: http.Agent,
): Promise<GatewayExchange> {
  return new Promise((resolve) => {
    const result: GatewayExchange = { sent: false };
    if (post.signal.aborted) {
      resolve({ ...result, fault: "timeout" });
      return;
    }
    const request = open(post.url, { method: "POST", agent, headers: headersOf(post) });

    let isOver = false;
    const finish = (end: Pick<GatewayExchange, "body" | "fault">): void => {
      // A request closes after its answer too, when its connection may serve the next one.
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      post.signal.removeEventListener("abort", expire);
      if (end.fault !== undefined) request.destroy();
      resolve({ ...result, ...end });
    };
    const expire = (): void => {
      finish({ fault: "timeout" });
    };
    // Stays attached to the end: an error that nobody listens to would end the process.
    const lose = (): void => {
      finish({ fault: "connection_lost" });
    };
    const timer = setTimeout(expire, post.timeoutMs);
    post.signal.addEventListener("abort", expire);

    request.on("socket", (socket) => {
      if (request.reusedSocket) result.sent = true;
      else socket.once(opened, () => (result.sent = true));
    });
    request.on("response", (response) => {
      result.status = response.statusCode ?? 0;
      const retryAfter = response.headers["retry-after"];
      if (retryAfter !== undefined) result.retryAfter = retryAfter;
      readBody(response, finish);
      response.on("error", lose);
    });
    request.on("error", lose);
    request.on("close", lose);
    request.end(new URLSearchParams(Object.entries(post.fields).map(asText)).toString());
  });
}

function headersOf({ user, password, headers }: Post): Record<string, string> {
  return {
    Accept: "application/json",
    "Content-Type": "application/x-www-form-urlencoded",
    ...headers,
    // Unsaid, it would leave any to the gateway (RFC 9110, 12.5.3), and a code or sid unread.
    "Accept-Encoding": "identity",
    Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
  };
}

function asText([name, value]: [string, string | number]): [string, string] {
  return [name, String(value)];
}

function readBody(
  response: http.IncomingMessage,
  finish: (end: Pick<GatewayExchange, "body" | "fault">) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > LONGEST_BODY) finish({ fault: "too_long" });
    else chunks.push(chunk);
  });
  response.on("end", () => {
    finish({ body: Buffer.concat(chunks).toString("utf8") });
  });
}
