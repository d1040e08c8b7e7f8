/** What a gateway's answers mean here: taken, or which failure, in this package's own words. */

import { UNDELIVERED } from "../../delivery/callback";
import { GATEWAY_FAULTS } from "../../delivery/gateway-errors";
import { TwoFactorError } from "../../outcome/errors";
import type { GatewayExchange } from "./http";

type Failure = readonly ["cannot_text_number" | "delivery_failed" | "unavailable", string];

const THROTTLED: Failure = ["unavailable", "throttled"];

const FAILURES = new Map<number, Failure>([
  ...[...GATEWAY_FAULTS].map(([number, { code, reason }]): [number, Failure] => [
    number,
    [code, reason],
  ]),
  [20429, THROTTLED],
  [10004, THROTTLED],
  [21611, THROTTLED],
]);

const THROTTLE_SECONDS = 5;
const LONGEST_RETRY = 3600;

/**
 * The failure that an exchange ended in, or undefined where the gateway took the text or call; no exchange is
 * a client that failed before it sent anything. The error is made of fixed words alone: the gateway's
 * own can hold the number, the text or the account.
 */
export function gatewayFailure(exchange: GatewayExchange | undefined): TwoFactorError | undefined {
  if (exchange === undefined) return failed("client_error", false);
  const { status, fault, sent } = exchange;
  if (status === undefined) {
    if (fault === "timeout") return failed("timeout", sent);
    return sent ? failed("connection_lost", true) : failed("unreachable", false);
  }
  const answer = parse(exchange.body);
  return status >= 200 && status < 300
    ? failureInside(exchange, answer)
    : failureFor(exchange, status, answer?.["code"]);
}

/** A 2xx is a success only if it says so: a captive portal's page has that status too. */
function failureInside(
  exchange: GatewayExchange,
  answer: Answer | undefined,
): TwoFactorError | undefined {
  const { fault } = exchange;
  if (fault === "timeout" || fault === "connection_lost") return failed(fault, true);
  if (answer === undefined) return failed("bad_answer", true);
  const { sid, status, error_code: code } = answer;
  // Null is no error, and so are zero and the empty string of a gateway of one's own.
  const hasCode = code !== undefined && Number(code) !== 0;
  if (UNDELIVERED.has(status) || hasCode) return failureFor(exchange, 400, code);
  return typeof sid === "string" && sid !== "" ? undefined : failed("bad_answer", true);
}

function failureFor(exchange: GatewayExchange, status: number, code: unknown): TwoFactorError {
  const [refusal, reason] = FAILURES.get(Number(code)) ?? failureOfStatus(status);
  return new TwoFactorError(refusal, sentence(reason), {
    reason,
    mayStillArrive: status >= 500,
    ...(refusal === "unavailable" && { retryAfter: readRetryAfter(exchange.retryAfter) }),
  });
}

function failureOfStatus(status: number): Failure {
  if (status >= 500) return ["delivery_failed", "gateway_error"];
  if (status === 429) return THROTTLED;
  if (status === 401 || status === 403) return ["delivery_failed", "credentials"];
  if (status === 404) return ["delivery_failed", "not_found"];
  return ["delivery_failed", status >= 400 ? "refused" : "redirected"];
}

function readRetryAfter(header: string | undefined): number {
  const seconds = /^\d{1,5}$/.test(header ?? "") ? Number(header) : 0;
  return seconds >= 1 && seconds <= LONGEST_RETRY ? seconds : THROTTLE_SECONDS;
}

type Answer = Record<string, unknown>;

function parse(body: string | undefined): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(body ?? "");
    return typeof answer === "object" && answer !== null ? (answer as Answer) : undefined;
  } catch {
    return undefined;
  }
}

function failed(reason: string, mayStillArrive: boolean): TwoFactorError {
  return new TwoFactorError("delivery_failed", sentence(reason), { reason, mayStillArrive });
}

function sentence(reason: string): string {
  return `The gateway did not confirm the text or call: ${reason}.`;
}
