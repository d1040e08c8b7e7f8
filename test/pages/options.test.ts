/** The option `pages`: default, good, each bad kind, misspelt. */

import { twoFactor, type PagesOptions } from "../../lib/index";
import { SECRET } from "../fakes/app";

function make(pages: unknown, user: unknown = () => null): () => unknown {
  return () =>
    twoFactor({
      secret: SECRET,
      user: user as () => null,
      sender: () => undefined,
      appName: "Acme",
      pages: pages as PagesOptions,
    });
}

test.each([
  [undefined],
  [false],
  [true],
  [{}],
  [{ homePath: "/a?b=c", logOutPath: "/log-out", logInPath: "/log-in" }],
  [{ supportUrl: "/help" }],
  [{ supportUrl: "https://acme.example/help" }],
  [{ supportUrl: "mailto:help@acme.example" }],
  [{ classPrefix: "acme-2fa", layout: (html: string) => html, csrf: false }],
  [{ csrf: () => ({}), homePath: undefined, layout: undefined, classPrefix: undefined }],
])("%j is taken", (pages) => {
  expect(make(pages)).not.toThrow();
});

test.each([
  ["yes", "Expected `pages` to be given an object of options."],
  [null, "Expected `pages` to be given an object of options."],
  [{ homepath: "/" }, "Unknown option `homepath` of `pages`. Did you mean `homePath`?"],
  [{ homePath: "//evil.example" }, "`pages.homePath` to be a path of this origin"],
  [
    { homePath: "account" },
    '`pages.homePath` to be a path of this origin, such as /account, got "account"',
  ],
  [{ homePath: "/\\evil.example" }, "`pages.homePath`"],
  [{ logOutPath: "https://acme.example/out" }, "`pages.logOutPath`"],
  [{ logInPath: 1 }, "`pages.logInPath`"],
  [{ supportUrl: "javascript:alert(1)" }, "`pages.supportUrl` to be a path, or a URL"],
  [{ supportUrl: "https://" }, "`pages.supportUrl`"],
  [
    { supportUrl: "http://acme.example/help" },
    "`pages.supportUrl` to be a path, or a URL of https",
  ],
  [{ classPrefix: "1x" }, "`pages.classPrefix`"],
  [{ classPrefix: "a b" }, "`pages.classPrefix`"],
  [{ layout: "html" }, "`pages.layout` to be a function"],
  [{ csrf: true }, "`pages.csrf` to be a function"],
])("%j is refused", (pages, sentence) => {
  expect(make(pages)).toThrow(sentence);
});

test("numbers from the request have no pages", () => {
  expect(make(true, "from-request")).toThrow('with `user: "from-request"`');
  expect(make(false, "from-request")).not.toThrow();
});
