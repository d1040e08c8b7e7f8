/** What an app loads of this package before it has asked for anything, and after. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

/** The built files, and those of dependencies, that `script` has loaded in a process of its own. */
function loadedBy(script: string): { own: string[]; others: string[] } {
  const print = "console.log(JSON.stringify(Object.keys(require.cache)))";
  const text = `process.on('exit', () => ${print});${script}`;
  const out = execFileSync(process.execPath, ["-e", text], {
    cwd: ROOT,
    timeout: 45_000,
  });
  const files = JSON.parse(out.toString()) as string[];
  const dist = join(ROOT, "dist/");
  return {
    own: files.filter((path) => path.startsWith(dist)).map((path) => path.slice(dist.length)),
    others: files.filter((path) => path.includes("node_modules")),
  };
}

const OPTIONS =
  "secret: '0123456789abcdefghijklmnopqrstuv', appName: 'Acme', sender() {}, user: () => null";

test("naming the package loads a handful of files, and none of a dependency", () => {
  const { own, others } = loadedBy("require('.')");
  expect(own).toContain("index.js");
  expect(own.length).toBeLessThanOrEqual(12);
  expect(others).toEqual([]);
});

test("an app without telemetry loads nothing of OpenTelemetry, and one with it the API alone", () => {
  const by = (more: string) =>
    loadedBy(`require('.').twoFactor({ ${OPTIONS}, pages: true, ${more} })`);
  const isOfOpenTelemetry = (path: string) => /opentelemetry|telemetry\/index/.test(path);
  const without = by("");
  expect([...without.own, ...without.others].filter(isOfOpenTelemetry)).toEqual([]);
  const loaded = by("telemetry: require('./dist/telemetry/index.js').openTelemetry()").others;
  const packages = loaded
    .filter(isOfOpenTelemetry)
    .map((path) => /@opentelemetry\/[^/]+/.exec(path));
  expect([...new Set(packages.map(String))]).toEqual(["@opentelemetry/api"]);
});

test("an app without pages loads none of their words, and one with pages has them before a request", () => {
  const without = loadedBy(`require('.').twoFactor({ ${OPTIONS} })`).own;
  expect(without).toContain("flows/verifier.js");
  expect(without.filter((path) => path.startsWith("pages/words"))).toEqual([]);
  const withPages = loadedBy(`require('.').twoFactor({ ${OPTIONS}, pages: true })`).own;
  expect(withPages).toContain("pages/words/en.js");
});

test("what a request needs is loaded before the first: none waits for a file", () => {
  const before = loadedBy(`require('.').twoFactor({ ${OPTIONS}, pages: true })`);
  const after = loadedBy(
    `const { require2fa, router } = require('.').twoFactor({ ${OPTIONS}, pages: true });` +
      "const res = { setHeader() {}, end() {} };" +
      "require2fa()({ url: '/', headers: {}, socket: {} }, res, () => {});" +
      "router({ url: '/status', method: 'GET', headers: {}, socket: {} }, res, () => {})",
  );
  expect(after).toEqual(before);
});
