/** How steps and their answers travel to shared stores: letters there, numbers back. */

import type { Entry, Step, StepAnswer } from "./ledger";

const LETTER: Record<Entry["op"], string> = {
  take: "T",
  check: "C",
  note: "N",
  peek: "P",
  proof: "Q",
  set: "S",
  clear: "X",
  settle: "G",
  undo: "U",
};

/** What an entry is: a letter, and `x` for one that clears, `+` for paid, `~` for only recorded. */
export function kindOf(entry: Entry): string {
  const letter = LETTER[entry.op];
  if (entry.op === "check") return entry.clears ? "Cx" : letter;
  if (entry.op !== "take") return letter;
  return letter + (entry.isPaid ? "+" : "") + (entry.isRecorded ? "~" : "");
}

/** Its numbers, 0 where it has none. */
export function numbersOf(entry: Entry): { max: number; window: number; share: number } {
  const { max = 0, window = 0, share = 0 } = entry as Partial<Extract<Entry, { op: "take" }>>;
  return { max, window, share };
}

/** An answer from its words: the status, then count, wait (-1: endless) and 1 for full, of each entry. */
export function answerFrom([status, ...words]: readonly string[], { entries }: Step): StepAnswer {
  const counts = entries.slice(0, words.length / 3).map((_, at) => {
    const [count = NaN, wait = NaN, isFull] = words.slice(at * 3, at * 3 + 3).map(Number);
    return { count, waitMs: wait === -1 ? Infinity : wait, isFull: isFull === 1 };
  });
  return { status: status as StepAnswer["status"], counts };
}
