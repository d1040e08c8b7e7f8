/** The demo as it is started: a process of its own, from what `npm run build:demo` has built. */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSignalWireApi } from "../fakes/signalwire-api";
import { makeDataFolder } from "./database";

const ROOT = path.join(__dirname, "../..");
const SERVER = path.join(ROOT, "demo-app/dist/server.js");

let emptyData: string;

beforeAll(async () => {
  // `npm test` builds first; `npx jest` alone would test what was built at some other time.
  const isBuilt =
    existsSync(SERVER) &&
    newest(path.join(ROOT, "demo-app/src")) <= newest(path.join(ROOT, "demo-app/dist")) &&
    newest(path.join(ROOT, "lib")) <= newest(path.join(ROOT, "dist"));
  if (!isBuilt) throw new Error("The build is older than the sources: `npm run build:demo` first.");
  emptyData = await makeDataFolder();
}, 180_000);
afterAll(() => {
  rmSync(emptyData, { recursive: true, force: true });
});

function newest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return Math.max(...files.map((file) => statSync(path.join(folder, file)).mtimeMs));
}

interface Started {
  child: ChildProcess;
  output: () => string;
  /** Resolves once the demo has said where it listens. */
  url: Promise<string>;
  /** Resolves with the exit code. */
  exit: Promise<number | null>;
}

const children: ChildProcess[] = [];
const folders: string[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const SIGNALWIRE = ["SPACE", "PROJECT", "TOKEN", "NUMBER"].map((name) => `SIGNALWIRE_${name}`);
// Set and empty, as a composition leaves them; the `.env` that is written keeps that of the project out.
const BLANK = [
  ...SIGNALWIRE,
  "PUBLIC_ORIGIN",
  "TRUST_PROXY",
  "HOST",
  "COUNTRIES",
  "DATA_DIR",
  "DATABASE_URL",
  "REDIS_URL",
  "NODE_ENV",
];

/** What a container engine makes of an `.env` that is mounted and not there. */
const A_FOLDER = Buffer.from("a folder");

/** Starts the demo in a folder of its own, with `file` as its `.env`. */
function start(env: Record<string, string | undefined>, file: string | Buffer = ""): Started {
  const cwd = mkdtempSync(path.join(tmpdir(), "demo-"));
  folders.push(cwd);
  if (file === A_FOLDER) mkdirSync(path.join(cwd, ".env"));
  else writeFileSync(path.join(cwd, ".env"), file);
  cpSync(emptyData, path.join(cwd, "acme-data"), { recursive: true });
  const blank = Object.fromEntries(BLANK.map((name) => [name, ""]));
  const child = spawn(process.execPath, [SERVER], {
    cwd,
    env: { PATH: process.env["PATH"], ...blank, SESSION_SECRET: "", TWO_FACTOR_SECRET: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let printed = "";
  const url = new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      printed += chunk.toString();
      const found = /listens at (\S+)/.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("close", () => {
      reject(new Error(`The demo has ended: ${printed}`));
    });
  });
  url.catch(() => undefined);
  const exit = once(child, "close").then(([code]) => code as number | null);
  return { child, output: () => printed, url, exit };
}

const SECRETS = {
  SESSION_SECRET: "abcdefgh".repeat(4),
  TWO_FACTOR_SECRET: "stuvwxyz".repeat(4),
};
const BOB = { name: "Bob", password: "correct horse battery" };

/** Calls a demo as a script with a cookie jar does. */
function script(base: string) {
  let cookie = "";
  // Connections are kept alive: the end must not wait for the browsers that hold them.
  return async (at: string, fields?: Record<string, string>) => {
    const answer = await fetch(base + at, {
      redirect: "manual",
      headers: { accept: "application/json", cookie },
      ...(fields && { method: "POST", body: new URLSearchParams(fields) }),
    });
    cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    return { status: answer.status, body: await answer.json() };
  };
}

test("a started demo serves the whole flow, prints no code, and ends with code 0 at SIGTERM", async () => {
  const demo = start({ PORT: "0" });
  const base = await demo.url;
  expect(base).toMatch(/^http:\/\/localhost:\d+$/);
  const call = script(base);
  expect(await call("/sign-up", { ...BOB, phone: "+1 202 555 0123" })).toMatchObject({
    status: 201,
  });
  expect(await call("/log-in", BOB)).toMatchObject({ status: 200 });
  expect(await call("/account")).toMatchObject({ status: 403 });
  expect(await call("/2fa/request-auth", {})).toMatchObject({ body: { status: "sent" } });
  const { body: texts } = await call("/dev/inbox");
  const code = /\d{6}/.exec((texts as { text: string }[])[0]?.text ?? "")?.[0] ?? "";
  expect(await call("/2fa/validate-auth", { auth_code: code })).toMatchObject({ status: 200 });
  expect(await call("/account")).toMatchObject({ status: 200, body: { name: "Bob" } });

  demo.child.kill("SIGTERM");
  expect(await demo.exit).toBe(0);
  expect(demo.output()).not.toContain(code);
});

test("a demo ends with code 0 at SIGINT too", async () => {
  const demo = start({ PORT: "0" });
  await demo.url;
  demo.child.kill("SIGINT");
  expect(await demo.exit).toBe(0);
});

test("a second Ctrl-C, as npm passes one on, is no other end: code 0 in seconds, whoever holds a connection", async () => {
  const demo = start({ PORT: "0" });
  const port = Number(new URL(await demo.url).port);
  const held = connect(port, "127.0.0.1", () => held.write("POST /log-in HTTP/1.1\r\nHost: a\r\n"));
  await once(held, "ready");
  held.on("error", () => undefined); // It is cut off in the end.
  const from = Date.now();
  demo.child.kill("SIGINT");
  while (await isServed(port)); // Until the first has been heard.
  demo.child.kill("SIGINT");
  expect(await demo.exit).toBe(0);
  expect(Date.now() - from).toBeLessThan(30_000);
  held.destroy();
});

/** Whether somebody listens at a port. */
function isServed(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => {
      resolve(false);
    });
  });
}

