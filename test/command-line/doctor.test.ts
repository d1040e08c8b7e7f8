/** `express-sms-2fa doctor` as a process: a sound set-up, broken ones, a store that hangs, and no secret shown. */

import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { startSignalWireApi, type SignalWireApi } from "../fakes/signalwire-api";
import { startPostgres, type PostgresServer } from "../services/postgres";
import { temporaryFolder } from "../services/process";
import { startRedis, type RedisServer } from "../services/redis";
import { COMMAND, startFake } from "./command";

const ROOT = join(__dirname, "..", "..");
const GUIDE = join(ROOT, "docs", "command-line.md");
const SECRETS = {
  TWO_FACTOR_SECRET: "b0c7Jm2x9QvT5sYw8LrE1nUa4HdKzPfG6iXo",
  SESSION_SECRET: "Zq3W8eRt5Yu1Io7Pa9Sd2Fg6Hj4Kl0XcVbNm",
};

let api: SignalWireApi;
let redis: RedisServer;
let postgres: PostgresServer;
beforeAll(async () => {
  [api, redis, postgres] = await Promise.all([startSignalWireApi(), startRedis(), startPostgres()]);
}, 120_000);
afterAll(async () => {
  await Promise.all([api.close(), redis.close(), postgres.close()]);
});

const gateway = () => ({
  SIGNALWIRE_API_BASE_URL: api.url,
  SIGNALWIRE_PROJECT: api.project,
  SIGNALWIRE_TOKEN: api.token,
  SIGNALWIRE_NUMBER: api.number,
});

type Environment = Record<string, string | undefined>;

/** Runs it without blocking this process, in which the fake is. */
async function doctor(env: Environment, args: string[] = [], cwd = ROOT) {
  const options = { env: { PATH: process.env["PATH"], ...env }, cwd, timeout: 60_000 };
  try {
    const run = await promisify(execFile)(process.execPath, [COMMAND, "doctor", ...args], options);
    return { status: 0, ...run };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout, stderr };
  }
}

interface Finding {
  code: string;
  level: string;
  what: string;
  fix?: string;
}

async function findings(env: Environment): Promise<Finding[]> {
  const { stdout } = await doctor(env, ["--json"]);
  return (JSON.parse(stdout) as { findings: Finding[] }).findings;
}

const faultsIn = (all: Finding[]) =>
  all.filter(({ level }) => level === "fault").map(({ code }) => code);

/** Without what differs from machine to machine. */
const plain = (text: string) =>
  text
    .replace(/Node\.js \d[\d.]*/g, "Node.js 24.11.1")
    .replace(/(express|express-session|compatibility-api) \d[\d.]*\./g, "$1 (version).")
    .replace(/(Valkey|PostgreSQL) \d[\d.]*/g, "$1 8.0");

test("its output on a sound and on a broken set-up is that of the guide", async () => {
  const sound = await doctor({
    ...SECRETS,
    ...gateway(),
    REDIS_URL: redis.url,
  });
  const broken = await doctor({
    ...SECRETS,
    SESSION_SECRET: SECRETS.TWO_FACTOR_SECRET,
    ...gateway(),
    SIGNALWIRE_NUMBER: "+12025550199",
    REDIS_URL: "redis://:hunter2@127.0.0.1:1",
  });
  expect([sound.status, broken.status]).toEqual([0, 1]);
  expect(broken.stdout).not.toContain("hunter2");
  const shown = [sound.stdout, broken.stdout.replace(/^ok .*\n/gm, "")];
  const written = shown.map((text) => `\`\`\`text\n${plain(text)}\`\`\``);
  const guide = readFileSync(GUIDE, "utf8");
  let index = 0;
  const replayed = guide.replace(/^```text\n.*?^```$/gms, (block) => written[index++] ?? block);
  if (process.env["WRITE_TABLES"] === "1") writeFileSync(GUIDE, replayed);
  else expect(replayed).toBe(guide);
  expect(index).toBe(2);
}, 60_000);

test("it reads the account and the number, and texts nobody", async () => {
  const before = api.requests.length;
  await findings({ ...SECRETS, ...gateway() });
  const asked = api.requests.slice(before);
  expect(asked.map(({ method }) => method)).toEqual(["GET", "GET"]);
  expect(api.messages).toEqual([]);
});

test("PostgreSQL is asked for its version, its clock and a race", async () => {
  const all = await findings({ ...SECRETS, ...gateway(), DATABASE_URL: postgres.url });
  expect(faultsIn(all)).toEqual([]);
  expect(all.map(({ code }) => code)).toEqual(
    expect.arrayContaining(["POSTGRES", "POSTGRES_CLOCK", "POSTGRES_RACE"]),
  );
}, 60_000);

