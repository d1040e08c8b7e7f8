/** Closes a call: every doubt ends in a refusal with an answer, and in an event that tells of it. */

import type { IncomingMessage } from "node:http";
import type { EmitEvent } from "../outcome/events";
import { refusalOf, type Refusal } from "../outcome/refusal";
import { measured, outcomeOf, type Telemetry, type WorkName } from "../outcome/telemetry";
import { circumstances } from "./facts";

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

/** The same for an endpoint's work, measured under its name. */
export async function failClosedAs<T extends { ok: true; status: string } | Refusal>(
  name: WorkName,
  {
    settings: { telemetry },
    emit,
  }: { settings: { telemetry: Telemetry | undefined }; emit: EmitEvent },
  req: IncomingMessage,
  work: () => Promise<T | Refusal>,
): Promise<T | Refusal> {
  return measured(telemetry, name, () => failClosed(emit, req, work), outcomeOf);
}

/** Tells of a refusal, and hands it on. */
export function tellRefused(
  emit: EmitEvent,
  req: IncomingMessage,
  reason: Refusal,
  error?: unknown,
): Refusal {
  emit({ type: "refused", code: reason.code, ...circumstances(req, error) }, error);
  return reason;
}

/** Tells of a form that was drawn for another session, or by nobody. */
export function tellForeignForm(emit: EmitEvent, req: IncomingMessage): void {
  emit({ type: "refused", code: "cross_site", reason: "stale_form", ...circumstances(req) });
}
