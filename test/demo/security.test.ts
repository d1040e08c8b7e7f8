/** Attacks on the demo itself, and their failure. */

import crypto from "node:crypto";
import http from "node:http";
import { inspect } from "node:util";
import request from "supertest";
import { fakeDate, pass } from "../fakes/clock";
import { codeIn, cookiesOf, PASSWORD, PHONE, serveDemo, wrongCode } from "./visitor";

test.each([
  { "Sec-Fetch-Site": "cross-site" },
  { "Sec-Fetch-Site": "same-site" },
  { "Sec-Fetch-Site": "", Origin: "https://evil.example" },
  { "Sec-Fetch-Site": "", Origin: "null" },
])(
  "a form that another site sends with %j is refused, and the answer says what it depends on (R65, R66, R67)",
  async (headers) => {
    const { box, browser } = await serveDemo();
    const bob = browser();
    expect((await bob.signUp()).headers.vary).toMatch(/^Sec-Fetch-Site, Origin(?:, Accept)?$/);
    await bob.logIn();
    await bob.get("/account");
    const forms: [string, Record<string, string>][] = [
      ["/2fa/text", {}],
      ["/2fa/code", { auth_code: "123456" }],
      ["/number", { phone: "+1 202 555 0188" }],
      ["/transfer", { to: "Eve", amount: "1" }],
      ["/transfer/confirm", { what: "send $1.00 to Eve" }],
      ["/log-in", { name: "Bob", password: PASSWORD }],
      ["/sign-up", { name: "Eve", password: PASSWORD, phone: PHONE }],
      ["/log-out", {}],
      ["/2fa/request-auth", {}],
    ];
    for (const [path, fields] of forms) {
      const refused = await bob.post(path, fields, headers);
      expect(refused.status).toBe(403);
      expect(refused.headers.vary).toBe("Sec-Fetch-Site, Origin");
    }
    expect(box.messages).toHaveLength(0);
    expect((await bob.get("/2fa/")).text).toContain("ending in <bdi>23</bdi>");
  },
);

test("an own origin that is named in full passes where Sec-Fetch-Site is missing", async () => {
  const { port, server } = await serveDemo();
  const send = (origin: string) =>
    request(server)
      .post("/sign-up")
      .set({ Origin: origin, Host: `localhost:${port}` })
      .send({ name: "Bob", password: PASSWORD, phone: PHONE });
  expect((await send(`http://localhost:${port}.evil.example`)).status).toBe(403);
  expect((await send(`http://localhost:${port}`)).status).toBe(201);
});

test("a request line with another site's address sends nobody there (R73)", async () => {
  const { port, box, browser } = await serveDemo();
  const bob = browser();
  await bob.signUp();
  await bob.logIn();
  const location = await new Promise((resolve, reject) => {
    const cookie = [...bob.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { Cookie: cookie, Accept: "text/html" };
    const asked = { port, host: "127.0.0.1", path: "http://evil.example/account", headers };
    http
      .get(asked, (res) => {
        res.resume();
        resolve(res.headers.location);
      })
      .on("error", reject);
  });
  expect(location).toBe("/2fa/?returnTo=%2Faccount");
  await bob.get("/2fa/?returnTo=https://evil.example");
  await bob.ask();
  expect((await bob.follow(await bob.enterCode(codeIn(box)))).path).toBe("/account");
  await bob.post("/log-out");
  await bob.get("/log-in?returnTo=//evil.example");
  expect((await bob.logIn()).headers["location"]).toBe("/account");
});

test("passwords can be guessed ten times a name, and the right one is then refused too", async () => {
  const { browser } = await serveDemo();
  const bob = browser();
  await bob.signUp();
  const eve = browser();
  const guesses = Array.from({ length: 12 }, (_, index) =>
    eve.post("/log-in", { name: index % 2 === 0 ? "Bob" : " BOB", password: `guess ${index}` }),
  );
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 403)).toHaveLength(10);
  const refused = await bob.logIn();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(800);
});

test("right passwords are not counted, and the count ends after a quarter of an hour", async () => {
  fakeDate();
  const { browser } = await serveDemo();
  const bob = browser();
  await bob.signUp();
  for (let times = 0; times < 11; times += 1) expect((await bob.logIn()).status).toBe(303);
  for (let times = 0; times < 10; times += 1) {
    await bob.post("/log-in", { name: "Bob", password: "wrong password" });
  }
  expect((await bob.logIn()).status).toBe(429);
  pass(901);
  expect((await bob.logIn()).status).toBe(303);
});