test("a .env file is read, and the environment wins over it", async () => {
  const secrets = `SESSION_SECRET=session-secret-0123456789-abcdef\nTWO_FACTOR_SECRET=two-factor-secret-0123456789-abc\n`;
  const env = { PORT: "0", SESSION_SECRET: undefined, TWO_FACTOR_SECRET: undefined };
  const demo = start(env, `${secrets}PORT=1\n`);
  const base = await demo.url;
  expect(new URL(base).port).not.toBe("1");
  expect(demo.output()).toBe(`The demo listens at ${base}\n`);
});

test("a .env file that begins with a byte order mark, as Notepad writes one, is read", async () => {
  const demo = start({ PORT: undefined }, "\ufeffPORT=0\n");
  expect(new URL(await demo.url).port).not.toBe("5000");
});

test("a .env file may name what every object has", async () => {
  const demo = start({ PORT: undefined }, "toString=x\n__proto__=y\nconstructor=z\nPORT=0\n");
  expect(new URL(await demo.url).port).not.toBe("5000");
});

test.each([
  ["as Windows PowerShell writes it", Buffer.from("\ufeffPORT=0\r\n", "utf16le")],
  ["without a byte order mark", Buffer.from("PORT=0\r\n", "utf16le")],
  ["with the high byte first", Buffer.from("\ufeffPORT=0\r\n", "utf16le").swap16()],
])("a .env file in UTF-16, %s, ends the start with one sentence", async (_how, file) => {
  const demo = start({ PORT: "0" }, file);
  expect(await demo.exit).toBe(1);
  expect(demo.output()).toMatch(/^Expected \S+\.env to be UTF-8: save it as such\.\n$/);
});

test("a .env that can't be read ends the start with one sentence", async () => {
  const demo = start({ PORT: "0" }, A_FOLDER);
  expect(await demo.exit).toBe(1);
  expect(demo.output()).toMatch(/^The demo can't read \S+\.env: EISDIR\.\n$/);
});

test("a port in use ends the start with one sentence and code 1", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  const secret = "session-secret-0123456789-abcdef";
  const demo = start({ PORT: String(port), SESSION_SECRET: secret, TWO_FACTOR_SECRET: secret });
  expect(await demo.exit).toBe(1);
  expect(demo.output()).toBe(
    `Port ${port} is in use: stop what listens there, or set PORT to another one.\n`,
  );
  holder.close();
});

test("a demo answers at both addresses that localhost leads to (C251)", async () => {
  const demo = start({ PORT: "0" });
  const { port } = new URL(await demo.url);
  for (const address of ["127.0.0.1", "[::1]", "localhost"]) {
    expect((await fetch(`http://${address}:${port}/healthz`)).status).toBe(200);
  }
  demo.child.kill("SIGTERM");
  expect(await demo.exit).toBe(0);
});

