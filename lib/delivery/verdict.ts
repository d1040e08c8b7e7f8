/** Decides what became of a text from what its sender did: taken, surely not sent, or perhaps on its way. */

import { isRefusalCode, TwoFactorError } from "../outcome/errors";
import { harmlessCopy, isWord } from "../std/harmless";
import { faultOfGateway } from "./gateway-errors";

/** How a delivery ended. `mayStillArrive`: the gateway may have taken the text all the same. */
export type Delivery =
  | { ok: true }
  | {
      ok: false;
      code: "cannot_text_number" | "delivery_failed" | "unavailable";
      reason: string;
      mayStillArrive: boolean;
      retryAfter?: number;
      /** What an own sender threw, as its developer may see it. */
      cause?: Error;
    };

export type Failure = Extract<Delivery, { ok: false }>;

/**
 * Whether another gateway may be asked in its place: nothing was sent, so nobody gets two texts, and it is
 * not the number that was refused. Whoever wrote STOP to one gateway's number is not to be texted from
 * another's, and a landline is one everywhere.
 */
export function isForAnother({ code, mayStillArrive }: Failure): boolean {
  return !mayStillArrive && code !== "cannot_text_number";
}

// Words of our own gateways for a connection that never stood.
const UNANSWERED = new Set(["unreachable", "timeout"]);

/**
 * Whether a failure speaks against the gateway itself: it gave no answer, or told of a fault of its own. What it
 * refuses by an answer does not: a country that it is not enabled for would put it out for everybody, and
 * a burst that it throttles would too.
 */
export function isGatewaysFault(delivery: Delivery): boolean {
  return !delivery.ok && (delivery.mayStillArrive || UNANSWERED.has(delivery.reason));
}

/** What a sender's answer means: it may resolve with a gateway's refusal, as `fetch` does. */
export function verdictOnAnswer(answer: unknown): Delivery {
  if (answer === false) return failed("returned_false", true);
  // As of a sender that only makes one.
  if (typeof answer === "function") return failed("returned_function", false);
  if (typeof answer !== "object" || answer === null) return { ok: true };
  try {
    if (answer instanceof Error || answer instanceof TwoFactorError) return verdictOnError(answer);
    const { ok } = answer as { ok?: unknown };
    const status = statusIn(answer);
    if (ok === true || (ok !== false && (status ?? 0) < 400)) return { ok: true };
    return status === undefined ? failed("returned_false", true) : refusedWith(status);
  } catch {
    return { ok: true };
  }
}

/** What a sender's error means. It goes no further: a client's can hold the code, the number and a token. */
export function verdictOnError(error: unknown): Failure {
  try {
    if (error instanceof TwoFactorError) return asTold(error);
    const fault = faultOfGateway(error);
    if (fault !== undefined) return { ok: false, ...fault, mayStillArrive: false };
    const status = statusIn(error);
    const isUnsent = saysUnsent(error) === true;
    if (status !== undefined) return { ...refusedWith(status), mayStillArrive: !isUnsent };
    if (isUnsent && !isTold(error)) return failed("unreachable", false);
    return { ...failed("sender_threw", !isUnsent), cause: harmlessCopy(error) };
  } catch {
    // A client's error may be a proxy whose every member throws: it says nothing then.
    return failed("sender_threw", true);
  }
}

function failed(reason: string, mayStillArrive: boolean): Failure {
  return { ok: false, code: "delivery_failed", reason, mayStillArrive };
}

function refusedWith(status: number): Failure {
  return failed(`http:${status}`, !isRefused(status));
}

/** Whether a gateway that answers so has not taken the text: of a 5xx nobody knows. */
function isRefused(status: number): boolean {
  return status >= 400 && status < 500;
}

// Errors before a connection stood: there was nobody to send anything to.
const UNCONNECTED = new Set<unknown>(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);
const DEEPEST = 5;

/** Whether an error says that nothing was sent, that something may have been, or neither. */
function saysUnsent(error: unknown, depth = 0): boolean | undefined {
  if (typeof error !== "object" || error === null || depth > DEEPEST) return undefined;
  const { mayStillArrive, errors, code, cause } = error as Record<string, unknown>;
  if (typeof mayStillArrive === "boolean") return !mayStillArrive;
  const status = statusIn(error);
  if (status !== undefined) return isRefused(status);
  // Of a host with several addresses: each of them was tried.
  if (Array.isArray(errors) && errors.length > 0) {
    return errors.every((each) => saysUnsent(each, depth + 1) === true);
  }
  // `fetch` throws a TypeError, and says in its cause what it was.
  return UNCONNECTED.has(code) ? true : saysUnsent(cause, depth + 1);
}

function isTold(error: unknown): boolean {
  return typeof (error as { mayStillArrive?: unknown } | null)?.mayStillArrive === "boolean";
}

// Where clients keep it: node-fetch and Twilio's, axios and ky, boom, and AWS's.
const HOLDERS = [undefined, "response", "output", "$metadata"];
const NAMES = ["status", "statusCode", "httpStatusCode"];

/** The HTTP status that an error or an answer tells. */
function statusIn(told: unknown): number | undefined {
  for (const holder of HOLDERS) {
    const record = holder === undefined ? told : member(told, holder);
    for (const name of NAMES) {
      const status = member(record, name);
      const number = typeof status === "string" ? Number(status) : status;
      if (typeof number === "number" && Number.isInteger(number) && isStatus(number)) return number;
    }
  }
  return undefined;
}

function isStatus(number: number): boolean {
  return number >= 100 && number <= 599;
}

/** A member, of a prototype too: a Response has its status there. */
function member(record: unknown, name: string): unknown {
  return typeof record === "object" && record !== null
    ? (record as Record<string, unknown>)[name]
    : undefined;
}

// One of another copy of this package may have a code that is not known here.
function asTold({ code, reason, mayStillArrive, retryAfter }: TwoFactorError): Failure {
  return {
    ok: false,
    code: code === "cannot_text_number" || code === "unavailable" ? code : "delivery_failed",
    reason: isWord(reason) ? reason : isRefusalCode(code) ? code : "delivery_failed",
    mayStillArrive,
    ...(retryAfter !== undefined && { retryAfter: wholeSeconds(retryAfter) }),
  };
}

// A sender may have it from a gateway's header.
function wholeSeconds(seconds: number): number {
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 1), 3600) : 1;
}
