/** How Jest finds the tests, and loads TypeScript and the package by its name. */

"use strict";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.ts$": ["ts-jest", { diagnostics: false }],
    "^.+\\.mts$": "<rootDir>/test/client/as-commonjs.js",
  },
  moduleNameMapper: {
    "^(.*/lib/client/index)\\.mjs$": "$1.mts",
    // The demo imports the package by its name; here that is the source.
    "^express-sms-2fa$": "<rootDir>/lib/index.ts",
    "^express-sms-2fa/signalwire$": "<rootDir>/lib/senders/signalwire/index.ts",
    "^express-sms-2fa/outbox$": "<rootDir>/lib/senders/outbox.ts",
  },
  testTimeout: 20_000,
};
