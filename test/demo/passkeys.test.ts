/** Passkeys in the demo: added behind a proof, used in the place of a code, and the attacks on both. */

import type { Response } from "supertest";
import { FakePasskey, type Options } from "../fakes/authenticator";
import { fakeDate, pass } from "../fakes/clock";
import { codeIn, PASSWORD, serveDemo, type Browser, type Served } from "./visitor";

const SCRIPT = { Accept: "application/json", "Sec-Fetch-Dest": "empty" };

function originOf({ port }: Served): string {
  return `http://localhost:${port}`;
}

/** Somebody at localhost, for which passkeys can be made. */
function visitorOf(served: Served): Browser {
  const visitor = served.browser();
  visitor.headers = { Host: new URL(originOf(served)).host };
  return visitor;
}

async function optionsFrom(visitor: Browser, path: string): Promise<Options> {
  const answer = await visitor.post(path, {}, SCRIPT);
  expect(answer.status).toBe(200);
  return answer.body as Options;
}

/** Signs up, enters a code and adds a passkey. */
async function withPasskey(served: Served, visitor = visitorOf(served)) {
  await visitor.enter(served.box);
  const passkey = new FakePasskey(originOf(served));
  expect((await add(visitor, passkey)).headers["location"]).toBe("/account");
  return { visitor, passkey };
}

async function add(
  visitor: Browser,
  passkey: FakePasskey,
  ...lies: Parameters<FakePasskey["create"]> extends [Options, ...infer Rest] ? Rest : never
): Promise<Response> {
  const options = await optionsFrom(visitor, "/passkeys/options");
  return visitor.post("/passkeys", { credential: passkey.create(options, ...lies) });
}

async function confirm(
  visitor: Browser,
  passkey: FakePasskey,
  ...lies: Parameters<FakePasskey["get"]> extends [Options, ...infer Rest] ? Rest : never
): Promise<Response> {
  const options = await optionsFrom(visitor, "/passkey/options");
  return visitor.post("/passkey", {
    credential: passkey.get(options, ...lies),
    returnTo: "/account",
  });
}

async function again(visitor: Browser): Promise<Response & { path: string }> {
  await visitor.post("/log-out");
  return visitor.follow(await visitor.logIn());
}

async function isIn(visitor: Browser): Promise<boolean> {
  return (await visitor.get("/account")).status === 200;
}

test("whoever has a passkey is asked for it after the password, and no text is sent", async () => {
  const served = await serveDemo();
  const { visitor, passkey } = await withPasskey(served);
  expect((await visitor.get("/account")).text).toContain("not used yet");
  const asked = await again(visitor);
  expect(asked.path).toBe("/passkey?returnTo=%2Faccount");
  expect(await isIn(visitor)).toBe(false);
  const before = [...visitor.cookies.values()];
  const confirmed = await visitor.follow(await confirm(visitor, passkey));
  expect(confirmed.path).toBe("/account");
  expect(confirmed.text).toContain("with password and passkey");
  expect([...visitor.cookies.values()]).not.toEqual(before);
  expect(served.box.messages).toHaveLength(1);
  expect((await visitor.get("/account", SCRIPT)).body).toMatchObject({ amr: ["pop", "user"] });
  expect((await visitor.get("/transfer")).status).toBe(200);
});

test("a passkey that has not verified its user says so", async () => {
  const served = await serveDemo();
  const { visitor, passkey } = await withPasskey(served);
  await again(visitor);
  await confirm(visitor, passkey, { userVerified: false });
  expect((await visitor.get("/account", SCRIPT)).body).toMatchObject({ amr: ["pop"] });
});

test("a text stays the other way, from the passkey's page and back", async () => {
  const served = await serveDemo();
  const { visitor } = await withPasskey(served);
  const asked = await again(visitor);
  expect(asked.text).toContain('href="/2fa/?returnTo=%2Faccount"');
  const code = await visitor.get("/2fa/?returnTo=%2Faccount");
  expect(code.text).toContain("/passkey?returnTo=%2Faccount");
  await visitor.ask();
  expect((await visitor.follow(await visitor.enterCode(codeIn(served.box)))).path).toBe("/account");
});

