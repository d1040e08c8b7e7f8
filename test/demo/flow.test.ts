/** The way through the demo, by forms alone: sign-up, password, code, step-up, log-out. */

import { fakeDate, pass } from "../fakes/clock";
import { formIn } from "../pages/visitor";
import { codeIn, PHONE, serveDemo, wrongCode } from "./visitor";

test("the way leads from sign-up over password and code to the page that was asked for (R11, R103, B112)", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  const asked = await bob.follow(await bob.get("/account"));
  expect(asked.path).toBe("/log-in?returnTo=%2Faccount");

  const signedUp = await bob.follow(await bob.signUp());
  expect(signedUp.path).toBe("/log-in?signed-up");
  expect(signedUp.text).toContain("You have signed up");

  const refused = await bob.follow(await bob.logIn());
  expect(refused.path).toBe("/2fa/?returnTo=%2Faccount");
  expect(refused.text).toContain("phone number ending in <bdi>23</bdi>");
  expect(box.messages).toHaveLength(0);

  const sent = await bob.ask();
  expect(sent.status).toBe(303);
  expect(box.messages.map(({ to }) => to)).toEqual(["+12025550123"]);
  const codePage = await bob.follow(sent);
  expect(codePage.text).toContain("phone number ending in <bdi>23</bdi>");
  expect(codePage.text).toMatch(/good for\s+10 minutes/);
  expect(codePage.text).toMatch(/another text in <span data-time>(?:30|29) seconds/);

  const entered = await bob.follow(await bob.enterCode(codeIn(box)));
  expect(entered.path).toBe("/account");
  expect(entered.status).toBe(200);
  expect(entered.text).toContain("Hello, <bdi>Bob</bdi>");
  // No URL had the code.
  expect(bob.urls.join("\n")).not.toContain(codeIn(box));
});

test("a path with a query that was asked for is come back to", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await bob.signUp();
  await bob.follow(await bob.get("/account?tab=2"));
  await bob.follow(await bob.logIn());
  await bob.ask();
  const { path } = await bob.follow(await bob.enterCode(codeIn(box)));
  expect(path).toBe("/account?tab=2");
});

test("opening and reloading the code page sends no text, nor does a second click (R113, B090)", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await bob.signUp();
  await bob.logIn();
  await bob.get("/2fa/", { "Sec-Purpose": "prefetch" });
  await bob.get("/2fa/");
  expect(box.messages).toHaveLength(0);
  await Promise.all([bob.ask(), bob.ask()]);
  await bob.ask();
  await bob.get("/2fa/");
  expect(box.messages).toHaveLength(1);
  expect((await bob.enterCode(codeIn(box))).status).toBe(303);
});

test("another text can be asked for after the wait, and brings the same code", async () => {
  fakeDate();
  const { box, browser } = await serveDemo();
  const bob = browser();
  await bob.signUp();
  await bob.logIn();
  await bob.ask();
  const first = codeIn(box);
  pass(31);
  await bob.ask();
  expect(box.messages).toHaveLength(2);
  expect(codeIn(box)).toBe(first);
});

test("a proof of yesterday is asked for anew, without going in circles (R54)", async () => {
  fakeDate();
  const { box, browser } = await serveDemo();
  const bob = browser();
  await bob.enter(box);
  for (let hours = 1; hours < 24; hours += 1) {
    pass(3600 - 1);
    expect((await bob.get("/account")).status).toBe(200);
  }
  pass(3600 - 1);
  await bob.get("/");
  pass(60);
  const asked = await bob.follow(await bob.get("/account"));
  expect([asked.status, asked.path]).toEqual([200, "/2fa/?returnTo=%2Faccount"]);
  await bob.ask();
  const entered = await bob.follow(await bob.enterCode(codeIn(box)));
  expect([entered.status, entered.path]).toEqual([200, "/account"]);
});

test("a log-out ends the session: the old cookie is dead, and the next log-in is asked for a code (R60, B072, B073)", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await bob.enter(box);
  const thief = browser();
  for (const [name, value] of bob.cookies) thief.cookies.set(name, value);
  expect((await thief.get("/account")).status).toBe(200);

  const out = await bob.post("/log-out");
  expect(out.headers["location"]).toBe("/logged-out");
  expect(out.headers["set-cookie"]).toEqual([
    expect.stringMatching(/^acme-session=; Path=\/; Expires=Thu, 01 Jan 1970/),
  ]);
  expect(bob.cookies.size).toBe(0);
  expect((await thief.follow(await thief.get("/account"))).path).toMatch(/^\/log-in/);

  const back = await bob.follow(await bob.logIn());
  expect(back.path).toBe("/2fa/?returnTo=%2Faccount");
  await bob.ask();
  expect(box.messages).toHaveLength(2);
});

test("a log-in renews the session, and a code does again (R51)", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await bob.signUp();
  await bob.follow(await bob.get("/account"));
  const anonymous = [...bob.cookies.values()];
  await bob.logIn();
  const loggedIn = [...bob.cookies.values()];
  await bob.ask();
  await bob.enterCode(codeIn(box));
  const verified = [...bob.cookies.values()];
  expect(new Set([...anonymous, ...loggedIn, ...verified]).size).toBe(3);

  const thief = browser();
  thief.cookies.set("acme-session", loggedIn[0] ?? "");
  expect((await thief.follow(await thief.get("/account"))).path).toMatch(/^\/log-in/);
});

