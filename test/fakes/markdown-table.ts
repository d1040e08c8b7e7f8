/** Draws tables of documents as Prettier sets them, and puts them there or holds the document to them. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A table: its head, then its rows. */
export function markdownTable(head: readonly string[], rows: readonly string[][]): string {
  // A character of Japanese is two wide.
  const widthOf = (cell: string) => cell.replace(/[\u3000-\u9fff\uff00-\uff60]/g, "..").length;
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => widthOf(row[at] ?? ""))),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - widthOf(cell))).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** Expects tables in a document of docs/, each found by its head. WRITE_TABLES=1 puts them there. */
export function expectTables(name: string, tables: readonly string[]): void {
  const path = join(__dirname, "..", "..", "docs", name);
  const before = readFileSync(path, "utf8");
  const after = tables.reduce((text, table) => {
    const [first = ""] = /^\| [\w-]+ /.exec(table) ?? [];
    return text.replace(new RegExp(`^\\${first}.*?\\n(?=\\n|$(?![^]))`, "ms"), () => `${table}\n`);
  }, before);
  if (process.env["WRITE_TABLES"] === "1") writeFileSync(path, after);
  else expect(before).toBe(after);
  for (const table of tables) expect(after).toContain(table);
}
