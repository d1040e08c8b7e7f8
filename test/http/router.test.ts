/** The router: which methods and paths it serves, what it answers, and the clients of SignalWire's guide. */

import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { memoryRecords } from "../../lib";
import { ANN, BOB, EXPRESSES, serve } from "../fakes/app";

const ENDPOINTS = ["/2fa/request-auth", "/2fa/validate-auth"];

describe.each(EXPRESSES)("%s", (_name, express) => {
  test.each(["get", "head", "put", "patch", "delete", "options"] as const)(
    "%s on either endpoint gets 405 with Allow: POST, and does nothing (R64, B090)",
    async (method) => {
      const s = await serve({ express, user: "from-request" });
      const client = s.client();
      for (const path of ENDPOINTS) {
        const answer = await client.send(method, `${path}?number=12025550123&auth_code=123456`);
        expect(answer.status).toBe(405);
        expect(answer.headers.allow).toBe("POST");
      }
      expect(s.sent).toEqual([]);
    },
  );

  test("with allowGet the guide's clients work unchanged: number without plus, then auth_code (R64, B107)", async () => {
    const s = await serve({ express, user: "from-request", options: { allowGet: true } });
    const client = s.client();
    const asked = await client.get("/2fa/request-auth?number=1%20202-555-0123");
    expect(asked.status).toBe(200);
    expect(s.sent[0]?.to).toBe(ANN);
    const wrong = await client.get("/2fa/validate-auth?number=12025550123&auth_code=000000");
    expect(wrong.status).toBe(403);
    const right = `/2fa/validate-auth?number=+12025550123&auth_code=${s.lastCode()}`;
    expect((await client.get(right)).status).toBe(200);
    expect(await client.visit()).toBe(200);
  });

  test("with allowGet HEAD and the others stay 405, and change nothing (R64, B090)", async () => {
    const s = await serve({ express, user: "from-request", options: { allowGet: true } });
    const client = s.client();
    const head = await client.send("head", "/2fa/request-auth?number=12025550123");
    expect(head.status).toBe(405);
    expect(head.headers.allow).toBe("GET, POST");
    expect(s.sent).toEqual([]);
    await client.get("/2fa/request-auth?number=12025550123");
    const path = `/2fa/validate-auth?auth_code=${s.lastCode()}`;
    expect((await client.send("head", path)).status).toBe(405);
    expect((await client.send("put", path)).status).toBe(405);
    expect(await client.visit()).toBe(403);
  });

  test.each([
    ["Sec-Purpose", "prefetch"],
    ["Sec-Purpose", "prefetch;prerender"],
    ["Sec-Purpose", "prefetch; anonymous-client-ip"],
    ["Purpose", "prefetch"],
    ["Purpose", "Prefetch"],
    ["Purpose", "preview"],
    ["X-Purpose", "preview"],
    ["X-Purpose", "prefetch"],
    ["X-Moz", "prefetch"],
  ])(
    "a declared prefetch (%s: %s) sends nothing and uses nothing up (B090)",
    async (name, value) => {
      const s = await serve({ express, user: "from-request", options: { allowGet: true } });
      const client = s.client();
      const path = "/2fa/request-auth?number=12025550123";
      expect((await client.get(path).set(name, value)).status).toBe(400);
      expect(s.sent).toEqual([]);
      await client.get(path);
      const validate = `/2fa/validate-auth?auth_code=${s.lastCode()}`;
      expect((await client.get(validate).set(name, value)).status).toBe(400);
      expect(await client.visit()).toBe(403);
      expect((await client.get(validate)).status).toBe(200);
    },
  );

  test("a GET of odd queries is refused cleanly (B067, B107)", async () => {
    const s = await serve({ express, user: "from-request", options: { allowGet: true } });
    const client = s.client();
    for (const query of [
      "",
      "?",
      "?number",
      "?number=1&number=2",
      "?number[]=12025550123",
      "?number[a]=12025550123",
      "?number=%",
      "?number=%ff",
      `?number=${"1".repeat(2000)}`,
    ]) {
      const { status } = await client.get(`/2fa/request-auth${query}`);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
    expect(s.sent).toEqual([]);
  });

  test("the query of a POST is ignored: only the body counts (R69)", async () => {
    const s = await serve({ express, user: "from-request", options: { allowGet: true } });
    const client = s.client();
    const asked = await client.post("/2fa/request-auth?number=12025550188", { number: ANN });
    expect(asked.status).toBe(200);
    expect(s.sent.map(({ to }) => to)).toEqual([ANN]);
    const path = `/2fa/validate-auth?auth_code=${s.lastCode()}`;
    expect((await client.post(path)).body).toMatchObject({ code: "invalid_request" });
    expect((await client.post(path, { auth_code: "000000" })).status).toBe(403);
    expect(await client.visit()).toBe(403);
  });

  test("status tells how things stand, to GET and HEAD alone, and sends nothing", async () => {
    const s = await serve({ express });
    const client = await s.signedIn();
    const status = await client.status();
    expect(status.status).toBe(200);
    expect(status.body).toEqual({ verified: false, challenge: null });
    const head = await client.send("head", "/2fa/status");
    expect([head.status, head.headers["content-length"] === "0"]).toEqual([200, false]);
    const post = await client.post("/2fa/status");
    expect([post.status, post.headers.allow]).toEqual([405, "GET, HEAD"]);
    expect(s.sent).toEqual([]);
  });

  test.each(["/2fa", "/2fa/", "/2fa/other", "/2fa/request-auth/x", "/2fa/Request-Auth"])(
    "%s is not the router's, and goes on to the app (B108)",
    async (path) => {
      const s = await serve({ express });
      const answer = await (await s.signedIn()).post(path);
      expect(answer.status).toBe(404);
      expect(s.sent).toEqual([]);
    },
  );

  test("a slash at the end is let through, as Express does", async () => {
    const s = await serve({ express });
    const client = await s.signedIn();
    expect((await client.post("/2fa/request-auth/")).status).toBe(200);
    const answer = await client.post("/2fa/validate-auth/", { code: s.lastCode() });
    expect(answer.status).toBe(200);
  });
});

test("a body that can't be read is answered as such, on both endpoints (R68)", async () => {
  const s = await serve({ user: "from-request" });
  const client = s.client();
  for (const path of ENDPOINTS) {
    const large = await client.post(path, { number: ANN, padding: "x".repeat(1024) });
    expect(large.body).toMatchObject({ status: 413, code: "payload_too_large" });
  }
  expect(s.events.map(({ code }) => code)).toEqual(["payload_too_large", "payload_too_large"]);
});

test("with allowGet a recovery code goes by POST alone, since addresses are kept", async () => {
  const options = { allowGet: true, recovery: { store: memoryRecords() } };
  const s = await serve({ options });
  const client = await s.signedIn();
  const path = "/2fa/validate-auth?recovery_code=";
  const { body } = (await client.get(`${path}1234-5678-1234-5678`)) as { body: object };
  expect(body).toMatchObject({
    code: "invalid_request",
    detail: expect.stringContaining("`recovery_code` by POST") as string,
  });
  // A form's empty field tells nothing.
  await client.ask();
  expect((await client.get(`${path}&auth_code=${s.lastCode()}`)).status).toBe(200);
});

test("what the pages have served reaches no handler of the app's behind them", async () => {
  let reached = 0;
  const s = await serve({
    options: { pages: true },
    mountWith: (app, two) => {
      app.use("/2fa", two.router, (_req, res) => {
        reached += 1;
        res.status(404).end();
      });
    },
  });
  const client = await s.signedIn();
  for (const path of ["/2fa/", "/2fa/pages.css"]) expect(await client.visit(path)).toBe(200);
  expect([await client.visit("/2fa/other"), reached]).toEqual([404, 1]);
});

test("with GET, a number that asks is the user's own or refused, as with POST", async () => {
  const s = await serve({ options: { allowGet: true } });
  const client = await s.signedIn();
  const path = `/2fa/request-auth?number=${BOB.slice(1)}`;
  expect((await client.get(path)).body).toMatchObject({ code: "number_mismatch" });
  expect((await client.get("/2fa/request-auth")).body).toMatchObject({ status: "sent" });
});

test("the router answers without Express too, where something has put a session on the request", async () => {
  const { two } = await serve();
  const server: Server = createServer((req, res) => {
    (two.router as unknown as (...given: unknown[]) => void)(req, res, () => {
      res.statusCode = 404;
      res.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const status = async (path: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        httpRequest({ port, path, method: "POST", host: "127.0.0.1", agent: false }, (res) => {
          res.resume();
          resolve(res.statusCode);
        })
          .on("error", reject)
          .end();
      });
    expect(await status("/request-auth")).toBe(503);
    expect(await status("/elsewhere")).toBe(404);
  } finally {
    server.close();
  }
});
