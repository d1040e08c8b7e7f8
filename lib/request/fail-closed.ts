/** Closes a call: every doubt ends in a refusal with an answer, and in an event that tells of it. */

import type { IncomingMessage } from "node:http";
import { addressOf } from "./client-address";
import { TwoFactorError } from "../outcome/errors";
import type { EmitEvent } from "../outcome/events";
import { networkOf } from "./network";
import { refusalOf, type Refusal } from "../outcome/refusal";

/** What the work of a call gives; a refusal, whatever was thrown. */
export async function failClosed<T>(
  emit: EmitEvent,
  req: IncomingMessage,
  work: () => Promise<T | Refusal>,
): Promise<T | Refusal> {
  try {
    return await work();
  } catch (error) {
    return tellRefused(emit, req, refusalOf(error), error);
  }
}

/** Tells of a refusal, and hands it on. */
export function tellRefused(
  emit: EmitEvent,
  req: IncomingMessage,
  reason: Refusal,
  error?: unknown,
): Refusal {
  emit({ type: "refused", code: reason.code, ...circumstances(req, error) });
  return reason;
}

/** Tells of a form that was drawn for another session, or by nobody. */
export function tellForeignForm(emit: EmitEvent, req: IncomingMessage): void {
  emit({ type: "refused", code: "cross_site", reason: "stale_form", ...circumstances(req) });
}

/** What an event tells of a request, and of the fault that it met. */
export function circumstances(
  req: IncomingMessage,
  error?: unknown,
): { ip: string; reason?: string } {
  const ip = networkOf(addressOf(req));
  if (error === undefined) return { ip };
  if (error instanceof TwoFactorError) return { ip, reason: error.reason ?? error.code };
  return { ip, reason: `unexpected:${error instanceof Error ? error.name : typeof error}` };
}
