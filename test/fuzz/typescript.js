/** Lets Node.js load the TypeScript of this repository, and the package by its name from its source. */

"use strict";

const Module = require("node:module");
const { join } = require("node:path");
const { transformFileSync } = require("@swc/core");

const ROOT = join(__dirname, "..", "..");

const TO_COMMON_JS = {
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "commonjs" },
  sourceMaps: "inline",
  swcrc: false,
};

require.extensions[".ts"] = (module, file) => {
  module._compile(transformFileSync(file, TO_COMMON_JS).code, file);
};

const resolve = Module._resolveFilename;
Module._resolveFilename = function (name, ...rest) {
  const asked = name === "express-sms-2fa" ? join(ROOT, "lib", "index.ts") : name;
  return resolve.call(this, asked, ...rest);
};

process.setSourceMapsEnabled(true);