test("a name that nobody has is refused as a wrong password is, after as much hashing", async () => {
  const { browser } = await serveDemo();
  await browser().signUp();
  const script = browser();
  script.headers = { Accept: "application/json", "Sec-Fetch-Dest": "empty" };
  const known = await script.post("/log-in", { name: "Bob", password: "wrong password" });
  const unknown = await script.post("/log-in", { name: "Eve", password: "wrong password" });
  expect(unknown.status).toBe(403);
  expect(unknown.body).toEqual(known.body);
  const hashes = jest.mocked(crypto.scrypt).mock.calls.map(([, , ...cost]) => cost.slice(0, 2));
  // For the decoy, the sign-up, and one for each log-in.
  expect(hashes).toHaveLength(4);
  expect(new Set(hashes.map((cost) => JSON.stringify(cost))).size).toBe(1);
});

test("behind https the cookie is bound to the host, to TLS and to this site (R63, B025)", async () => {
  const env = { PUBLIC_ORIGIN: "https://app.acme.example", TRUST_PROXY: "1" };
  const { box, browser } = await serveDemo(env);
  const bob = browser();
  bob.headers = { "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7" };
  await bob.signUp();
  const [cookie = ""] = cookiesOf(await bob.logIn());
  expect(cookie).toMatch(
    /^__Host-acme-session=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
  );
  await bob.ask();
  expect(box.messages.at(-1)?.text).toContain(`\n\n@app.acme.example #${codeIn(box)}`);
  const entered = await bob.follow(await bob.enterCode(codeIn(box)));
  expect(entered.status).toBe(200);
  expect(entered.path).toBe("/account");
  const [cleared = ""] = cookiesOf(await bob.post("/log-out"));
  expect(cleared).toMatch(/^__Host-acme-session=; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/);
});

test("over plain http a demo with an https origin sets no cookie at all (B025)", async () => {
  const { browser } = await serveDemo({ PUBLIC_ORIGIN: "https://app.acme.example" });
  const bob = browser();
  bob.headers = { "X-Forwarded-Proto": "https" };
  await bob.signUp();
  expect(cookiesOf(await bob.logIn())).toEqual([]);
});

test.each(["https://localhost:8443", "https://127.0.0.1", "https://[::1]:8443"])(
  "the origin %s makes the cookie Secure and stays out of the text",
  async (origin) => {
    const { box, browser } = await serveDemo({ PUBLIC_ORIGIN: origin, TRUST_PROXY: "1" });
    const bob = browser();
    bob.headers = { "X-Forwarded-Proto": "https" };
    await bob.signUp();
    await bob.logIn();
    await bob.ask();
    expect(box.messages.at(-1)?.text).not.toContain("@");
  },
);

test("nothing that the demo prints has a code, a number or a password in it (R11, B095)", async () => {
  const printed: string[] = [];
  const take = (...given: unknown[]): true => {
    printed.push(given.map((each) => (typeof each === "string" ? each : inspect(each))).join(" "));
    return true;
  };
  for (const name of ["log", "info", "warn", "error", "debug"] as const) {
    jest.spyOn(console, name).mockImplementation(take);
  }
  jest.spyOn(process.stdout, "write").mockImplementation(take);
  jest.spyOn(process.stderr, "write").mockImplementation(take);
  const { box, server, browser } = await serveDemo();
  const bob = browser();
  await bob.signUp();
  await bob.logIn();
  await bob.ask();
  const code = codeIn(box);
  await bob.enterCode(wrongCode(box));
  const cookie = [...bob.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const broken = await request(server)
    .post("/2fa/validate-auth")
    .set({ Cookie: cookie, "Content-Type": "application/json" })
    .send(`{"auth_code":"${code}"`);
  expect(broken.status).toBe(400);
  expect(broken.text).not.toContain(code);
  await bob.enterCode(code);
  expect((await bob.get("/account")).status).toBe(200);
  jest.restoreAllMocks();
  for (const secret of [code, "2025550123", PHONE, PASSWORD]) {
    expect(printed.join("\n")).not.toContain(secret);
  }
});
