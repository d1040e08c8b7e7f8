/** A demo that is stopped and started again: what it keeps in its folder, and what it says where it can't. */

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakePasskey, type Options } from "../fakes/authenticator";
import { freePort, start, untilReady, type Running } from "../services/process";
import { makeDataFolder } from "./database";

const SERVER = join(__dirname, "../../demo-app/dist/server.js");
const BOB = { name: "Bob", password: "correct horse battery" };

jest.setTimeout(120_000);

let template: string;
let cwd: string;
const running: Running[] = [];

beforeAll(async () => {
  template = await makeDataFolder();
}, 180_000);
afterAll(() => {
  rmSync(template, { recursive: true, force: true });
});
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "demo-"));
  // Keeps that of the project out.
  writeFileSync(join(cwd, ".env"), "");
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.end("SIGKILL");
  rmSync(cwd, { recursive: true, force: true });
});

function launch(env: Record<string, string> = {}): Running {
  const demo = start(process.execPath, [SERVER], {
    cwd,
    env: { PATH: process.env["PATH"], PORT: "0", ...env },
  });
  running.push(demo);
  return demo;
}

interface Demo extends Running {
  url: string;
}

/** Starts a demo and waits until it listens. */
async function startDemo(env: Record<string, string> = {}): Promise<Demo> {
  const demo = launch(env);
  const url = () => /listens at (\S+)/.exec(demo.output())?.[1];
  await untilReady(demo, () => Promise.resolve(url() !== undefined));
  return { ...demo, url: url() ?? "" };
}

/** What a demo says that does not come up. */
async function refusal(env: Record<string, string> = {}): Promise<string> {
  const demo = launch(env);
  expect(await once(demo.process, "close")).toEqual([1, null]);
  return demo.output();
}

/** A script with cookies of its own, which goes on at another start of the demo. */
function visitor() {
  const cookies = new Map<string, string>();
  return async ({ url }: Demo, path: string, fields?: Record<string, string>) => {
    const cookie = [...cookies].map((each) => each.join("=")).join("; ");
    const answer = await fetch(url + path, {
      redirect: "manual",
      headers: { accept: "application/json", cookie },
      ...(fields && { method: "POST", body: new URLSearchParams(fields) }),
    });
    for (const each of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = (each.split(";")[0] ?? "").split(/=(.*)/s);
      cookies.set(name, value);
    }
    return { status: answer.status, body: await answer.json() };
  };
}

type Call = ReturnType<typeof visitor>;

async function codeIn(call: Call, demo: Demo): Promise<string> {
  const { body } = await call(demo, "/dev/inbox");
  return /^\d{6}/.exec((body as { text: string }[]).at(-1)?.text ?? "")?.[0] ?? "";
}

async function enter(call: Call, demo: Demo, more: Record<string, string> = {}): Promise<void> {
  expect(await call(demo, "/sign-up", { ...BOB, phone: "+1 202 555 0123" })).toMatchObject({
    status: 201,
  });
  await call(demo, "/log-in", BOB);
  await confirm(call, demo, {}, more);
}

/** Has a code sent and enters it. */
async function confirm(
  call: Call,
  demo: Demo,
  asked: Record<string, string>,
  more: Record<string, string> = {},
): Promise<void> {
  expect(await call(demo, "/2fa/request-auth", asked)).toMatchObject({ body: { status: "sent" } });
  const code = await codeIn(call, demo);
  const answer = await call(demo, "/2fa/validate-auth", { auth_code: code, ...more });
  expect(answer).toMatchObject({ status: 200 });
}

function fillFolder(): string {
  const folder = join(cwd, "acme-data");
  cpSync(template, folder, { recursive: true });
  return folder;
}

test("with no setting at all, accounts, sessions and transfers outlast a restart, and so do open codes", async () => {
  const first = await startDemo();
  expect(first.output()).toMatch(/^The first start makes a database in acme-data\./);
  const [bob, eve] = [visitor(), visitor()];
  await enter(bob, first);
  const gift = { to: "Ann", amount: "25.00" };
  const what = "send $25.00 to Ann";
  for (const status of [201, 403]) {
    expect(await bob(first, "/transfer", gift)).toMatchObject({ status: 202, body: { what } });
    if (status === 201) await confirm(bob, first, { purpose: "transfer" });
    expect(await bob(first, "/transfer/confirm", { what })).toMatchObject({ status });
  }
  const ann = { name: "Ann", password: BOB.password };
  await eve(first, "/sign-up", { ...ann, phone: "+1 202 555 0177" });
  await eve(first, "/log-in", ann);
  await eve(first, "/2fa/request-auth", {});
  const asked = await codeIn(eve, first);
  await first.end();
  expect(first.process.exitCode).toBe(0);

  const second = await startDemo();
  expect(second.output()).not.toContain("first start");
  expect(await bob(second, "/account")).toMatchObject({
    status: 200,
    body: { name: "Bob", transfers: [gift] },
  });
  // What waits is still there, and what was spent before is spent.
  expect(await bob(second, "/transfer/confirm", { what })).toMatchObject({ status: 403 });
  await confirm(bob, second, { purpose: "transfer" });
  expect(await bob(second, "/transfer/confirm", { what })).toMatchObject({ status: 201 });
  expect(await eve(second, "/2fa/validate-auth", { auth_code: asked })).toMatchObject({
    status: 200,
  });
  const elsewhere = visitor();
  const twice = { ...BOB, phone: "+1 202 555 0123" };
  expect(await elsewhere(second, "/sign-up", twice)).toMatchObject({ status: 409 });
  expect(await elsewhere(second, "/log-in", BOB)).toMatchObject({ status: 200 });
  expect(await elsewhere(second, "/account")).toMatchObject({ status: 403 });
});

