/** Composes the text that carries a one-time code. */

import { wordedBy, type Worded, type WriteMessage } from "./own-words";
import type { TextWords } from "./wording";

/** What a text says. `appName` and `host` as `readAppName` and `readOrigin` give them. */
export interface TextContent extends Ending {
  appName: string;
  /** Whole minutes for which the code stays good; with less than one, the text promises nothing. */
  minutes: number;
  /** What the proof is for; absent or empty for the plain second factor. */
  purpose?: string;
  /** What the purpose describes just now, harmless; absent or empty where it does not. */
  description?: string;
  /** Its language, and what is said in it. */
  locale: string;
  words: TextWords;
}

/** What a text ends in, for phones to read. */
interface Ending {
  code: string;
  /** The one host that a browser may fill the code in for. Never take it from a request. */
  host?: string | undefined;
  /** Tells Google's SMS Retriever which app the text is for. */
  androidAppHash?: string | undefined;
}

/** The whole text, in the words of `message` where there is one. */
export function composeText(content: TextContent, message?: WriteMessage): Worded {
  const { code, appName, minutes, locale, purpose = "", description = "" } = content;
  const told = {
    code,
    appName,
    minutes,
    locale,
    purpose,
    ...(description !== "" && { description }),
  };
  const kept = { code, description };
  const ending = endingOf(content);
  const worded =
    message === undefined
      ? wordedBy(`locales.${locale}.text`, () => sentencesOf(content, ending.length), kept)
      : wordedBy("message", () => message(told), kept);
  return worded.ok ? { ok: true, text: worded.text + ending } : worded;
}

// What one segment of UCS-2 holds.
const SHORT = 70;

/**
 * The code first, its digits together; the app's name; what it confirms; its life; a warning. Where a segment is
 * short, the life is left out of a text that would take another one: the page tells it.
 */
function sentencesOf(content: TextContent, endingLength: number): string {
  const { words, code, minutes, description = "" } = content;
  const { names, confirms, expires, warns, encoding } = words;
  const first = names(code, nameIn(content));
  const what = description === "" ? [] : [confirms(`"${description}"`)];
  const short = joined([first, ...what, warns]);
  if (minutes < 1) return short;
  const whole = joined([first, ...what, expires(minutes), warns]);
  return encoding === "UCS-2" && whole.length + endingLength > SHORT ? short : whole;
}

/** Scripts without blanks have none behind a full stop either. */
function joined(sentences: readonly string[]): string {
  return sentences.reduce((text, next) => text + (/[。！？]$/.test(text) ? "" : " ") + next);
}

/**
 * The lines for phones. The one that binds the code to the host is the last, or no browser finds it (WICG
 * sms-one-time-codes, "last line"), and so none offers the code on a page that imitates the app. Google's SMS
 * Retriever looks for the app's hash wherever it stands.
 */
function endingOf({ code, host, androidAppHash }: Ending): string {
  const lines = [androidAppHash, host === undefined ? undefined : `@${host} #${code}`];
  const there = lines.filter((line) => line !== undefined);
  return there.length === 0 ? "" : `\n\n${there.join("\n")}`;
}

/** The app's name, and the purpose behind it: two codes may be open at once, and this says which one it is. */
export function nameIn({
  appName,
  purpose = "",
  description = "",
}: Pick<TextContent, "appName" | "purpose" | "description">): string {
  // Where it is described, that says more.
  return purpose === "" || description !== "" ? appName : `${appName} (${purpose})`;
}
