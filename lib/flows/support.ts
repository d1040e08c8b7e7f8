/** What support staff see of a user's second factor, and may do: lift what stands in the way, or switch it off. */

import { countOf, type GuardedLedger } from "../ledger/guarded";
import type { Lockout } from "../limits/lockout";
import type { SendLimits } from "../limits/send-limits";
import type { Settings } from "../options/settings";
import type { EmitEvent } from "../outcome/events";
import type { Browsers } from "../remembered/browsers";
import type { RecoveryCodes } from "../recovery/recovery-codes";
import { shownSubject } from "../request/facts";

/** How a user stands. */
export interface UserState {
  /** Whether the factor is off: by `disable()`, or by too many wrong codes in a row. */
  isDisabled: boolean;
  /** Seconds for which wrong codes still shut the user out; 0 for none. */
  blockedFor: number;
  /** Texts that the user's own budgets have left; those of number, network and country may have fewer. */
  textsLeft: number;
  /** Recovery codes that are not used yet; with the option `recovery`. */
  recoveryCodesLeft?: number;
  /** Browsers that are remembered; with the option `remember`. */
  remembered?: number;
}

/** What support works with. */
export interface SupportParts {
  settings: Settings;
  ledger: GuardedLedger;
  lockout: Lockout;
  sendLimits: SendLimits;
  /** Absent where no browsers are remembered. */
  browsers: Browsers | undefined;
  /** Absent where the app has no recovery codes. */
  recoveryCodes: RecoveryCodes | undefined;
  emit: EmitEvent;
}

export class Support {
  readonly #parts: SupportParts;

  constructor(parts: SupportParts) {
    this.#parts = parts;
  }

  /** How a user stands. Only reads. */
  async state(subject: string): Promise<UserState> {
    const { ledger, lockout, sendLimits, browsers, recoveryCodes } = this.#parts;
    const reading = lockout.peek(subject);
    const budgets = sendLimits.peekUser(subject);
    const entries = [reading.failures, ...reading.rows, ...reading.off];
    const [outcome, recoveryCodesLeft, remembered] = await Promise.all([
      ledger.step({ entries: [...entries, ...budgets.map(({ entry }) => entry)] }),
      recoveryCodes?.left(subject),
      browsers?.list(subject),
    ]);
    const left = budgets.map(({ max, entry }) => Math.max(0, max - countOf(outcome, entry).count));
    return {
      ...lockout.standingIn(outcome, reading),
      textsLeft: Math.min(...left),
      ...(recoveryCodesLeft !== undefined && { recoveryCodesLeft }),
      ...(remembered !== undefined && { remembered: remembered.length }),
    };
  }

  /**
   * Lifts what stands in a user's way: a switched-off factor, the wrong codes, and the texts that were counted for
   * them. Tells whether there was anything.
   */
  async unlock(subject: string): Promise<boolean> {
    const { ledger, lockout, sendLimits, emit } = this.#parts;
    const { counted, unlocked } = sendLimits.unlock(subject);
    const lifted = [...lockout.switchOn(subject), ...lockout.clear(subject), ...counted];
    const outcome = await ledger.step({ entries: [...lifted, ...unlocked] });
    emit({ type: "factor_unlocked", subject: shownSubject(subject) });
    return lifted.some((entry) => countOf(outcome, entry).count > 0);
  }

  /** Switches a user's factor off until it is unlocked, at once and in all processes: nothing verifies, and no mark holds. */
  async disable(subject: string): Promise<void> {
    const { settings, ledger, lockout, emit } = this.#parts;
    if (settings.user === "from-request") {
      throw new TypeError('`disable()` needs users: with `user: "from-request"` there are none.');
    }
    await ledger.step({ entries: lockout.switchOff(subject) });
    emit({ type: "factor_disabled", reason: "support", subject: shownSubject(subject) });
  }
}