test("where somebody else answers at the address that browsers try first, the start ends and says so (C251)", async () => {
  const holder = createServer().listen(0, "::1");
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  const demo = start({ PORT: String(port), ...SECRETS });
  expect(await demo.exit).toBe(1);
  expect(demo.output()).toBe(
    `Port ${port} is in use at ::1, where localhost leads first: stop what listens there, or set PORT ` +
      "to another one.\n",
  );
  holder.close();
});

test("an empty variable does not hide what the .env file sets (C252)", async () => {
  const file = Object.entries({ ...SECRETS, PORT: "0", HOST: "127.0.0.1" }).map(
    ([name, value]) => `${name}=${value}\n`,
  );
  const empty = { SESSION_SECRET: "", TWO_FACTOR_SECRET: " ", PORT: "", HOST: "" };
  const demo = start(empty, file.join(""));
  const base = await demo.url;
  // A random secret would be told of.
  expect(demo.output()).toBe(`The demo listens at ${base}\n`);
  expect(new URL(base).port).not.toBe("5000");
});

test("empty SIGNALWIRE_ variables do not hide those of the .env file (C252)", async () => {
  const demo = start({ PORT: "0" }, "SIGNALWIRE_SPACE=example.signalwire.com\n");
  expect(await demo.exit).toBe(1);
  expect(demo.output()).toMatch(/^Expected SIGNALWIRE_PROJECT to be set[^\n]*\n$/);
});

test("SignalWire settings that are half filled end the start with the package's sentence", async () => {
  const demo = start({ PORT: "0", SIGNALWIRE_SPACE: "example.signalwire.com" });
  expect(await demo.exit).toBe(1);
  expect(demo.output()).toMatch(/^Expected SIGNALWIRE_PROJECT to be set[^\n]*\n$/);
});

test("with all four SignalWire settings a text goes through SignalWire, and there is no inbox to read it in", async () => {
  const api = await startSignalWireApi({ tls: true });
  const demo = start({
    PORT: "0",
    NODE_OPTIONS: `--require ${path.join(__dirname, "to-the-fake.cjs")}`,
    API_URL: api.url,
    SIGNALWIRE_SPACE: "example.signalwire.com",
    SIGNALWIRE_PROJECT: api.project,
    SIGNALWIRE_TOKEN: api.token,
    SIGNALWIRE_NUMBER: api.number,
  });
  try {
    const call = script(await demo.url);
    await call("/sign-up", { ...BOB, phone: "+1 202 555 0123" });
    await call("/log-in", BOB);
    expect(await call("/2fa/request-auth", {})).toMatchObject({ body: { status: "sent" } });
    expect(api.messages).toMatchObject([{ to: "+12025550123", from: api.number }]);
    const code = /^\d{6}/.exec(api.messages[0]?.body ?? "")?.[0] ?? "";
    expect(await call("/dev/inbox")).toMatchObject({ status: 404 });
    expect(await call("/2fa/validate-auth", { auth_code: code })).toMatchObject({ status: 200 });
    for (const secret of [code, api.token, "2025550123"]) {
      expect(demo.output()).not.toContain(secret);
    }
  } finally {
    await api.close();
  }
});

test("with SIGNALWIRE_API_BASE_URL and no Space the demo texts into the fake of this machine", async () => {
  const api = await startSignalWireApi();
  const demo = start({
    PORT: "0",
    SIGNALWIRE_API_BASE_URL: api.url,
    SIGNALWIRE_PROJECT: api.project,
    SIGNALWIRE_TOKEN: api.token,
    SIGNALWIRE_NUMBER: api.number,
  });
  try {
    const call = script(await demo.url);
    await call("/sign-up", { ...BOB, phone: "+1 202 555 0123" });
    await call("/log-in", BOB);
    expect(await call("/2fa/request-auth", {})).toMatchObject({ body: { status: "sent" } });
    const code = /^\d{6}/.exec(api.messages[0]?.body ?? "")?.[0] ?? "";
    expect(await call("/2fa/validate-auth", { auth_code: code })).toMatchObject({ status: 200 });
  } finally {
    await api.close();
  }
});

test("a demo in production does not start without secrets", async () => {
  const demo = start({ PORT: "0", NODE_ENV: "production" });
  expect(await demo.exit).toBe(1);
  expect(demo.output()).toMatch(/^Expected SESSION_SECRET to be set in production[^\n]*\n$/);
});
