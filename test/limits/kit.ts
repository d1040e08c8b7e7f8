/** The limits of one app over a ledger in memory, and texts and answers that are counted there. */

import { readKeys } from "../../lib/crypto/keys";
import type { LimitOptions, TwoFactorOptions } from "../../lib";
import { countOf, GuardedLedger, type StepOutcome } from "../../lib/ledger/guarded";
import { settle, type Entry } from "../../lib/ledger/ledger";
import { memoryLedger } from "../../lib/ledger/memory";
import { CounterNames } from "../../lib/limits/counter-names";
import { entriesOf as lockoutEntries, Lockout } from "../../lib/limits/lockout";
import { entriesOf, SendLimits, type SendRequest } from "../../lib/limits/send-limits";
import { readOptions, type Settings } from "../../lib/options/settings";

export const ANN = "+12025550123";
export const BOB = "+12025550188";
export const OLD = "the-old-secret-of-the-app-0123456789";
export const NEW = "the-new-secret-of-the-app-0123456789";

// So far away that nobody meets it.
const FAR = 1_000_000;

export interface LimitsOptions extends Partial<TwoFactorOptions> {
  /** Newest first. */
  secrets?: readonly [string, ...string[]];
  /** Whether other processes count there too. */
  isShared?: boolean;
}

/** Settings whose limits are far away, but for those that are given. */
export function settingsWith({
  limits,
  ...options
}: Omit<LimitsOptions, "secrets" | "isShared"> = {}): Settings {
  const far = { max: FAR, window: 600 };
  const windows = { user: far, number: far, network: far, calls: far, country: far, all: far };
  const all: LimitOptions = { cooldown: 1, perDay: FAR, ...windows, ...limits };
  const given = { secret: NEW, user: () => null, sender: () => null, appName: "Acme" };
  return readOptions({ ...given, maxPerDay: FAR, ...options, limits: all });
}

/** A ledger in memory that tests ask for steps. */
export class Counters {
  readonly ledger = new GuardedLedger(memoryLedger(), { space: "", life: 660_000 });

  step(entries: readonly Entry[], record?: string): StepOutcome {
    const step = { entries, ...(record !== undefined && { record, mode: "open" as const }) };
    return this.ledger.step(step) as StepOutcome;
  }

  /** The count that a step of this entry alone reads. */
  count(entry: Entry): number {
    return countOf(this.step([entry]), entry).count;
  }

  /** Gives back what was paid under a record: a right answer. */
  settle(record: string): void {
    this.step([settle(record)], record);
  }
}

/** The limits of one app; `counters` are another's where two processes share theirs. */
export function limitsOf(
  { secrets = [NEW], isShared = false, ...options }: LimitsOptions = {},
  counters = new Counters(),
) {
  const settings = settingsWith(options);
  const names = new CounterNames(readKeys(secrets), "acme", isShared);
  const sendLimits = new SendLimits(settings, names);
  const lockout = new Lockout(settings, names);

  /** Asks for a text of Ann's in a new session, unless something else is given. */
  const text = (
    of: Partial<SendRequest> = {},
    { record, isForgiven }: { record?: string; isForgiven?: boolean } = {},
  ) => {
    const request = requestFor(of);
    const cost = sendLimits.costOf(request, 1, isForgiven === undefined ? {} : { isForgiven });
    const outcome = counters.step(entriesOf(cost), record);
    return { status: outcome.status, full: sendLimits.fullIn(outcome, cost), outcome, cost };
  };
  /** How many texts leave until one is refused. */
  const textsUntilFull = (...[of, how]: Parameters<typeof text>): number => {
    let sent = 0;
    while (text(of, how).status === "ok") sent += 1;
    return sent;
  };
  /** Counts a wrong code, with what it does to a block. */
  const fail = (subject = "ann") => {
    const entries = lockout.count(subject);
    const outcome = counters.step(lockoutEntries(entries));
    const longer = lockout.lengthen(outcome, subject, entries);
    if (longer !== undefined) counters.step([longer]);
    return { refusal: lockout.refusalIn(outcome, entries), outcome, entries };
  };
  /** The refusal of one who would answer, or whose right answer it is. */
  const refusalOf = (subject = "ann", how: { clears?: boolean } = {}) => {
    const entries = lockout.check(subject, how);
    return lockout.refusalIn(counters.step(lockoutEntries(entries)), entries);
  };
  return { settings, sendLimits, lockout, counters, text, textsUntilFull, fail, refusalOf };
}

let sessions = 0;

/** A request for a text; each comes from a session of its own, which has no cooldown. */
export function requestFor(of: Partial<SendRequest> = {}): SendRequest {
  sessions += 1;
  return {
    session: `session-${sessions}`,
    subject: "ann",
    phone: ANN,
    country: "US",
    purpose: "",
    network: "192.0.2.0/24",
    isOnRecord: true,
    channel: "sms",
    ...of,
  };
}