test("passkeys and remembered browsers outlast a restart, and what ended stays ended", async () => {
  fillFolder();
  const PORT = String(await freePort());
  const first = await startDemo({ PORT });
  const [bob, elsewhere] = [visitor(), visitor()];
  await enter(bob, first, { remember: "true" });
  const [kept, removed] = [new FakePasskey(first.url), new FakePasskey(first.url)];
  for (const passkey of [kept, removed]) {
    const { body } = await bob(first, "/passkeys/options", {});
    const credential = passkey.create(body as Options);
    expect(await bob(first, "/passkeys", { credential })).toMatchObject({ status: 200 });
  }
  await bob(first, "/passkeys/remove", { id: removed.id.toString("base64url") });
  await elsewhere(first, "/log-in", BOB);
  await bob(first, "/log-out", {});
  await first.end();

  const second = await startDemo({ PORT });
  const confirm = async (passkey: FakePasskey) => {
    const { body } = await elsewhere(second, "/passkey/options", {});
    const { status } = await elsewhere(second, "/passkey", {
      credential: passkey.get(body as Options),
    });
    return status;
  };
  expect(await bob(second, "/account")).toMatchObject({ status: 403 });
  await bob(second, "/log-in", BOB);
  expect(await bob(second, "/account")).toMatchObject({ status: 200, body: { amr: [] } });
  expect(await elsewhere(second, "/account")).toMatchObject({ status: 403 });
  expect([await confirm(removed), await confirm(kept)]).toEqual([403, 200]);
  const { body } = await elsewhere(second, "/account");
  expect(body).toMatchObject({ name: "Bob", phone: "••••23", amr: ["pop", "user"] });
  await elsewhere(second, "/browsers/forget", {});
  await second.end("SIGKILL");

  const third = await startDemo({ PORT });
  expect(await bob(third, "/account")).toMatchObject({ status: 403 });
  expect(await elsewhere(third, "/account")).toMatchObject({ status: 200 });
});

test("guesses that were counted are counted still after a restart", async () => {
  fillFolder();
  const first = await startDemo();
  const eve = visitor();
  const wrong = { name: "Bob", password: "not his password" };
  await eve(first, "/sign-up", { ...BOB, phone: "+1 202 555 0123" });
  for (let tries = 0; tries < 10; tries += 1) await eve(first, "/log-in", wrong);
  await first.end();
  const second = await startDemo();
  expect(await eve(second, "/log-in", BOB)).toMatchObject({ status: 429 });
});

test("a demo that was killed has kept what it has answered, and its folder is free", async () => {
  const folder = fillFolder();
  const first = await startDemo();
  const bob = visitor();
  await enter(bob, first);
  await first.end("SIGKILL");
  expect(existsSync(join(folder, "lock"))).toBe(true);
  const second = await startDemo();
  expect(await bob(second, "/account")).toMatchObject({ status: 200, body: { name: "Bob" } });
  await second.end();
  expect(readdirSync(folder)).toEqual(["database"]);
});

test("a second demo on one folder is refused in a sentence, and the first goes on", async () => {
  fillFolder();
  const first = await startDemo();
  expect(await refusal()).toMatch(
    /^Another demo uses the folder acme-data: stop it, or set DATA_DIR [^\n]*\n$/,
  );
  // By another name too.
  expect(await refusal({ DATA_DIR: join(cwd, "acme-data") })).toMatch(/^Another demo uses /);
  expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
});

test("of several that start at once on a folder that a killed one has left, one comes up", async () => {
  fillFolder();
  const killed = await startDemo();
  await killed.end("SIGKILL");
  const demos = Array.from({ length: 3 }, () => launch());
  const outcomes = demos.map(async (demo) => {
    const isUp = () => Promise.resolve(demo.output().includes("listens"));
    return untilReady(demo, isUp).then(
      () => "up",
      () => demo.output().slice(0, 12),
    );
  });
  const refused = "Another demo";
  expect((await Promise.all(outcomes)).sort()).toEqual([refused, refused, "up"]);
});

test("what a first start has left that was broken off is made anew, for its user alone to read", async () => {
  const begun = join(cwd, "acme-data/database.begun");
  mkdirSync(begun, { recursive: true });
  writeFileSync(join(begun, "PG_VERSION"), "18\n");
  const demo = await startDemo();
  expect((await fetch(`${demo.url}/healthz`)).status).toBe(200);
  expect(readdirSync(join(cwd, "acme-data")).sort()).toEqual(["database", "lock"]);
  expect(statSync(join(cwd, "acme-data/database")).mode & 0o777).toBe(0o700);
});

test.each([
  ["a control file that is cut off", "global/pg_control", 100],
  ["no version", "PG_VERSION", 0],
])("a database with %s is told in a sentence that says the way out", async (_how, file, size) => {
  const folder = fillFolder();
  truncateSync(join(folder, "database", file), size);
  expect(await refusal()).toMatch(
    /^The database in acme-data can't be opened: it is damaged, or of another version\. Move [^\n]*\n$/,
  );
  expect(readdirSync(folder)).toEqual(["database"]);
});

test("a folder that can't be one is told with the setting's name", async () => {
  writeFileSync(join(cwd, "acme-data"), "");
  expect(await refusal()).toMatch(/^The demo can't write to acme-data: E[A-Z]+\. Set DATA_DIR /);
  const long = `./${"x".repeat(120)}`;
  expect(await refusal({ DATA_DIR: long })).toContain("ENAMETOOLONG. Set DATA_DIR");
});
