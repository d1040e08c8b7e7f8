/** docs/events.md tells of each event what its type says: when it comes, what to do, and what it carries. */

import { EVENTS, FIELDS } from "../fakes/event-table";
import { expectTables, markdownTable } from "../fakes/markdown-table";

// Told by two words each: nearly all events carry them.
const GROUPS: [string, string[]][] = [
  ["who", ["subject", "phone", "country", "ip"]],
  ["what", ["purpose", "description", "channel"]],
];

function toldIn(fields: readonly string[]): string {
  let rest = [...fields];
  const words: string[] = [];
  for (const [word, group] of GROUPS) {
    if (!group.every((name) => rest.includes(name))) continue;
    words.push(word);
    rest = rest.filter((name) => !group.includes(name));
  }
  return [...words, ...rest.map((name) => `\`${name}\``)].join(", ");
}

test("docs/events.md has a row for each event and each field, from their types", () => {
  expect(EVENTS.length).toBeGreaterThan(25);
  const events = markdownTable(
    ["event", "when", "what to do", "carries"],
    EVENTS.map(({ type, when, toDo, fields }) => [`\`${type}\``, when, toDo, toldIn(fields)]),
  );
  const fields = markdownTable(
    ["field", "what it holds"],
    FIELDS.map(({ name, doc }) => [`\`${name}\``, doc]),
  );
  expectTables("events.md", [events, fields]);
});

test("each event says when it comes and what to do, and carries fields that there are", () => {
  const known = FIELDS.map(({ name }) => name);
  for (const { type, when, toDo, fields } of EVENTS) {
    expect([type, when, toDo]).toEqual([
      type,
      expect.stringMatching(/\.$/),
      expect.stringMatching(/\.$/),
    ]);
    expect(known).toEqual(expect.arrayContaining(fields));
  }
});
