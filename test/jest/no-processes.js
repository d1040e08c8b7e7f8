/** Stands in for Node's ways to start a process in the quick tests, and says what is wrong where one is used. */

"use strict";

function refuse() {
  throw new Error(
    "A quick test starts no process, and this one was taken for quick: " +
      "see how test/jest/kinds.js tells, and import what starts it where that can see it.",
  );
}

for (const name of ["exec", "execFile", "fork", "spawn", "execSync", "execFileSync", "spawnSync"]) {
  exports[name] = refuse;
}
