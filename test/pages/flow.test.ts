/** The way through the pages by forms alone: guard, text, code, and on to what was wanted. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Router } from "express";
import ts from "typescript";
import { html, type OnRequired } from "../../lib";
import { EXPRESSES, fail, serve, wrongCodes, type Client, type ServeOptions } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
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
} from "./visitor";

const WANTED = "/private?id=7&q=a%20b";

describe.each(EXPRESSES)("under %s", (_name, express) => {
  test("the way leads from the guard over text and code to the page that was wanted (R58, R103, B016)", async () => {
    const { sent, signedIn, lastCode } = await servePages({ express });
    const ann = await signedIn();
    const refused = await open(ann, WANTED);
    expect(refused.status).toBe(303);
    expect(refused.headers).toMatchObject({
      location: `/2fa/?${new URLSearchParams({ returnTo: WANTED }).toString()}`,
      "cache-control": "no-store",
    });
    const ask = await land(ann, WANTED);
    expect(ask.status).toBe(200);
    expect(wordsIn(ask)).toContain("text a security code to your phone number ending in 23");
    expect(sent).toHaveLength(0);

    const asked = await submit(ann, formIn(ask, "text"));
    expect(asked.status).toBe(303);
    const page = await land(ann, String(asked.headers.location));
    expect(wordsIn(page)).toContain("It is good for 10 minutes.");
    expect(wordsIn(page)).toContain("You can ask for another text in 30 seconds.");
    expect(page.text).toMatch(/role="status"[^>]*>\s*The text is on its way/);

    const entered = await submit(ann, formIn(page, "code"), { auth_code: lastCode() });
    expect([entered.status, await wayOn(ann, entered)]).toEqual([303, WANTED]);
    expect((await open(ann, WANTED)).status).toBe(200);
  });
});

test.each(["/my%20app/2fa", "/v1.0/2fa/", "/2FA"])(
  "mounted at %s, behind a guard in front of the app, the way leads there and back without a loop (B016, B017)",
  async (mount) => {
    const wanted = "/private/my%20report.pdf?page=2";
    const before: ServeOptions["before"] = (app, two) => app.use(two.require2fa());
    const { app, signedIn, lastCode } = await servePages({ mount, before });
    app.get("/private/:name", (req, res) => res.json({ name: req.params.name }));
    const ann = await signedIn();
    const ask = await land(ann, wanted);
    expect([ask.status, ask.path.startsWith(mount)]).toEqual([200, true]);
    const asked = await submit(ann, formIn(ask, "text"));
    const page = await land(ann, String(asked.headers.location));
    const entered = await submit(ann, formIn(page, "code"), { auth_code: lastCode() });
    expect(await wayOn(ann, entered)).toBe(wanted);
    expect((await open(ann, wanted)).body).toEqual({ name: "my report.pdf" });
  },
);

test("scripts, HEAD and unsafe methods get the problem, and are sent nowhere (R58, B018)", async () => {
  const { signedIn } = await servePages();
  const ann = await signedIn();
  const asked = [
    ann.get("/private").set({ Accept: "application/json" }),
    ann.get("/private").set({ Accept: "text/html", "Sec-Fetch-Dest": "empty" }),
    ann.get("/private").set({ Accept: "*/*" }),
    ann.post("/private").set(NAVIGATION),
    ann.send("put", "/private").set(NAVIGATION),
  ];
  for (const each of asked) {
    const answer = await each;
    expect(answer.status).toBe(403);
    expect(answer.type).toBe("application/problem+json");
    expect(answer.headers.location).toBeUndefined();
  }
  expect((await ann.send("head", "/private").set(NAVIGATION)).status).toBe(403);
});

test("onRequired goes before the pages, and without pages a navigation gets the problem", async () => {
  const own = await servePages({ guard: { onRequired: (_req, res) => res.status(418).end() } });
  expect((await open(await own.signedIn(), "/private")).status).toBe(418);
  const bare = await serve();
  const ann = await bare.signedIn();
  expect((await open(ann, "/private")).status).toBe(403);
  expect((await open(ann, "/2fa/")).status).toBe(404);
  expect((await open(ann, "/2fa/pages.css")).status).toBe(404);
});