test("a wrong code leaves the old session dead, even beside a right one", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await bob.signUp();
  await bob.logIn();
  await bob.ask();
  const old = new Map(bob.cookies);
  const [code, wrong] = [codeIn(box), wrongCode(box)];
  const late = browser();
  for (const [name, value] of old) late.cookies.set(name, value);
  await Promise.all([
    bob.enterCode(code),
    ...Array.from({ length: 4 }, () => late.enterCode(wrong)),
  ]);
  const thief = browser();
  for (const [name, value] of old) thief.cookies.set(name, value);
  expect((await thief.follow(await thief.get("/account"))).path).toMatch(/^\/log-in/);
});

test("a second click on the right code still ends at the account", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await bob.signUp();
  await bob.logIn();
  await bob.ask();
  const [first, second] = await Promise.all([
    bob.enterCode(codeIn(box)),
    bob.enterCode(codeIn(box)),
  ]);
  expect([first.status, second.status]).toEqual([303, 303]);
  // The demo's session is rolling: whichever cookie came last would win.
  expect([first, second].filter(({ headers }) => headers["set-cookie"])).toHaveLength(1);
  const end = await bob.follow(second);
  expect([end.status, end.path]).toEqual([200, "/account"]);
});

test("a number typed wrong can be changed until a code has come back, and no longer (R82)", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await bob.signUp("Bob", "+1 202 555 0199");
  await bob.logIn();
  expect((await bob.get("/2fa/")).text).toContain('href="/number"');
  const form = await bob.get("/number");
  expect(form.text).toMatch(/type="tel"\s+autocomplete="tel"/);
  const changed = await bob.follow(await bob.post("/number", { phone: PHONE }));
  expect(changed.text).toContain("ending in <bdi>23</bdi>");
  await bob.ask();
  expect(box.messages.at(-1)?.to).toBe("+12025550123");
  await bob.enterCode(codeIn(box));

  await bob.post("/log-out");
  await bob.logIn();
  expect((await bob.get("/2fa/")).text).not.toContain("/number");
  const proof = "/2fa/?returnTo=%2F2fa%2Fnumber%3FreturnTo%3D%252Faccount&maxAge=120";
  expect((await bob.follow(await bob.get("/number"))).path).toBe(proof);
  const late = await bob.post("/number", { phone: "+1 202 555 0188" });
  expect((await bob.follow(late)).path).toBe(proof);
  await bob.ask();
  expect(box.messages.at(-1)?.to).toBe("+12025550123");
});

test("a proved number is changed behind a fresh proof of it, by a code to the new one (R82)", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await bob.enter(box);
  const account = await bob.get("/account");
  expect(account.text).toContain('href="/2fa/number?returnTo=%2Faccount"');
  const page = await bob.get("/2fa/number?returnTo=%2Faccount");
  const { action, fields } = formIn(page, "number");
  const named = await bob.post(action, { ...fields, number: "+1 202 555 0188" });
  const code = await bob.follow(named);
  expect(box.messages.at(-1)?.to).toBe("+12025550188");
  expect((await bob.get("/account")).text).toContain("ending in 23");
  const form = formIn(code, "number/code");
  const saved = await bob.follow(
    await bob.post(form.action, { ...form.fields, auth_code: codeIn(box) }),
  );
  expect(saved.text).toContain("ending in <bdi>88</bdi>");
  const end = await bob.get("/account");
  expect([end.status, end.text]).toEqual([200, expect.stringContaining("ending in 88")]);
});

test("a code for the number before does not prove the number after", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await bob.signUp("Bob", "+1 202 555 0199");
  await bob.logIn();
  await bob.ask();
  await bob.post("/number", { phone: PHONE });
  const entered = await bob.enterCode(codeIn(box));
  const page = await bob.follow(entered);
  expect(page.text).toContain("The security code has expired. Request a new code");
  expect((await bob.follow(await bob.get("/account"))).path).toMatch(/^\/2fa/);
});

test("a script goes the same way in JSON", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  bob.headers = { Accept: "application/json", "Sec-Fetch-Dest": "empty" };
  expect((await bob.signUp()).body).toEqual({ name: "Bob", phone: "••••23" });
  expect((await bob.logIn()).body).toEqual({ name: "Bob", phone: "••••23" });
  const refused = await bob.get("/account");
  expect(refused.status).toBe(403);
  expect(refused.type).toBe("application/problem+json");
  expect(refused.body).toMatchObject({
    code: "two_factor_required",
    verifyAt: { request: "/2fa/request-auth", validate: "/2fa/validate-auth" },
  });
  expect((await bob.post("/2fa/request-auth")).body).toMatchObject({ status: "sent" });
  const inbox = await bob.get("/dev/inbox");
  expect(inbox.body).toMatchObject([{ to: "+12025550123", channel: "sms" }]);
  const answer = await bob.post("/2fa/validate-auth", { auth_code: codeIn(box) });
  expect(answer.body).toMatchObject({ status: "verified" });
  expect((await bob.get("/account")).body).toMatchObject({ name: "Bob", amr: ["sms"] });
  expect((await bob.post("/log-out")).body).toEqual({ status: "logged_out" });
  expect((await bob.get("/account")).status).toBe(403);
});

test("the endpoints' OpenAPI document is served, for the path that it was found at", async () => {
  const { browser } = await serveDemo();
  const { status, text } = await browser().get("/2fa/openapi.json");
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({
    openapi: "3.1.1",
    servers: [{ url: "/2fa" }],
    paths: { "/request-auth": {}, "/validate-auth": {}, "/status": {} },
  });
});
