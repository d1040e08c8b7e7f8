/** Which paths a visitor is sent back to. */

import { returnPath } from "../../demo-app/src/return-path";

test.each(["/account", "/transfer", "/account?tab=2&q=a%20b", "/transfer?next=https://x.example"])(
  "the path %s of the demo's own is gone back to",
  (path) => {
    expect(returnPath(path)).toBe(path);
  },
);

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
  ["one slash, encoded", "/%2fevil.example"],
  ["a backslash, encoded", "/%5cevil.example"],
  ["a broken escape", "/%zz"],
  ["a tab", "/\t/evil.example"],
  ["a line break", "/transfer\r\nLocation: https://evil.example"],
  ["a NUL", "/transfer\0"],
  ["an encoded line break", "/transfer%0d%0a"],
  ["an invisible mark", "/\u200b/evil.example"],
  ["the code page", "/2fa/?returnTo=/account"],
  ["a path below the code page", "/2fa/code?x=1"],
  ["the code page, spelt otherwise", "/x/../%32FA"],
  ["the log-out", "/log-out"],
  ["the log-in", "/log-in"],
  ["an endpoint", "/2fa/status"],
  ["a very long path", `/${"a".repeat(3000)}`],
])("%s is not: the account page is opened in its place (R73)", (_name, path) => {
  expect(returnPath(path)).toBe("/account");
});