test("a guard over the whole app leads to the page once, never in circles (B017)", async () => {
  const { signedIn, lastCode } = await servePages({
    before: (app, two) => {
      app.use(two.require2fa());
    },
  });
  // The app's own sign-in stands before the guard.
  const ann = await signedIn();
  const ask = await land(ann, "/verification");
  expect(ask.status).toBe(200);
  expect((await open(ann, "/2fa")).status).toBe(200);
  expect((await open(ann, "/2fa/pages.js")).status).toBe(200);
  const page = await land(ann, String((await submit(ann, formIn(ask, "text"))).headers.location));
  const entered = await submit(ann, formIn(page, "code"), { auth_code: lastCode() });
  expect(await wayOn(ann, entered)).toBe("/verification");
  expect((await open(ann, "/verification")).status).toBe(200);
});

test("at the root the app's first page stays the app's, and guarded", async () => {
  jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const { signedIn } = await servePages({
    mountWith: (app, two) => {
      app.use(two.require2fa());
      app.use("/", two.router);
      app.get("/", (_req, res) => res.send("first"));
      app.get("/code", (_req, res) => res.send("own"));
    },
  });
  const ann = await signedIn();
  for (const path of ["/", "/code", "/text"]) expect((await open(ann, path)).status).toBe(403);
});

test("at the root no page is served, and the terminal says what to do", async () => {
  const warned = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const { client } = await servePages({ mount: "/" });
  expect((await open(client(), "/code")).status).toBe(404);
  expect(warned).toHaveBeenCalledWith(
    expect.stringContaining("See docs/troubleshooting.md."),
    expect.objectContaining({ code: "SMS2FA_PAGES_AT_ROOT" }),
  );
});

test("every address begins with the mount path, however deep (B035)", async () => {
  const deep = await servePages({ mount: "/account/security" });
  const ann = await deep.signedIn();
  const page = await land(ann, "/private");
  expect(page.path).toMatch(/^\/account\/security\/\?/);
  for (const [, address] of page.text.matchAll(/(?:href|src|action)="([^#"]*)"/g)) {
    expect(address).toMatch(/^\/account\/security\//);
  }
  expect(formIn(await askOnPage(ann, page.path), "code").action).toMatch(
    /^\/account\/security\/code/,
  );

  const nested = await servePages({
    options: { pages: true, path: "/outer/inner" },
    mountWith: (app, two) => {
      const outer = Router();
      outer.use("/inner", two.router);
      app.use("/outer", outer);
    },
  });
  const inner = await land(await nested.signedIn(), "/private");
  expect([inner.status, inner.path]).toEqual([200, "/outer/inner/?returnTo=%2Fprivate"]);
});

test("a proof that is too old, or for another purpose, is asked for anew through the page (R54)", async () => {
  fakeDate();
  const { sent, signedIn, lastCode } = await servePages({
    guard: { maxAge: 120, purpose: "transfer" },
    options: { purposes: ["transfer"] },
  });
  const ann = await signedIn();
  await ann.ask();
  await ann.answer(lastCode());
  const ask = await land(ann, "/private");
  expect(ask.path).toBe("/2fa/?returnTo=%2Fprivate&purpose=transfer&maxAge=120");
  expect(wordsIn(ask)).toContain("This step needs a new security code");
  const page = await askOnPage(ann, ask.path);
  const entered = await submit(ann, formIn(page, "code"), { auth_code: lastCode() });
  expect(await wayOn(ann, entered)).toBe("/private");
  expect((await open(ann, "/private")).status).toBe(200);

  pass(121);
  const again = await land(ann, "/private");
  expect(again.status).toBe(200);
  const second = await askOnPage(ann, again.path);
  expect(sent).toHaveLength(3);
  await submit(ann, formIn(second, "code"), { auth_code: lastCode() });
  expect((await open(ann, "/private")).status).toBe(200);
});

