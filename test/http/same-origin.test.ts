/** Calls that another site makes a browser send: refused before they have any effect. */

import type { IncomingMessage } from "node:http";
import type * as SameOrigin from "../../lib/http/same-origin";
import { provenanceOf, type Provenance } from "../../lib/http/same-origin";
import { EXPRESSES, serve } from "../fakes/app";

type Headers = Record<string, string>;

test("where the browser hides the origin a call is refused, and the answer names the cause (C231)", async () => {
  const warnings = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const s = await serve();
  const client = await s.signedIn();
  for (const call of [client.ask(), client.answer("123456"), client.ask()]) {
    const { body } = (await call.set("Origin", "null")) as { body: object };
    expect(body).toMatchObject({
      code: "cross_site",
      detail: expect.stringMatching(/`Origin: null` .* `Referrer-Policy: same-origin`/) as string,
    });
  }
  warnings.mockRestore();
  expect((await client.ask().set({ Origin: "null", "Sec-Fetch-Site": "same-origin" })).status).toBe(
    200,
  );
});

test("one warning names it too, in the life of a process, and none what comes from another site (C231)", () => {
  const warnings = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  jest.isolateModules(() => {
    const { refuseProvenance } = jest.requireActual<typeof SameOrigin>(
      "../../lib/http/same-origin",
    );
    expect(refuseProvenance("elsewhere")).not.toHaveProperty("detail");
    expect(warnings).not.toHaveBeenCalled();
    for (const again of ["hidden", "hidden"] as const) refuseProvenance(again);
  });
  expect(warnings.mock.calls).toEqual([
    [
      expect.stringContaining("Origin: null"),
      { type: "ExpressSms2faWarning", code: "SMS2FA_HIDDEN_ORIGIN" },
    ],
  ]);
  warnings.mockRestore();
});

describe("where a call comes from", () => {
  const TRUSTED = new Set(["https://www.acme.example"]);
  const OWN = { host: "acme.example", origin: "https://acme.example" };

  const provenance = (headers: Headers, more: object = {}) => {
    const req: unknown = { method: "POST", headers, socket: {}, ...more };
    return provenanceOf(req as IncomingMessage, TRUSTED);
  };

  test.each<[Headers, Provenance]>([
    [{}, "here"],
    [{ origin: "https://evil.example" }, "elsewhere"],
    [{ origin: "https://www.acme.example" }, "here"],
    [{ origin: "null" }, "hidden"],
    [{ "sec-fetch-site": "same-origin", origin: "https://evil.example" }, "here"],
    [{ "sec-fetch-site": "none" }, "here"],
    [{ "sec-fetch-site": "same-site" }, "elsewhere"],
    [{ "sec-fetch-site": "cross-site" }, "elsewhere"],
    [{ "sec-fetch-site": "cross-site", origin: "https://www.acme.example" }, "here"],
    [{ "sec-fetch-site": "cross-site", origin: "null" }, "elsewhere"],
    [{ "sec-fetch-site": "future" }, "here"],
    [{ "sec-fetch-site": "future", origin: "null" }, "elsewhere"],
    [{ "sec-fetch-site": "", origin: "https://evil.example" }, "elsewhere"],
  ])("of a POST with %j, it is %s (R65, R66)", (headers, said) => {
    expect(provenance(headers)).toBe(said);
  });

  test.each<[Headers, Provenance]>([
    [{ "sec-fetch-site": "none" }, "elsewhere"],
    [{ "sec-fetch-site": "same-origin" }, "here"],
    [{}, "here"],
  ])("of a GET with %j, it is %s (R65, C268)", (headers, said) => {
    expect(provenance(headers, { method: "GET" })).toBe(said);
  });

  test.each<[string, object, Provenance]>([
    ["TLS of its own", { socket: { encrypted: true } }, "here"],
    ["a socket that denies TLS", { socket: { encrypted: false } }, "elsewhere"],
    ["neither", {}, "elsewhere"],
    ["a framework that says https", { protocol: "https" }, "here"],
    [
      "a framework that says http, whatever the socket",
      { protocol: "http", socket: { encrypted: true } },
      "elsewhere",
    ],
    ["a framework that says no scheme", { protocol: 5, socket: { encrypted: true } }, "here"],
  ])("an https origin is this one's with %s: %j, %s (R66)", (_what, more, said) => {
    expect(provenance(OWN, more)).toBe(said);
  });

  test("an http origin is this one's where nothing tells of TLS (R66)", () => {
    const headers = { host: "acme.example:8080", origin: "http://acme.example:8080" };
    expect(provenance(headers)).toBe("here");
    expect(provenance(headers, { socket: { encrypted: true } })).toBe("elsewhere");
  });

  test("without a host that can be read, no origin is this one's (R66)", () => {
    for (const host of [undefined, "", "a b"]) {
      const headers = { ...OWN, host } as Headers;
      expect(provenance(headers, { protocol: "https" })).toBe("elsewhere");
    }
  });
});

