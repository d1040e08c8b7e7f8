/** docs/standards.md leaves no clause out, and each leads to a requirement that there is, or to a reason. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..");
const read = (name: string) => readFileSync(join(ROOT, "docs", name), "utf8");
const STANDARDS = read("standards.md");

/** Each section of ASVS 5.0.0 that has to be there, with the levels of its clauses in order. */
const ASVS: Record<string, number[]> = {
  "6.5": [2, 2, 2, 2, 2, 3, 3, 3],
  "6.6": [2, 2, 2, 3],
  "7.2": [1, 1, 1, 1],
  "7.3": [2, 2],
  "7.4": [1, 1, 2, 2, 2],
  "7.5": [2, 2, 3],
};

/** The clauses of SP 800-63B-4 that speak of out-of-band codes, of all authenticators, of sessions and recovery. */
const NIST = [
  ["2.1.3", "2.2.2", "2.2.3", "3.1.2.1", "3.1.2.2", "3.1.3.1", "3.1.3.2", "3.1.3.3", "3.1.3.4"],
  ["3.2.1", "3.2.2", "3.2.3", "3.2.5", "3.2.6", "3.2.7", "3.2.8", "3.2.9", "3.2.12"],
  ["4.1", "4.1.2.1", "4.1.2.2", "4.2.1.1", "4.2.1.2", "4.2.1.3", "4.2.1.4", "4.2.2.2", "4.2.3"],
  ["4.3", "4.4", "4.5", "4.6", "5.1", "5.1.1", "5.1.2", "5.2", "5.3"],
].flat();

function rowsOf(heading: string) {
  const [, section = ""] = STANDARDS.split(`## ${heading}\n`);
  return [...(section.split("\n## ")[0] ?? "").matchAll(/^\| ([\d.]+) \|(.*)\|$/gm)].map(
    ([, clause = "", rest = ""]) => {
      const [level = "", asks = "", requirements = "", besides = ""] = rest
        .split("|")
        .map((cell) => cell.trim());
      return { clause, level, asks, requirements, besides };
    },
  );
}

const asvs = rowsOf("OWASP ASVS 5.0.0");
const nist = rowsOf("NIST SP 800-63B-4");

test("each clause of the sections of ASVS stands there once, with its level", () => {
  const clauses = Object.entries(ASVS).flatMap(([section, levels]) =>
    levels.map((level, index) => [`${section}.${index + 1}`, String(level)]),
  );
  expect(asvs.map(({ clause, level }) => [clause, level])).toEqual(clauses);
});

test("each clause of NIST that applies, or could seem to, stands there once", () => {
  expect(nist.map(({ clause }) => clause)).toEqual(NIST);
});

test.each([...asvs, ...nist])(
  "$clause ($level) leads to requirements that there are, or says why to none",
  ({ asks, requirements, besides }) => {
    expect(asks).not.toBe("");
    if (requirements === "none") {
      expect(besides).toMatch(/^(?:Does not apply: |Your app's part: |Optional)/);
      return;
    }
    const defined = read("requirements.md");
    for (const number of requirements.split(", ")) expect(defined).toContain(`\n| ${number} | `);
  },
);
