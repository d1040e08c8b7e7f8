/** The recipes, run as they stand: each signs in through HTTP, and passes nobody without the second factor. Vite's is run in `consumers`. */

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { WebSocket } from "ws";
import { Client } from "./fakes/client";
import { startSignalWireApi, type SignalWireApi } from "./fakes/signalwire-api";
import { startOpenIdProvider } from "./fakes/openid-provider";
import { formIn, NAVIGATION, submit } from "./pages/visitor";
import { freePort } from "./services/process";

const ROOT = join(__dirname, "..");
const RECIPES = readFileSync(join(ROOT, "docs", "recipes.md"), "utf8");
const ANN = "+12025550123";
const SIGN_IN = `
app.post("/sign-in", express.json(), (req, res) => { req.session.user = req.body; res.json({}); });
`;

/** What the recipes declare as the app's own. */
const OWN: Record<string, string> = {
  Passport: `
    const USERS = [{ id: "ann", phone: "${ANN}" }];
    const findUser = async (id) => USERS.find((user) => user.id === id) ?? false;
    const checkPassword = async (name, password) => password === "a long pass phrase" && findUser(name);
  `,
  "Auth.js": `
    const findNumber = async (id) => (id === "ann-at-work" ? "${ANN}" : undefined);
  `,
  "Sign-up with a proved number": `
    const USERS = new Map();
    const makeUser = async (name) => { USERS.set(name, { id: name }); return { id: name }; };
    const findUser = async (id) => USERS.get(id);
    const saveNumber = async (id, phone) => void USERS.set(id, { id, phone });
  `,
  "Administrators and support": `const isStaff = async (id) => id === "ann";`,
};

interface Recipe {
  port: number;
  client: Client;
  /** What it has printed. */
  printed: () => string;
}

let folder: string;
let gateway: SignalWireApi;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  // Inside the package, so that its own name leads to it as it does in an app that has installed it.
  folder = mkdtempSync(join(ROOT, ".docs-"));
  gateway = await startSignalWireApi();
});
afterEach(async () => {
  for (const each of processes.splice(0)) {
    if (each.exitCode !== null) continue;
    const ended = once(each, "exit");
    each.kill();
    await ended;
  }
});
afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

function blockOf(recipe: string): string {
  const section = RECIPES.split(/^## /m).find((each) => each.startsWith(`${recipe}\n`)) ?? "";
  return /^```ts\n(.*?)^```$/ms.exec(section)?.[1] ?? "";
}

/** Starts a recipe, `more` behind it where it has no log-in of its own. */
async function startRecipe(
  recipe: string,
  more = "",
  env: NodeJS.ProcessEnv = {},
): Promise<Recipe> {
  const code = blockOf(recipe).replace(
    "signalwire()",
    "signalwire({ apiBaseUrl: process.env.API_URL })",
  );
  const source = `${OWN[recipe] ?? ""}\n${code}\n${more}\nsetImmediate(() => process.send("up"));`;
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
  });
  const file = join(folder, `${recipe.replace(/\W/g, "-")}.mjs`);
  writeFileSync(file, outputText);
  const port = await freePort();
  const child = fork(file, {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      PATH: process.env["PATH"],
      PORT: String(port),
      API_URL: gateway.url,
      SIGNALWIRE_PROJECT: gateway.project,
      SIGNALWIRE_TOKEN: gateway.token,
      SIGNALWIRE_NUMBER: gateway.number,
      SESSION_SECRET: "a secret for the sessions of this test",
      AUTH_SECRET: "a secret for the first factor of this test",
      TWO_FACTOR_SECRET: "a secret for the codes of this test, which is long",
      ...env,
    },
  });
  processes.push(child);
  let [printed, faults] = ["", ""];
  child.stdout?.on("data", (part: Buffer) => (printed += part.toString()));
  child.stderr?.on("data", (part: Buffer) => (faults += part.toString()));
  const isUp = await Promise.race([
    once(child, "message").then(() => true),
    once(child, "exit").then(() => false),
  ]);
  if (!isUp) throw new Error(`The recipe ${recipe} has not started: ${faults}`);
  const client = new Client(`http://127.0.0.1:${port}`, "/2fa");
  return { port, client, printed: () => printed };
}

function lastCode(): string {
  return /^\d{6}/.exec(gateway.messages.at(-1)?.body ?? "")?.[0] ?? "none";
}

