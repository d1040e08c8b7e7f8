/** Bodies: JSON and forms, parsed by the app or not, and every other kind refused cleanly. */

import { request as httpRequest } from "node:http";
import { gzipSync } from "node:zlib";
import express from "express";
import fc from "fast-check";
import { ANN, EXPRESSES, EXPRESS_4, serve, type Served } from "../fakes/app";

const PARSERS: [string, ((app: express.Express) => void) | undefined][] = [
  ["no parser of the app", undefined],
  ["express.json() of Express 5", (app) => app.use(express.json())],
  ["express.urlencoded() simple", (app) => app.use(express.urlencoded({ extended: false }))],
  ["express.urlencoded() extended", (app) => app.use(express.urlencoded({ extended: true }))],
  ["both", (app) => app.use(express.json(), express.urlencoded())],
  [
    "both of Express 4",
    (app) => app.use(EXPRESS_4.json(), EXPRESS_4.urlencoded({ extended: true })),
  ],
  ["a text parser", (app) => app.use(express.text({ type: "text/*" }))],
];

describe.each(EXPRESSES)("%s", (_name, module) => {
  describe.each(PARSERS)("with %s", (_what, before) => {
    const serveIt = () =>
      serve({ express: module, user: "from-request", ...(before && { before }) });

    test("JSON is read (B019)", async () => {
      const s = await serveIt();
      const client = s.client();
      expect((await client.ask({ number: ANN })).status).toBe(200);
      expect((await client.answer(s.lastCode(), { number: ANN })).status).toBe(200);
    });

    test("forms are read (B019, B001)", async () => {
      const s = await serveIt();
      const client = s.client();
      const asked = await client
        .send("post", "/2fa/request-auth")
        .type("form")
        .send("number=+1%20202+555+0123");
      expect(asked.status).toBe(200);
      const form = `number=%2B12025550123&auth_code=${s.lastCode()}`;
      const answer = await client.send("post", "/2fa/validate-auth").type("form").send(form);
      expect(answer.status).toBe(200);
    });

    test.each([
      ["no body at all", undefined, undefined, 400],
      ["an empty JSON body", "application/json", "", 400],
      ["an empty form", "application/x-www-form-urlencoded", "", 400],
      ["text", "text/plain", '{"number":"+12025550123"}', 415],
      ["JSON without a type", "", '{"number":"+12025550123"}', 415],
      ["multipart", "multipart/form-data; boundary=x", "--x--", 415],
      ["XML", "application/xml", "<number/>", 415],
      ["JSON of another kind", "application/json-patch+json", "{}", 415],
    ])("%s is refused cleanly (B019, R68)", async (_kind, type, body, status) => {
      const s = await serveIt();
      for (const path of ["/2fa/request-auth", "/2fa/validate-auth"]) {
        const answer = await send(s, path, type, body);
        expect(answer).toBe(status);
      }
      expect(s.sent).toEqual([]);
    });
  });

  test.each(["[]", "null", "1", '"x"', "true", "{", '{"number":', "\ufeff{}", "NaN"])(
    "JSON of %s is refused cleanly (B019)",
    async (body) => {
      const s = await serve({ express: module, user: "from-request" });
      expect(await send(s, "/2fa/request-auth", "application/json", body)).toBe(400);
    },
  );

  test.each([
    '{"number":"+12025550188","number":"+12025550123"}',
    '{"number":"+12025550123","number":"+12025550123"}',
    '{"number":"+12025550123","n\\u0075mber":"+12025550123"}',
    '{"number":"+12025550123","locale":"es","locale":"de"}',
    '{"number":{"number":"1"},"number" :"+12025550123"}',
    '{"x":"\\"}","number":"+12025550123","x":1}',
  ])("JSON with a field twice is refused: %s (B067, R69)", async (body) => {
    const s = await serve({ express: module, user: "from-request" });
    expect(await send(s, "/2fa/request-auth", "application/json", body)).toBe(400);
    expect(s.sent).toEqual([]);
  });

  test("a body above 1 kB is refused, whether it tells its length or comes in chunks (R68)", async () => {
    const s = await serve({ express: module, user: "from-request" });
    const large = JSON.stringify({ number: ANN, padding: "x".repeat(1024) });
    expect(await send(s, "/2fa/request-auth", "application/json", large)).toBe(413);
    expect(await send(s, "/2fa/request-auth", "application/json", large, true)).toBe(413);
    expect(s.sent).toEqual([]);
    const fitting = JSON.stringify({ number: ANN, padding: "x".repeat(900) });
    expect(await send(s, "/2fa/request-auth", "application/json", fitting, true)).toBe(200);
  });

  test("a body above 1 kB is refused before it ends, if it ever does (R68)", async () => {
    const s = await serve({ express: module, user: "from-request" });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      const headers = { "Content-Type": "application/json", "Transfer-Encoding": "chunked" };
      const options = { port: s.port, host: "127.0.0.1", method: "POST", agent: false, headers };
      const req = httpRequest({ ...options, path: "/2fa/request-auth" }, (res) => {
        resolve(res.statusCode);
        req.destroy();
      });
      req.on("error", reject);
      req.write(`{"number":"${ANN}","padding":"${"x".repeat(1100)}`);
    });
    expect(await answered).toBe(413);
    expect(s.sent).toEqual([]);
  });

  test("a type with parameters or in capitals is understood", async () => {
    const s = await serve({ express: module, user: "from-request" });
    const body = JSON.stringify({ number: ANN });
    expect(await send(s, "/2fa/request-auth", "Application/JSON; charset=utf-8", body)).toBe(200);
  });

  test.each([
    ["bytes", () => module.raw({ type: "*/*" })],
    ["text", () => module.text({ type: "*/*" })],
    [
      "bytes that are no Buffer",
      () => [
        module.raw({ type: "*/*" }),
        ((req, _res, next) => {
          req.body = new Uint8Array(req.body as Buffer);
          next();
        }) satisfies express.RequestHandler,
      ],
    ],
  ])(
    "a body that a parser of the app in front of all paths has left as %s is read by its type (C242)",
    async (_what, parser) => {
      const before = (app: express.Express) => app.use(parser());
      const s = await serve({ express: module, user: "from-request", before });
      const client = s.client();
      expect((await client.ask({ number: ANN })).status).toBe(200);
      const form = `number=%2B12025550123&auth_code=${s.lastCode()}`;
      const answered = await client.send("post", "/2fa/validate-auth").type("form").send(form);
      expect(answered.status).toBe(200);
      const path = "/2fa/request-auth";
      const twice = `{"number":"${ANN}","number":"${ANN}"}`;
      expect(await send(s, path, "application/json", twice)).toBe(400);
      expect(await send(s, path, "application/json", "[]")).toBe(400);
      expect(await send(s, path, "application/json", "{")).toBe(400);
      expect(await send(s, path, "text/plain", `number=${ANN}`)).toBe(415);
      const large = JSON.stringify({ number: ANN, padding: "é".repeat(600) });
      expect(await send(s, path, "application/json", large, true)).toBe(413);
    },
  );

  test("a body that an adapter has left as text alone, the request itself empty, is read (C242)", async () => {
    const before = (app: express.Express) =>
      app.use((req, _res, next) => {
        req.body = JSON.stringify({ number: ANN });
        next();
      });
    const s = await serve({ express: module, user: "from-request", before });
    expect(await send(s, "/2fa/request-auth", "application/json", "")).toBe(200);
  });

  test.each([
    ["has come after a wait", (_req, _res, next) => setImmediate(next)],
    [
      "has paused the request",
      (req, _res, next) => {
        req.pause();
        next();
      },
    ],
    [
      "has set another encoding than UTF-8 on the request",
      (req, _res, next) => {
        req.setEncoding("latin1");
        next();
      },
    ],
    [
      "has begun to listen, as recipes for a raw body do",
      (req, _res, next) => {
        req.setEncoding("utf8");
        req.on("data", () => undefined);
        next();
      },
    ],
    [
      "has left the bytes beside the request, as adapters for functions in a cloud do",
      (req, _res, next) => {
        req.body = Buffer.from("{}");
        next();
      },
    ],
  ] satisfies [string, express.RequestHandler][])(
    "a body is still read where something of the app's %s (B019)",
    async (_what, handler) => {
      const before = (app: express.Express) => app.use(handler);
      const s = await serve({ express: module, user: "from-request", before });
      const client = s.client();
      expect((await client.ask({ number: ANN })).status).toBe(200);
      expect((await client.answer(s.lastCode(), { number: ANN })).status).toBe(200);
      const large = JSON.stringify({ number: ANN, padding: "é".repeat(600) });
      expect(await send(s, "/2fa/request-auth", "application/json", large, true)).toBe(413);
    },
    5000,
  );

  test.each(["gzip", "br", "GZIP, identity", "x"])(
    "a body in the coding %s is refused as such, unless a parser of the app's has undone it (B019)",
    async (coding) => {
      const body = gzipSync(JSON.stringify({ number: ANN }));
      const post = async (s: Served) =>
        send(s, "/2fa/request-auth", "application/json", body, false, coding);
      expect(await post(await serve({ express: module, user: "from-request" }))).toBe(415);
      if (coding !== "gzip") return;
      const before = (app: express.Express) => app.use(module.json());
      expect(await post(await serve({ express: module, user: "from-request", before }))).toBe(200);
    },
  );

  test("a body in no coding is read, also where it says so (B019)", async () => {
    const s = await serve({ express: module, user: "from-request" });
    const body = JSON.stringify({ number: ANN });
    for (const coding of ["identity", "Identity", ""]) {
      expect(await send(s, "/2fa/request-auth", "application/json", body, false, coding)).toBe(200);
    }
  });
});

