/** Asks for the words of a text, which may be the app's own, and takes none that could not serve. */

import { DeadlinePassed, within } from "../std/deadline";
import { isThenable } from "../std/maybe-promise";
import { shownError } from "../std/harmless";
import { isFirst, warn } from "../std/warning";
import { bindsCode } from "./signature";

/** What `message` is told of a text. It holds the one-time code: never log it. */
export interface MessageContent {
  /** The code; its digits stay together in the text. */
  code: string;
  /** The option, in plain quotes, dashes and spaces. */
  appName: string;
  /** Whole minutes for which the code is still good; 0 in its last minute. */
  minutes: number;
  /** Language that the user reads, such as `en`; one of those that texts are written in. */
  locale: string;
  /** Empty for the plain second factor and for a new number. */
  purpose: string;
  /** What the code confirms, where the purpose describes it: it has to stand in the text as it is. */
  description?: string;
}

/** Words a text. */
export type WriteMessage = (content: MessageContent) => string;

/** A text that can be sent, or what is wrong with it: a word for events, and a sentence for the developer. */
export type Worded = { ok: true; text: string } | WordsFault;

/** What is wrong with what the app's function gave. */
export interface WordsFault {
  ok: false;
  reason: string;
  advice: string;
  /** What it threw. The app's own, and it may hold the code. */
  thrown?: unknown;
  /** What it gave in place of a text. */
  promise?: PromiseLike<unknown>;
}

// Twilio and SignalWire take no more (error 21617).
const LONGEST_TEXT = 1600;

/** What a text has to hold. */
export interface Kept {
  code: string;
  /** Empty where the purpose has none. */
  description: string;
}

/** What `write` gives, trimmed; `option` is where the app has set it. */
export function wordedBy(
  option: string,
  write: () => unknown,
  { code, description }: Kept,
): Worded {
  const expected = `Expected \`${option}\` to give a text`;
  let given: unknown;
  try {
    given = write();
  } catch (thrown) {
    return { ...fault("message_threw", `The app's \`${option}\` threw.`), thrown };
  }
  if (isPromise(given)) {
    // Its rejection must not end the process.
    Promise.resolve(given).catch(() => undefined);
    return { ...fault("message_promise", `${expected} at once, got a promise.`), promise: given };
  }
  if (typeof given !== "string" || given.trim() === "") {
    // What is none may still be the code, as a number: it is not shown.
    const kind = given === null ? "null" : typeof given;
    return fault(
      "message_no_text",
      `${expected}, got ${kind === "string" ? "an empty one" : kind}.`,
    );
  }
  const text = given.trim();
  if (text.length > LONGEST_TEXT) {
    return fault("message_too_long", `${expected} of ${LONGEST_TEXT} characters at most.`);
  }
  // Within a longer number neither people nor phones find it.
  if (!new RegExp(`(?<!\\p{Nd})${code}(?!\\p{Nd})`, "u").test(text)) {
    const how = "that holds the code, its digits together and no other beside them";
    return fault("message_no_code", `${expected} ${how}.`);
  }
  // What is not shown is not confirmed (Regulation (EU) 2018/389, article 5).
  if (!text.includes(description)) {
    return fault("message_no_description", `${expected} that holds \`description\` as it is.`);
  }
  if (!bindsCode(text)) return { ok: true, text };
  return fault(
    "message_binds",
    `${expected} without a line such as "@host #code": \`origin\` adds it.`,
  );
}

function fault(reason: string, advice: string): WordsFault {
  return { ok: false, reason, advice };
}

function isPromise(given: unknown): given is PromiseLike<unknown> {
  try {
    return isThenable(given);
  } catch {
    return false;
  }
}

const PATIENCE_MS = 5000;

/** Tells the developer of a text that could not be sent, once for each kind, with the app's own error. */
export function tellFault({ reason, advice, thrown, promise }: WordsFault): void {
  if (!isFirst(reason)) return;
  const tell = (error?: unknown) => {
    const isOwn = error !== undefined && !(error instanceof DeadlinePassed);
    warn(`${advice} No text was sent.`, "SMS2FA_MESSAGE", isOwn ? shownError(error) : undefined);
  };
  if (promise === undefined) {
    tell(thrown);
    return;
  }
  within(promise, PATIENCE_MS).then(() => {
    tell();
  }, tell);
}
