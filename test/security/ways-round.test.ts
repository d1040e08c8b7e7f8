/** Attempts to go round the guard: odd methods, paths, spellings and mounts reach nothing behind it. */

import express, { type Express } from "express";
import { connect } from "node:net";
import { ANN, EXPRESSES, serve, type Served } from "../fakes/app";

/** Sends a request just as it is written, and gives the status line. */
async function raw(s: Served, head: string, cookie: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(s.port, "127.0.0.1", () => {
      socket.write(`${head} HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`);
    });
    let answer = "";
    socket.on("data", (part: Buffer) => (answer += part.toString()));
    socket.on("end", () => {
      resolve(answer);
    });
    socket.on("error", reject);
  });
}

const guardedBefore = (app: Express, two: Served["two"]) => {
  app.use(two.require2fa());
};

describe.each(EXPRESSES)("%s", (_name, module) => {
  test.each(["get", "head", "post", "put", "patch", "delete", "options"] as const)(
    "%s does not pass the guard (R57)",
    async (method) => {
      const s = await serve({ express: module });
      const client = await s.signedIn();
      expect((await client.send(method, "/private")).status).toBe(403);
    },
  );

  test.each([
    "GET /PRIVATE",
    "GET /private/",
    "GET //private",
    "GET /private?",
    "GET /private#x",
    "GET /%70rivate",
    "GET /./private",
    "GET /x/../private",
    "GET http://x/private",
    "GET /2fa/../private",
    "GET /2fa/status/../../private",
    "GET /private?x=/2fa/status",
    "GET /private;/2fa/status",
    "TRACE /private",
    "PROPFIND /private",
    "HEAD /private",
  ])("%s does not reach the page behind the guard (R57)", async (head) => {
    const s = await serve({ express: module });
    const client = await s.signedIn();
    const answer = await raw(s, head, client.cookie);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toContain('"private":true');
  });

  describe("a guard in front of the whole app", () => {
    test.each([
      "GET /private",
      "GET /2fa",
      "GET /2fa/",
      "GET /2fa/other",
      "GET /2fa/statusx",
      "GET /2fa/status/x",
      "GET /2fa//status",
      "GET /2fa/STATUS",
      "GET /2fa/%73tatus",
      "GET /x/2fa/status",
      "GET /2fa/status%2f..%2f..%2fprivate",
      "GET /2fa/status/../../private",
      "GET http://x/2fa/other",
      "GET http://x/private",
      "GET http://x/private?http://x/2fa/status",
      "GET http://x/2fa/status/../../private",
      "GET http://x",
      "GET /status",
      "GET /private?/2fa/status",
    ])("lets nothing but its own exits pass: not %s (B017)", async (head) => {
      let reached = 0;
      const s = await serve({
        express: module,
        before: guardedBefore,
        mountWith: (app, two) => {
          app.use((_req, _res, next) => {
            reached += 1;
            next();
          });
          app.use("/2fa", two.router);
        },
      });
      const client = await s.signedIn();
      const answer = await raw(s, head, client.cookie);
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(reached).toBe(0);
    });

    test.each(["/2fa/", "/2FA/", "http://x/2fa/", "http://x/2FA/", "HTTPS://x:1/2fa/"])(
      "lets the endpoints below %s be reached, spelled as Express routes them (B017)",
      async (base) => {
        const given = { express: module, options: { allowGet: true } };
        for (const before of [undefined, guardedBefore]) {
          const s = await serve({ ...given, ...(before && { before }) });
          const client = await s.signedIn();
          for (const end of ["", "/"]) {
            expect(await raw(s, `GET ${base}status${end}?x=1`, client.cookie)).toMatch(/ 200 /);
            expect(await raw(s, `GET ${base}request-auth${end}`, client.cookie)).toMatch(/ 200 /);
          }
          expect(s.sent).toHaveLength(1);
          const code = `code=${s.lastCode()}`;
          expect(await raw(s, `GET ${base}validate-auth?${code}`, client.cookie)).toMatch(/ 200 /);
        }
      },
    );

    test.each([
      ["at the root, behind a guarded route of the same path", "/status", ""],
      ["behind a guarded route with a parameter", "/2fa/status", "/2fa"],
    ])("a router %s hands nothing of the app's to anybody", async (_how, path, mount) => {
      const s = await serve({
        express: module,
        mountWith: (app, two) => {
          app.all(path.replace("2fa", ":any"), two.require2fa(), (_req, res) => {
            res.json({ theApps: "secret" });
          });
          app.use(mount === "" ? "/" : mount, two.router);
        },
      });
      const anybody = await s.client().get(path);
      expect(anybody.text).not.toContain("secret");
      const client = await s.signedIn();
      expect((await client.get(path)).text).not.toContain("secret");
      expect((await client.send("delete", path)).text).not.toContain("secret");
    });

    test("does not lock the endpoints where a proxy takes a part off the path that the app says (B035)", async () => {
      const path = "/public/2fa";
      const s = await serve({ express: module, options: { path }, before: guardedBefore });
      const client = await s.signedIn();
      const refused = await client.get("/private");
      expect(refused.body).toMatchObject({ verifyAt: { request: `${path}/request-auth` } });
      expect((await client.ask()).body).toMatchObject({ status: "sent" });
      expect((await client.answer(s.lastCode())).status).toBe(200);
      expect(await client.visit()).toBe(200);
    });

    const mounts: [string, string, (app: Express, two: Served["two"]) => void][] = [
      ["/2fa", "/2fa", (app, two) => app.use("/2fa", two.router)],
      ["a path with a slash at its end", "/2fa", (app, two) => app.use("/2fa/", two.router)],
      ["the root", "", (app, two) => app.use(two.router)],
      ["a deep path", "/account/security", (app, two) => app.use("/account/security", two.router)],
      [
        "a mounted app",
        "/api/2fa",
        (app, two) => {
          const inner = module();
          inner.use("/2fa", two.router);
          app.use("/api", inner);
        },
      ],
      [
        "a nested router",
        "/api/2fa",
        (app, two) => {
          const inner = module.Router();
          inner.use("/2fa", two.router);
          app.use("/api", inner);
        },
      ],
      [
        "a router in a router",
        "/a/b/2fa",
        (app, two) => {
          const inner = module.Router();
          inner.use("/2fa", two.router);
          const outer = module.Router();
          outer.use("/b", inner);
          app.use("/a", outer);
        },
      ],
      ["one of two paths", "/zwei", (app, two) => app.use(["/two", "/zwei"], two.router)],
      ["a path with a parameter", "/acme/2fa", (app, two) => app.use("/:tenant/2fa", two.router)],
    ];

    test.each(mounts)(
      "does not lock the endpoints, mounted at %s (B017, B035)",
      async (_what, path, mountWith) => {
        const s = await serve({ express: module, before: guardedBefore, mountWith });
        const client = await s.signedIn();
        expect(await client.visit()).toBe(403);
        expect((await client.post(`${path}/request-auth`)).body).toMatchObject({ status: "sent" });
        const answer = await client.post(`${path}/validate-auth`, { code: s.lastCode() });
        expect(answer.status).toBe(200);
        expect(await client.visit()).toBe(200);
      },
    );
  });
});

test("a guard that is mounted at a path of its own covers all below it (R57)", async () => {
  const s = await serve({
    before: (app, two) => {
      app.use(
        "/admin",
        two.require2fa(),
        express.Router().get("/x", (_req, res) => res.json({})),
      );
    },
  });
  const client = await s.signedIn();
  for (const path of ["/admin/x", "/ADMIN/x", "/admin/x/", "/admin//x", "/admin/X?y"]) {
    expect(await client.visit(path)).toBe(403);
  }
  await client.ask();
  await client.answer(s.lastCode());
  expect(await client.visit("/admin/x")).toBe(200);
});

test("a guarded answer is not kept by a cache, nor shown by Back after log-out (B114)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  expect((await client.get("/private")).headers["cache-control"]).toBe("no-store");
  await client.ask();
  await client.answer(s.lastCode());
  expect((await client.get("/private")).headers["cache-control"]).toBe("no-store");
});

test("a first factor is no second one: the number alone, known to everybody, opens nothing", async () => {
  const s = await serve({ user: "from-request" });
  const client = s.client();
  await client.ask({ number: ANN });
  expect(await client.visit()).toBe(403);
  expect((await client.get(`/private?number=${ANN}&auth_code=${s.lastCode()}`)).status).toBe(403);
});