test("JSON is refused for a field twice exactly where one is, whatever stands in it (R69)", async () => {
  const s = await serve({ user: "from-request" });
  const text = fc.string({ unit: fc.constantFrom(...Array.from('{}[]:,"\\ab é')), maxLength: 8 });
  const members = fc.uniqueArray(fc.tuple(text, fc.oneof(text, fc.jsonValue({ maxDepth: 2 }))), {
    minLength: 1,
    maxLength: 5,
    selector: ([name]) => name,
  });
  const run = fc.asyncProperty(members, fc.boolean(), async (all, isTwice) => {
    const written = [...all, ...(isTwice ? all.slice(0, 1) : [])].map(
      ([name, value]) => `${JSON.stringify(name)} : ${JSON.stringify(value)}`,
    );
    const body = `{${written.join(" , ")}}`;
    fc.pre(Buffer.byteLength(body) < 1000);
    const answer = await s.client().send("post", "/2fa/validate-auth").type("json").send(body);
    const { detail } = answer.body as { detail: string };
    expect({ body, isTwice: detail.includes("twice") }).toEqual({ body, isTwice });
  });
  await fc.assert(run, { numRuns: 200 });
});

/** Posts a body just as it is; without a type where that is empty, without a body where there is none. */
async function send(
  s: Served,
  path: string,
  type: string | undefined,
  body: string | Buffer | undefined,
  isChunked = false,
  coding?: string,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(type !== undefined && type !== "" && { "Content-Type": type }),
      ...(body !== undefined && !isChunked && { "Content-Length": Buffer.byteLength(body) }),
      ...(coding !== undefined && { "Content-Encoding": coding }),
      ...(isChunked && { "Transfer-Encoding": "chunked" }),
    };
    const options = {
      port: s.port,
      host: "127.0.0.1",
      method: "POST",
      path,
      headers,
      agent: false,
    };
    const req = httpRequest(options, (res) => {
      res.resume();
      resolve(res.statusCode);
    });
    req.on("error", reject);
    if (isChunked && body !== undefined) {
      for (let at = 0; at < body.length; at += 200) req.write(body.slice(at, at + 200));
      req.end();
    } else {
      req.end(body);
    }
  });
}
