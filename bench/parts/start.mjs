/** Part 6: what loading the package adds to an app that has loaded Express. */

import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "../measure.mjs";
import { ROOT } from "../subject.mjs";

const SCRIPT = fileURLToPath(new URL("./start-process.cjs", import.meta.url));

export async function measureStart({ isQuick }) {
  const runs = [];
  for (let each = 0; each <= (isQuick ? 5 : 11); each += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", SCRIPT, ROOT]);
    if (each > 0) runs.push(JSON.parse(stdout));
  }
  const steps = Object.keys(runs[0]);
  return Object.fromEntries(
    steps.map((step) => [
      step,
      {
        ms: median(runs.map((run) => run[step].ms)),
        rssMB: median(runs.map((run) => run[step].rssMB)),
        heapMB: median(runs.map((run) => run[step].heapMB)),
        files: runs[0][step].files,
      },
    ]),
  );
}
