/** Which of Jest's quick tests a room's mutants meet, by `MUTATION_ROOM`. */

"use strict";

const { projects } = require("../../jest.config");
const { quick } = require("../../test/jest/kinds");
const { rooms } = require("./rooms");

const TESTS = new RegExp(
  `[\\\\/]test[\\\\/](?:${rooms[process.env.MUTATION_ROOM].tests.join("|")})`,
);

/** @type {import("jest").Config} */
module.exports = {
  ...projects[0],
  rootDir: "../..",
  testMatch: quick.filter((file) => TESTS.test(file)),
};
