/** The command `npm run fuzz`: watches over a thread, and is that thread where it is started as one. */

"use strict";

const { isMainThread } = require("node:worker_threads");
require("./typescript");

if (isMainThread) void require("./watch").main(process.argv.slice(2), __filename);
else void require("./work").main();
