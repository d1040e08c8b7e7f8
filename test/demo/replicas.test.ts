/** Two processes of the demo that share a PostgreSQL, and a Redis as compose.yaml has it, behind nginx: one demo. */

import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { startNginx, type Nginx } from "../services/nginx";
import { freePort, start, untilReady, type Running } from "../services/process";
import { startPostgres, type PostgresServer } from "../services/postgres";
import { startRedis, type RedisServer } from "../services/redis";

const SERVER = join(__dirname, "../../demo-app/dist/server.js");
const PASSWORD = "correct horse battery";

interface Replica extends Running {
  url: string;
  port: number;
}

// Two processes, a store and a proxy start for it, and hashing passwords is slow on purpose.
jest.setTimeout(120_000);

let redis: RedisServer;
let postgres: PostgresServer;
let replicas: Replica[];
let proxy: Nginx;

// How to end what has started: all of it ends, whatever did not start or end before.
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  postgres = await startPostgres(["shared_preload_libraries=pg_stat_statements"]);
  ends.unshift(() => postgres.close());
  await inDatabase("CREATE EXTENSION pg_stat_statements");
  redis = await startRedis();
  ends.unshift(() => redis.close());
}, 120_000);
afterAll(async () => {
  const failures: unknown[] = [];
  for (const end of ends) await end().catch((failure: unknown) => failures.push(failure));
  expect(failures).toEqual([]);
});

async function inDatabase(text: string): Promise<Record<string, unknown>[]> {
  const client = new Client(postgres.url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

function launch(port: number, stores: Record<string, string>): Running {
  const running = start(process.execPath, [SERVER], {
    cwd: __dirname,
    env: {
      PATH: process.env["PATH"],
      NODE_ENV: "development",
      PORT: String(port),
      TRUST_PROXY: "1",
      SESSION_SECRET: "session-secret-0123456789-abcdef",
      TWO_FACTOR_SECRET: "two-factor-secret-0123456789-abc",
      ...stores,
    },
  });
  ends.unshift(() => running.end());
  return running;
}

async function startReplica(stores: Record<string, string>): Promise<Replica> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const running = launch(port, stores);
  await untilReady(running, async () => (await fetch(`${url}/healthz`)).ok);
  return { ...running, url, port };
}

/** Somebody with a cookie of their own, who comes by the proxy or straight to one process. */
class Visitor {
  readonly #origin: string;
  #cookie = "";

  constructor(origin = proxy.url) {
    this.#origin = origin;
  }

  async call(path: string, fields?: Record<string, string>) {
    const answer = await fetch(this.#origin + path, {
      redirect: "manual",
      signal: AbortSignal.timeout(30_000),
      headers: { accept: "application/json", cookie: this.#cookie },
      ...(fields && { method: "POST", body: new URLSearchParams(fields) }),
    });
    this.#cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? this.#cookie;
    const text = await answer.text();
    return {
      status: answer.status,
      location: answer.headers.get("location"),
      body: text.startsWith("{") || text.startsWith("[") ? (JSON.parse(text) as unknown) : text,
    };
  }

  /** Begins to post to a process: it has the headers, and the fields once `send` is called. */
  begin(url: string, fields: Record<string, string>): { send: () => Promise<string | undefined> } {
    const body = new URLSearchParams(fields).toString();
    const headers = {
      cookie: this.#cookie,
      "content-type": "application/x-www-form-urlencoded",
      "content-length": body.length,
    };
    const signal = AbortSignal.timeout(30_000);
    const post = request(url, { method: "POST", agent: false, headers, signal });
    const answered = once(post, "response") as Promise<[IncomingMessage]>;
    answered.catch(() => undefined); // A test that has failed sends no more.
    post.flushHeaders();
    return {
      send: async () => {
        post.end(body);
        const [answer] = await answered;
        answer.resume();
        return answer.headers.location;
      },
    };
  }
}

/** Resolves once `holds` does; fails where it has not within some seconds. */
async function becomes(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await holds()) return;
    await pause(100);
  }
  throw new Error("What was waited for has not come.");
}

/** How many times the processes have read an account by its id so far. */
async function accountsRead(): Promise<number> {
  const [row] = await inDatabase(
    `SELECT coalesce(sum(calls), 0)::int AS calls FROM pg_stat_statements
      WHERE query LIKE '%FROM acme.accounts WHERE id%'`,
  );
  return Number(row?.["calls"]);
}

async function codeFor(visitor: Visitor, to: string): Promise<string> {
  const { body } = await visitor.call("/dev/inbox");
  const texts = (body as { to: string; text: string }[]).filter((text) => text.to === to);
  return /^\d{6}/.exec(texts.at(-1)?.text ?? "")?.[0] ?? "";
}