describe("no second text is paid for", () => {
  test("by opening, reloading or prefetching the page, nor by Back to it (R113, B090)", async () => {
    const { sent, signedIn } = await servePages();
    const ann = await signedIn();
    await open(ann, "/2fa/", { "Sec-Purpose": "prefetch" });
    await open(ann, "/2fa/");
    expect(sent).toHaveLength(0);
    const page = await askOnPage(ann);
    const { path } = Object.assign(page) as { path: string };
    for (const each of [path, "/2fa/", path, "/2fa/text", "/2fa/code"]) await land(ann, each);
    expect(sent).toHaveLength(1);
  });

  test("by a double click on the button, nor by the button of a second tab", async () => {
    const { sent, signedIn } = await servePages();
    const ann = await signedIn();
    const [tab, other] = [await land(ann, "/2fa/"), await land(ann, "/2fa/")];
    const form = formIn(tab, "text");
    const clicks = await Promise.all([submit(ann, form), submit(ann, form)]);
    expect(clicks.map(({ status }) => status)).toEqual([303, 303]);
    const late = await submit(ann, formIn(other, "text"));
    const page = await land(ann, String(late.headers.location));
    expect(wordsIn(page)).toContain("We texted you a moment ago");
    expect(sent).toHaveLength(1);
  });

  test.each([
    ["the package's own token", {}],
    ["the app's own check", { csrf: false }],
  ] as const)("by a tab that another has overtaken, with %s: it goes on", async (_name, pages) => {
    const { sent, signedIn, lastCode } = await servePages({ options: { pages } });
    const ann = await signedIn();
    const stale = formIn(await land(ann, "/private?tab=2"), "text");
    const page = await askOnPage(ann, "/2fa/?returnTo=/private");
    const code = formIn(page, "code");
    await submit(ann, code, { auth_code: lastCode() });
    for (const each of [await submit(ann, stale), await submit(ann, stale, {})]) {
      const end = await land(ann, String(each.headers.location));
      expect([end.status, end.path]).toEqual([200, "/private?tab=2"]);
    }
    const again = await submit(ann, code, { auth_code: lastCode() });
    expect((await land(ann, String(again.headers.location))).path).toBe("/private");
    expect(sent).toHaveLength(1);
  });
});

test("a double click on the right code ends at the page that was wanted", async () => {
  const { signedIn, lastCode } = await servePages();
  const ann = await signedIn();
  const page = await askOnPage(ann, "/2fa/?returnTo=/private");
  const form = formIn(page, "code");
  const second = ann.copy();
  const answers = await Promise.all(
    [ann, second].map((each) => submit(each, form, { auth_code: lastCode() })),
  );
  expect(answers.map(({ status }) => status)).toEqual([303, 303]);
  for (const { headers } of answers) {
    const end = await land(ann, String(headers.location));
    expect([end.status, end.path]).toEqual([200, "/private"]);
  }
});

test("an expired code leads to one clear way to a new one (R107)", async () => {
  fakeDate();
  const { sent, signedIn, lastCode } = await servePages();
  const ann = await signedIn();
  const form = formIn(await askOnPage(ann), "code");
  const old = lastCode();
  pass(601);
  const answered = await submit(ann, form, { auth_code: old });
  const page = await land(ann, String(answered.headers.location));
  expect(wordsIn(page)).toContain("The security code has expired. Request a new code");
  expect(page.text).toContain('href="#sms2fa-send"');
  expect(page.text).not.toContain("one-time-code");
  await submit(ann, formIn(page, "text"));
  expect(sent).toHaveLength(2);
  expect(lastCode()).not.toBe(old);
});

test("another text can be asked for after the wait, and brings the same code", async () => {
  fakeDate();
  const { sent, signedIn, lastCode } = await servePages();
  const ann = await signedIn();
  await askOnPage(ann);
  const first = lastCode();
  pass(31);
  const page = await askOnPage(ann);
  expect(sent).toHaveLength(2);
  expect(lastCode()).toBe(first);
  expect(wordsIn(page)).toContain("another text in 60 seconds");
});

