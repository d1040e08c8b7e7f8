/** Reads what a gateway's callback tells of a text or a call. */

import { GATEWAY_FAULTS } from "./gateway-errors";
import type { Parameters } from "./callback-signature";

/** What became of a text or a call. `reason`: a word for events, where it has not arrived. */
export interface DeliveryReport {
  state: "delivered" | "undelivered";
  reason: string | undefined;
  /** The number, as the gateway writes it. */
  to: string | undefined;
}

// Of messages, then of calls. All else is on its way: queued, sending, sent, ringing.
const DELIVERED = new Set(["delivered", "read", "completed"]);
/** States in which a text or a call has failed. */
export const UNDELIVERED: ReadonlySet<unknown> = new Set([
  "undelivered",
  "failed",
  "canceled",
  "busy",
  "no-answer",
]);

// Where a message is told of by two names, they say the same.
const STATE_NAMES = ["MessageStatus", "SmsStatus", "CallStatus"];

/** What it tells; nothing where the text is still on its way, or the form is none of a gateway's. */
export function readCallback(parameters: Parameters): DeliveryReport | undefined {
  const told = new Set(STATE_NAMES.flatMap((name) => valuesOf(parameters, name)));
  const [status = ""] = told;
  if (told.size !== 1) return undefined;
  const [to] = valuesOf(parameters, "To");
  if (DELIVERED.has(status)) return { state: "delivered", reason: undefined, to };
  if (!UNDELIVERED.has(status)) return undefined;
  const [code] = valuesOf(parameters, "ErrorCode");
  return { state: "undelivered", reason: reasonOf(code, status), to };
}

function valuesOf(parameters: Parameters, wanted: string): string[] {
  return parameters.filter(([name]) => name === wanted).map(([, value]) => value);
}

function reasonOf(code: string | undefined, status: string): string {
  if (code === undefined || !/^\d{1,5}$/.test(code) || Number(code) === 0) return status;
  return GATEWAY_FAULTS.get(Number(code))?.reason ?? `gateway:${code}`;
}
