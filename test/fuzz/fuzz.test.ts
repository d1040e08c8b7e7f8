/** Fuzzing with a fixed seed: some thousand inputs of all that reads outside input, and proof that a fault is found. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";

const SCRIPT = join(__dirname, "run.js");

// Far more than it takes: on a busy machine each is a process that waits its turn.
const TIMEOUT_MS = 600_000;

function fuzz(...words: string[]): { status: number | null; text: string } {
  const { status, stdout: text } = spawnSync(process.execPath, [SCRIPT, ...words], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] },
  });
  return { status, text };
}

test(
  "no input is thrown at, hung on, or answered out of the contract (B070, B109)",
  () => {
    const { status, text } = fuzz("--count", "6000", "--seed", "1");
    expect(text).toMatch(/\d{4,} inputs in \d+ s, 0 faults \(seed 1\)\.\n$/);
    expect(text).not.toContain("FAULT");
    expect(status).toBe(0);
  },
  TIMEOUT_MS,
);

test(
  "a throw, a rejection, a hang and an end of the process are found, and their input is named",
  () => {
    const { status, text } = fuzz("--list", join(__dirname, "planted.ts"), "--count", "500");
    expect(status).toBe(1);
    const faults = text.split("FAULT in ").slice(1);
    expect(faults.map((each) => each.split(":", 1)[0])).toEqual([
      "throws",
      "rejects",
      "hangs",
      "ends",
    ]);
    expect(faults[0]).toContain("Does not hold: no input is planted");
    expect(faults[2]).toMatch(/^hangs: Hangs: .*\n {2}input: {2}"a{40}!"\n/);
    for (const fault of faults) expect(fault).toContain("--seed 1 --target");
    // What comes behind the input that hung was tried all the same.
    expect(text).toMatch(/^hangs +100 /m);
    expect(text).toMatch(/^sound +100 .* 0$/m);
  },
  TIMEOUT_MS,
);

test(
  "one input is played again by its number, the same for the same seed",
  () => {
    const list = ["--list", join(__dirname, "planted.ts"), "--target", "throws"];
    expect(fuzz(...list, "--index=-1").text).toContain('input:  "planted"');
    expect(fuzz(...list, "--index=7").status).toBe(0);
  },
  TIMEOUT_MS,
);