test.each<[string, () => Environment, string]>([
  ["a wrong token", () => ({ SIGNALWIRE_TOKEN: "PThunter2" }), "GATEWAY_ACCOUNT"],
  ["a number of somebody else", () => ({ SIGNALWIRE_NUMBER: "+12025550199" }), "GATEWAY_NUMBER"],
  ["a missing token", () => ({ SIGNALWIRE_TOKEN: "" }), "GATEWAY_SETTINGS"],
  ["a token that is none", () => ({ SIGNALWIRE_TOKEN: '"PThunter2"' }), "GATEWAY_SETTINGS"],
  [
    "plain http",
    () => ({ SIGNALWIRE_API_BASE_URL: "http://u:hunter2@a.example" }),
    "GATEWAY_SETTINGS",
  ],
  [
    "nobody at the address",
    () => ({ SIGNALWIRE_API_BASE_URL: "http://127.0.0.1:1" }),
    "GATEWAY_UNREACHABLE",
  ],
  ["a URL that is none", () => ({ REDIS_URL: "hunter2" }), "REDIS"],
  ["a password in a URL", () => ({ REDIS_URL: redis.url.replace("//", "//u:hunter2@") }), "REDIS"],
  [
    "a database that is none",
    () => ({ DATABASE_URL: "postgres://u:hunter2@127.0.0.1:1/x" }),
    "POSTGRES",
  ],
  ["trust in any certificate", () => ({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }), "TLS_TRUST"],
  ["a short secret", () => ({ TWO_FACTOR_SECRET: "hunter2" }), "SECRET"],
  ["a secret of one letter", () => ({ SESSION_SECRET: "h".repeat(64) }), "SECRET"],
  ["one secret twice", () => ({ SESSION_SECRET: SECRETS.TWO_FACTOR_SECRET }), "SECRETS_EQUAL"],
  ["an authority that is not there", () => ({ NODE_EXTRA_CA_CERTS: "/hunter2" }), "TLS_TRUST"],
])("%s is a fault with its fix, and nothing secret is shown", async (_what, changes, code) => {
  const env = { ...SECRETS, ...gateway(), ...changes() };
  const { status, stdout, stderr } = await doctor(env, ["--json"]);
  expect(status).toBe(1);
  const all = (JSON.parse(stdout) as { findings: Finding[] }).findings;
  expect(faultsIn(all)).toEqual([code]);
  expect(all.find(({ level }) => level === "fault")?.fix).toMatch(/\w/);
  const shown = code === "TLS_TRUST" ? stdout : stdout + stderr;
  for (const secret of ["hunter2", api.token, api.number, ...Object.values(SECRETS)]) {
    expect(shown).not.toContain(secret);
  }
});

test("a Redis that may drop counters is a fault", async () => {
  const other = await startRedis("--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru");
  expect(faultsIn(await findings({ ...SECRETS, ...gateway(), REDIS_URL: other.url }))).toEqual([
    "REDIS_EVICTION",
  ]);
  await other.close();
});

test("stores and a gateway that take the connection and never answer end after their time", async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const at = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const env = {
    REDIS_URL: `redis://${at}`,
    DATABASE_URL: `postgres://u@${at}/x`,
    SIGNALWIRE_API_BASE_URL: `http://${at}`,
  };
  const all = await findings({ ...SECRETS, ...gateway(), ...env });
  expect(faultsIn(all)).toEqual(["GATEWAY_UNREACHABLE", "REDIS", "POSTGRES"]);
  for (const socket of sockets) socket.destroy();
  silent.close();
}, 60_000);

test("a gateway whose clock differs is told of, and one that answers at length or oddly is no crash", async () => {
  const answers = [
    { date: "Sat, 01 Jan 2000 00:00:00 GMT", body: '{"status":"active"}' },
    { date: "x", body: "y".repeat(500_000) },
    { date: "x", body: "null" },
  ];
  for (const { date, body } of answers) {
    const server = http.createServer((_request, response) => {
      response.sendDate = false;
      response.writeHead(200, { Date: date }).end(body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const codes = faultsIn(
      await findings({ ...SECRETS, ...gateway(), SIGNALWIRE_API_BASE_URL: url }),
    );
    expect(codes).toEqual([date === "x" ? "GATEWAY_ACCOUNT" : "GATEWAY_CLOCK"]);
    server.close();
    server.closeAllConnections();
  }
});

test("`.env` is read where the environment has nothing, and packages are those of the app's folder", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder.path, ".env"), "TWO_FACTOR_SECRET=hunter2\nSESSION_SECRET=hunter3\n");
  const { stdout } = await doctor(
    { SESSION_SECRET: SECRETS.SESSION_SECRET },
    ["--json"],
    folder.path,
  );
  const faults = (JSON.parse(stdout) as { findings: Finding[] }).findings.filter(
    ({ level }) => level === "fault",
  );
  expect(faults.map(({ what }) => what)).toEqual([
    "express is not installed.",
    "express-session is not installed.",
    "Expected TWO_FACTOR_SECRET to be at least 32 bytes, got 7.",
  ]);
  const old = join(folder.path, "node_modules", "express");
  mkdirSync(old, { recursive: true });
  writeFileSync(join(old, "package.json"), '{"version":"3.21.2"}');
  expect((await doctor({}, [], folder.path)).stdout).toContain(
    "express 3.21.2 is not of ^4.18.0 || ^5.0.0.",
  );
  expect((await doctor({}, ["--env", "hunter2"], folder.path)).status).toBe(2);
  folder.remove();
});

