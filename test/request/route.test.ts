/** The route that events name is the app's own words: nothing that a client has put into an address is in it. */

import fc from "fast-check";
import type { IncomingMessage } from "node:http";
import { noteEndpoint, routeOf } from "../../lib/request/route";

const asked = (req: object) => req as IncomingMessage;

test.each<[string, object, string | undefined]>([
  ["Express's route", { baseUrl: "/shop", route: { path: "/orders/:id" } }, "/shop/orders/:id"],
  ["a route of several paths", { baseUrl: "", route: { path: ["/a", "/b/:c"] } }, "/a|/b/:c"],
  ["a route by a pattern", { baseUrl: "", route: { path: /^\/a+$/ } }, "/^\\/a+$/"],
  ["a guard in front of the app", { baseUrl: "", url: "/account" }, "/"],
  ["a guard in front of a router", { baseUrl: "/admin", url: "/users/7" }, "/admin"],
  ["Connect's mount", { originalUrl: "/admin/users?id=7", url: "/users?id=7" }, "/admin"],
  ["Connect's root", { originalUrl: "/users?id=7", url: "/users?id=7" }, "/"],
  ["Connect's mount, asked for itself", { originalUrl: "/admin?x=1", url: "/?x=1" }, "/admin"],
  ["node:http alone", { url: "/users/7" }, undefined],
])("%s is named", (_what, req, route) => {
  expect(routeOf(asked(req))).toBe(route);
});

test.each([
  "/u/+12025550123",
  "/u/12025550123",
  "/u/ann@acme.example",
  "/u/pT3vWb81yQmZ0aLk",
  "/u/%00",
])("what a client may have put into a mount path is not: %s", (baseUrl) => {
  expect(routeOf(asked({ baseUrl }))).toBe("/u/*");
});

test("words that mount paths are made of stay", () => {
  for (const baseUrl of ["/2fa", "/api/v1/2fa", "/adminArea", "/my_shop", "/API", "/sign-in"]) {
    expect(routeOf(asked({ baseUrl }))).toBe(baseUrl);
  }
});

test("no code, number or key of a client's is in a route, wherever it stands in the address (R88)", () => {
  const secret = fc.oneof(
    fc.stringMatching(/^\d{6,15}$/),
    fc
      .uint8Array({ minLength: 16, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString("hex")),
  );
  fc.assert(
    fc.property(secret, (value) => {
      const base = routeOf(asked({ baseUrl: `/t/${value}/shop`, url: `/${value}?code=${value}` }));
      const originalUrl = `/shop/${value}?code=${value}`;
      const connect = routeOf(asked({ originalUrl, url: `/${value}?code=${value}` }));
      return base === "/t/*/shop" && connect === "/shop";
    }),
  );
});

test("the router's own paths are named in full", () => {
  const req = asked({ baseUrl: "/2fa", url: "/request-auth?code=123456" });
  noteEndpoint(req, "/request-auth");
  expect(routeOf(req)).toBe("/2fa/request-auth");
});
