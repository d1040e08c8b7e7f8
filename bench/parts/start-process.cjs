// A fresh process that loads one thing after the other, and prints what each took.

"use strict";

const [root] = process.argv.slice(2);
const steps = {};

function step(name, act) {
  globalThis.gc();
  const before = process.memoryUsage();
  const files = Object.keys(require.cache).length;
  const start = performance.now();
  const result = act();
  const ms = performance.now() - start;
  globalThis.gc();
  const after = process.memoryUsage();
  steps[name] = {
    ms,
    rssMB: (after.rss - before.rss) / 1e6,
    heapMB: (after.heapUsed + after.external - before.heapUsed - before.external) / 1e6,
    files: Object.keys(require.cache).length - files,
  };
  return result;
}

step("express", () => require("express"));
const { twoFactor } = step("package", () => require(root));
step("twoFactor", () =>
  twoFactor({
    secret: "0123456789abcdef0123456789abcdef",
    user: () => null,
    sender: () => undefined,
    appName: "Acme",
  }),
);
const { signalwire } = step("signalwireModule", () =>
  require(`${root}/dist/senders/signalwire/index.js`),
);
step("signalwireSender", () =>
  signalwire({
    space: "example.signalwire.com",
    project: "p",
    token: "PTx",
    number: "+12025550100",
  }),
);
console.log(JSON.stringify(steps));