test("a `.env` that is a folder, as of a Python environment, is passed over, and as --env is wrong usage", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder.path, ".env"));
  const { stdout, stderr } = await doctor(SECRETS, ["--json"], folder.path);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toHaveProperty("findings");
  const named = await doctor(SECRETS, ["--env", ".env"], folder.path);
  expect([named.status, named.stdout]).toEqual([2, ""]);
  expect(named.stderr).toMatch(/^Expected --env to name a file that is there\.\n/);
  folder.remove();
});

test("--send says that it costs money, and sends one text without a code, whose number is never shown whole", async () => {
  const env = { ...SECRETS, ...gateway() };
  const before = api.messages.length;
  const { status, stdout, stderr } = await doctor(env, ["--json", "--send", "+1 202 555 0123"]);
  expect(status).toBe(0);
  expect(stderr).toMatch(/one real text goes to ••••23\. It costs/);
  expect((JSON.parse(stdout) as { findings: Finding[] }).findings.at(-1)).toMatchObject({
    code: "SEND",
    level: "ok",
  });
  expect(api.messages.slice(before)).toMatchObject([{ to: "+12025550123" }]);
  expect(api.messages.at(-1)?.body).not.toMatch(/\d{6}/);
  expect((stdout + stderr).replace(/\D/g, "")).not.toContain("2025550123");
});

test("--send texts nobody where the gateway has a fault, or the number is none", async () => {
  const before = api.messages.length;
  const env = { ...SECRETS, ...gateway() };
  const broken = await doctor({ ...env, SIGNALWIRE_TOKEN: "PThunter2" }, [
    "--send",
    "+12025550123",
  ]);
  expect(broken.status).toBe(1);
  expect(broken.stdout).toContain("SEND: No text was sent");
  for (const typed of ["2025550123", "+1hunter2", "+1900555012", ""]) {
    const { status, stdout, stderr } = await doctor(env, ["--send", typed]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Expected --send to be a mobile number with \+ and country code\.\n/);
  }
  expect(api.messages).toHaveLength(before);
});

test("a text that the gateway refuses is a fault, with the reason", async () => {
  const fake = await startFake();
  const text = fake.output();
  const names = ["API_BASE_URL", "PROJECT", "TOKEN", "NUMBER"].map((name) => `SIGNALWIRE_${name}`);
  const settings = names.map((name) => [name, new RegExp(`${name}=(\\S+)`).exec(text)?.[1]]);
  const env = { ...SECRETS, ...(Object.fromEntries(settings) as Environment) };
  const { status, stdout } = await doctor(env, ["--send", "+12025550172"]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/SEND: The text to ••••72 failed \(\S+\): nothing was sent\./);
  await fake.end();
});

test("with a name and an origin it says what a text costs in each language", async () => {
  const told = async (...args: string[]) => (await doctor({ ...SECRETS }, args)).stdout;
  const plain = await told("--app-name", "Acme", "--origin", "https://app.acme.example");
  expect(plain).toMatch(/ok {7}TEXT: A text takes 1 segment of GSM-7: en, es, [^\n]*\./);
  expect(plain).not.toMatch(/warning {2}TEXT/);
  const dear = await told("--app-name", "Acme ✓");
  expect(dear).toMatch(/warning {2}TEXT: A text takes 2 segments of UCS-2: [^\n]*en[^\n]* ✓\./);
  expect(await told("--origin", "http://acme.example")).toMatch(
    /fault {4}TEXT: Expected --origin to be/,
  );
  expect(await told()).not.toContain("TEXT:");
});

test("there is no colour where there is no terminal", async () => {
  // eslint-disable-next-line no-control-regex -- what a colour begins with
  expect((await doctor({ ...SECRETS })).stdout).not.toMatch(/\u001b/);
});
