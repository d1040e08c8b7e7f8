/** What one process of the demo keeps, or shares with others: in its memory, or in a Redis. */

import type { CounterStore } from "express-sms-2fa";
import type { Store } from "express-session";
import type { AccountRecords } from "../accounts/accounts";
import type { MakeTries } from "../accounts/password-limits";
import type { Inbox } from "../texts/inbox";

/** Where everything is kept. */
export interface Stores {
  records: AccountRecords;
  /** Absent for express-session's own memory. */
  sessions?: Store;
  /** Absent for the package's own memory. */
  counters?: CounterStore;
  tries: MakeTries;
  /** Keeps the texts that were not sent. */
  inbox: Inbox;
  /** Resolves once the store has answered, and rejects where it does not in time. */
  check(): Promise<void>;
  close(): Promise<void>;
}
