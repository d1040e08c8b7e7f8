/** The support page: who may see it, how it shows a user, and that it lets them in again. */

import { fakeDate, pass } from "../fakes/clock";
import { codeIn, PHONE, serveDemo, wrongCode, type Browser, type Served } from "./visitor";

/** Somebody who has entered a code for the support page. */
async function staffOf({ box, browser }: Served): Promise<Browser> {
  const staff = browser();
  await staff.signUp("Sam", "+1 202 555 0188");
  await staff.logIn("Sam");
  const asked = await staff.follow(await staff.get("/support"));
  expect(asked.path).toBe("/2fa/?returnTo=%2Fsupport&purpose=support&maxAge=600");
  await staff.ask();
  expect((await staff.follow(await staff.enterCode(codeIn(box)))).path).toBe("/support");
  return staff;
}

function shownIn(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/<dt>([^<]*)<\/dt>\s*<dd>([^<]*)<\/dd>/g)];
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, value.trim()]));
}

test("a code that was entered for the account does not open the support page, and one for it ends after ten minutes", async () => {
  fakeDate();
  const served = await serveDemo();
  const bob = served.browser();
  await bob.enter(served.box);
  const way = "/2fa/?returnTo=%2Fsupport&purpose=support&maxAge=600";
  expect((await bob.follow(await bob.get("/support"))).path).toBe(way);
  for (const path of ["/support/unlock", "/support/disable"]) {
    expect((await bob.post(path, { name: "Bob" })).headers["location"]).toMatch(/^\/2fa\/\?/);
  }
  const staff = await staffOf(served);
  expect((await staff.get("/support?name=bob")).status).toBe(200);
  pass(601);
  expect((await staff.get("/support?name=bob")).status).toBe(303);
  await staff.post("/support/disable", { name: "Bob" });
  expect((await bob.get("/account")).status).toBe(200);
});

test("it shows how a user stands, and unlocks whoever wrong codes have shut out", async () => {
  const served = await serveDemo();
  const { box, browser } = served;
  const bob = browser();
  await bob.signUp("Bob", PHONE);
  await bob.logIn();
  await bob.get("/account");
  await bob.ask();
  for (let tries = 0; tries < 5; tries += 1) await bob.enterCode(wrongCode(box));
  const staff = await staffOf(served);
  const page = await staff.get("/support?name=%20BOB%20");
  expect(shownIn(page.text)).toEqual({
    "Second factor": "on",
    "Shut out by wrong codes": "no",
    "Texts left": "4",
    "Recovery codes left": "0",
    "Remembered browsers": "0",
  });
  expect(page.text).not.toContain("2025550123");
  const off = await staff.post("/support/disable", { name: "Bob" });
  expect(shownIn(off.text)).toMatchObject({ "Second factor": "off" });
  expect((await bob.follow(await bob.ask())).text).not.toContain("We sent");
  const on = await staff.post("/support/unlock", { name: "Bob" });
  expect(on.text).toContain("Unlocked.");
  expect(shownIn(on.text)).toMatchObject({ "Second factor": "on", "Texts left": "5" });
  expect((await staff.post("/support/unlock", { name: "Bob" })).text).toContain(
    "There was nothing to unlock.",
  );
});

test("a name that nobody has is told so, whatever it holds", async () => {
  const served = await serveDemo();
  const staff = await staffOf(served);
  for (const name of ["Nobody", "<script>alert(1)</script>", "x".repeat(3000)]) {
    const page = await staff.post("/support/unlock", { name });
    expect([page.status, page.text]).toEqual([404, expect.stringContaining('href="#name"')]);
    expect(page.text).not.toContain("<script>alert");
  }
});

test("where texts are sent there is no support page", async () => {
  const { browser } = await serveDemo({}, () => undefined);
  expect((await browser().get("/support")).status).toBe(404);
});
