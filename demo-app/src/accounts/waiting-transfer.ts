/** A transfer that waits in a session until it is confirmed: for how long, and what is said of it. */

import type { Transfer } from "./accounts";

/** One that was asked for. */
export interface WaitingTransfer extends Transfer {
  /** Epoch milliseconds. */
  until: number;
}

/** Milliseconds: as long as a code lives. */
const PATIENCE_MS = 600_000;

/** Has a transfer wait from now on. */
export function waitingFrom(made: Transfer): WaitingTransfer {
  return { ...made, until: Date.now() + PATIENCE_MS };
}

/** What is confirmed, in the words of text, call and pages; nothing where nothing waits, or waits no more. */
export function sentenceOf(waiting: WaitingTransfer | undefined): string | undefined {
  if (waiting === undefined || waiting.until <= Date.now()) return undefined;
  return `send $${waiting.amount} to ${waiting.to}`;
}
