/** What the pages look like to those who read, hear or attack them. */

import { TwoFactorError } from "../../lib";
import { formIn } from "../pages/visitor";
import { codeIn, cookiesOf, PASSWORD, PHONE, serveDemo, wrongCode, type Browser } from "./visitor";

const SCRIPT = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;

/** The headers that protect a page. */
const SAFE = {
  "content-security-policy":
    "default-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
};

async function atCodePage(browser: Browser): Promise<void> {
  await browser.signUp();
  await browser.logIn();
  await browser.get("/account");
  await browser.ask();
}

test("every page has the headers that protect it, and is kept by no cache (R79, R113, B114)", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await bob.enter(box);
  const paths = ["/", "/sign-up", "/log-in", "/2fa/", "/account", "/transfer", "/dev/inbox", "/no"];
  for (const path of paths) {
    const { headers } = await bob.get(path);
    expect(headers).toMatchObject({ ...SAFE, "cache-control": "no-store" });
    expect(headers).not.toHaveProperty("x-powered-by");
  }
});

test("errors have them too, and are kept by no cache; so have files (R79, R113)", async () => {
  const { browser } = await serveDemo();
  const bob = browser();
  const errors = [
    [404, await bob.get("/%")],
    [403, await bob.get("/account", { Accept: "*/*", "Sec-Fetch-Dest": "empty" })],
    [403, await bob.post("/log-in", { name: "Bob", password: "wrong" })],
    [403, await bob.post("/log-in", {}, { "Sec-Fetch-Site": "cross-site" })],
    [403, await bob.post("/2fa/code")],
    [405, await bob.post("/2fa/status")],
    [413, await bob.post("/sign-up", { name: "x".repeat(5000) })],
    [416, await bob.get("/style.css", { Range: "bytes=1000000-" })],
    [400, await bob.post("/sign-up")],
  ] as const;
  for (const [status, answer] of errors) {
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({ ...SAFE, "cache-control": "no-store" });
    expect(answer.headers).not.toHaveProperty("www-authenticate");
  }
  for (const path of [
    "/style.css",
    "/acme.js",
    "/icon.svg",
    "/2fa/pages.css",
    "/2fa/pages.js",
    "/healthz",
  ]) {
    const { status, headers } = await bob.get(path);
    expect(status).toBe(200);
    expect(headers).toMatchObject(SAFE);
  }
});

test("every page has a language, one heading, a title of its own and no script or style in it (R112)", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  const seen = [await bob.get("/"), await bob.get("/sign-up"), await bob.get("/log-in")];
  await bob.signUp();
  await bob.logIn();
  seen.push(await bob.get("/2fa/"), await bob.get("/number"));
  await bob.ask();
  seen.push(await bob.get("/2fa/"));
  await bob.enterCode(codeIn(box));
  seen.push(await bob.get("/account"), await bob.get("/transfer"), await bob.get("/dev/inbox"));
  await bob.post("/transfer", { to: "Ann", amount: "1" });
  seen.push(await bob.get("/transfer/confirm"));
  for (const { text } of seen) {
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(text.match(/<h1[ >]/g)).toHaveLength(1);
    expect(text).not.toMatch(/<script(?! src="\/(?:2fa\/pages|acme)\.js)/i);
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
  }
  const titles = seen.map(({ text }) => /<title>(.*)<\/title>/.exec(text)?.[1]);
  expect(new Set(titles).size).toBe(titles.length);
});

test("the style sheet and the icon come from the demo itself", async () => {
  const { browser } = await serveDemo();
  expect((await browser().get("/style.css")).type).toBe("text/css");
  expect((await browser().get("/icon.svg")).type).toBe("image/svg+xml");
});

test("after the log-in every page has a button that logs out (R115)", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  expect((await bob.get("/")).text).not.toContain("/log-out");
  await bob.signUp();
  await bob.logIn();
  expect((await bob.get("/2fa/")).text).toContain('<form method="post" action="/log-out">');
  await bob.enter(box);
  for (const path of ["/", "/account", "/transfer", "/dev/inbox", "/2fa/number", "/no"]) {
    expect((await bob.get(path)).text).toContain('<form method="post" action="/log-out">');
  }
});

