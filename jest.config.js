/** How Jest finds the tests, loads TypeScript and the package by its name, and uses the machine. */

"use strict";

const { all, quick } = require("./test/jest/kinds");

/** @type {import("@swc/core").Options} */
const toCommonJs = {
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  sourceMaps: "inline",
  swcrc: false,
};

// It imports Node's own modules when they are needed, which Jest lets only `require` do.
const EMBEDDED_DATABASE = "@electric-sql/pglite/dist/index.cjs";

const shared = {
  testEnvironment: "<rootDir>/test/jest/environment.js",
  roots: ["<rootDir>/test"],
  transform: {
    "^.+\\.m?ts$": ["@swc/jest", toCommonJs],
    [`${EMBEDDED_DATABASE}$`]: ["@swc/jest", { jsc: { target: "es2022" }, swcrc: false }],
  },
  transformIgnorePatterns: [`/node_modules/(?!${EMBEDDED_DATABASE}$)`],
};

const moduleNameMapper = {
  "^(.*/lib/client/index)\\.mjs$": "$1.mts",
  // The demo imports the package by its name; here that is the source.
  "^express-sms-2fa$": "<rootDir>/lib/index.ts",
  "^express-sms-2fa/(signalwire|twilio)$": "<rootDir>/lib/senders/$1/index.ts",
  "^express-sms-2fa/(outbox|failover)$": "<rootDir>/lib/senders/$1.ts",
  "^express-sms-2fa/opentelemetry$": "<rootDir>/lib/telemetry/index.ts",
  "^express-sms-2fa/(redis|postgres)$": "<rootDir>/lib/entry/$1.ts",
};

/** @type {import("jest").Config} */
module.exports = {
  // Jest would leave one core idle; the services that tests start leave enough to spare.
  maxWorkers: "100%",
  // Modules of files that have ended stay in a worker's memory, and it spends ever more time on that.
  workerIdleMemoryLimit: "500MB",
  // Far more than any test takes: what it bounds is one that never ends. Of a project Jest reads none.
  testTimeout: 60_000,
  testSequencer: "<rootDir>/test/jest/sequencer.js",
  projects: [
    {
      ...shared,
      displayName: "quick",
      testMatch: quick,
      moduleNameMapper: {
        ...moduleNameMapper,
        "^(?:node:)?child_process$": "<rootDir>/test/jest/no-processes.js",
      },
    },
    {
      ...shared,
      displayName: "outside",
      setupFilesAfterEnv: ["<rootDir>/test/jest/once-more.js"],
      testMatch: all.filter((file) => !quick.includes(file)),
      moduleNameMapper,
    },
  ],
};
