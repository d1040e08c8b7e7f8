/** What the inbox is: where texts that were not sent are read. */

/** One text that was not sent. */
export interface Text {
  to: string;
  /** Of a call, what it says. */
  text: string;
  channel: string;
  /** Epoch milliseconds. */
  at: number;
}

/** How many of them are kept. */
export const KEPT_TEXTS = 50;

/** Seconds that a code can be good: an older text is of no use, and stays nowhere. */
export const TEXT_LIFE = 600;

/** The texts that were not sent, seen by every process of the demo. */
export interface Inbox {
  put(text: Text): Promise<void>;
  /** The newest last. */
  texts(): Promise<readonly Text[]>;
}