test("the code has one field that phones fill in, and that any paste fits into (R101, R102, B036)", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await atCodePage(bob);
  const { text } = await bob.get("/2fa/");
  const inputs = text.match(/<input(?![^>]*(?:hidden|checkbox))[^>]*>/g) ?? [];
  expect(inputs).toHaveLength(1);
  for (const attribute of [
    'type="text"',
    'inputmode="numeric"',
    'autocomplete="one-time-code"',
    'aria-describedby="sms2fa-code-hint"',
  ]) {
    expect(inputs[0]).toContain(attribute);
  }
  expect(inputs[0]).not.toContain("maxlength");
  expect(text).toContain('for="sms2fa-code">');
  const code = codeIn(box);
  const pasted = ` ${code.slice(0, 3)}-${code.slice(3)} `;
  expect((await bob.enterCode(pasted)).status).toBe(303);
});

test.each([
  ["123", "You&#39;ve not entered enough numbers, the code must be 6 numbers"],
  ["1234567", "You&#39;ve entered too many numbers, the code must be 6 numbers"],
  ["12345a", "The code must be 6 numbers"],
  [" \u200b ", "Enter the security code"],
  ["wrong", "Enter a correct security code. You have 4 tries left"],
])(
  "the code %j is told what is wrong with it, next to the field (R104, R105, B063)",
  async (typed, told) => {
    const { box, browser } = await serveDemo();
    const bob = browser();
    await atCodePage(bob);
    const answer = await bob.enterCode(typed === "wrong" ? wrongCode(box) : typed);
    const page = await bob.follow(answer);
    expect(page.text).toContain("<title>Error: Check your phone – Acme</title>");
    expect(page.text).toMatch(/<div class="sms2fa-summary" role="alert" tabindex="-1" autofocus>/);
    expect(page.text).toContain(`<a href="#sms2fa-code">${told}`);
    expect(page.text).toMatch(/id="sms2fa-code-error">\s*<b>Error:<\/b> /);
    expect(page.text).toContain('aria-describedby="sms2fa-code-hint sms2fa-code-error"');
    expect(page.text).toContain('aria-invalid="true"');
    expect((await bob.enterCode(codeIn(box))).status).toBe(303);
  },
);

test("after five wrong codes the page asks for a new one, and says how long to wait (R12)", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await atCodePage(bob);
  for (let left = 4; left > 0; left -= 1) await bob.enterCode(wrongCode(box));
  const last = await bob.follow(await bob.enterCode(wrongCode(box)));
  expect(last.text).toContain("Too many wrong codes were entered. Request a new code");
  expect(last.text).toContain("Text me a code");
  expect(last.text).not.toContain("one-time-code");
  const right = await bob.follow(await bob.enterCode(codeIn(box)));
  expect(right.path).toMatch(/^\/2fa\//);
  expect(right.text).toMatch(/Too many wrong codes were entered\. Try again in \d+ seconds/);
});

const NO_NUMBER = "Enter a phone number with its country code";

