/** What one process of the demo keeps, or shares with others: in its memory, or in a Redis. */

import type { MakeEngine } from "express-sms-2fa";
import type { Store } from "express-session";
import type { RateLimiterAbstract } from "rate-limiter-flexible";
import type { AccountRecords } from "../accounts";
import type { Inbox } from "../texts";

/** How many tries a window of so many seconds has. */
export interface Tries {
  points: number;
  duration: number;
}

/** Where everything is kept. */
export interface Stores {
  records: AccountRecords;
  /** Absent for express-session's own memory. */
  sessions?: Store;
  /** Absent for the package's own memory. */
  counters?: MakeEngine;
  /** Makes the counter of one kind of tries. */
  tries(name: string, allowed: Tries): RateLimiterAbstract;
  /** Keeps the texts that were not sent. */
  inbox: Inbox;
  /** Resolves once the store has answered, and rejects where it does not in time. */
  check(): Promise<void>;
  close(): Promise<void>;
}
