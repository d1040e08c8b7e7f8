/** Answers a call as its document has it: what is said to somebody who presses keys, or to a machine that presses none. */

/** One verb of a document. */
interface Verb {
  name: string;
  attributes: Readonly<Record<string, string>>;
  words: string;
  verbs: Verb[];
}

/** What somebody heard, and how the call ended. */
export interface Heard {
  /** Each sentence with the language of its voice, and `…` for a pause. */
  said: string[];
  /** Seconds of silence for which keys were waited for, and none came. */
  waited: number;
  /** Where the gateway went for another document; then the call is its. */
  wentTo: string | undefined;
}

const VERBS = new Set(["Response", "Say", "Pause", "Gather", "Hangup"]);

/** Reads a document; throws where it is not well-formed XML of known verbs. */
export function readDocument(xml: string): Verb {
  const [, body] = /^<\?xml version="1\.0" encoding="UTF-8"\?>(.*)$/s.exec(xml) ?? [];
  if (body === undefined) throw new Error("There is no XML declaration.");
  const root: Verb = { name: "", attributes: {}, words: "", verbs: [] };
  const open = [root];
  for (const [token] of body.matchAll(/<[^>]*>|[^<]+/g)) {
    const within = open.at(-1) as Verb;
    if (!token.startsWith("<")) within.words += textOf(token);
    else if (token.startsWith("</")) close(token, open);
    else {
      const verb = verbOf(token);
      within.verbs.push(verb);
      if (!token.endsWith("/>")) open.push(verb);
    }
  }
  const [response, ...more] = root.verbs;
  if (open.length > 1 || response?.name !== "Response" || more.length > 0) {
    throw new Error("It is no one <Response>.");
  }
  return response;
}

function close(token: string, open: Verb[]): void {
  const [, name] = /^<\/(\w+)\s*>$/.exec(token) ?? [];
  if (open.pop()?.name !== name) throw new Error(`${token} ends nothing.`);
}

function verbOf(token: string): Verb {
  const [, name = "", rest = ""] = /^<(\w+)((?:\s+\w+="[^"<]*")*)\s*\/?>$/.exec(token) ?? [];
  if (!VERBS.has(name)) throw new Error(`${token} is no verb.`);
  const attributes = [...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [
    key,
    textOf(value),
  ]);
  return {
    name,
    attributes: Object.fromEntries(attributes) as Verb["attributes"],
    words: "",
    verbs: [],
  };
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function textOf(xml: string): string {
  // eslint-disable-next-line no-control-regex -- what XML 1.0 holds nowhere
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(xml)) throw new Error("No XML.");
  return xml.replace(/&(#\d+|\w*);?/g, (entity, name: string) => {
    const text = name.startsWith("#")
      ? String.fromCodePoint(Number(name.slice(1)))
      : ENTITIES[name];
    if (text === undefined) throw new Error(`${entity} stands for nothing.`);
    return text;
  });
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
