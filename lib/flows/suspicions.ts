/** Tells whom to warn: a right password, then codes that failed, and no right one after them (ASVS 6.3.5). */

import type { Challenge } from "../challenge/challenge";
import { countOf, type GuardedLedger } from "../ledger/guarded";
import { take } from "../ledger/ledger";
import type { Attempts } from "../limits/attempts";
import type { Lockout } from "../limits/lockout";
import type { Settings } from "../options/settings";
import type { EmitEvent, TwoFactorEvent } from "../outcome/events";

/** What suspicions are told by. */
export interface SuspicionsParts {
  settings: Settings;
  ledger: GuardedLedger;
  attempts: Attempts;
  lockout: Lockout;
  emit: EmitEvent;
}

/** How a wrong code has left its user. */
export interface Failure {
  /** Whether it has switched the factor off. */
  isLast: boolean;
  /** Whether a block has begun with it. */
  isBlocked: boolean;
  /** Whether its challenge has no attempts left. */
  isExhausted: boolean;
}

type About = Partial<TwoFactorEvent>;

// Each takes ten wrong codes of a user who has the password; what is beyond is not told of.
const MOST = 10_000;

export class Suspicions {
  readonly #parts: SuspicionsParts;
  /** The challenges of this process that wrong codes were entered for, and the users who entered wrong recovery codes. */
  readonly #watched = new Map<string, NodeJS.Timeout>();

  constructor(parts: SuspicionsParts) {
    this.#parts = parts;
  }

  /** A wrong code was counted. Its challenge may still be answered or left. */
  fail(failure: Failure, about: About, challenge: Challenge): void {
    const reason = reasonOf(failure);
    // A bare number is nobody's account: there is no password that somebody may know.
    if (this.#parts.settings.user === "from-request") return;
    if (reason === undefined) {
      const { id, expiresAt } = challenge;
      this.#watch(id, expiresAt - Date.now(), () => this.#tellIfLeft(id, about));
    } else {
      this.settle(challenge.id);
      this.#tell(reason, about);
    }
  }

  /** A wrong recovery code was counted, which answers no challenge: a right code of any kind may still follow it. */
  failRecovery(failure: Failure, about: About, subject: string): void {
    const reason = reasonOf(failure);
    const name = `user/${subject}`;
    if (reason === undefined) {
      const { codeTtl } = this.#parts.settings;
      this.#watch(name, codeTtl * 1000, () => this.#tellIfNoneFollowed(subject, about));
    } else {
      this.settle(name);
      this.#tell(reason, about);
    }
  }

  /** Nothing is to be told of a challenge any more: it was answered. */
  settle(id: string): void {
    clearTimeout(this.#watched.get(id));
    this.#watched.delete(id);
  }

  /** Ends all waiting. */
  close(): void {
    for (const id of [...this.#watched.keys()]) this.settle(id);
  }

  #watch(name: string, ms: number, tell: () => Promise<void>): void {
    if (this.#watched.has(name) || this.#watched.size >= MOST) return;
    const end = setTimeout(() => {
      this.settle(name);
      tell().catch(() => undefined);
    }, ms);
    end.unref();
    this.#watched.set(name, end);
  }

  /** A right code clears the row of wrong ones, in whatever process. */
  async #tellIfNoneFollowed(subject: string, about: About): Promise<void> {
    const { ledger, attempts, lockout } = this.#parts;
    const { failures, rows } = lockout.peek(subject);
    const told = take(failures.scope, "told", 1, attempts.life);
    const outcome = await ledger.step({ entries: [...rows, told] });
    const isFollowed = rows.every((row) => countOf(outcome, row).count === 0);
    if (outcome.status === "ok" && !isFollowed) this.#tell("abandoned", about);
  }

  /** Another process may have taken the right code, or have told of it. */
  async #tellIfLeft(id: string, about: About): Promise<void> {
    const { ledger, attempts } = this.#parts;
    const [used, tried] = [attempts.peekUsed(id), attempts.peek(id)];
    const told = take(id, "told", 1, attempts.life);
    const outcome = await ledger.step({ entries: [used, tried, told] });
    const isUsed = countOf(outcome, used).count > 0;
    const isExhausted = attempts.leftAfter(countOf(outcome, tried).count) === 0;
    if (outcome.status === "ok" && !isUsed && !isExhausted) this.#tell("abandoned", about);
  }

  #tell(reason: string, about: About): void {
    this.#parts.emit({ ...about, type: "suspicious", reason });
  }
}

function reasonOf({ isLast, isBlocked, isExhausted }: Failure): string | undefined {
  if (isLast) return "factor_disabled";
  if (isBlocked) return "blocked";
  return isExhausted ? "attempts_exhausted" : undefined;
}