test("after a log-out in another tab no form does anything, and the log-in is come to", async () => {
  const { sent, signedIn, lastCode } = await servePages({
    options: { pages: { logInPath: "/log-in?why=2fa", logOutPath: "/log-out" } },
  });
  const ann = await signedIn();
  const page = await askOnPage(ann, "/2fa/?returnTo=/private");
  await ann.post("/reset");
  await ann.post("/sign-out-first-factor-only");
  for (const [to, typed] of [
    ["text", {}],
    ["code", { auth_code: lastCode() }],
  ] as const) {
    const answer = await submit(ann, formIn(page, to), typed);
    expect(await wayOn(ann, answer)).toBe("/log-in?why=2fa&returnTo=%2Fprivate");
  }
  expect(sent).toHaveLength(1);
});

test("whoever is not signed in, or has no number, is told so; a store that fails is a 503 with Retry-After", async () => {
  const { client, signedIn } = await servePages();
  const nobody = await land(client(), "/private");
  expect(nobody.status).toBe(403);
  expect(wordsIn(nobody)).toContain("You are not signed in");
  const eve = await land(await signedIn("eve", null), "/private");
  expect(eve.status).toBe(403);
  expect(wordsIn(eve)).toContain("no phone number that we can text");

  const broken = await servePages({ session: false, user: () => ({ id: "ann" }) });
  for (const path of ["/private", "/2fa/"]) {
    const page = await land(broken.client(), path);
    expect(page.status).toBe(503);
    expect(page.headers["retry-after"]).toBe("5");
    expect(page.type).toBe("text/html");
    expect(wordsIn(page)).toContain("We cannot send or check codes at the moment");
  }
});

test("a visitor whom nobody knows comes from the guard to the log-in at once, and from there back (C247)", async () => {
  const { client } = await servePages({ options: { pages: { logInPath: "/log-in?why=2fa" } } });
  const { status, headers } = await open(client(), "/private?returnTo=/evil&id=7");
  expect(status).toBe(303);
  expect(headers.location).toBe(
    "/log-in?why=2fa&returnTo=%2Fprivate%3FreturnTo%3D%2Fevil%26id%3D7",
  );
  expect(headers["cache-control"]).toBe("no-store");
});

test("a guard in front of the log-in too sends nobody in circles (C247)", async () => {
  const { client } = await servePages({
    options: { pages: { logInPath: "/log-in" } },
    before: (app, two) => app.use(two.require2fa()),
  });
  expect((await open(client(), "/x")).headers.location).toBe("/log-in?returnTo=%2Fx");
  const page = await open(client(), "/log-in?returnTo=%2Fx");
  expect(page.status).toBe(403);
  expect(wordsIn(page)).toContain("You are not signed in");
});

test("a user whom a token tells, without a session yet, gets through by the forms alone", async () => {
  const { client, lastCode } = await servePages({
    user: () => ({ id: "ann", phone: "+12025550123" }),
  });
  const ann = client();
  const page = await askOnPage(ann, "/2fa/?returnTo=/private");
  await submit(ann, formIn(page, "code"), { auth_code: lastCode() });
  expect(await ann.visit()).toBe(200);
});

