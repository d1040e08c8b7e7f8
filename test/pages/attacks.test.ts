/** Attacks on the pages, and their failure. */

import { get } from "node:http";
import cookieParser from "cookie-parser";
import { doubleCsrf } from "csrf-csrf";
import { urlencoded, type Express } from "express";
import helmet from "helmet";
import type { Response } from "supertest";
import { wrongCodes, type Client } from "../fakes/app";
import {
  askOnPage,
  formIn,
  land,
  NAVIGATION,
  open,
  servePages,
  submit,
  wayOn,
  wordsIn,
  type Form,
} from "./visitor";

const SCRIPT = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;

/** As over plain http from a page that sends no referrer. */
function submitHidden(
  client: Client,
  { action, fields }: Form,
  typed: Record<string, string> = {},
  headers: Record<string, string> = {},
): PromiseLike<Response> {
  return client
    .send("post", action)
    .set({ ...NAVIGATION, Origin: "null", ...headers })
    .type("form")
    .send({ ...fields, ...typed });
}

describe("a form that the session's own page has not drawn does nothing (R65, B091)", () => {
  test.each([
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
    { "Sec-Fetch-Site": "", Origin: "https://evil.example" },
    { "Sec-Fetch-Site": "", Origin: "null" },
  ])("sent by another site, with %j", async (headers) => {
    const { sent, signedIn, lastCode } = await servePages();
    const ann = await signedIn();
    const page = await askOnPage(ann);
    const answers = [
      await submit(ann, formIn(page, "text"), {}, headers),
      await submit(ann, formIn(page, "code"), { auth_code: lastCode() }, headers),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    expect(sent).toHaveLength(1);
    expect(await ann.visit()).toBe(403);
  });

  test.each([
    ["a forged token", { form_token: "forged" }, {}],
    ["no token", { form_token: undefined }, {}],
    ["another session's token", "eve", {}],
    ["a good token, and Sec-Fetch-Site that is not known", {}, { "Sec-Fetch-Site": "future" }],
    ["a good token, from another site", {}, { "Sec-Fetch-Site": "cross-site" }],
  ] as const)(
    "with Origin: null and %s, and the answer names the cause (C231)",
    async (_what, fields, headers) => {
      const { sent, signedIn } = await servePages();
      jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
      const ann = await signedIn();
      const form = formIn(await land(ann, "/2fa/"), "text");
      const eve = formIn(await land(await signedIn("eve", "+12025550188"), "/2fa/"), "text").fields;
      const posted = { ...form.fields, ...(fields === "eve" ? eve : fields) };
      const answer = await submitHidden(ann, { ...form, fields: posted }, {}, headers);
      expect(answer.status).toBe(403);
      expect(wordsIn(answer)).toContain(
        "Your browser did not say that this form came from our page",
      );
      expect(sent).toHaveLength(0);
    },
  );

  test("without a token", async () => {
    const { sent, signedIn, lastCode } = await servePages();
    const ann = await signedIn();
    const first = await submit(ann, { action: "/2fa/text", fields: {} });
    expect(first.status).toBe(403);
    expect(sent).toHaveLength(0);
    await ann.ask();
    const fields = { auth_code: lastCode() };
    expect((await submit(ann, { action: "/2fa/code", fields })).status).toBe(403);
    expect(await ann.visit()).toBe(403);
  });

  test("with the token of another session, and it costs no attempt", async () => {
    const { sent, signedIn, lastCode } = await servePages();
    const [ann, eve] = [await signedIn(), await signedIn("eve", "+12025550188")];
    const { fields } = formIn(await land(eve, "/2fa/"), "text");
    const asked = await submit(ann, { action: "/2fa/text", fields });
    const page = await land(ann, String(asked.headers.location));
    expect(wordsIn(page)).toContain("This page had been open for too long");
    expect(sent).toHaveLength(0);
    await ann.ask();
    for (const code of [...wrongCodes(lastCode(), 6), lastCode()]) {
      await submit(ann, { action: "/2fa/code", fields }, { auth_code: code });
    }
    expect(await ann.visit()).toBe(403);
    expect((await ann.status()).body).toMatchObject({ challenge: { attemptsLeft: 5 } });
  });

  test("as a GET, whatever stands in its address", async () => {
    const { sent, signedIn, lastCode } = await servePages();
    const ann = await signedIn();
    const page = await askOnPage(ann);
    const { fields } = formIn(page, "code");
    const query = new URLSearchParams({ ...fields, auth_code: lastCode() }).toString();
    expect((await open(ann, `/2fa/code?${query}`)).headers.location).toBe("/2fa/");
    await land(ann, `/2fa/text?${query}`);
    expect(sent).toHaveLength(1);
    expect(await ann.visit()).toBe(403);
    for (const method of ["put", "delete", "patch"] as const) {
      expect((await ann.send(method, "/2fa/code")).status).toBe(405);
      expect((await ann.send(method, "/2fa/")).status).toBe(405);
    }
  });
});

test("a form of the session's own page passes where the browser hides its origin (C231)", async () => {
  const { signedIn, lastCode } = await servePages();
  const ann = await signedIn();
  const asked = await submitHidden(ann, formIn(await land(ann, "/2fa/?returnTo=/private"), "text"));
  const page = await land(ann, String(asked.headers.location));
  await submitHidden(ann, formIn(page, "code"), { auth_code: lastCode() });
  expect(await ann.visit()).toBe(200);
});

test("each form that is refused is told of once, and the answer says what it depends on (R67, R87)", async () => {
  const { events, signedIn } = await servePages();
  const ann = await signedIn();
  const form = formIn(await land(ann, "/2fa/"), "text");
  const { action } = form;
  const text = ann.send("post", action).set({ ...NAVIGATION, "Sec-Fetch-Site": "same-origin" });
  const csrf = { code: "cross_site", owasp: "malicious_csrf" };
  const input = { owasp: "input_validation_fail" };
  const refused: [object, () => PromiseLike<{ headers: unknown }>][] = [
    [csrf, () => submit(ann, form, {}, { "Sec-Fetch-Site": "cross-site" })],
    [csrf, () => submit(ann, { action, fields: {} })],
    [{ ...csrf, reason: "stale_form" }, () => submit(ann, form, { form_token: "forged" })],
    [{ ...input, code: "payload_too_large" }, () => submit(ann, form, { x: "x".repeat(2000) })],
    [{ ...input, code: "unsupported_media_type" }, () => text.type("text").send("x")],
  ];
  for (const [told, act] of refused) {
    events.length = 0;
    const { headers } = await act();
    expect(events).toEqual([
      expect.objectContaining({ type: "refused", ip: "127.0.0.1", ...told }),
    ]);
    expect(headers).toMatchObject({ vary: "Sec-Fetch-Site, Origin" });
  }
  expect((await submit(ann, form)).headers.vary).toBe("Sec-Fetch-Site, Origin");
});

test.each([
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "/%5cevil.example",
  "/%2f%2fevil.example",
  "/.//evil.example",
  "/x/..//evil.example",
  "https:evil.example",
  "javascript:alert(1)",
  "/\t/evil.example",
  "/%20/evil.example",
  "/%20%2fevil.example",
  "/%20%5cevil.example",
  "/%09/evil.example",
  "/%20%20/%20/evil.example",
  "/x\r\nLocation: https://evil.example",
  "/x\0",
  "/x%0d%0aa",
  "/\u200b/evil.example",
  "/2fa/",
  "/2FA/?returnTo=/2fa/",
  "/x/../%32fa/code",
  "/log-out",
  "/log-out/now",
  "/log-in?x=1",
  `/${"a".repeat(3000)}`,
  SCRIPT,
])("returnTo %j leads home and nowhere else (R73, B093)", async (returnTo) => {
  const pages = { logOutPath: "/log-out", logInPath: "/log-in", homePath: "/own" };
  const { signedIn, lastCode } = await servePages({ options: { pages } });
  const ann = await signedIn();
  const page = await askOnPage(ann, `/2fa/?${new URLSearchParams({ returnTo }).toString()}`);
  expect(page.text).not.toContain("evil.example");
  const form = formIn(page, "code");
  const answer = await submit(ann, form, {
    auth_code: lastCode(),
    returnTo: returnTo.slice(0, 99),
  });
  expect(await wayOn(ann, answer)).toBe("/own");
});

test.each([
  "/private",
  "/private?tab=2&q=a%20b",
  "/private?next=https://x.example",
  "/é?x=ü",
  "/files/my%20report%20(1).pdf?page=2",
  "/100%25/x+y/",
])("the path %j is gone back to as it was", async (returnTo) => {
  const { signedIn, lastCode } = await servePages();
  const ann = await signedIn();
  const page = await askOnPage(ann, `/2fa/?${new URLSearchParams({ returnTo }).toString()}`);
  const answer = await submit(ann, formIn(page, "code"), { auth_code: lastCode() });
  expect(decodeURI(String(await wayOn(ann, answer)))).toBe(decodeURI(returnTo));
});

test("a guarded address that begins with two slashes leads nobody away (B093)", async () => {
  const { app, two, signedIn } = await servePages();
  app.use(two.require2fa());
  const ann = await signedIn();
  const refused = await open(ann, "//evil.example/private");
  expect(refused.headers.location).toBe("/2fa/");
});

test.each([
  ["http://evil.example/private/?a=1", "/2fa/?returnTo=%2Fprivate%2F%3Fa%3D1"],
  ["http://evil.example//evil.example/private", "/2fa/"],
  ["http://evil.example/2fa/../private/x", "/2fa/?returnTo=%2F2fa%2F..%2Fprivate%2Fx"],
])(
  "a guarded address with a host in front, %s, leads back on this site alone (B093)",
  async (path, to) => {
    const { app, two, port, signedIn } = await servePages();
    app.use(two.require2fa());
    const { cookie } = await signedIn();
    const location = await new Promise((resolve, reject) => {
      const headers = { ...NAVIGATION, Cookie: cookie };
      get({ host: "127.0.0.1", port, path, headers, agent: false }, (res) => {
        res.resume();
        resolve(res.headers.location);
      }).on("error", reject);
    });
    expect(location).toBe(to);
  },
);

test("a link can make the page say nothing: what it tells is sealed for one session", async () => {
  const { signedIn } = await servePages();
  const [ann, eve] = [await signedIn(), await signedIn("eve", "+12025550188")];
  const own = await askOnPage(eve);
  const { path } = own as unknown as { path: string };
  expect(path).toMatch(/^\/2fa\/\?notice=sent\.0\./);
  const forged = [
    path,
    path.replace("sent", "factor_disabled"),
    "/2fa/?notice=factor_disabled.0.x",
  ];
  for (const each of forged) {
    const page = await land(ann, each);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('role="alert"');
    expect(wordsIn(page)).not.toContain("on its way");
  }
  expect(wordsIn(await land(eve, path))).toContain("on its way");
});

test("what a user or an address brings is escaped (R80, B113)", async () => {
  const { sent, signedIn } = await servePages({
    options: {
      appName: `A<b>"'&`,
      pages: { supportUrl: "https://acme.example/?a=1&b=2", logOutPath: "/log-out?a=1&b" },
    },
  });
  const ann = await signedIn(SCRIPT);
  const query = new URLSearchParams({
    returnTo: `/x?${SCRIPT.replaceAll(" ", "+")}`,
    purpose: SCRIPT,
    maxAge: SCRIPT,
    notice: SCRIPT,
  }).toString();
  const page = await askOnPage(ann, `/2fa/?${query}`);
  const answer = await submit(ann, formIn(page, "code"), { auth_code: SCRIPT });
  const wrong = await land(ann, String(answer.headers.location));
  for (const { text } of [page, wrong]) {
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).not.toMatch(/<img|<b>"|onerror=alert\(1\)>/);
    expect(text).toContain("A&lt;b&gt;&quot;&#39;&amp;");
  }
  expect(sent).toHaveLength(1);
});

test("no page is kept by a cache, tells its address on, runs inline or can be framed (R79, R113, B112)", async () => {
  const { signedIn, lastCode } = await servePages();
  const ann = await signedIn();
  const pages = [await land(ann, "/private"), await askOnPage(ann)];
  for (const { headers, text } of pages) {
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
    });
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(text).not.toContain(lastCode());
    expect(text).not.toContain("2025550123");
  }
});

