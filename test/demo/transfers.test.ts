/** The demo's transfer: what text and page say is done, once, and nothing else, whatever another tab or a thief does. */

import type { Response } from "supertest";
import { FakePasskey, type Options } from "../fakes/authenticator";
import { fakeDate, pass } from "../fakes/clock";
import { formIn } from "../pages/visitor";
import { databaseAsItIs } from "./database";
import { codeIn, serveDemo, type Browser } from "./visitor";

const CONFIRM = "/transfer/confirm";
const CODE_PAGE = "/2fa/?returnTo=%2Ftransfer%2Fconfirm&purpose=transfer";
const SCRIPT = { Accept: "application/json", "Sec-Fetch-Dest": "empty" };

/** Somebody who is in, and whom texts for transfers reach. */
async function enter(): Promise<Awaited<ReturnType<typeof serveDemo>> & { bob: Browser }> {
  fakeDate();
  const served = await serveDemo();
  const bob = served.browser();
  await bob.enter(served.box);
  pass(31);
  return { ...served, bob };
}

async function begin(visitor: Browser, to = "Ann", amount = "25") {
  return visitor.follow(await visitor.post("/transfer", { to, amount }));
}

/** Sends the button of a page that asks whether to send the money. */
async function press(visitor: Browser, page: Response): Promise<Response> {
  const { action, fields } = formIn(page, "transfer/confirm");
  return visitor.post(action, fields);
}

async function transfersOf(visitor: Browser): Promise<unknown> {
  return ((await visitor.get("/account", SCRIPT)).body as { transfers: unknown }).transfers;
}

function copyOf(visitor: Browser, to: Browser): Browser {
  for (const [name, value] of visitor.cookies) to.cookies.set(name, value);
  return to;
}

const TO_ANN = { to: "Ann", amount: "25.00" };

test("text and code page say what is confirmed, a button makes it, and the form is not lost on the way", async () => {
  const { box, bob } = await enter();
  const asked = await begin(bob);
  expect(asked.path).toBe(CODE_PAGE);
  expect(asked.text).toContain("<strong><bdi>send $25.00 to Ann</bdi></strong>");
  const sent = await bob.follow(await bob.ask());
  expect(sent.text).toContain("<strong><bdi>send $25.00 to Ann</bdi></strong>");
  expect(box.messages.at(-1)?.text).toContain('It confirms: "send $25.00 to Ann".');
  const shown = await bob.follow(await bob.enterCode(codeIn(box)));
  expect(shown.path).toBe(CONFIRM);
  expect(shown.text).toMatch(/<button>Send \$25\.00<\/button>/);
  expect(await transfersOf(bob)).toEqual([]);
  const done = await bob.follow(await press(bob, shown));
  expect(done.path).toBe("/account");
  expect(done.text).toContain("$25.00 to <bdi>Ann</bdi>");
});

