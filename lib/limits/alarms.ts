/** Tells of full limits: each once in its window, so that a flood of refusals is no flood of alarms. */

import { countOf, type StepOutcome } from "../ledger/guarded";
import type { Budget, EmitEvent, TwoFactorEvent } from "../outcome/events";
import type { Charge } from "./send-limits";

type About = Partial<TwoFactorEvent>;

/** What of the request that met a full limit concerns whose limit it is: others pay into the broad ones too. */
const WHOSE: Record<Budget, readonly (keyof About)[]> = {
  user: ["subject", "ip", "country", "channel"],
  number: ["subject", "phone", "ip", "country", "channel"],
  network: ["ip", "country", "channel"],
  country: ["country", "channel"],
  all: ["country", "channel"],
  day: ["country", "channel"],
};

// What was told longest ago goes first: it would be told once more.
const MOST = 1000;

/** The alarms of this process. */
export class Alarms {
  readonly #emit: EmitEvent;
  /** Epoch ms at which the windows end that were told of. */
  readonly #told = new Map<string, number>();

  constructor(emit: EmitEvent) {
    this.#emit = emit;
  }

  /** Tells of what a step has found full; a limit that is only tried out refuses nothing, and is told of too. */
  tell(outcome: StepOutcome, charges: readonly Charge[], about: About): void {
    for (const { window, entry } of charges) {
      const { isFull, waitMs } = countOf(outcome, entry);
      if (!isFull || !this.#isNew(`${entry.scope} ${entry.field} ${entry.share}`, waitMs)) continue;
      this.#emit({
        type: window.mode === "record" ? "budget_recorded" : "budget_exhausted",
        budget: window.budget,
        reason: window.name,
        ...Object.fromEntries(
          WHOSE[window.budget].filter((name) => name in about).map((name) => [name, about[name]]),
        ),
      });
    }
  }

  #isNew(name: string, waitMs: number): boolean {
    const now = Date.now();
    if (now < (this.#told.get(name) ?? 0)) return false;
    this.#told.delete(name);
    this.#told.set(name, now + waitMs);
    const [oldest] = this.#told.keys();
    if (this.#told.size > MOST && oldest !== undefined) this.#told.delete(oldest);
    return true;
  }
}
