/** What the fake does with one request: takes it, or fails as told. */

import type http from "node:http";
import { errorJson, type Reply } from "./answers";

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

/** Does it; `take` checks and takes the request. */
export async function behave(
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

/** Answers with JSON. */
export function answer(
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