describe.each(EXPRESSES)("%s", (_name, express) => {
  test.each(["cross-site", "same-site"])(
    "a form of a %s page sends no text and checks no code (B091, R65)",
    async (site) => {
      const s = await serve({ express });
      const client = await s.signedIn();
      const forged = await client
        .send("post", "/2fa/request-auth")
        .type("form")
        .set("Sec-Fetch-Site", site)
        .set("Origin", "https://evil.example")
        .send("");
      expect(forged.status).toBe(403);
      expect(forged.body).toMatchObject({ code: "cross_site" });
      expect(s.sent).toEqual([]);

      await client.ask();
      const answer = await client.answer(s.lastCode()).set("Sec-Fetch-Site", site);
      expect(answer.body).toMatchObject({ code: "cross_site" });
      await client.answer("000000").set("Sec-Fetch-Site", site);
      expect((await client.status()).body).toMatchObject({ challenge: { attemptsLeft: 5 } });
      expect(await client.visit()).toBe(403);
    },
  );

  test.each(["same-origin", "none"])("Sec-Fetch-Site: %s passes (R65)", async (site) => {
    const s = await serve({ express });
    const client = await s.signedIn();
    expect((await client.ask().set("Sec-Fetch-Site", site)).status).toBe(200);
  });

  test("the origin of the app itself passes without Sec-Fetch-Site (R66)", async () => {
    const s = await serve({ express });
    const client = await s.signedIn();
    const asked = await client
      .ask()
      .set("Host", "app.acme.example")
      .set("Origin", "http://app.acme.example");
    expect(asked.status).toBe(200);
  });

  test.each([
    "https://evil.example",
    "http://app.acme.example.evil.example",
    "http://evil.example/app.acme.example",
    "http://app.acme.example:8080",
    "https://app.acme.example",
    "http://app.acme.example@evil.example",
    "app.acme.example",
    "null",
    "",
  ])("without Sec-Fetch-Site the origin %j does not pass (R66)", async (origin) => {
    const s = await serve({ express });
    const client = await s.signedIn();
    const asked = await client.ask().set("Host", "app.acme.example").set("Origin", origin);
    expect(asked.status).toBe(403);
    expect(s.sent).toEqual([]);
  });

  test("a value of Sec-Fetch-Site that is not known leaves the decision to Origin (R66)", async () => {
    const s = await serve({ express });
    const client = await s.signedIn();
    const ask = (origin: string) =>
      client.ask().set("Sec-Fetch-Site", "future").set("Host", "a.example").set("Origin", origin);
    expect((await ask("https://evil.example")).status).toBe(403);
    expect((await ask("http://a.example")).status).toBe(200);
  });

  test("behind a proxy that ends TLS the origin is https, where the app trusts that proxy", async () => {
    const s = await serve({ express, before: (app) => app.set("trust proxy", 1) });
    const client = await s.signedIn();
    const ask = (protocol: string) =>
      client
        .ask()
        .set("Host", "app.acme.example")
        .set("Origin", "https://app.acme.example")
        .set("X-Forwarded-Proto", protocol);
    expect((await ask("http")).status).toBe(403);
    expect((await ask("https")).status).toBe(200);
  });
});

