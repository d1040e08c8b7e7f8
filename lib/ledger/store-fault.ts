/** What is known of a store's failure: a word for events, the fix, and whether anything may be applied. */

import { ownProperty } from "../std/own-property";

/** What a store's error tells beside itself. */
export interface StoreFaultDetails {
  /** `false` where surely nothing was applied. */
  isApplied?: false | undefined;
  /** The fix, in a sentence for the operator. */
  advice?: string | undefined;
}

/** A failure that a store of ours has understood. */
export class StoreFault extends Error {
  override readonly name = "StoreFault";
  /** A word. */
  readonly reason: string;
  readonly isApplied: false | undefined;
  readonly advice: string | undefined;

  constructor(reason: string, { isApplied, advice }: StoreFaultDetails = {}) {
    super(advice ?? `The store failed: ${reason}.`);
    this.reason = reason;
    this.isApplied = isApplied;
    this.advice = advice;
  }
}

/** Any error, as events may tell it: a store's own can name hosts and keys, so a word alone goes on. */
export function faultOf(
  error: unknown,
  of: "counters" | "records" = "counters",
): StoreFaultDetails & { reason: string } {
  const isApplied = ownProperty(error, "isApplied") === false ? false : undefined;
  const { name, reason, advice } = (error ?? {}) as Partial<StoreFault>;
  // By its name: bundled, each entry point has a class of its own.
  if (name === "StoreFault") return { reason: `${of}:${reason ?? ""}`, isApplied, advice };
  const kind = error instanceof Error && /^\w{1,22}$/.test(error.name) ? error.name : "error";
  return { reason: `${of}:${kind}`, isApplied };
}
