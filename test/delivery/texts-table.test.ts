/** docs/texts.md tells of each language's text what it says, costs and leaves room for. */

import { measureText } from "../../lib/delivery/segments";
import { composeText } from "../../lib/delivery/text";
import { TEXT_WORDS, type TextWords } from "../../lib/delivery/wording";
import { expectTables, markdownTable } from "../fakes/markdown-table";

/** The text of a code of six digits, good for ten minutes. */
function textIn(
  locale: string,
  words: TextWords,
  names: { appName: string; host?: string },
): string {
  const worded = composeText({ ...names, locale, words, code: "123456", minutes: 10 });
  if (!worded.ok) throw new Error(worded.advice);
  return worded.text;
}

/** How many letters of name and host fit into one segment. */
function roomIn(locale: string, words: TextWords): number {
  const segmentsOf = (letters: number) =>
    measureText(textIn(locale, words, { appName: "A", host: "h".repeat(letters - 1) })).segments;
  let letters = 2;
  while (segmentsOf(letters + 1) === 1) letters += 1;
  return letters;
}

function tableOf(): string {
  const head = ["language", "text", "length", "segments", "room"];
  const rows = Object.entries<TextWords>(TEXT_WORDS).map(([locale, words]) => {
    const text = textIn(locale, words, { appName: "Acme" });
    const { encoding, units, segments } = measureText(text);
    const most = encoding === "GSM-7" ? 160 : 70;
    return [locale, text, `${units} of ${most}`, String(segments), String(roomIn(locale, words))];
  });
  return markdownTable(head, rows);
}

test("docs/texts.md tells of each language its text, length and segments (R43)", () => {
  expectTables("texts.md", [tableOf()]);
});
