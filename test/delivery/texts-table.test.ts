/** docs/texts.md tells of each language's text what it says, costs and leaves room for. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measureText } from "../../lib/delivery/segments";
import { composeText } from "../../lib/delivery/text";
import { TEXT_WORDS, type TextWords } from "../../lib/delivery/wording";

const DOCUMENT = join(__dirname, "..", "..", "docs", "texts.md");

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
  // As Prettier sets tables, to which a character of Japanese is two wide.
  const widthOf = (cell: string) => cell.replace(/[\u3000-\u9fff\uff00-\uff60]/g, "..").length;
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => widthOf(row[at] ?? ""))),
  );
  const line = (row: string[]) =>
    `| ${row.map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - widthOf(cell))).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

test("docs/texts.md tells of each language its text, length and segments (R43)", () => {
  const before = readFileSync(DOCUMENT, "utf8");
  const after = before.replace(/^\| language .*?\n(?=\n)/ms, `${tableOf()}\n`);
  // WRITE_TABLES=1 puts it there, after the words have changed.
  if (process.env["WRITE_TABLES"] === "1") writeFileSync(DOCUMENT, after);
  else expect(before).toBe(after);
  expect(after).toContain(tableOf());
});