test("a password alone adds, removes and lists no passkey, and neither does a proof of ten minutes ago (R54)", async () => {
  fakeDate();
  const served = await serveDemo();
  const { visitor, passkey } = await withPasskey(served);
  const refused = async () => {
    const id = passkey.id.toString("base64url");
    expect((await visitor.post("/passkeys/options", {}, SCRIPT)).status).toBe(403);
    const stale = "/2fa/?returnTo=%2Faccount&maxAge=300";
    for (const [path, fields] of [
      ["/passkeys", { credential: "{}" }],
      ["/passkeys/remove", { id }],
    ] as const) {
      expect((await visitor.post(path, fields)).headers["location"]).toBe(stale);
    }
    expect((await visitor.follow(await visitor.get("/passkeys/new"))).path).toMatch(/^\/2fa\//);
  };
  await again(visitor);
  await refused();
  await confirm(visitor, passkey);
  expect((await visitor.get("/passkeys/new")).status).toBe(200);
  pass(301);
  await refused();
  expect((await visitor.get("/account")).text).toContain("Remove the passkey");
});

test("a removed passkey confirms nobody any more", async () => {
  const served = await serveDemo();
  const { visitor, passkey } = await withPasskey(served);
  const id = passkey.id.toString("base64url");
  expect((await visitor.post("/passkeys/remove", { id })).headers["location"]).toBe("/account");
  expect((await again(visitor)).path).toBe("/2fa/?returnTo=%2Faccount");
  expect((await confirm(visitor, passkey)).status).toBe(403);
  expect(await isIn(visitor)).toBe(false);
});

test("somebody else's passkey confirms nobody, and is removed by nobody else", async () => {
  const served = await serveDemo();
  const { visitor: bob } = await withPasskey(served);
  const eve = visitorOf(served);
  await eve.signUp("Eve", "+1 202 555 0188");
  await eve.logIn("Eve");
  await eve.get("/account");
  await eve.ask();
  await eve.enterCode(codeIn(served.box));
  const hers = new FakePasskey(originOf(served));
  await add(eve, hers);
  // With Bob's password, and a passkey of her own.
  await eve.post("/log-out");
  await eve.post("/log-in", { name: "Bob", password: PASSWORD });
  expect((await confirm(eve, hers)).status).toBe(403);
  expect(await isIn(eve)).toBe(false);
  await bob.post("/passkeys/remove", { id: hers.id.toString("base64url") });
  await eve.post("/log-out");
  await eve.logIn("Eve");
  expect((await confirm(eve, hers)).headers["location"]).toBe("/account");
  // The same one can't be added to Bob's account as well.
  expect((await add(bob, hers)).status).toBe(400);
});

test("an answer is good once, for the session that was asked, and for what it was asked", async () => {
  fakeDate();
  const served = await serveDemo();
  const { visitor, passkey } = await withPasskey(served);
  await again(visitor);
  const options = await optionsFrom(visitor, "/passkey/options");
  const credential = passkey.get(options);
  const elsewhere = visitorOf(served);
  await elsewhere.logIn();
  expect((await elsewhere.post("/passkey", { credential })).status).toBe(403);
  await optionsFrom(elsewhere, "/passkey/options");
  expect((await elsewhere.post("/passkey", { credential })).status).toBe(403);
  expect((await visitor.post("/passkey", { credential })).status).toBe(303);
  expect((await visitor.post("/passkey", { credential })).status).toBe(403);

  // What was asked to add a passkey is no question for one to confirm by.
  const adding = await optionsFrom(visitor, "/passkeys/options");
  const signed = { credential: passkey.get(adding) };
  expect((await visitor.post("/passkey", signed)).status).toBe(403);
  // The question ends after five minutes.
  await again(visitor);
  const late = passkey.get(await optionsFrom(visitor, "/passkey/options"));
  pass(301);
  expect((await visitor.post("/passkey", { credential: late })).status).toBe(403);
  expect(await isIn(visitor)).toBe(false);
});

test.each([
  [{ origin: "https://evil.example" }],
  [{ origin: "http://localhost.evil.example" }],
  [{ rpId: "evil.example" }],
  [{ type: "webauthn.create" }],
])("what a passkey has signed for another site or another end is refused: %j", async (lies) => {
  const served = await serveDemo();
  const { visitor, passkey } = await withPasskey(served);
  await again(visitor);
  expect((await confirm(visitor, passkey, lies)).status).toBe(403);
  expect(await isIn(visitor)).toBe(false);
  expect((await confirm(visitor, passkey)).headers["location"]).toBe("/account");
  const other = new FakePasskey(originOf(served));
  const made = { ...lies, ...("type" in lies && { type: "webauthn.get" }) };
  expect((await add(visitor, other, made)).status).toBe(400);
});

test("a copy of a passkey, whose counter lags behind, is refused", async () => {
  const served = await serveDemo();
  const { visitor, passkey } = await withPasskey(served);
  await again(visitor);
  expect((await confirm(visitor, passkey, { counter: 7 })).status).toBe(303);
  await again(visitor);
  expect((await confirm(visitor, passkey, { counter: 7 })).status).toBe(403);
  expect((await confirm(visitor, passkey, { counter: 0 })).status).toBe(403);
  expect((await confirm(visitor, passkey, { counter: 8 })).status).toBe(303);
});

test.each(["", "{", "[]", "null", '"x"', '{"id":[]}', '{"id":"x","response":7}'])(
  "the answer %j is refused as a wrong one, with a page that says what to do",
  async (credential) => {
    const served = await serveDemo();
    const { visitor } = await withPasskey(served);
    expect((await visitor.post("/passkeys", { credential })).status).toBe(400);
    await optionsFrom(visitor, "/passkeys/options");
    expect((await visitor.post("/passkeys", { credential })).status).toBe(400);
    await again(visitor);
    await optionsFrom(visitor, "/passkey/options");
    const page = await visitor.post("/passkey", { credential });
    expect([page.status, page.text]).toEqual([403, expect.stringContaining('href="#passkey"')]);
    expect(page.text).toContain("Text me a code instead");
  },
);

test("a passkey's page leads nowhere else", async () => {
  const served = await serveDemo();
  const { visitor, passkey } = await withPasskey(served);
  await again(visitor);
  const page = await visitor.get("/passkey?returnTo=https://evil.example");
  expect(page.text).not.toContain("evil");
  const options = await optionsFrom(visitor, "/passkey/options");
  const fields = { credential: passkey.get(options), returnTo: "//evil.example" };
  expect((await visitor.post("/passkey", fields)).headers["location"]).toBe("/account");
});

test("the Host header names no other site: passkeys are for localhost, or for PUBLIC_ORIGIN", async () => {
  const served = await serveDemo();
  const { visitor, passkey } = await withPasskey(served);
  await again(visitor);
  for (const host of ["evil.example", "127.0.0.1", "localhost.evil.example", "a b"]) {
    visitor.headers = { Host: host };
    expect((await visitor.post("/passkey/options", {}, SCRIPT)).status).toBe(404);
    expect((await visitor.follow(await visitor.get("/passkey"))).status).toBe(404);
  }
  visitor.headers = {};
  expect((await visitor.get("/2fa/")).text).not.toContain("Use your passkey");
  expect(passkey.counter).toBe(0);

  const env = { PUBLIC_ORIGIN: "https://app.acme.example", TRUST_PROXY: "1" };
  const behind = await serveDemo(env);
  const bob = behind.browser();
  bob.headers = { "X-Forwarded-Proto": "https", Host: "evil.example" };
  await bob.enter(behind.box);
  const his = new FakePasskey("https://app.acme.example");
  expect((await add(bob, his)).headers["location"]).toBe("/account");
});

test("whoever is not logged in is asked nothing", async () => {
  const served = await serveDemo();
  const nobody = visitorOf(served);
  expect((await nobody.get("/passkey")).headers["location"]).toBe("/log-in");
  for (const path of ["/passkey/options", "/passkeys/options"]) {
    expect((await nobody.post(path, {}, SCRIPT)).status).toBe(403);
  }
});

test("an account has ten passkeys at most", async () => {
  const served = await serveDemo();
  const { visitor } = await withPasskey(served);
  for (let each = 1; each < 10; each += 1) {
    expect((await add(visitor, new FakePasskey(originOf(served)))).status).toBe(303);
  }
  expect((await add(visitor, new FakePasskey(originOf(served)))).status).toBe(400);
});

test("the browser's side of the library comes from the demo itself", async () => {
  const { browser } = await serveDemo();
  for (const path of ["/simplewebauthn/index.umd.min.js", "/passkey.js"]) {
    const { status, type } = await browser().get(path);
    expect([status, type]).toEqual([200, "text/javascript"]);
  }
});