function wrongCode(): string {
  return String((Number(lastCode()) + 1) % 1_000_000).padStart(6, "0");
}

/** Asks and answers, the first time wrongly, at a guarded path that passes nobody before. */
async function passBy(client: Client, path: string, fields: object = {}): Promise<void> {
  expect(await client.visit(path)).toBe(403);
  expect((await client.ask(fields)).status).toBe(200);
  expect(await client.visit(path)).toBe(403);
  expect((await client.answer(wrongCode())).status).toBe(403);
  expect(await client.visit(path)).toBe(403);
  expect((await client.answer(lastCode())).status).toBe(200);
  expect(await client.visit(path)).toBe(200);
}

test("logs and metrics tell of each step, and of no code or number", async () => {
  const metricsPort = await freePort();
  const env = { METRICS_PORT: String(metricsPort) };
  const { client, printed } = await startRecipe("Logs and metrics", SIGN_IN, env);
  await client.signIn("ann", ANN);
  await passBy(client, "/account");
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const labels = 'country="US",channel="sms",code=""';
  expect(metrics).toContain(`second_factor_events_total{type="sent",${labels}} 1`);
  expect(metrics).toContain(`second_factor_events_total{type="verified",${labels}} 1`);
  expect(metrics).toContain('second_factor_segments_total{country="US",sender="signalwire"} 1');
  expect(metrics).toContain('second_factor_send_seconds_count{sender="signalwire"} 1');
  const lines = printed()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; msg: string });
  expect(lines.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["guard_refused", "sent", "wrong_code", "verified"]),
  );
  for (const secret of [lastCode(), wrongCode(), ANN.slice(1)]) {
    expect(printed() + metrics).not.toContain(secret);
  }
});

describe("Passport", () => {
  const password = "a long pass phrase";
  const logIn = (client: Client, typed: string, path = "/log-in?returnTo=%2Faccount") =>
    client.send("post", path).type("form").send({ username: "ann", password: typed });

  test("asks for the text at its log-in, leads to the page and back, and ends both factors at log-out", async () => {
    const { client } = await startRecipe("Passport");
    const wanted = await client.get("/account").set(NAVIGATION);
    expect([wanted.status, wanted.headers["location"]]).toEqual([
      303,
      "/log-in?returnTo=%2Faccount",
    ]);
    const texts = gateway.messages.length;
    expect((await logIn(client, "wrong")).headers["location"]).toBe("/log-in");
    expect(gateway.messages).toHaveLength(texts);
    const loggedIn = await logIn(client, password);
    expect([loggedIn.status, loggedIn.headers["location"]]).toEqual([
      303,
      "/2fa/?returnTo=%2Faccount",
    ]);
    expect(gateway.messages).toHaveLength(texts + 1);
    expect(await client.visit("/account")).toBe(403);
    const page = await client.get("/2fa/?returnTo=%2Faccount").set(NAVIGATION);
    await submit(client, formIn(page, "code"), { auth_code: wrongCode() });
    expect(await client.visit("/account")).toBe(403);
    const again = await client.get("/2fa/?returnTo=%2Faccount").set(NAVIGATION);
    await submit(client, formIn(again, "code"), { auth_code: lastCode() });
    expect((await client.get("/account")).text).toBe("Yours, ann.");
    const copy = client.copy();
    await client.post("/log-out");
    expect(await copy.visit("/account")).toBe(403);
  });

  test("leads to no other site, whatever `returnTo` says", async () => {
    const { client } = await startRecipe("Passport");
    const loggedIn = await logIn(client, password, "/log-in?returnTo=%2F%2Fevil.example");
    expect(loggedIn.headers["location"]).toBe("/2fa/?returnTo=%2Faccount");
  });
});

