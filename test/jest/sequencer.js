/** Begins with the files that take longest, so that no core idles at the end beside a long one that came last. */

"use strict";

const { relative, sep } = require("node:path");
const { default: Sequencer } = require("@jest/test-sequencer");
const { quick } = require("./kinds");

/** Milliseconds, for a file that has not been run on this machine; its folder tells what it starts. */
const GUESSES = { consumers: 90_000, browser: 30_000, processes: 25_000, demo: 20_000 };
const OTHERS = { quick: 2000, outside: 15_000 };

module.exports = class extends Sequencer {
  time(test) {
    return super.time(test) ?? guess(test.path);
  }
};

function guess(path) {
  if (quick.includes(path)) return OTHERS.quick;
  const [folder] = relative(`${__dirname}/..`, path).split(sep);
  return GUESSES[folder] ?? OTHERS.outside;
}
