/** Mounting: paths that are told right wherever the router stands, and wrong uses named in a sentence. */

import { type RequestHandler } from "express";
import { EXPRESSES, serve } from "../fakes/app";

interface Required {
  verifyAt?: { request: string; validate: string };
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
    ["no path, whatever it has been reached at", undefined],
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