test("Auth.js's cookie alone passes no guard, nor does a copy of it in another browser", async () => {
  const provider = await startOpenIdProvider("ann-at-work");
  try {
    const { client, port } = await startRecipe("Auth.js", "", {
      AUTH_ISSUER: provider.issuer,
      AUTH_CLIENT_ID: provider.clientId,
      AUTH_CLIENT_SECRET: provider.clientSecret,
    });
    expect(await client.visit("/account")).toBe(403);
    expect((await client.ask()).body).toMatchObject({ code: "not_signed_in" });
    const csrfToken = await signInAtWork(client);
    await passBy(client, "/account");
    const [token = ""] = /authjs\.session-token=[^;]+/.exec(client.cookie) ?? [];
    expect(token).not.toBe("");
    const stolen = await fetch(`http://127.0.0.1:${port}/account`, { headers: { cookie: token } });
    expect(stolen.status).toBe(403);
    // Whoever logs in again is the same user, by the id that limits go by, and is asked anew.
    const other = new Client(`http://127.0.0.1:${port}`, "/2fa");
    await signInAtWork(other);
    expect(await other.visit("/account")).toBe(403);
    const copy = client.copy();
    await client.send("post", "/auth/signout").type("form").send({ csrfToken });
    // Even with Auth.js's cookie, which nothing calls back, the proof is gone.
    expect(await copy.visit("/account")).toBe(403);
  } finally {
    provider.close();
  }
});

/** Goes to the provider and back, as a browser is led. */
async function signInAtWork(client: Client): Promise<string> {
  const { csrfToken } = (await client.get("/auth/csrf")).body as { csrfToken: string };
  const led = await client.send("post", "/auth/signin/work").type("form").send({ csrfToken });
  const there = await fetch(String(led.headers["location"]), { redirect: "manual" });
  const back = new URL(there.headers.get("location") ?? "");
  await client.get(back.pathname + back.search);
  const { user } = (await client.get("/auth/session")).body as { user: object };
  expect(user).toMatchObject({ id: "ann-at-work" });
  return csrfToken;
}

test("a WebSocket opens behind the second factor, for the app's own origin alone", async () => {
  const { client, port } = await startRecipe(
    "WebSockets",
    `${SIGN_IN}
    app.get("/account", require2fa(), (req, res) => res.send("Yours."));`,
  );
  const open = async (origin = "https://app.acme.example"): Promise<string> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, {
      origin,
      headers: { cookie: client.cookie },
    });
    const said = await Promise.race([
      once(socket, "message").then(([message]) => String(message as Buffer)),
      once(socket, "unexpected-response").then(
        ([, answer]) => `refused ${(answer as { statusCode: number }).statusCode}`,
      ),
      once(socket, "error").then(() => "ended"),
    ]).catch(() => "ended");
    socket.on("error", () => undefined);
    socket.terminate();
    return said;
  };
  expect(await open()).toBe("refused 403");
  await client.signIn("ann", ANN);
  expect(await open()).toBe("refused 403");
  await passBy(client, "/account");
  expect(await open()).toBe("Only for you.");
  expect(await open("https://evil.example")).toBe("ended");
});

test("a sign-up leads to the number page, and saves a number that its code has proved alone", async () => {
  const { client } = await startRecipe("Sign-up with a proved number");
  const signedUp = await client
    .send("post", "/sign-up")
    .type("form")
    .send({ name: "ann", password: "a long pass phrase" });
  expect([signedUp.status, signedUp.headers["location"]]).toEqual([
    303,
    "/2fa/number?returnTo=/account",
  ]);
  const open = async () => client.get("/2fa/number?returnTo=/account").set(NAVIGATION);
  expect(await client.visit("/account")).toBe(403);
  await submit(client, formIn(await open(), "number"), { number: ANN });
  expect((await client.ask()).body).toMatchObject({ code: "no_number" });
  await submit(client, formIn(await open(), "number/code"), { auth_code: wrongCode() });
  expect(await client.visit("/account")).toBe(403);
  await submit(client, formIn(await open(), "number/code"), { auth_code: lastCode() });
  expect(await client.visit("/account")).toBe(200);
});

test("staff pass with a proof of their own purpose, and others find nothing there", async () => {
  const { client, port } = await startRecipe("Administrators and support", SIGN_IN);
  const bob = new Client(`http://127.0.0.1:${port}`, "/2fa");
  await bob.signIn("bob", "+12025550188");
  await passBy(bob, "/account");
  expect((await bob.ask({ purpose: "staff" })).status).toBe(200);
  expect((await bob.answer(lastCode())).status).toBe(200);
  expect(await bob.visit("/staff/users/ann")).toBe(404);
  await client.signIn("ann", ANN);
  await passBy(client, "/account");
  // A code for the account opens no office.
  await passBy(client, "/staff/users/bob", { purpose: "staff" });
  expect((await client.get("/staff/users/bob")).body).toMatchObject({ isDisabled: false });
  expect((await client.post("/staff/users/bob/unlock")).status).toBe(200);
});
