/** Turns the browser client, an ES module, into what Jest can load: ts-jest leaves a .mts one. */

"use strict";

const ts = require("typescript");

exports.process = (source, file) => {
  const { outputText } = ts.transpileModule(source, {
    fileName: file.replace(/mts$/, "ts"),
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      inlineSourceMap: true,
    },
  });
  return { code: outputText };
};