test("a page in the app's own layout can't be framed by another site either (B112)", async () => {
  const pages = { layout: (html: string) => html };
  const bare = await servePages({ options: { pages } });
  const { headers } = await open(await bare.signedIn(), "/2fa/");
  expect(headers["x-frame-options"]).toBe("DENY");
  const own = await servePages({
    options: { pages },
    before: (app) => app.use(helmet({ contentSecurityPolicy: false })),
  });
  const kept = await open(await own.signedIn(), "/2fa/");
  expect(kept.headers["x-frame-options"]).toBe("SAMEORIGIN");
});

test.each([
  ["one policy", "default-src 'self'; script-src 'self'"],
  ["several", ["default-src 'self'", "img-src *"]],
  ["a path that looks like the directive", "default-src https://a.example/frame-ancestors"],
])(
  "a page under the app's own policy that says nothing of frames can't be framed: %s (C268)",
  async (_what, policy) => {
    const before = (app: Express) =>
      app.use((_req, res, next) => {
        res.setHeader("Content-Security-Policy", policy);
        next();
      });
    for (const pages of [true, { layout: (html: string) => html }]) {
      const { signedIn } = await servePages({ before, options: { pages } });
      const { headers } = await open(await signedIn(), "/2fa/");
      expect(headers["x-frame-options"]).toBe("DENY");
      expect(headers["content-security-policy"]).toBe([policy].flat().join(", "));
    }
  },
);

