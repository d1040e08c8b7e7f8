/** What bounds the answers to one challenge: so many attempts, a single use, and its end at log-out. */

import {
  check,
  note,
  peek,
  take,
  type Check,
  type Note,
  type Peek,
  type Take,
} from "../ledger/ledger";
import { LONGEST_MARK } from "../options/guard-settings";

/** Records outlive what they guard by a margin, whatever two servers' clocks say. */
export const MARGIN_MS = 60_000;
/** How long the ledger keeps what it knows of a mark. */
export const MARK_LIFE_MS = LONGEST_MARK * 1000 + MARGIN_MS;

// A challenge has a random id, which tells nothing and is no user's: it is the scope as it stands. So an
// answer is counted alike by processes whose newest secrets differ while these rotate.
const ATTEMPTS = "attempts";
const USED = "used";
const DROPPED = "dropped";

/** How long the ledger keeps what belongs to a challenge, in ms. */
export function lifeOf({ codeTtl }: { codeTtl: number }): number {
  return codeTtl * 1000 + MARGIN_MS;
}

/** The attempts that challenges allow. */
export class Attempts {
  readonly max: number;
  /** Milliseconds that all of it is kept. */
  readonly life: number;

  constructor({ max, life }: { max: number; life: number }) {
    this.max = max;
    this.life = life;
  }

  /** One submitted code. */
  take(id: string): Take {
    return take(id, ATTEMPTS, this.max, this.life);
  }

  /** Refuses what needs a challenge with attempts left. */
  check(id: string): Check {
    return check(id, ATTEMPTS, this.max);
  }

  /** How many there were. */
  peek(id: string): Peek {
    return peek(id, ATTEMPTS);
  }

  /** Usable once (ASVS 6.5.1), also from two requests at the same instant. */
  claim(id: string): Take {
    return take(id, USED, 1, this.life);
  }

  /** Refuses what needs a challenge that is not used yet. */
  checkUnused(id: string): Check {
    return check(id, USED, 1);
  }

  /** Whether it was used. */
  peekUsed(id: string): Peek {
    return peek(id, USED);
  }

  /** Refuses a challenge that was dropped at log-out. */
  checkKept(id: string): Check {
    return check(id, DROPPED, 1);
  }

  /** How many are left after so many. */
  leftAfter(count: number): number {
    return Math.max(0, this.max - count);
  }
}

/** Drops a challenge, and whatever mark its answer makes, for good. */
export function drop(id: string): Note {
  return note(id, DROPPED, MARK_LIFE_MS);
}

/** Whether it was dropped. */
export function peekDropped(id: string): Peek {
  return peek(id, DROPPED);
}
