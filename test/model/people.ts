/** Users and browsers as they stand: numbers, wrong codes, codes that are waited for, proofs, what browsers remember. */

import { LIMITS } from "./limits";

/** Somebody with an account. */
export class User {
  readonly id: string;
  number: string;
  readonly proved = new Set<string>();
  isDisabled = false;
  failures = 0;
  failuresEndAt = 0;
  row = 0;
  unlockedUntil = 0;
  /** Recovery codes that are not used. */
  recovery = new Set<string>();
  /** Until when a recovery code that was submitted is no further guess. */
  readonly submitted = new Map<string, number>();

  constructor(id: string, number: string) {
    this.id = id;
    this.number = number;
  }

  /** A wrong code was counted. Each block is twice as long as the one before, up to an hour. */
  fail(now: number): void {
    const { max, window } = LIMITS.failures;
    if (now >= this.failuresEndAt || this.failures === 0) {
      this.failures = 0;
      this.failuresEndAt = now + window * 1000;
    }
    this.failures += 1;
    this.row += 1;
    if (this.failures !== max) return;
    const seconds = Math.min(window * 2 ** (Math.ceil(this.row / max) - 1), 3600);
    this.failuresEndAt = Math.max(this.failuresEndAt, now + Math.max(window, seconds) * 1000);
  }
}

/** A code that was texted, and all that it is bound to. */
export interface Challenge {
  readonly user: string;
  readonly number: string;
  readonly purpose: string;
  readonly description: string;
  readonly code: string;
  readonly expiresAt: number;
  tries: number;
  isUsed: boolean;
}

/** What a right code, or a right passkey, has left in a session. */
export interface Proof {
  readonly user: string;
  readonly number: string;
  readonly purpose: string;
  readonly description: string;
  readonly at: number;
  /** Of a code. */
  readonly challenge?: Challenge;
  isSpent: boolean;
}

/** A browser that its user has had remembered: whoever has its token passes for it. */
export class Remembered {
  readonly user: string;
  readonly number: string;
  readonly expiresAt: number;
  /** Every one that it ever had, the newest last. */
  readonly tokens: string[];
  /** The one that the newest has replaced, and until when it is good: without end, until the newest has come back. */
  before = { token: "", until: 0 };
  usedAt: number;

  constructor({ id, number }: User, token: string, now: number) {
    this.user = id;
    this.number = number;
    this.expiresAt = now + LIMITS.rememberedLife * 1000;
    this.tokens = [token];
    this.usedAt = now;
  }

  /** Whether this is the newest token, come back before. */
  isSeen(token: string): boolean {
    return token === this.tokens.at(-1) && this.before.until !== Infinity;
  }

  /** It was let in by a token, and has perhaps been given the next. */
  letIn(token: string, next: string | undefined, now: number): void {
    if (next !== undefined) {
      this.before = { token, until: Infinity };
      this.tokens.push(next);
      this.usedAt = now;
    } else if (token === this.tokens.at(-1) && !this.isSeen(token)) {
      this.before.until = now + LIMITS.grace * 1000;
      this.usedAt = now;
    }
  }
}

/** A browser's; one that has ended, or has not begun, is nobody's. */
export class Session {
  user: string | undefined;
  amount = "1";
  challenges = new Map<string, Challenge>();
  proofs = new Map<string, Proof>();
  waits = new Map<string, number>();
  unanswered = { count: 0, at: 0 };
  isBegun: boolean;

  constructor(user?: string) {
    this.user = user;
    this.isBegun = user !== undefined;
  }

  end(): void {
    Object.assign(this, new Session());
  }
}
