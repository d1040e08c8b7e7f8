/** URLs read: the same answer however often it is asked. */

import { parseUrl } from "../../lib/std/url";

// Node.js 20.20's own URL.canParse() refuses it after some ten thousand calls.
test("a host or a path with letters beyond ASCII is read on a server that has run for long too", () => {
  const missed = Array.from({ length: 100_000 }, () => [
    parseUrl("https://b\u00fccher.example")?.hostname,
    parseUrl("/stra\u00dfe", "https://app.example")?.pathname,
  ]).filter(([host, path]) => host !== "xn--bcher-kva.example" || path !== "/stra%C3%9Fe");
  expect(missed).toEqual([]);
});

test.each(["", "/account", "https://", "https://[", "app example"])("%j is no URL", (text) => {
  expect(parseUrl(text)).toBeUndefined();
});
