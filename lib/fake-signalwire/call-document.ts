/** Reads the document of a call: what is said, and which keys are waited for. */

/** One verb of a document. */
export interface Verb {
  name: string;
  attributes: Readonly<Record<string, string>>;
  words: string;
  verbs: Verb[];
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