test.each([
  ["1234567", NO_NUMBER],
  ["+1 202 555 0123 ext 5", NO_NUMBER],
  ["(202) 555-0123", NO_NUMBER],
  ["", NO_NUMBER],
  ["+44 7400 123456", "We can't text this number"],
  ["+1 900 555 0123", "We can't text this number"],
])("the number %j is refused before it is saved, at sign-up and later", async (phone, told) => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  const page = await bob.signUp("Bob", phone);
  expect([page.status, page.text]).toEqual([400, expect.stringContaining('href="#phone"')]);
  expect(page.text).toContain(told.replace("'", "&#39;"));
  expect(page.text).toContain(`value="${phone}"`);
  const script = { Accept: "application/json", "Sec-Fetch-Dest": "empty" };
  const fields = { name: "Bob", password: PASSWORD, phone };
  const problem = await bob.post("/sign-up", fields, script);
  expect([problem.status, problem.type]).toEqual([400, "application/problem+json"]);
  expect(problem.body).toMatchObject({ detail: expect.stringContaining(told) as string });

  await bob.signUp();
  await bob.logIn();
  const kept = await bob.post("/number", { phone });
  expect([kept.status, kept.text]).toEqual([400, expect.stringContaining(`value="${phone}"`)]);
  await bob.ask();
  expect(box.messages.map(({ to }) => to)).toEqual(["+12025550123"]);
});

test("the countries of the settings are those whose numbers can sign up", async () => {
  const { box, browser } = await serveDemo({ COUNTRIES: "GB" });
  const bob = browser();
  expect((await bob.signUp()).status).toBe(400);
  expect((await bob.signUp("Bob", "+44 (0)7400 123456")).status).toBe(303);
  await bob.logIn();
  await bob.ask();
  expect(box.messages.map(({ to }) => to)).toEqual(["+447400123456"]);
});

test("the texts stand beside the code page in development", async () => {
  const { browser } = await serveDemo();
  const bob = browser();
  await atCodePage(bob);
  expect((await bob.get("/2fa/")).text).toMatch(/<aside class="phone"[^]*\d{6} is your Acme/);
});

test("the script that fills the phone is given the texts, and leaves the session alone", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await atCodePage(bob);
  expect((await bob.get("/2fa/")).text).toContain('data-inbox="/dev/inbox/texts"');
  const feed = await bob.get("/dev/inbox/texts");
  expect(feed.body).toMatchObject([{ to: "+12025550123", text: box.messages[0]?.text }]);
  expect([cookiesOf(feed), feed.headers["cache-control"]]).toEqual([[], "no-store"]);
  const sent = await serveDemo({}, () => undefined);
  expect((await sent.browser().get("/dev/inbox/texts")).status).toBe(404);
});

test("a gateway that fails is told of in plain words (B111)", async () => {
  const { browser } = await serveDemo({}, () => {
    throw new TwoFactorError("delivery_failed", "Project 1234 has no money", {
      reason: "no_balance",
    });
  });
  const bob = browser();
  await bob.signUp();
  await bob.logIn();
  const page = await bob.follow(await bob.ask());
  expect(page.text).toContain("The text could not be sent. Try again in a few minutes");
  expect(page.text).not.toMatch(/1234|money|balance/);
  expect((await bob.get("/dev/inbox")).status).toBe(404);
});

test("what people type is escaped wherever it is shown (R80, B113)", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  const pages = [
    await bob.post("/sign-up", { name: SCRIPT, password: "short", phone: SCRIPT }),
    await bob.post("/log-in", { name: SCRIPT, password: SCRIPT }),
    await bob.get(`/${encodeURIComponent(SCRIPT)}?x=${encodeURIComponent(SCRIPT)}`),
  ];
  await bob.signUp(SCRIPT, PHONE);
  await bob.logIn(SCRIPT);
  pages.push(await bob.post("/number", { phone: SCRIPT }));
  await bob.get("/account");
  await bob.ask();
  pages.push(await bob.follow(await bob.enterCode(SCRIPT)));
  await bob.enterCode(codeIn(box));
  pages.push(await bob.post("/transfer", { to: SCRIPT, amount: SCRIPT }));
  const to = `<script>alert(1)</script>"'><img src=x>`;
  pages.push(await bob.follow(await bob.post("/transfer", { to, amount: "1" })));
  await bob.ask();
  const shown = await bob.follow(await bob.enterCode(codeIn(box)));
  pages.push(shown);
  const { action, fields } = formIn(shown, "transfer/confirm");
  expect((await bob.post(action, fields)).headers["location"]).toBe("/account");
  pages.push(await bob.get("/account"), await bob.get("/dev/inbox"));
  for (const { text } of pages) {
    expect(text).toMatch(/<h1[ >]/);
    expect(text).not.toMatch(/<script(?! src="\/(?:2fa|acme\.js"))|<img|"'>/);
  }
  expect(pages[0]?.text).toContain("&lt;script&gt;");
  for (const at of [-4, -3, -2]) expect(pages.at(at)?.text).toContain("&lt;script&gt;");
});