test("who may frame a page is the app's to say, by policy or by X-Frame-Options (C268)", async () => {
  const set = (name: string, value: string) => (app: Express) =>
    app.use((_req, res, next) => {
      res.setHeader("Content-Security-Policy", "default-src 'self'");
      res.setHeader(name, value);
      next();
    });
  const policy = "default-src 'self';frame-ancestors https://a.example";
  const named = await servePages({ before: set("Content-Security-Policy", policy) });
  const { headers } = await open(await named.signedIn(), "/2fa/");
  expect(headers).not.toHaveProperty("x-frame-options");
  const same = await servePages({ before: set("X-Frame-Options", "SAMEORIGIN") });
  const kept = await open(await same.signedIn(), "/2fa/");
  expect(kept.headers["x-frame-options"]).toBe("SAMEORIGIN");
});

test("a policy that the app has set stays as it is", async () => {
  const { signedIn } = await servePages({ before: (app) => app.use(helmet()) });
  const page = await open(await signedIn(), "/2fa/");
  expect(page.headers["content-security-policy"]).toContain("default-src 'self'");
});

test("an asset leaves an answer alone that the app's own time limit has given", async () => {
  const { client, errors } = await servePages({
    before: (app) =>
      app.use("/2fa", (_req, res, next) => {
        res.status(503).send("late");
        next();
      }),
  });
  for (const asset of ["/2fa/pages.css", "/2fa/pages.js"]) {
    expect((await client().get(asset)).status).toBe(503);
  }
  expect(errors).toEqual([]);
});

