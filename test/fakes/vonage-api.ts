/** A stand-in for Vonage's Messages API on a loopback port: it checks a text as the real one does, or fails as told. */

import { once } from "node:events";
import http from "node:http";
import { listen } from "./listening";

const KEY = "abcd1234";
const SECRET = "A secret of Vonage's 1";
const NUMBER = "12025550100";

/** A text as Vonage takes it. */
export interface VonageMessage {
  channel: string;
  message_type: string;
  to: string;
  from: string;
  text: string;
  ttl: number;
}

/** What it does with the next text: a status with an error's number, another's address, or nothing at all. */
export type VonageBehaviour = { status: number; code?: string; location?: string } | "hang";

/** The running stand-in. */
export interface VonageApi {
  /** What an app that texts through it has in its environment. */
  readonly environment: Record<string, string>;
  readonly messages: readonly VonageMessage[];
  /** Requests that it has read, refused ones too. */
  readonly requests: number;
  next(behaviour: VonageBehaviour): void;
  close(): Promise<void>;
}

/** Starts it. */
export async function startVonageApi(): Promise<VonageApi> {
  const messages: VonageMessage[] = [];
  const behaviours: VonageBehaviour[] = [];
  let requests = 0;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      requests += 1;
      const behaviour = behaviours.shift();
      if (behaviour === "hang") return;
      const body = Buffer.concat(chunks).toString("utf8");
      const { status, code, location } = behaviour ?? judge(request, body, messages);
      response
        .writeHead(status, { ...(location !== undefined && { location }) })
        .end(status === 202 ? '{"message_uuid":"1"}' : JSON.stringify(problem(code)));
    });
  });
  const port = await listen(server);
  return {
    environment: {
      VONAGE_URL: `http://127.0.0.1:${port}/v1/messages`,
      VONAGE_API_KEY: KEY,
      VONAGE_API_SECRET: SECRET,
      VONAGE_NUMBER: NUMBER,
    },
    messages,
    get requests() {
      return requests;
    },
    next: (behaviour) => behaviours.push(behaviour),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function problem(code = "1020"): object {
  const type = `https://developer.vonage.com/api-errors/messages#${code}`;
  return { type, title: code, detail: "Refused.", instance: "1" };
}

/** Checks a text as Vonage does, and takes it. */
function judge(
  { method, url, headers }: http.IncomingMessage,
  body: string,
  messages: VonageMessage[],
): { status: number; code?: string; location?: string } {
  const credentials = Buffer.from(`${KEY}:${SECRET}`).toString("base64");
  if (headers.authorization !== `Basic ${credentials}`) return { status: 401 };
  if (method !== "POST" || url !== "/v1/messages") return { status: 404 };
  if (headers["content-type"] !== "application/json") return { status: 415 };
  const message = JSON.parse(body) as VonageMessage;
  if (!/^[1-9]\d{6,14}$/.test(message.to)) return { status: 422, code: "1170" };
  const isWhole =
    message.channel === "sms" &&
    message.message_type === "text" &&
    message.from === NUMBER &&
    message.text !== "" &&
    Number.isInteger(message.ttl);
  if (!isWhole) return { status: 422, code: "1020" };
  messages.push(message);
  return { status: 202 };
}
