/** Where the demo sends a visitor on to after the log-in. */

import { pathAfterLogIn } from "../../demo-app/src/http/return-path";

test("a page of the demo that was asked for is opened", () => {
  expect(pathAfterLogIn("/transfer?next=https://x.example")).toBe(
    "/transfer?next=https://x.example",
  );
});

test.each(["/2fa/number?returnTo=%2Faccount", "/2fa/recovery-codes?returnTo=%2Faccount"])(
  "%s, which asks for a proof first, is gone on to after it",
  (asked) => {
    expect(pathAfterLogIn(asked)).toBe(asked);
  },
);

test.each([
  ["nothing", undefined],
  ["an array", ["/transfer"]],
  ["another origin", "//evil.example"],
  ["the code page", "/2fa/?returnTo=/account"],
  ["the field for a recovery code", "/2fa/recovery?returnTo=/account"],
  ["the log-in", "/log-in"],
  ["the log-out", "/log-out"],
  ["the sign-up", "/sign-up"],
])("for %s the account page is opened (R73)", (_name, asked) => {
  expect(pathAfterLogIn(asked)).toBe("/account");
});