test("the assets come with their own type, for a year, and read no session", async () => {
  const { client } = await servePages({ options: { pages: { classPrefix: "acme" } } });
  const style = await client().get("/2fa/pages.css");
  expect(style.type).toBe("text/css");
  expect(style.text).toContain(".acme-button");
  expect(style.text).not.toContain("sms2fa");
  const script = await client().get("/2fa/pages.js");
  expect(script.type).toBe("text/javascript");
  for (const { headers } of [style, script]) {
    expect(headers["cache-control"]).toContain("immutable");
    expect(headers["set-cookie"]).toBeUndefined();
  }
});

describe("with a token of the app's own", () => {
  test("csrf-csrf works alongside", async () => {
    const csrf = doubleCsrf({
      getSecret: () => "a secret of the app's own for its forms",
      getSessionIdentifier: (req) => req.session.id,
      cookieName: "csrf",
      cookieOptions: { secure: false },
      getCsrfTokenFromRequest: (req) => (req.body as { _csrf?: string } | undefined)?._csrf,
    });
    const { sent, signedIn, lastCode } = await servePages({
      options: { pages: { csrf: (req, res) => ({ _csrf: csrf.generateCsrfToken(req, res) }) } },
      mountWith: (app, two) => {
        app.use("/2fa", cookieParser(), urlencoded({ extended: false }));
        app.use("/2fa", csrf.doubleCsrfProtection, two.router);
      },
    });
    const ann = await signedIn();
    const bare = await submit(ann, { action: "/2fa/text", fields: {} });
    expect(bare.status).toBe(403);
    expect(bare.text).toContain("unhandled"); // The kit's error handler: csrf-csrf has refused.
    expect(sent).toHaveLength(0);
    const page = await askOnPage(ann, "/2fa/?returnTo=/private");
    expect(formIn(page, "code").fields).toEqual({ _csrf: expect.any(String) as string });
    const entered = await submit(ann, formIn(page, "code"), { auth_code: lastCode() });
    expect(await wayOn(ann, entered)).toBe("/private");
  });

  test("`csrf: false` leaves the same-origin check alone", async () => {
    const { sent, signedIn } = await servePages({ options: { pages: { csrf: false } } });
    const ann = await signedIn();
    const form = { action: "/2fa/text", fields: {} };
    await submit(ann, form, {}, { "Sec-Fetch-Site": "cross-site" });
    expect(sent).toHaveLength(0);
    await submit(ann, form);
    expect(sent).toHaveLength(1);
  });
});

test("a body that is too large, or no form, is refused as a page", async () => {
  const { signedIn } = await servePages();
  const ann = await signedIn();
  const { fields } = formIn(await land(ann, "/2fa/"), "text");
  const large = await submit(ann, { action: "/2fa/text", fields: { x: "x".repeat(2000) } });
  expect([large.status, large.type]).toEqual([413, "text/html"]);
  const twice = ann
    .send("post", "/2fa/text")
    .set({ ...NAVIGATION, "Sec-Fetch-Site": "same-origin" })
    .type("form")
    .send(`form_token=${fields.form_token ?? ""}&form_token=x`);
  expect((await twice).status).toBe(400);
});
