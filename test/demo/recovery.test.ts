/** Recovery codes in the demo: made behind a proof, told of on the account page, and the way in without the phone. */

import { formIn } from "../pages/visitor";
import { codeIn, PHONE, serveDemo, type Browser } from "./visitor";

const SET = "/2fa/recovery-codes?returnTo=%2Faccount";

/** Has a set made, and gives the page that shows it. */
async function make(visitor: Browser) {
  const { action, fields } = formIn(await visitor.follow(await visitor.get(SET)), "recovery-codes");
  return visitor.post(action, fields);
}

const codesIn = ({ text }: { text: string }): string[] => [
  ...new Set(text.match(/[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}/g)),
];

/** Types a recovery code on the page that the code page leads to. */
async function type(visitor: Browser, recovery_code: string) {
  const page = await visitor.follow(await visitor.get("/account"));
  const [, field = ""] = /href="(\/2fa\/recovery\?[^"]*)"/.exec(page.text) ?? [];
  const { action, fields } = formIn(await visitor.get(field.replaceAll("&amp;", "&")), "recovery");
  return visitor.follow(await visitor.post(action, { ...fields, recovery_code }));
}

test("who has lost the phone gets in by one, once, and the account says so", async () => {
  const { box, browser } = await serveDemo();
  const [bob, lost, thief] = [browser(), browser(), browser()];
  await bob.enter(box);
  expect((await bob.get("/account")).text).toMatch(/Recovery codes<\/h2>\s*<p>\s*You have none/);
  const shown = await make(bob);
  const [code = ""] = codesIn(shown);
  expect(codesIn(shown)).toHaveLength(10);
  expect(shown.headers["cache-control"]).toBe("no-store");
  expect((await bob.get("/account")).text).toMatch(/10 not used yet/);

  await lost.logIn();
  const account = await type(lost, code.toLowerCase());
  expect(account.path).toBe("/account");
  expect(account.text).toContain("with password and recovery code");
  expect(account.text).toMatch(/9 not used yet/);
  expect(box.messages).toHaveLength(1);
  await thief.logIn();
  expect((await type(thief, code)).text).toContain("that you have not used yet");
  expect([...bob.urls, ...lost.urls, ...thief.urls].join()).not.toContain(code);
});

test("behind one a new number goes on record, and what the old one has proved ends", async () => {
  const { box, browser } = await serveDemo();
  const [bob, lost] = [browser(), browser()];
  await bob.enter(box);
  const [code = ""] = codesIn(await make(bob));
  await lost.logIn();
  await type(lost, code);
  const number = formIn(await lost.get("/2fa/number?returnTo=%2Faccount"), "number");
  const page = await lost.follow(
    await lost.post(number.action, { ...number.fields, number: "+1 202 555 0177" }),
  );
  const entered = formIn(page, "number/code");
  await lost.post(entered.action, { ...entered.fields, auth_code: codeIn(box) });
  expect((await lost.get("/account")).text).toMatch(/ending in\s+77/);
  expect((await bob.follow(await bob.get("/account"))).path).toMatch(/^\/2fa\//);
});

test("a password alone, a remembered browser and another one's codes make none and open nothing", async () => {
  const { box, browser } = await serveDemo();
  const [bob, alice, thief] = [browser(), browser(), browser()];
  await bob.enter(box, { remember: "on" });
  const [code = ""] = codesIn(await make(bob));
  await bob.post("/log-out");
  await bob.logIn();
  await thief.logIn();
  for (const visitor of [bob, thief]) {
    expect((await visitor.follow(await visitor.get(SET))).path).toMatch(/^\/2fa\/\?.*maxAge=300/);
  }
  await alice.signUp("Alice", PHONE.replace("0123", "0188"));
  await alice.logIn("Alice");
  expect((await type(alice, code)).text).toContain("that you have not used yet");
  expect((await alice.follow(await alice.get("/account"))).path).toMatch(/^\/2fa\//);
});
