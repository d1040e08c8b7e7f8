/** Makes HTML from templates: whatever is put into one is escaped, unless it was made by one. */

/** HTML that may go into a page as it is: `new Html(text)` escapes nothing of `text`. */
export class Html {
  /** The HTML itself. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template. Nothing comes of `undefined` and `false`. */
export type Part = Html | string | number | false | undefined | readonly Part[];

/**
 * The template tag: escapes what is put into a text or an attribute, which must be in double quotes. In a
 * script, a style sheet or the scheme of an address no escaping helps.
 */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const text = strings.map((string, index) => string + textOf(parts[index])).join("");
  return new Html(text);
}

// Stands where a part will, and in no text: words are asked with it, and cut there.
const PLACE = "\ufffc";

/** Words around a part that is marked up already. */
export function around(words: (part: string) => string, part: Part): Html {
  const [before, ...behind] = words(PLACE).split(PLACE);
  return html`${before}${behind.map((text) => [part, text])}`;
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(textOf).join("");
  return escape(String(part));
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
