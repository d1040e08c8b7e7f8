/** Remembered browsers in the demo: what one opens, what it does not, and how they are forgotten (R61). */

import { FakePasskey, type Options } from "../fakes/authenticator";
import { codeIn, serveDemo, type Browser } from "./visitor";

const REMEMBER = { remember: "on" };
const SCRIPT = { Accept: "application/json", "Sec-Fetch-Dest": "empty" };

async function again(visitor: Browser) {
  await visitor.post("/log-out");
  return visitor.follow(await visitor.logIn());
}

function idsIn(text: string): string[] {
  return [
    ...text.matchAll(
      /action="\/browsers\/forget">\s*<input type="hidden" name="id" value="([^"]+)"/g,
    ),
  ].map(([, id]) => id ?? "");
}

test("a browser that its user had remembered opens the account after the password, and nothing that moves money (R61)", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  bob.headers = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  };
  await bob.enter(box, REMEMBER);
  const account = await again(bob);
  expect(account.path).toBe("/account");
  expect(account.text).toContain("this browser, which you had remembered");
  expect(account.text).toMatch(/<bdi>Firefox on Linux<\/bdi>, this one/);
  expect(box.messages).toHaveLength(1);
  expect((await bob.get("/account", SCRIPT)).body).toMatchObject({ amr: [], at: null });
  for (const path of ["/transfer", "/passkeys/new", "/2fa/number"]) {
    expect((await bob.follow(await bob.get(path))).path).toMatch(/^\/2fa\/\?returnTo=/);
  }
  for (const path of ["/transfer", "/passkeys/remove", "/browsers/forget"]) {
    expect((await bob.post(path)).headers["location"]).toMatch(/^\/2fa\/\?returnTo=/);
  }
  expect((await bob.get("/account")).text).toContain("this one");
});

test("without the tick no browser is remembered, and another browser has to enter a code", async () => {
  const { box, browser } = await serveDemo();
  const bob = browser();
  await bob.enter(box);
  expect((await bob.get("/account")).text).toContain("None so far. Tick the box");
  expect((await again(bob)).path).toBe("/2fa/?returnTo=%2Faccount");
  await bob.ask();
  await bob.enterCode(codeIn(box), REMEMBER);
  expect((await again(bob)).path).toBe("/account");
  const elsewhere = browser();
  await elsewhere.logIn();
  expect((await elsewhere.follow(await elsewhere.get("/account"))).path).toMatch(/^\/2fa\//);
});

test("browsers are forgotten one by one, or all at once", async () => {
  const { box, browser } = await serveDemo();
  const [bob, laptop] = [browser(), browser()];
  await bob.enter(box, REMEMBER);
  await laptop.logIn();
  await laptop.get("/account");
  await laptop.ask();
  await laptop.enterCode(codeIn(box), REMEMBER);
  const ids = idsIn((await bob.get("/account")).text);
  expect(ids).toHaveLength(2);
  const [newest = ""] = ids;
  await bob.post("/browsers/forget", { id: newest });
  expect(idsIn((await bob.get("/account")).text)).toEqual(ids.slice(1));
  expect((await again(laptop)).path).toMatch(/^\/2fa\//);
  await bob.post("/browsers/forget");
  expect(idsIn((await bob.get("/account")).text)).toEqual([]);
  expect((await again(bob)).path).toMatch(/^\/2fa\//);
});

test("a remembered browser is not asked for the passkey either, and another one is", async () => {
  const served = await serveDemo();
  const { box, browser, port } = served;
  const [bob, laptop] = [browser(), browser()];
  bob.headers = { Host: `localhost:${port}` };
  laptop.headers = bob.headers;
  await bob.enter(box, REMEMBER);
  const asked = (await bob.post("/passkeys/options", {}, SCRIPT)).body as Options;
  const passkey = new FakePasskey(`http://localhost:${port}`);
  await bob.post("/passkeys", { credential: passkey.create(asked) });
  expect((await again(bob)).path).toBe("/account");
  await laptop.logIn();
  expect((await laptop.follow(await laptop.logIn())).path).toBe("/passkey?returnTo=%2Faccount");
});
