/** Which paths an app's own log-in page may send somebody back to (R73). */

import { returnPath } from "../../../lib";

const EXITS = ["/log-in", "/log-out", "/2fa"];

test.each([
  "/",
  "/account",
  "/account?tab=2&q=a%20b",
  "/account?next=https://x.example",
  "/log-outs",
  "/files/my%20report.pdf#page=2",
])("%s is gone back to", (path) => {
  expect(returnPath(path, EXITS)).toBe(path);
});

test("without exits every path of the own origin is gone back to, and none of another", () => {
  expect(returnPath("/log-out")).toBe("/log-out");
  expect(returnPath("//evil.example")).toBeUndefined();
});

test("what a header can't carry is written as it can", () => {
  expect(returnPath("/é?x=ü", EXITS)).toBe("/%C3%A9?x=%C3%BC");
});

test.each([
  ["nothing", undefined],
  ["an array", ["/transfer"]],
  ["an empty string", ""],
  ["two slashes", "//evil.example"],
  ["a slash and a backslash", "/\\evil.example"],
  ["a backslash further on", "/transfer\\..\\"],
  ["another origin", "https://evil.example/transfer"],
  ["a scheme without slashes", "https:evil.example"],
  ["a script", "javascript:alert(1)"],
  ["a relative path", "transfer"],
  ["two slashes, encoded", "/%2f%2fevil.example"],
  ["two slashes, once its dots are resolved", "/.//evil.example"],
  ["two slashes behind a step up", "/x/..//evil.example"],
  ["two slashes behind an encoded dot", "/%2e//evil.example"],
  ["two slashes, which encoded steps up hide", "/x/../%2fevil.example%2f..%2f.."],
  ["two slashes, one encoded twice", "/%252fevil.example"],
  ["one slash, encoded", "/%2fevil.example"],
  ["a backslash, encoded", "/%5cevil.example"],
  ["a blank between two slashes, encoded", "/%20/evil.example"],
  ["a broken escape", "/%zz"],
  ["a tab", "/\t/evil.example"],
  ["a line break", "/transfer\r\nLocation: https://evil.example"],
  ["a NUL", "/transfer\0"],
  ["an encoded line break", "/transfer%0d%0a"],
  ["an invisible mark", "/\u200b/evil.example"],
  ["an exit", "/log-out"],
  ["an exit with a slash behind it", "/log-out/"],
  ["an exit with an encoded question mark", "/log-out%3F"],
  ["an exit in capitals", "/Log-In?returnTo=/account"],
  ["a path below an exit", "/2fa/code?x=1"],
  ["an exit, spelt otherwise", "/x/../%32FA"],
  ["an exit, and from it a step up that is no segment of its own", "/log-out/..%2fx"],
  ["the same, encoded whole", "/Log%2Dout/%2e%2e%2fx"],
  ["the same, encoded twice", "/log-out%252f..%252fx"],
  ["a very long path", `/${"a".repeat(3000)}`],
  ["a path that is very long once it is encoded", `/${"é".repeat(400)}`],
])("%s is not", (_name, path) => {
  expect(returnPath(path, EXITS)).toBeUndefined();
});

test.each([
  ["a slash at its end", "/log-out/", "/log-out"],
  ["letters that addresses encode", "/abmelden-für-immer", "/abmelden-f%C3%BCr-immer"],
  ["a query", "/log-out?now", "/log-out"],
])("an exit may be given with %s", (_name, exit, path) => {
  expect(returnPath(path, [exit])).toBeUndefined();
  expect(returnPath(`${path}/now`, [exit])).toBeUndefined();
});

test("the first page as an exit shuts out itself, not all that is below it", () => {
  expect(returnPath("/", ["/"])).toBeUndefined();
  expect(returnPath("/account", ["/"])).toBe("/account");
});

test("the entry counts although it is below an exit, and nothing else there does", () => {
  expect(returnPath("/2fa/number?x=1", EXITS, "/2fa/number")).toBe("/2fa/number?x=1");
  expect(returnPath("/2fa/number/code", EXITS, "/2fa/number")).toBeUndefined();
  expect(returnPath("/2fa/code/..%2fnumber", EXITS, "/2fa/number")).toBeUndefined();
});
