/** Writes answers: JSON for what went well, problems for refusals, and none that a cache keeps. */

import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import type { EmitEvent } from "../outcome/events";
import { refusal, type Refusal } from "../outcome/refusal";
import { tellRefused } from "../request/fail-closed";
import { problemOf } from "./problem";

const UNAVAILABLE_RETRY = 5;

/** Answers with a refusal, `more` beside its members. */
export function answerRefusal(res: ServerResponse, reason: Refusal, more: object = {}): void {
  tellRetry(res, reason);
  const problem = problemOf(reason);
  write(res, problem.status, "application/problem+json", { ...problem, ...more });
}

/** Tells when another try can succeed, where a refusal knows. */
export function tellRetry(res: ServerResponse, reason: Refusal): void {
  const seconds = secondsToWait(reason);
  if (seconds > 0) tell(res, "Retry-After", String(seconds));
}

/** One that a store's fault has made has a time of ours; 0 where nobody knows any. */
function secondsToWait({ code, retryAfter }: Refusal): number {
  return retryAfter ?? (code === "unavailable" ? UNAVAILABLE_RETRY : 0);
}

/** Sets a header of the answer, where it is still to be given. */
export function tell(res: ServerResponse, name: string, value: string): void {
  if (!isAnswered(res)) res.setHeader(name, value);
}

/** Whether somebody else has answered, such as a time limit of the app's, or the client has gone. */
export function isAnswered(res: ServerResponse): boolean {
  return res.headersSent || res.destroyed;
}

/**
 * Whether there is something to answer with: a WebSocket's upgrade is guarded with `{}` in the place of a
 * response, or with one that no connection belongs to.
 */
export function isAnswerable(req: IncomingMessage, res: ServerResponse): boolean {
  const given = res as Partial<ServerResponse> | undefined;
  if (typeof given?.setHeader !== "function" || typeof given.end !== "function") return false;
  return given.socket !== null || req.headers.upgrade === undefined || res.headersSent;
}

/** Refuses on the connection itself, and ends it. */
export function refuseConnection({ socket }: IncomingMessage, reason: Refusal): void {
  if (!socket.writable) return;
  const problem = problemOf(reason);
  const body = JSON.stringify(problem);
  const seconds = secondsToWait(reason);
  const lines = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ""}`,
    "Content-Type: application/problem+json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: no-store",
    ...(seconds > 0 ? [`Retry-After: ${seconds}`] : []),
    "Connection: close",
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** A request, its answer, and who hears of it. */
export interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  emit: EmitEvent;
}

/** Refuses a method, and tells which are served. */
export function refuseMethod({ req, res, emit }: Exchange, allow: string): void {
  tell(res, "Allow", allow);
  answerRefusal(res, tellRefused(emit, req, refusal("method_not_allowed")));
}

/** Answers 200 with `body`. */
export function answerJson(res: ServerResponse, body: object): void {
  write(res, 200, "application/json", body);
}

/** Answers 204. */
export function answerNothing(res: ServerResponse): void {
  if (isAnswered(res)) return;
  res.statusCode = 204;
  res.setHeader("Cache-Control", "no-store");
  res.end();
}

function write(res: ServerResponse, status: number, type: string, body: object): void {
  if (isAnswered(res)) return;
  const text = JSON.stringify(body);
  res.statusCode = status;
  res.setHeader("Content-Type", `${type}; charset=utf-8`);
  res.setHeader("Content-Length", Buffer.byteLength(text));
  res.setHeader("Cache-Control", "no-store");
  res.end(text);
}
