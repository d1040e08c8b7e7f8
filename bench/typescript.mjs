/** Lets the benches use the test's own servers and fakes, which are TypeScript. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const ts = require("typescript");

require.extensions[".ts"] = (module, file) => {
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  });
  module._compile(outputText, file);
};

export const { startRedis } = require("../test/services/redis.ts");
export const { startPostgres } = require("../test/services/postgres.ts");
export const { temporaryFolder } = require("../test/services/process.ts");
export const { startTcpProxy } = require("../test/services/tcp-proxy.ts");
export const { startSignalWireApi } = require("../test/fakes/signalwire-api.ts");