test("trustedOrigins opens the endpoints to the pages that it names, and to no others (R65)", async () => {
  const s = await serve({ options: { trustedOrigins: ["https://www.acme.example"] } });
  const client = await s.signedIn();
  for (const site of ["same-site", "cross-site"]) {
    const evil = await client
      .ask()
      .set("Sec-Fetch-Site", site)
      .set("Origin", "https://evil.example");
    expect(evil.status).toBe(403);
    const bare = await client.ask().set("Sec-Fetch-Site", site);
    expect(bare.status).toBe(403);
    const own = await client
      .ask()
      .set("Sec-Fetch-Site", site)
      .set("Origin", "https://www.acme.example");
    expect(own.status).toBe(200);
  }
});

test("the origin in the options may post to the endpoints, as its docs say, also where Host is another", async () => {
  const s = await serve({ options: { origin: "https://app.acme.example" } });
  const client = await s.signedIn();
  const asked = await client.ask().set("Origin", "https://app.acme.example");
  expect(asked.status).toBe(200);
});

test("an empty Origin is no trusted one (R66)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  const forged = await client.ask().set("Sec-Fetch-Site", "cross-site").set("Origin", "");
  expect(forged.body).toMatchObject({ code: "cross_site" });
});

test("a link in a mail sends no text and checks no code where GET is served (C268)", async () => {
  const s = await serve({ options: { allowGet: true } });
  const client = await s.signedIn();
  const opened = await client.get("/2fa/request-auth").set("Sec-Fetch-Site", "none");
  expect(opened.body).toMatchObject({ code: "cross_site" });
  expect(s.sent).toEqual([]);
  // Clients of the guide are scripts, which say nothing; a page of the app itself may ask so too.
  const asked = await client.get("/2fa/request-auth").set("Sec-Fetch-Site", "same-origin");
  expect(asked.status).toBe(200);
  const path = `/2fa/validate-auth?auth_code=${s.lastCode()}`;
  const answered = await client.get(path).set("Sec-Fetch-Site", "none");
  expect(answered.body).toMatchObject({ code: "cross_site" });
  expect((await client.get(path)).status).toBe(200);
});

test("the page of an app's shell may call the endpoints where its origin is trusted (C241)", async () => {
  const s = await serve({ options: { trustedOrigins: ["capacitor://localhost"] } });
  const client = await s.signedIn();
  const ask = (origin: string) =>
    client.ask().set("Sec-Fetch-Site", "cross-site").set("Origin", origin);
  expect((await ask("ionic://localhost")).body).toMatchObject({ code: "cross_site" });
  expect((await ask("null")).body).toMatchObject({ code: "cross_site" });
  expect((await ask("capacitor://localhost")).status).toBe(200);
});

test("a cross-site GET is refused where GET is served (B091)", async () => {
  const s = await serve({ options: { allowGet: true } });
  const client = await s.signedIn();
  const asked = await client.get("/2fa/request-auth").set("Sec-Fetch-Site", "cross-site");
  expect(asked.body).toMatchObject({ code: "cross_site" });
  expect(s.sent).toEqual([]);
});

test("answers that depend on the two headers say so in Vary, beside what the app has said (R67)", async () => {
  const s = await serve({
    before: (app) => {
      app.use((_req, res, next) => {
        res.setHeader("Vary", "Accept-Encoding");
        next();
      });
    },
  });
  const client = await s.signedIn();
  for (const answer of [
    await client.ask(),
    await client.answer("1"),
    await client.get("/2fa/request-auth"),
  ]) {
    expect(answer.headers.vary).toBe("Accept-Encoding, Sec-Fetch-Site, Origin");
  }
  const silent = await serve();
  const answer = await (await silent.signedIn()).ask();
  expect(answer.headers.vary).toBe("Sec-Fetch-Site, Origin");
});
