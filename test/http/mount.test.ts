/** Mounting: paths that are told right wherever the router stands, and wrong uses named in a sentence. */

import { type RequestHandler } from "express";
import { EXPRESSES, serve } from "../fakes/app";

interface Required {
  verifyAt?: { request: string; validate: string };
}

const NAVIGATION = { Accept: "text/html", "Sec-Fetch-Dest": "document" };

function warningsOf(): string[] {
  const warnings: string[] = [];
  jest.spyOn(process, "emitWarning").mockImplementation((warning) => {
    warnings.push(String(warning));
  });
  return warnings;
}

describe.each(EXPRESSES)("%s", (_name, module) => {
  test.each(["/2fa", "/account/security", "/a/b/c"])(
    "the guard tells the endpoints below %s before the router has served any request (B035)",
    async (mount) => {
      const s = await serve({ express: module, mount });
      const client = await s.signedIn();
      const { verifyAt } = (await client.get("/private")).body as Required;
      expect(verifyAt).toEqual({
        request: `${mount}/request-auth`,
        validate: `${mount}/validate-auth`,
      });
      expect((await client.post(String(verifyAt?.request))).status).toBe(200);
      const answer = await client.post(String(verifyAt?.validate), { code: s.lastCode() });
      expect(answer.status).toBe(200);
      expect(await client.visit()).toBe(200);
    },
  );

  test.each([
    ["no path to whoever is elsewhere", undefined],
    ["the one that the app says", "/api/2fa"],
  ])("in a nested router the guard tells %s (B035)", async (_what, path) => {
    const s = await serve({
      express: module,
      options: { path },
      mountWith: (app, two) => {
        const inner = module.Router();
        inner.use("/2fa", two.router);
        app.use("/api", inner);
      },
    });
    const client = await s.signedIn();
    expect((await client.get("/api/2fa/status")).status).toBe(200);
    const { verifyAt } = (await client.get("/private")).body as Required;
    expect(verifyAt?.request).toBe(path && `${path}/request-auth`);
  });

  test("in a nested router the guard beside it learns the path from the router's first request (C237)", async () => {
    const warnings = warningsOf();
    const s = await serve({
      express: module,
      options: { pages: true },
      mountWith: (app, two) => {
        const shop = module.Router();
        shop.use("/2fa", two.router);
        shop.get("/account", two.require2fa(), (_req, res) => res.json({}));
        app.use("/shop", shop);
      },
    });
    const client = await s.signedIn();
    const visit = () => client.get("/shop/account?tab=2").set(NAVIGATION);
    expect((await visit()).status).toBe(403);
    expect((await visit()).status).toBe(403);
    expect(warnings).toEqual([
      expect.stringMatching(/not mounted.* set `path` to where clients reach it/),
    ]);
    await client.get("/SHOP/2fa/status");
    const { status, headers } = await visit();
    expect([status, headers.location]).toEqual([
      303,
      "/shop/2fa/?returnTo=%2Fshop%2Faccount%3Ftab%3D2",
    ]);
    expect((await client.get(String(headers.location)).set(NAVIGATION)).status).toBe(200);
    expect((await client.get("/shop/account")).body).toMatchObject({
      verifyAt: { request: "/shop/2fa/request-auth", page: "/shop/2fa/" },
    });
    expect(warnings).toHaveLength(1);
  });

  test.each([
    ["an app's path", "told"],
    ["the option `path`", "given"],
    ["a router in a router", "nested"],
  ])("parameters in %s are those of the guarded request (C237)", async (_where, way) => {
    warningsOf();
    const s = await serve({
      express: module,
      options: { pages: true, ...(way === "given" && { path: "/t/:tenant/2fa" }) },
      mountWith: (app, two) => {
        const guard = two.require2fa();
        if (way === "told") app.use("/t/:tenant/2fa", two.router);
        else {
          const tenant = module.Router();
          tenant.use("/2fa", two.router);
          tenant.get("/inside", guard, (_req, res) => res.json({}));
          app.use("/t/:tenant", tenant);
        }
        app.get("/t/:tenant/account", guard, (_req, res) => res.json({}));
        app.get("/of/:tenant", guard, (_req, res) => res.json({}));
        app.get("/nowhere", guard, (_req, res) => res.json({}));
      },
    });
    const client = await s.signedIn();
    const from = async (path: string) =>
      (await client.get(path).set(NAVIGATION)).headers.location as unknown;
    // The first of them teaches the nested one.
    expect((await client.get("/t/acme/2fa/").set(NAVIGATION)).text).toContain(
      'action="/t/acme/2fa/text"',
    );
    expect(await from("/t/acme/account")).toBe("/t/acme/2fa/?returnTo=%2Ft%2Facme%2Faccount");
    if (way === "nested") {
      expect(await from("/t/acme/inside")).toBe("/t/acme/2fa/?returnTo=%2Ft%2Facme%2Finside");
      expect(await from("/t/a%20b/inside")).toBe("/t/a%20b/2fa/?returnTo=%2Ft%2Fa%2520b%2Finside");
      expect(await from("/of/acme")).toBeUndefined();
    } else {
      expect(await from("/t/a%20b/account")).toBe(
        "/t/a%20b/2fa/?returnTo=%2Ft%2Fa%2520b%2Faccount",
      );
      expect(await from("/of/acme")).toBe("/t/acme/2fa/?returnTo=%2Fof%2Facme");
    }
    // Nobody is sent to a tenant that their own request does not name.
    expect(await from("/nowhere")).toBeUndefined();
    expect((await client.get("/t/evil%5c/2fa/status")).status).toBe(200);
    expect(await from("/t/%2e%2e/account")).toBeUndefined();
  });

  test("with a parameter in the path, a guard over the whole app keeps the way through open (C237)", async () => {
    const s = await serve({
      express: module,
      mount: "/t/:tenant/2fa",
      options: { pages: true },
      before: (app, two) => app.use(two.require2fa()),
    });
    const client = await s.signedIn();
    expect(await client.visit("/t/acme/2fa/")).toBe(200);
    expect(await client.visit("/t/acme/2fa/pages.css")).toBe(200);
    expect((await client.post("/t/acme/2fa/request-auth")).status).toBe(200);
    expect(await client.visit("/t/acme/x/2fa/status")).toBe(403);
    const code = s.lastCode();
    expect((await client.post("/t/acme/2fa/validate-auth", { code })).status).toBe(200);
    expect(await client.visit()).toBe(200);
  });

  test.each([
    ["a list", ["/2fa", "/zwei"], "/2fa/"],
    ["a list with a parameter", ["/t/:tenant/2fa", "/private/2fa"], "/private/2fa/"],
    ["a regular expression", /^\/(?:private)\/2fa/, "/private/2fa/"],
  ] as [string, unknown, string][])(
    "%s as mount path leads to a page that is there (C237)",
    async (_what, mount, page) => {
      warningsOf();
      const s = await serve({
        express: module,
        options: { pages: true },
        mountWith: (app, two) => app.use(mount as string, two.router),
      });
      const client = await s.signedIn();
      await client.get(`${page}status`);
      const { headers } = await client.get("/private").set(NAVIGATION);
      expect(headers.location).toBe(`${page}?returnTo=%2Fprivate`);
      const shown = await client.get(String(headers.location)).set(NAVIGATION);
      expect(shown.text).toContain(`action="${page}text?returnTo=%2Fprivate"`);
    },
  );

  test("in a router of a router, behind a guard over the whole app, `path` keeps the way through open", async () => {
    const s = await serve({
      express: module,
      options: { path: "/api/v1/2fa", pages: true },
      mountWith: (app, two) => {
        app.use(two.require2fa());
        const [outer, inner] = [module.Router(), module.Router()];
        inner.use("/2fa", two.router);
        outer.use("/v1", inner);
        app.use("/api", outer);
      },
    });
    const client = await s.signedIn();
    expect(await client.visit()).toBe(403);
    expect(await client.visit("/api/v1/2fa/")).toBe(200);
    expect(await client.visit("/api/v1/2fa/status")).toBe(200);
    // Express 4 routes an empty segment as if it were none: to the guard it is another path.
    expect(await client.visit("/api/v1/2fa//status")).toBe(403);
    expect((await client.post("/api/v1/2fa/request-auth")).status).toBe(200);
    const code = s.lastCode();
    expect((await client.post("/api/v1/2fa/validate-auth", { code })).status).toBe(200);
    expect(await client.visit()).toBe(200);
  });

  test("a guard in an app where no router is mounted tells no path, and refuses", async () => {
    const s = await serve({ express: module, mountWith: () => undefined });
    const answer = await (await s.signedIn()).get("/private");
    expect(answer.status).toBe(403);
    expect((answer.body as Required).verifyAt).toBeUndefined();
  });

  test("`app.use(require2fa)`, uncalled, is refused with a sentence that says the fix, and passes nobody", async () => {
    const s = await serve({
      express: module,
      before: (app, two) => {
        app.get("/wrong", two.require2fa as unknown as RequestHandler, (_req, res) => {
          res.json({ private: true });
        });
      },
    });
    const answer = await (await s.signedIn()).get("/wrong");
    expect(answer.status).toBe(500);
    expect(String(s.errors[0])).toMatch(/call it where it is mounted, as `require2fa\(\)`/);
  });

  test("the router leaves the app's own settings, request and response as they are", async () => {
    const s = await serve({
      express: module,
      before: (app) => app.set("x", "own"),
      mountWith: (app, two) => {
        app.use("/2fa", two.router);
        app.get("/2fa/own", (req, res) => {
          res.json({ x: req.app.get("x") as string, path: req.path, base: req.baseUrl });
        });
      },
    });
    const answer = await (await s.signedIn()).get("/2fa/own");
    expect(answer.body).toEqual({ x: "own", path: "/2fa/own", base: "" });
  });
});