test("the button is worth nothing before the code, and nothing after it was pressed", async () => {
  const { box, bob } = await enter();
  await begin(bob);
  const early = await bob.get(CONFIRM);
  const asked = await bob.follow(await press(bob, early));
  expect(asked.path).toBe(CODE_PAGE);
  await bob.ask();
  const shown = await bob.follow(await bob.enterCode(codeIn(box)));
  await press(bob, shown);
  for (const page of [await press(bob, shown), await press(bob, early)]) {
    expect([page.status, page.text]).toEqual([409, expect.stringContaining("not waiting")]);
  }
  // Begun again, the same transfer needs a code of its own.
  await begin(bob);
  expect((await press(bob, shown)).headers["location"]).toMatch(/^\/2fa\//);
  expect(await transfersOf(bob)).toEqual([TO_ANN]);
});

test("of a double click and of twenty parallel ones, one makes the transfer", async () => {
  const { box, bob } = await enter();
  await begin(bob);
  await bob.ask();
  const shown = await bob.follow(await bob.enterCode(codeIn(box)));
  const all = await Promise.all(Array.from({ length: 20 }, () => press(bob, shown)));
  expect(all.filter(({ headers }) => headers["location"] === "/account")).toHaveLength(1);
  expect(await transfersOf(bob)).toEqual([TO_ANN]);
});

test("a session of before, written back by hand, makes no transfer twice", async () => {
  const { box, bob } = await enter();
  await begin(bob);
  await bob.ask();
  const shown = await bob.follow(await bob.enterCode(codeIn(box)));
  const database = await databaseAsItIs();
  const { rows } = await database.query("SELECT sid, sess::text AS sess FROM acme.sessions");
  await press(bob, shown);
  for (const { sid, sess } of rows) {
    await database.query("UPDATE acme.sessions SET sess = $2::json WHERE sid = $1", [sid, sess]);
  }
  expect((await bob.get(CONFIRM)).text).toContain("Send $25.00");
  expect((await press(bob, shown)).headers["location"]).toMatch(/^\/2fa\//);
  expect(await transfersOf(bob)).toEqual([TO_ANN]);
});

describe("with two transfers in two tabs, or a thief in the session", () => {
  test("a code that was sent for the one is none for the other, and the page says which it is", async () => {
    const { box, bob, browser } = await enter();
    await begin(bob);
    await bob.ask();
    const eve = copyOf(bob, browser());
    await begin(eve, "Eve", "9000");
    const page = await bob.follow(await bob.enterCode(codeIn(box)));
    expect(page.text).toContain("<bdi>send $9000.00 to Eve</bdi>");
    expect(page.text).toContain("The security code has expired. Request a new code");
    const stolen = await eve.get(CONFIRM);
    expect((await press(eve, stolen)).headers["location"]).toMatch(/^\/2fa\//);
    expect(await transfersOf(bob)).toEqual([]);
  });

  test("what changes after the code does not pass by it", async () => {
    const { box, bob, browser } = await enter();
    await begin(bob);
    await bob.ask();
    const shown = await bob.follow(await bob.enterCode(codeIn(box)));
    const eve = copyOf(bob, browser());
    await begin(eve, "Eve", "25");
    expect((await press(eve, await eve.get(CONFIRM))).headers["location"]).toMatch(/^\/2fa\//);
    expect((await press(bob, shown)).status).toBe(409);
    expect(await transfersOf(bob)).toEqual([]);
    // The proof is still good for what it was given for.
    await begin(bob);
    await press(bob, shown);
    expect(await transfersOf(bob)).toEqual([TO_ANN]);
  });

  test("the button of one tab never makes the transfer of the other, though that is confirmed", async () => {
    const { box, bob } = await enter();
    await begin(bob);
    const first = await bob.get(CONFIRM);
    await begin(bob, "Carl", "7");
    await bob.ask();
    const second = await bob.follow(await bob.enterCode(codeIn(box)));
    const refused = await press(bob, first);
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining("another one")]);
    await press(bob, second);
    expect(await transfersOf(bob)).toEqual([{ to: "Carl", amount: "7.00" }]);
  });

  test("a button that says something else than what waits does nothing, and spends nothing", async () => {
    const { box, bob } = await enter();
    await begin(bob);
    await bob.ask();
    const shown = await bob.follow(await bob.enterCode(codeIn(box)));
    for (const what of ["", "send $25.00 to Eve", "send $2500 to Ann", "undefined"]) {
      expect((await bob.post(CONFIRM, { what })).status).toBe(409);
    }
    expect((await bob.post(CONFIRM)).status).toBe(409);
    await press(bob, shown);
    expect(await transfersOf(bob)).toEqual([TO_ANN]);
  });
});

test("what somebody else has begun, or the user in another session, waits there alone", async () => {
  const { box, bob, browser } = await enter();
  await begin(bob);
  const shown = await bob.get(CONFIRM);
  const laptop = browser();
  await laptop.logIn();
  await laptop.get("/account");
  await laptop.ask();
  await laptop.enterCode(codeIn(box));
  expect((await press(laptop, shown)).status).toBe(409);
  const eve = browser();
  await eve.signUp("Eve", "+1 202 555 0177");
  await eve.logIn("Eve");
  expect((await press(eve, shown)).headers["location"]).toMatch(/^\/2fa\//);
  expect((await press(browser(), shown)).headers["location"]).toMatch(/^\/log-in/);
  // In Bob's own browser, after him.
  await bob.signUp("Dan", "+1 202 555 0178");
  await bob.logIn("Dan");
  await bob.follow(await bob.get("/account"));
  await bob.ask();
  await bob.enterCode(codeIn(box));
  expect((await bob.get(CONFIRM)).status).toBe(409);
});

test("after ten minutes it waits no more: neither code nor button nor proof is good for it", async () => {
  const { box, bob } = await enter();
  await begin(bob);
  await bob.ask();
  const shown = await bob.follow(await bob.enterCode(codeIn(box)));
  pass(600);
  expect((await press(bob, shown)).status).toBe(409);
  const late = await bob.get(CODE_PAGE);
  expect([late.status, late.text]).toEqual([400, expect.stringContaining('href="/account"')]);
  expect((await bob.get(CONFIRM)).status).toBe(409);
  expect(await transfersOf(bob)).toEqual([]);
});

test("reload and Back cost no text and no transfer, and say where one stands", async () => {
  const { box, bob } = await enter();
  await begin(bob);
  await begin(bob);
  await bob.ask();
  await bob.get(CODE_PAGE);
  expect(box.messages).toHaveLength(2);
  const shown = await bob.follow(await bob.enterCode(codeIn(box)));
  // Back to the code page: what it asks for is proved, so it leads on.
  expect((await bob.follow(await bob.get(CODE_PAGE))).path).toBe(CONFIRM);
  expect((await bob.get(CONFIRM)).text).toContain("Send $25.00");
  await press(bob, shown);
  for (const path of [CONFIRM, CODE_PAGE]) {
    const page = await bob.get(path);
    expect([page.status, page.text]).toEqual([
      path === CONFIRM ? 409 : 400,
      expect.stringContaining('href="/account"'),
    ]);
  }
  expect(await transfersOf(bob)).toEqual([TO_ANN]);
});

test.each([
  ["marks of direction and what nobody sees", "A\u202en\u200bn\u00ad\ufe0f", "Ann"],
  ["letters that are put together", "Rene\u0301", "Ren\u00e9"],
  ["lines", "Ann\r\n\tB", "Ann B"],
  ["the longest that there is room for", "x".repeat(50), "x".repeat(50)],
])("the payee is what is shown: %s", async (_what, typed, to) => {
  const { bob } = await enter();
  const page = await begin(bob, typed, "999999.99");
  expect(page.text).toContain(`<bdi>send $999999.99 to ${to}</bdi>`);
  expect(formIn(await bob.get(CONFIRM), "transfer/confirm").fields).toEqual({
    what: `send $999999.99 to ${to}`,
  });
});

test.each([
  ["", "1"],
  ["\u200b\u202e", "1"],
  ["...", "1"],
  ["A\u0000", "1"],
  ["x".repeat(51), "1"],
  ["Ann", "0"],
  ["Ann", "-1"],
  ["Ann", "1e5"],
  ["Ann", "1234567"],
  ["Ann", "\u0661"],
])("what can't be said is not begun: %j, %j", async (to, amount) => {
  const { bob } = await enter();
  expect((await bob.post("/transfer", { to, amount })).status).toBe(400);
  expect((await bob.get(CONFIRM)).status).toBe(409);
});

test("a script is told what waits, has it confirmed, and says it again", async () => {
  const { box, bob } = await enter();
  bob.headers = SCRIPT;
  const begun = await bob.post("/transfer", { to: "Ann", amount: "25" });
  const what = "send $25.00 to Ann";
  expect([begun.status, begun.body]).toEqual([
    202,
    { what, ask: { purpose: "transfer" }, confirmAt: CONFIRM },
  ]);
  const refused = await bob.post(CONFIRM, { what });
  expect(refused.body).toMatchObject({ status: 403, code: "two_factor_required" });
  const asked = await bob.post("/2fa/request-auth", { purpose: "transfer" });
  expect(asked.body).toMatchObject({ status: "sent", description: what });
  await bob.post("/2fa/validate-auth", { auth_code: codeIn(box) });
  expect((await bob.post(CONFIRM, { what: "send $25.00 to Eve" })).body).toMatchObject({
    status: 409,
    title: "This transfer is not waiting any more",
  });
  const made = await bob.post(CONFIRM, { what });
  expect([made.status, made.body]).toEqual([201, TO_ANN]);
  expect((await bob.post(CONFIRM, { what })).status).toBe(409);
});

describe("by a passkey", () => {
  async function withPasskey() {
    const served = await enter();
    const { bob, port } = served;
    const passkey = new FakePasskey(`http://localhost:${port}`);
    bob.headers = { Host: `localhost:${port}` };
    const asked = (await bob.post("/passkeys/options", {}, SCRIPT)).body as Options;
    await bob.post("/passkeys", { credential: passkey.create(asked) });
    const sign = async (visitor: Browser) =>
      passkey.get((await visitor.post("/passkey/options", {}, SCRIPT)).body as Options);
    return { ...served, sign };
  }
  const PAGE = "/passkey?returnTo=%2Ftransfer%2Fconfirm&purpose=transfer";

  test("the same transfer is confirmed, its page says what it is, and a text stays the other way", async () => {
    const { bob, box, sign } = await withPasskey();
    const asked = await begin(bob);
    expect(asked.text).toContain(PAGE.replaceAll("&", "&amp;"));
    const page = await bob.get(PAGE);
    expect(page.text).toContain("<bdi>send $25.00 to Ann</bdi>");
    expect(page.text).toContain("/2fa/?returnTo=%2Ftransfer%2Fconfirm&amp;purpose=transfer");
    const { fields } = formIn(page, "passkey");
    const shown = await bob.follow(
      await bob.post("/passkey", { ...fields, credential: await sign(bob) }),
    );
    expect(shown.path).toBe(CONFIRM);
    expect((await press(bob, shown)).headers["location"]).toBe("/account");
    expect(await transfersOf(bob)).toEqual([TO_ANN]);
    expect(box.messages).toHaveLength(1);
  });

  test("one that was shown another transfer confirms none, and the page says what waits by now", async () => {
    const { bob, browser, sign } = await withPasskey();
    await begin(bob);
    const { fields } = formIn(await bob.get(PAGE), "passkey");
    const eve = copyOf(bob, browser());
    await begin(eve, "Eve", "9000");
    const refused = await bob.post("/passkey", { ...fields, credential: await sign(bob) });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("<bdi>send $9000.00 to Eve</bdi>");
    expect((await press(eve, await eve.get(CONFIRM))).headers["location"]).toMatch(/^\/2fa\//);
    for (const what of [{}, { what: "" }, { what: "undefined" }]) {
      const credential = await sign(bob);
      const { status } = await bob.post("/passkey", { purpose: "transfer", credential, ...what });
      expect(status).toBe(409);
    }
  });

  test("one that confirms the log-in, or support's work, confirms no transfer", async () => {
    const { bob, sign } = await withPasskey();
    await begin(bob);
    for (const purpose of ["", "support", "transfers"]) {
      const answer = await bob.post("/passkey", { purpose, credential: await sign(bob) });
      expect(answer.status).toBe(303);
    }
    expect((await press(bob, await bob.get(CONFIRM))).headers["location"]).toMatch(/^\/2fa\//);
    expect((await bob.get("/support")).status).toBe(200);
  });

  test("it is good once there, too", async () => {
    const { bob, sign } = await withPasskey();
    await begin(bob);
    const { fields } = formIn(await bob.get(PAGE), "passkey");
    await bob.post("/passkey", { ...fields, credential: await sign(bob) });
    const shown = await bob.get(CONFIRM);
    await press(bob, shown);
    await begin(bob);
    expect((await press(bob, shown)).headers["location"]).toMatch(/^\/2fa\//);
    expect(await transfersOf(bob)).toEqual([TO_ANN]);
  });
});