test("a sign-up says what is missing, keeps what was typed, and shows the password again to nobody", async () => {
  const { browser } = await serveDemo();
  const bob = browser();
  const page = await bob.post("/sign-up", { name: "Bob", password: "seven77", phone: "12" });
  expect(page.status).toBe(400);
  expect(page.text).toContain("<title>Error: Sign up – Acme</title>");
  expect(page.text).toContain('value="Bob"');
  expect(page.text).toContain('href="#password"');
  expect(page.text).toContain('href="#phone"');
  expect(page.text).not.toContain("seven77");
  expect(page.text).toContain("and use it for nothing else");
  await bob.signUp();
  expect((await bob.signUp(" bOB ")).status).toBe(409);
  expect(cookiesOf(page)).toEqual([]);
});

test.each([
  ["🔑".repeat(7), "8 to 256 characters"],
  ["🔑".repeat(257), "8 to 256 characters"],
  [" ".repeat(12), "must not be blank"],
  ["\u00a0\u200b".repeat(6), "must not be blank"],
  ["Password123", "Many people have this password"],
  ["１２３４５６７８", "Many people have this password"],
  ["  password  ", "Many people have this password"],
  ["🔑".repeat(8), "Many people have this password"],
  ["annette.smith", "must not be the name"],
])("the password %j can't be chosen, and the page says why", async (password, told) => {
  const { browser } = await serveDemo();
  const sent = { name: "Annette.Smith", password, phone: PHONE };
  const page = await browser().post("/sign-up", sent);
  expect([page.status, page.text]).toEqual([400, expect.stringContaining('href="#password"')]);
  expect(page.text).toContain(told);
});

test.each([
  "🔑🔒".repeat(4),
  "🔑🔒".repeat(128),
  "seven blanks between two words",
  "пароль и слово",
])("the password %j can be chosen, and logs in", async (password) => {
  const { browser } = await serveDemo();
  const ann = browser();
  expect((await ann.post("/sign-up", { name: "Ann", password, phone: PHONE })).status).toBe(303);
  expect((await ann.post("/log-in", { name: "Ann", password })).status).toBe(303);
});

test("a name has 64 characters of any kind at most, and logs in with blanks around it", async () => {
  const { browser } = await serveDemo();
  const bob = browser();
  const name = "🔑".repeat(64);
  expect((await bob.signUp(`${name}🔑`)).text).toContain("64 characters or fewer");
  expect((await bob.signUp(name)).status).toBe(303);
  expect((await bob.logIn(`  ${name} `)).status).toBe(303);
});

test("fields that come twice, as objects or under odd names are refused, and break nothing (R22)", async () => {
  const { browser } = await serveDemo();
  const bob = browser();
  await bob.signUp();
  for (const raw of [
    "name=Bob&name=Bob&password=x",
    "__proto__[name]=Bob",
    "name[$ne]=x&password[$ne]=x",
  ]) {
    const fields = raw as unknown as Record<string, string>;
    expect((await bob.post("/log-in", fields)).status).toBe(403);
  }
  expect((await bob.post("/log-in", { name: "Bob", password: "x".repeat(5000) })).status).toBe(413);
  await bob.logIn();
  const twice = "auth_code=1&auth_code=2" as unknown as Record<string, string>;
  expect((await bob.post("/2fa/code", twice)).status).toBe(400);
  expect((await bob.post("/log-in", { name: "Bob", password: PASSWORD })).status).toBe(303);
});
