/** The numbers of requirements and cases: each that a test names is defined, with what names it, as are clauses. */

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../services/process";

const ROOT = join(__dirname, "..", "..");

const folders: { remove: () => void }[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

const document = (rows: string) => `# Numbers\n\n| a | b | c | d |\n| - | - | - | - |\n${rows}\n`;

/** A repository of the script, documents of few rows, and one test with these titles. */
function repository(tests: string) {
  const folder = temporaryFolder();
  folders.push(folder);
  const at = (path: string) => join(folder.path, path);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };
  cpSync(join(ROOT, "scripts", "references"), at("scripts/references"));
  symlinkSync(join(ROOT, "node_modules"), at("node_modules"));
  write(
    "docs/requirements.md",
    document("| R1 | One. | RFC 1 | none yet |\n| R2 | Two. | RFC 2 | none yet |"),
  );
  write("docs/cases.md", document("| B001 | A `+`. | a/b#1 | none yet |"));
  write("docs/standards.md", "# Standards\n");
  write("test/some/codes.test.ts", tests);
  return {
    write,
    read: (path: string) => readFileSync(at(path), "utf8"),
    run: (...args: string[]) => {
      const { status, stderr } = spawnSync(process.execPath, [at("scripts/references"), ...args]);
      return { status, told: stderr.toString() };
    },
  };
}

const TESTS = `
  // R2 in a comment is no title, and neither is "R2" further in.
  describe("codes (R1)", () => {
    test.each(["%C3"])("is %s (B001)", () => expect("R2 and R99").toBe(""));
  });
`;

test("each number gets a link to the files whose titles name it, and to no others", () => {
  const r = repository(TESTS);
  r.write("test/again.test.ts", 'it(`twice ${one}, ${two} (R1)`, () => {}); test("x (R1)", f);');
  expect(r.run()).toEqual({ status: 0, told: "" });
  const codes = "[some/codes](../test/some/codes.test.ts)";
  expect(r.read("docs/requirements.md")).toBe(
    document(
      `| R1 | One. | RFC 1 | [again](../test/again.test.ts), ${codes} |\n| R2 | Two. | RFC 2 | none yet |`,
    ),
  );
  expect(r.read("docs/cases.md")).toBe(document(`| B001 | A \`+\`. | a/b#1 | ${codes} |`));
});

test("a number without a test fails the check, unless its row says why", () => {
  const r = repository(TESTS);
  expect(r.run().status).toBe(0);
  const lacking =
    'docs/requirements.md: no test names R2, and its row has no line "no test: why".\n';
  expect(r.run("--check")).toEqual({ status: 1, told: lacking });
  const rows = r.read("docs/requirements.md");
  r.write("docs/requirements.md", rows.replace("none yet", "no test: nothing of it is built"));
  expect(r.run("--check")).toEqual({ status: 0, told: "" });
  expect(r.run().status).toBe(0);
  expect(r.read("docs/requirements.md")).toContain("| R2 | Two. | RFC 2 | no test: nothing of");
});

test("a reason goes once a test names the number", () => {
  const r = repository(TESTS);
  r.write("docs/requirements.md", document("| R1 | One. | RFC 1 | no test: too dear |"));
  expect(r.run("--check").status).toBe(1);
  r.run();
  expect(r.read("docs/requirements.md")).toBe(
    document("| R1 | One. | RFC 1 | [some/codes](../test/some/codes.test.ts) |"),
  );
});

const standards = (found: Record<"1.1" | "2.3" | "2.4", string>, why: string) => `
## OWASP ASVS 5

| clause | level | asks | requirements | besides |
| --- | --- | --- | --- | --- |
| 1.1 | 2 | One. | ${found["1.1"]} |  |
| 2.3 | 3 | Two. | ${found["2.3"]} | Your app's part. |

## NIST

| 1.1 | all | Three. | none |${why}|
| 2.4 | all | Four. | ${found["2.4"]} |  |
`;

test("each clause gets the numbers whose source names it, of its own standard alone", () => {
  const r = repository(TESTS);
  const rows =
    "| R1 | One. | ASVS 1.1, 2.2 to 2.4; RFC 2 | x |\n| R2 | Two. | NIST 2.4; ASVS 2.3 | x |";
  r.write("docs/requirements.md", document(rows));
  r.write(
    "docs/standards.md",
    standards({ "1.1": "R9", "2.3": " ", "2.4": "none" }, " Not here. "),
  );
  expect(r.run().status).toBe(0);
  const right = standards({ "1.1": "R1", "2.3": "R1, R2", "2.4": "R2" }, " Not here. ");
  expect(r.read("docs/standards.md")).toBe(right);
  r.write("docs/standards.md", right.replace("Not here.", ""));
  expect(r.run("--check").told).toContain(
    "docs/standards.md: no requirement names NIST 1.1, and its row says not why.\n",
  );
  r.write("docs/standards.md", right.replace("R1, R2", "R1"));
  expect(r.run("--check").told).toContain("docs/standards.md is stale.");
});

test("a document that is stale fails the check, which leaves it as it is", () => {
  const r = repository(TESTS);
  const stale = r.read("docs/requirements.md");
  const { status, told } = r.run("--check");
  expect(status).toBe(1);
  expect(told).toContain("docs/requirements.md is stale. Run `npm run references`");
  expect(told).toContain("docs/cases.md is stale.");
  expect(r.read("docs/requirements.md")).toBe(stale);
});

test("a test that moves makes the documents stale", () => {
  const r = repository(TESTS);
  r.run();
  r.write("test/some/codes.test.ts", "");
  r.write("test/codes.test.ts", TESTS);
  expect(r.run("--check").status).toBe(1);
  expect(r.run().status).toBe(0);
  expect(r.read("docs/cases.md")).toContain("| [codes](../test/codes.test.ts) |");
});

test.each([
  ["written", []],
  ["checked", ["--check"]],
])("an unknown number fails with its file when the documents are %s", (_what, args) => {
  const r = repository('test.each([1])("passes (R1, C201)", () => {});');
  const { status, told } = r.run(...args);
  expect(status).toBe(1);
  expect(told).toContain("test/some/codes.test.ts: C201 is in no row of docs/requirements.md");
});

test("a number that is defined twice fails", () => {
  const r = repository("");
  r.write("docs/cases.md", document("| R1 | Again. | a/b#2 | none yet |"));
  expect(r.run()).toEqual({ status: 1, told: "docs/cases.md: R1 is defined twice.\n" });
});

test("the check is part of what has to hold for each change", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  expect(scripts.check).toMatch(/^npm run references -- --check && /);
});
