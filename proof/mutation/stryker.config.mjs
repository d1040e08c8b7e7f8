/** How each line of a room is changed: Stryker's own mutants, all of them. */

import { createRequire } from "node:module";

const { rooms } = createRequire(import.meta.url)("./rooms.js");
const room = process.env.MUTATION_ROOM;

export default {
  plugins: ["./proof/mutation/kept-jest.mjs"],
  testRunner: "kept-jest",
  coverageAnalysis: "perTest",
  mutate: rooms[room].mutate,
  ignorePatterns: ["artefacts", "bench", "dist", "docs/api", "docs/images", "demo-app", "examples"],
  disableTypeChecks: "lib/**/*.ts",
  concurrency: 2,
  // The runner ends what hangs in a test by itself; this is for a loop that no mutant counts.
  timeoutMS: 120_000,
  reporters: ["json", "html", "progress-append-only"],
  tempDirName: `artefacts/mutation/${room}`,
  jsonReporter: { fileName: `artefacts/mutation/${room}.json` },
  htmlReporter: { fileName: `artefacts/mutation/${room}.html` },
};
