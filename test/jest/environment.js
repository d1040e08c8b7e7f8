/** Node.js as Jest gives it to a file of tests, but that no interval outlives the file. */

"use strict";

const { TestEnvironment } = require("jest-environment-node");

module.exports = class extends TestEnvironment {
  #begun = new Set();

  async setup() {
    await super.setup();
    const begin = this.global.setInterval;
    this.global.setInterval = (...given) => {
      const interval = begin(...given);
      this.#begun.add(interval);
      return interval;
    };
  }

  async teardown() {
    // Those of counters in memory run for a day. Each would keep all modules of its file in memory.
    for (const interval of this.#begun) clearInterval(interval);
    this.#begun.clear();
    await super.teardown();
  }
};
