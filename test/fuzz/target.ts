/** What is fuzzed: a reader of outside input, the inputs that it is given, and what must hold of each. */

import type { Arbitrary } from "fast-check";

/** One reader, or one app. Inputs are plain JSON, so that each can be printed and kept. */
export interface Target<Input = never> {
  name: string;
  /** Its weight beside the others: inputs are shared out by it. */
  share: number;
  inputs: Arbitrary<Input>;
  /** Inputs that are tried in every run: past faults, and what is odd in the world. */
  always?: readonly Input[];
  /** Made once, before the first input. */
  open?(): void | Promise<void>;
  /** Throws where something does not hold. */
  check(input: Input): void | Promise<void>;
  close?(): void | Promise<void>;
}

/** Gives a target its type: lists of targets hold all kinds of inputs. */
export function target<Input>(made: Target<Input>): Target {
  return made as unknown as Target;
}

/** Throws `sentence` where `isTrue` is not. */
export function hold(isTrue: boolean, sentence: string): asserts isTrue {
  if (!isTrue) throw new Error(`Does not hold: ${sentence}`);
}
