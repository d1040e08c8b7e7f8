/** Answers a call as its document has it: what is said to somebody who presses keys, or to a machine that presses none. */

import { readDocument, type Verb } from "../../lib/fake-signalwire/call-document";

/** What somebody heard, and how the call ended. */
export interface Heard {
  /** Each sentence with the language of its voice, and `…` for a pause. */
  said: string[];
  /** Seconds of silence for which keys were waited for, and none came. */
  waited: number;
  /** Where the gateway went for another document; then the call is its. */
  wentTo: string | undefined;
}

/**
 * Answers a call. `press` are the keys in the order in which they come, as soon as any is listened for: those of a
 * person, or the tones of a recorded greeting.
 */
export function answerCall(xml: string, press = ""): Heard {
  const heard: Heard = { said: [], waited: 0, wentTo: undefined };
  const keys = Array.from(press);
  for (const verb of readDocument(xml).verbs) {
    if (verb.name === "Hangup") break;
    if (verb.name === "Gather") heard.wentTo = gather(verb, keys, heard);
    else say(verb, heard);
    if (heard.wentTo !== undefined) break;
  }
  return heard;
}

function say({ name, attributes, words }: Verb, { said }: Heard): void {
  said.push(name === "Pause" ? "…" : `${attributes["language"] ?? ""}: ${words.trim()}`);
}

/** Listens for keys: one that ends it before any other leads on, and so does silence; digits lead to `action`. */
function gather({ attributes, verbs }: Verb, keys: string[], heard: Heard): string | undefined {
  let digits = "";
  let isEnded = false;
  while (!isEnded && digits.length < Number(attributes["numDigits"] ?? Infinity)) {
    const key = keys.shift();
    if (key === undefined) break;
    if (key === attributes["finishOnKey"]) isEnded = true;
    else digits += key;
  }
  const isSilent = !isEnded && digits === "";
  // The first key ends what is being said.
  for (const verb of isSilent ? verbs : verbs.slice(0, 1)) say(verb, heard);
  if (isSilent) heard.waited += Number(attributes["timeout"]);
  return digits === "" ? undefined : (attributes["action"] ?? "the document before");
}
