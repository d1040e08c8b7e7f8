/** What the processes of one demo share: in its database, and some of it in a Redis where there is one. */

import type { CounterStore, RecordStore } from "express-sms-2fa";
import type { Store } from "express-session";
import type { MakeTries } from "../accounts/password-limits";
import type { Database } from "../database/database";
import type { Inbox } from "../texts/inbox";

/** Where everything is kept. */
export interface Stores {
  /** What is to last: accounts, and what belongs to them. */
  database: Database;
  sessions: Store;
  counters: CounterStore;
  /** Remembered browsers and recovery codes. */
  records: RecordStore;
  tries: MakeTries;
  /** Keeps the texts that were not sent. */
  inbox: Inbox;
  /** Resolves once all stores have answered, and rejects where one does not in time. */
  check: () => Promise<void>;
  close: () => Promise<void>;
}