test("behind a form the way on leads over a page that goes on by GET, whichever form it was (C232)", async () => {
  const { signedIn, lastCode, client } = await servePages({
    options: { pages: { logInPath: "/log-in", homePath: "/own" } },
  });
  const ann = await signedIn();
  const stale = await land(ann, "/2fa/?returnTo=/private%3Fa%3D1%26b%3D'");
  const page = await askOnPage(ann, "/2fa/?returnTo=/private");
  const entered = await submit(ann, formIn(page, "code"), { auth_code: lastCode() });
  const between = await open(ann, String(entered.headers.location));
  expect([between.status, between.headers["cache-control"]]).toEqual([200, "no-store"]);
  expect(between.text).toContain('<a class="sms2fa-link" href="/private">Continue</a>');
  expect(wordsIn(between)).toContain("You are being taken on");
  const answers = [
    [await submit(ann, formIn(stale, "text")), "/private?a=1&b=%27"],
    [await submit(ann, formIn(page, "code"), { auth_code: lastCode() }), "/private"],
    [await submit(ann, formIn(page, "text")), "/private"],
  ] as const;
  for (const [answer, to] of answers) {
    expect(decodeURI((await wayOn(ann, answer)) ?? "")).toBe(decodeURI(to));
  }
  const gone = await submit(client(), formIn(page, "code"), { auth_code: "1" });
  expect(await wayOn(client(), gone)).toBe("/log-in?returnTo=%2Fprivate");
  // Whoever comes by a link goes on by a redirect as before.
  expect((await open(ann, "/2fa/?returnTo=/private")).headers.location).toBe("/private");
  expect((await open(client(), "/private?notice=on")).headers.location).toBe(
    "/log-in?returnTo=%2Fprivate%3Fnotice%3Don",
  );
});

test("a verified session that opens the page goes on at once", async () => {
  const { signedIn, lastCode } = await servePages({ options: { pages: { homePath: "/own" } } });
  const ann = await signedIn();
  await ann.ask();
  await ann.answer(lastCode());
  expect((await land(ann, "/2fa/")).path).toBe("/own");
  expect((await open(ann, "/2fa/?returnTo=/private")).headers.location).toBe("/private");
});

describe("what is refused on the way", () => {
  async function after(client: Client, typed: string) {
    const answer = await submit(client, formIn(await land(client, "/2fa/"), "code"), {
      auth_code: typed,
    });
    expect(answer.status).toBe(303);
    return land(client, String(answer.headers.location));
  }

  test("five wrong codes end the challenge, and the page offers a new one with its wait (R12, C238)", async () => {
    const { signedIn, lastCode } = await servePages();
    const ann = await signedIn();
    await askOnPage(ann);
    const [first = "", ...rest] = wrongCodes(lastCode(), 4);
    expect(wordsIn(await after(ann, first))).toContain("You have 4 tries left");
    for (const code of rest) await after(ann, code);
    const last = await after(ann, wrongCodes(lastCode(), 5)[4] ?? "");
    expect(wordsIn(last)).toContain("Too many wrong codes were entered. Request a new code");
    // C238: the wait stands there before the button is pressed, and after a reload.
    for (const shown of [last, await land(ann, "/2fa/")]) {
      expect(wordsIn(shown)).toMatch(/You can ask for another text in \d+ seconds/);
      expect(shown.text).toMatch(/id="sms2fa-send"\s+data-countdown="\d+"/);
    }
    const asked = await submit(ann, formIn(last, "text"));
    const page = await land(ann, String(asked.headers.location));
    expect(wordsIn(page)).toMatch(/You can request another text in \d+ seconds/);
    expect(page.text).toMatch(/data-countdown="\d+"/);
  });

  test("a block is told with its end, and no more once it is over", async () => {
    fakeDate();
    const { signedIn, lastCode } = await servePages();
    const ann = await signedIn();
    await ann.ask();
    await fail(ann, lastCode(), 5);
    pass(61);
    await ann.ask();
    await fail(ann, lastCode(), 4);
    await fail(ann, lastCode(), 1);
    const asked = await submit(ann, formIn(await land(ann, "/2fa/"), "text"));
    const path = String(asked.headers.location);
    expect(wordsIn(await land(ann, path))).toMatch(/Try again in \d+ minutes/);
    pass(3601);
    expect(wordsIn(await land(ann, path))).not.toContain("Try again");
  });

  test("a block is told of before the button is pressed, with its wait, and no more once it is over (C238)", async () => {
    fakeDate();
    const { signedIn, lastCode } = await servePages({
      options: { limits: { failures: { max: 5, window: 900 } } },
    });
    const ann = await signedIn();
    await askOnPage(ann);
    await fail(ann, lastCode(), 5);
    const blocked = await land(ann, "/2fa/");
    expect(wordsIn(blocked)).toContain(
      "Too many wrong codes were entered. Try again in 15 minutes",
    );
    expect(blocked.text).toMatch(/id="sms2fa-send"\s+data-countdown="900"/);
    pass(901);
    expect((await land(ann, "/2fa/")).text).not.toMatch(/role="alert"|data-countdown/);
  });

  test("a factor that is switched off is told of before the button is pressed (C238)", async () => {
    const { signedIn, lastCode } = await servePages({
      options: { limits: { consecutiveFailures: 5 } },
    });
    const ann = await signedIn();
    await askOnPage(ann);
    await fail(ann, lastCode(), 5);
    const page = await land(ann, "/2fa/");
    expect(wordsIn(page)).toContain("Security codes are switched off for your account");
  });

  test.each([
    ["+447700900123", "We do not text phone numbers of this country"],
    ["+19005550123", "We cannot text your phone number"],
  ])("the number %s is not texted, and the page says why", async (phone, told) => {
    const { sent, signedIn } = await servePages();
    const page = await askOnPage(await signedIn("ann", phone));
    expect(wordsIn(page)).toContain(told);
    expect(sent).toHaveLength(0);
  });

  test("a text that fails is told of, and can be asked for again (B021, B111)", async () => {
    const { signedIn } = await servePages({
      options: {
        sender: () => {
          throw new Error("Project 1234 has no money");
        },
      },
    });
    const page = await askOnPage(await signedIn());
    expect(wordsIn(page)).toContain("The text could not be sent");
    expect(page.text).not.toContain("1234");
    expect(formIn(page, "text").action).toBe("/2fa/text");
  });
});

