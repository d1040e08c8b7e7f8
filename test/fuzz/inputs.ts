/** Gives the inputs of a target by their number: the same for the same seed, whichever is asked for first. */

import fc from "fast-check";
import type { Target } from "./target";

const BATCH = 256;

/** Numbers below 0 are those that are tried always. */
export class Inputs {
  readonly #target: Target;
  readonly #seed: number;
  #batch = -1;
  #made: readonly unknown[] = [];

  constructor(target: Target, seed: number) {
    this.#target = target;
    this.#seed = seed;
  }

  /** The number of the first. */
  get first(): number {
    return -(this.#target.always?.length ?? 0);
  }

  at(index: number): unknown {
    if (index < 0) return this.#target.always?.[index - this.first];
    const batch = Math.floor(index / BATCH);
    if (batch !== this.#batch) {
      const seed = (this.#seed + Math.imul(batch, 0x9e3779b1)) | 0;
      this.#made = fc.sample(this.#target.inputs, { seed, numRuns: BATCH });
      this.#batch = batch;
    }
    return this.#made[index % BATCH];
  }
}
