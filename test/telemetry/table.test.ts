/** docs/operations.md has a row for each instrument, as the code has it, and one for each alert. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { INSTRUMENTS } from "../../lib/telemetry/instruments";
import { expectTables, markdownTable } from "../fakes/markdown-table";

const ROOT = join(__dirname, "../..");

test("docs/operations.md has a row for each instrument, from the code", () => {
  const rows = Object.values(INSTRUMENTS).map(({ name, unit, attributes, about }) => [
    `\`${name}\``,
    unit.replace(/[{}]/g, ""),
    attributes.map((each) => `\`${each}\``).join(" "),
    about,
  ]);
  expectTables("operations.md", [markdownTable(["metric", "unit", "by", "what"], rows)]);
});

test("docs/operations.md says of each alert what to do, and of no other", () => {
  const rules = readFileSync(join(ROOT, "operations/alerts.yml"), "utf8");
  const alerts = [...rules.matchAll(/alert: (\w+)/g)].map(([, name]) => name);
  const guide = readFileSync(join(ROOT, "docs/operations.md"), "utf8");
  const told = [...guide.matchAll(/^\| `(SecondFactor\w+)`/gm)].map(([, name]) => name);
  expect(told).toEqual(alerts);
});