describe("the `onRequired` of docs/pages.md, as it stands there,", () => {
  const docs = readFileSync(join(__dirname, "..", "..", "docs", "pages.md"), "utf8");
  const code = docs.split("```").find((each) => each.includes("toCodePage")) ?? "";
  const { outputText } = ts.transpileModule(code.replace(/^ts\n/, ""), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exported: { toCodePage?: OnRequired } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the document's own code
  const run = new Function("exports", "require", outputText) as (...given: unknown[]) => void;
  run(exported, () => ({ html }));

  test("has frames, htmx and Turbo lead the window to the code page and back to what it showed (C248)", async () => {
    const { signedIn } = await servePages({ guard: { onRequired: exported.toCodePage } });
    const ann = await signedIn();
    const ask = (headers: Record<string, string>) => ann.get("/private").set(headers);
    const back = "/2fa/?returnTo=%2Forders%3Fpage%3D2";
    const here = "http://127.0.0.1/orders?page=2";
    const htmx = await ask({
      "HX-Request": "true",
      "HX-Current-URL": here,
      "Sec-Fetch-Dest": "empty",
    });
    expect([htmx.status, htmx.headers["hx-redirect"]]).toEqual([200, back]);
    for (const headers of [
      { "Sec-Fetch-Dest": "iframe", Accept: "text/html", Referer: here },
      { "Turbo-Frame": "list", "Sec-Fetch-Dest": "empty", Accept: "text/html", Referer: here },
    ]) {
      const { status, text } = await ask(headers);
      expect(status).toBe(403);
      expect(text).toContain(`<a href="${back}" target="_top">`);
      expect(text).toContain('name="turbo-visit-control" content="reload"');
    }
    const drive = await ask({
      "Sec-Fetch-Dest": "empty",
      Accept: "text/html, application/xhtml+xml",
    });
    expect(drive.headers.location).toBe("/2fa/?returnTo=%2Fprivate");
    expect((await open(ann, "/private")).headers.location).toBe("/2fa/?returnTo=%2Fprivate");
    for (const Accept of ["application/json", "*/*"]) {
      const script = await ask({ Accept, "Sec-Fetch-Dest": "empty" });
      expect([script.status, script.body]).toEqual([403, { code: "two_factor_required" }]);
    }
    const page = await open(ann, "/2fa/");
    expect(page.text).toMatch(/data-turbo="false"\s+data-hx-boost="false"/);
  });
});