interface Kind {
  name: string;
  redisToo: () => Record<string, string>;
  /** What keeps the sessions. */
  store: () => Pick<RedisServer, "freeze" | "thaw" | "kill" | "restart">;
  loss: RegExp;
}

const KINDS: Kind[] = [
  {
    name: "PostgreSQL and Redis",
    redisToo: () => ({ REDIS_URL: redis.url }),
    store: () => redis,
    loss: /The connection to the store is lost\./g,
  },
  {
    name: "PostgreSQL alone",
    redisToo: () => ({}),
    store: () => postgres,
    loss: /The connection to the database is lost\./g,
  },
];

describe.each(KINDS)("over $name", ({ redisToo, store, loss }) => {
  beforeAll(async () => {
    await inDatabase("DROP SCHEMA IF EXISTS acme CASCADE");
    const stores = { DATABASE_URL: postgres.url, ...redisToo() };
    // Both make the tables at once.
    replicas = await Promise.all([startReplica(stores), startReplica(stores)]);
    proxy = await startNginx(replicas.map(({ port }) => port));
    const { close } = proxy;
    ends.unshift(() => close());
  }, 120_000);

  test("from sign-up to the account each step may be served by another process", async () => {
    const ann = new Visitor();
    const who = { name: "Ann", password: PASSWORD };
    proxy.served();
    expect(await ann.call("/sign-up", { ...who, phone: "+1 202 555 0123" })).toMatchObject({
      status: 201,
    });
    expect(await ann.call("/log-in", who)).toMatchObject({ status: 200, body: { name: "Ann" } });
    expect(await ann.call("/account")).toMatchObject({ body: { code: "two_factor_required" } });
    expect(await ann.call("/2fa/request-auth", {})).toMatchObject({ body: { status: "sent" } });
    const code = await codeFor(ann, "+12025550123");
    expect(await ann.call("/account")).toMatchObject({ status: 403 });
    expect(await ann.call("/2fa/validate-auth", { auth_code: code })).toMatchObject({
      status: 200,
    });
    const gift = { to: "Bob", amount: "25.00" };
    const what = "send $25.00 to Bob";
    expect(await ann.call("/transfer", gift)).toMatchObject({ status: 202, body: { what } });
    await ann.call("/2fa/request-auth", { purpose: "transfer" });
    const second = await codeFor(ann, "+12025550123");
    await ann.call("/2fa/validate-auth", { auth_code: second });
    // At each process in turn: whichever comes first makes it, and no other.
    const made = await Promise.all(
      Array.from({ length: 6 }, () => ann.call("/transfer/confirm", { what })),
    );
    expect(made.filter(({ status }) => status === 201)).toHaveLength(1);
    for (let each = 0; each < 2; each += 1) {
      expect(await ann.call("/account")).toMatchObject({
        status: 200,
        body: { transfers: [gift] },
      });
    }

    const served = proxy.served();
    const at = (path: string) => served.find((one) => one.path === path)?.port;
    const ports = replicas.map(({ port }) => port).sort();
    expect([at("/sign-up"), at("/log-in")].sort()).toEqual(ports);
    expect([at("/2fa/request-auth"), at("/2fa/validate-auth")].sort()).toEqual(ports);
    expect(served.filter(({ path }) => path === "/account").map(({ port }) => port)).toEqual(
      expect.arrayContaining(ports),
    );
    for (const replica of replicas) expect(replica.output()).not.toContain(code);

    // The number was proved at one process: no other lets it be changed with the password alone.
    for (let each = 0; each < 2; each += 1) {
      expect(await ann.call("/number", { phone: "+1 202 555 0199" })).toMatchObject({
        status: 303,
      });
    }
    const kept = { status: 200, body: { phone: "••••23" } };
    expect(await ann.call("/account")).toMatchObject(kept);
    expect(await ann.call("/log-out", {})).toMatchObject({ status: 200 });
    expect(await ann.call("/account")).toMatchObject({ status: 403 });
  });

  test("a number that was not proved is changed for all of them", async () => {
    const dan = new Visitor();
    const who = { name: "Dan", password: PASSWORD };
    await dan.call("/sign-up", { ...who, phone: "+1 202 555 0133" });
    await dan.call("/log-in", who);
    expect(await dan.call("/number", { phone: "+1 202 555 0134" })).toMatchObject({ status: 303 });
    await dan.call("/2fa/request-auth", {});
    expect(await codeFor(dan, "+12025550133")).toBe("");
    expect(await codeFor(dan, "+12025550134")).toMatch(/^\d{6}$/);
  });

  test("changes that were under way at two processes when the number was proved are refused", async () => {
    const fay = new Visitor(replicas[0]?.url);
    const who = { name: "Fay", password: PASSWORD };
    await fay.call("/sign-up", { ...who, phone: "+1 202 555 0155" });
    await fay.call("/log-in", who);
    await fay.call("/2fa/request-auth", {});
    const code = await codeFor(fay, "+12025550155");

    const before = await accountsRead();
    const changes = Array.from({ length: 8 }, (_, each) =>
      fay.begin(`${replicas[each % 2]?.url}/number`, { phone: `+1 202 555 016${each}` }),
    );
    // Each has read that nothing is proved yet, and has only its number to hear.
    await becomes(async () => (await accountsRead()) === before + changes.length);
    expect(await fay.call("/2fa/validate-auth", { auth_code: code })).toMatchObject({
      status: 200,
    });
    const proveFirst = "/2fa/number?returnTo=%2Faccount";
    expect(await fay.call("/number")).toMatchObject({ location: proveFirst });

    const answers = await Promise.all(changes.map(({ send }) => send()));
    expect(answers).toEqual(changes.map(() => proveFirst));
    expect(await fay.call("/account")).toMatchObject({ status: 200, body: { phone: "••••55" } });
  });

  test("a name that six ask for at once, at two processes, is given once", async () => {
    const claims = Array.from({ length: 6 }, () =>
      new Visitor().call("/sign-up", { name: "Cy", password: PASSWORD, phone: "+1 202 555 0144" }),
    );
    const statuses = (await Promise.all(claims)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 409, 409, 409, 409, 409]);
    expect(await new Visitor().call("/log-in", { name: "cy", password: PASSWORD })).toMatchObject({
      status: 200,
    });
  });

  test("guesses of a password at two processes are counted as one", async () => {
    const guess = () =>
      new Visitor().call("/log-in", { name: "Eve", password: "not her password" });
    const statuses = (await Promise.all(Array.from({ length: 16 }, guess))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 403)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(6);
  });

  test("a store that is silent makes /healthz a 503, holds no visitor for ever, and is served again when it answers", async () => {
    const [replica] = replicas;
    const health = async () => {
      const answer = await fetch(`${replica?.url}/healthz`, {
        signal: AbortSignal.timeout(30_000),
      });
      return { status: answer.status, cache: answer.headers.get("cache-control") };
    };
    expect(await health()).toEqual({ status: 200, cache: "no-store" });
    const visitor = new Visitor();
    await visitor.call("/log-in", { name: "cy", password: PASSWORD });
    store().freeze();
    try {
      expect((await health()).status).toBe(503);
      expect((await visitor.call("/account")).status).toBe(503);
    } finally {
      store().thaw();
    }
    expect((await health()).status).toBe(200);
    expect(await visitor.call("/account")).toMatchObject({ body: { code: "two_factor_required" } });
  });

  test("a store that is restarted is found again, and its loss is said once", async () => {
    const [replica] = replicas;
    await store().kill();
    const status = async () => (await fetch(`${replica?.url}/healthz`)).status;
    await becomes(async () => (await status()) === 503);
    await store().restart();
    await becomes(async () => (await status()) === 200);
    expect(replica?.output().match(loss)).toHaveLength(1);
  });

  test("SIGTERM ends a process with code 0, its connections to the stores and to nginx open", async () => {
    const replica = await startReplica({ DATABASE_URL: postgres.url, ...redisToo() });
    await fetch(`${replica.url}/`, { headers: { connection: "keep-alive" } });
    await replica.end("SIGTERM");
    expect(replica.process.exitCode).toBe(0);
  });
});
test.each([
  ["REDIS_URL", "The store", "redis"],
  ["DATABASE_URL", "The database", "postgres"],
])(
  "a %s that nobody answers at ends the start in a sentence, without the password in it",
  async (name, what, protocol) => {
    const nowhere = `${protocol}://acme:hunter2@127.0.0.1:${await freePort()}`;
    const stores = { DATABASE_URL: postgres.url, [name]: nowhere };
    const running = launch(await freePort(), stores);
    expect(await once(running.process, "close")).toEqual([1, null]);
    expect(running.output()).toBe(
      `${what} that ${name} names did not answer. Is it up, and the URL right?\n`,
    );
  },
);

test("a database whose user may make no tables ends the start in a sentence", async () => {
  await inDatabase("CREATE ROLE reader LOGIN; REVOKE CREATE ON DATABASE postgres FROM PUBLIC");
  await inDatabase("DROP SCHEMA IF EXISTS acme CASCADE");
  const running = launch(await freePort(), {
    DATABASE_URL: postgres.url.replace("tests@", "reader@"),
  });
  expect(await once(running.process, "close")).toEqual([1, null]);
  expect(running.output()).toMatch(/^The demo can't make its tables: [^\n]*\n$/);
});
