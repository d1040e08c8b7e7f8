/** The ledger's specification: all its states are searched, within narrower bounds than by hand. */

import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../services/process";

const SPECIFICATION = join(__dirname, "..", "..", "proof", "ledger");
// Some 15 s where nothing else runs, and four minutes beside forty others.
const LONGEST_MS = 600_000;

function check(folder: string, env: NodeJS.ProcessEnv = process.env) {
  const given = [join(folder, "check.mjs"), "--quick"];
  const { status, stdout, stderr } = spawnSync(process.execPath, given, { encoding: "utf8", env });
  return { status, lines: stdout.split("\n"), mistake: stderr };
}

test(
  "whatever is late, lost, doubled or undone, each property of the ledger holds (R5, R6, R12, R17, R18, R36, R37)",
  () => {
    const { status, lines, mistake } = check(SPECIFICATION);
    expect(mistake).toBe("");
    expect(lines.filter((line) => /: all states searched in/.test(line))).toHaveLength(3);
    expect(
      lines.filter((line) => /: [1-9]\d+ states, depth \d+, 0 errors$/.test(line)),
    ).toHaveLength(23);
    expect(status).toBe(0);
  },
  LONGEST_MS,
);

test(
  "a ledger that gives back to whom it did not take from is found out",
  () => {
    const folder = temporaryFolder();
    try {
      cpSync(SPECIFICATION, folder.path, { recursive: true });
      const file = join(folder.path, "ledger.pml");
      const text = readFileSync(file, "utf8");
      const forgets = "tookFrom(by, k) = 0";
      expect(text).toContain(forgets);
      writeFileSync(file, text.replace(forgets, "skip"));
      const { status, lines } = check(folder.path);
      expect(lines.join("\n")).toMatch(
        /^issue: counted_is_taken: .* 1 errors, NOT all states searched$/m,
      );
      expect(status).toBe(1);
    } finally {
      folder.remove();
    }
  },
  LONGEST_MS,
);

test("where spin is missing, one sentence tells how to install it", () => {
  const { status, mistake } = check(SPECIFICATION, { PATH: "/nowhere" });
  expect(mistake).toBe(
    "`spin` is missing. Install it: apt-get install -y --no-install-recommends spin gcc libc6-dev\n",
  );
  expect(status).toBe(1);
});
