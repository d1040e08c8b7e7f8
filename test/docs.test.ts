/** The documents: every code block of README and docs/ compiles, and what they show is what happens. */

import { execFile, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { makeDataFolder } from "./demo/database";
import { startSignalWireApi, type SignalWireApi } from "./fakes/signalwire-api";
import { problemsIn } from "./services/compiler";
import { freePort, start, untilReady } from "./services/process";
import { startRedis, type RedisServer } from "./services/redis";

const ROOT = join(__dirname, "..");
const DOCUMENTS = ["README.md", ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`)]
  .filter((path) => path.endsWith(".md"))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));

function blocksOf(text: string): string[] {
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code ?? "");
}

// Inside the package, so that its own name leads to it as it does in an app that has installed it.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(ROOT, ".docs-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const HOST = `
import "express-session";
declare module "express-session" {
  interface SessionData { user?: { id: string; phone?: string } }
}
`;

test("every TypeScript block of README and docs/ compiles as it stands", () => {
  // One file for each block, named after where it stands.
  const files = DOCUMENTS.flatMap(({ path, text }) =>
    blocksOf(text).map((code, index) => {
      const file = join(folder, `${path.replace(/\W/g, "-")}-${index + 1}.mts`);
      writeFileSync(file, `${code}\nexport {};\n`);
      return file;
    }),
  );
  const countOf = (start: string) =>
    files.filter((file) => basename(file).startsWith(start)).length;
  expect(countOf("README-")).toBeGreaterThanOrEqual(1);
  expect(countOf("docs-")).toBeGreaterThanOrEqual(6);
  const host = join(folder, "host.mts");
  writeFileSync(host, HOST);
  expect(problemsIn([host, ...files])).toEqual([]);
}, 120_000);

test.each(DOCUMENTS)("no code in $path is kept from the compiler", ({ text }) => {
  // Under another name, or indented, as in a list.
  const fences = [...text.matchAll(/^([ \t]*)```[ \t]*([\w-]*)/gm)];
  const missed = fences.filter(
    ([, indent, name = ""]) =>
      /^(?:js|jsx|javascript|mjs|cjs|tsx|mts|cts|typescript)$/i.test(name) ||
      (/^ts$/i.test(name) && (indent !== "" || name !== "ts")),
  );
  expect(missed.map(([fence]) => fence)).toEqual([]);
});

/** Runs the built demo for as long as `use` takes. */
async function withDemo(use: (port: number) => Promise<void>): Promise<void> {
  const port = await freePort();
  const dataDir = await makeDataFolder();
  const demo = start(process.execPath, [join(ROOT, "demo-app", "dist", "server.js")], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: String(port), DATA_DIR: dataDir },
  });
  try {
    await untilReady(demo, async () => (await fetch(`http://127.0.0.1:${port}/`)).ok);
    await use(port);
  } finally {
    await demo.end();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

test("the transcript is what the demo answers, from sign-up to the guarded page", async () => {
  const endpoints = readFileSync(join(ROOT, "docs", "endpoints.md"), "utf8");
  const [, transcript = ""] = /^```console\n(.*?)^```$/ms.exec(endpoints) ?? [];
  await withDemo(async (port) => {
    let code = "";
    const steps = transcript.split(/^\$ /m).slice(1);
    expect(steps).toHaveLength(7);
    for (const step of steps) {
      const [command = "", told = ""] = step.split("\n");
      const call = command
        .replace(/^curl/, "curl --silent --show-error")
        .replace("localhost:5000", `localhost:${port}`)
        .replace(/auth_code=\d+/, `auth_code=${code}`);
      const { stdout } = await promisify(execFile)("bash", ["-c", call], { cwd: folder });
      code = /"text":"(\d{6})/.exec(stdout)?.[1] ?? code;
      expect(withoutChance(stdout)).toBe(withoutChance(told));
    }
  });
});

test("the pages' transcript is the way through the demo's forms, by one shell", async () => {
  const pages = readFileSync(join(ROOT, "docs", "pages.md"), "utf8");
  const [, transcript = ""] = /^```console\n(.*?)^```$/ms.exec(pages) ?? [];
  await withDemo(async (port) => {
    const steps = transcript.split(/^\$ /m).slice(1);
    expect(steps).toHaveLength(16);
    const commands = steps.map((step) => `echo STEP; ${step.split("\n", 1)[0] ?? ""}`);
    const script = commands.join("\n").replaceAll("localhost:5000", `localhost:${port}`);
    const { stdout } = await promisify(execFile)("bash", ["-c", script], { cwd: folder });
    const told = stdout.replaceAll(`localhost:${port}`, "localhost:5000").split("STEP\n").slice(1);
    const shown = steps.map((step) => step.split("\n").slice(1).join("\n"));
    expect(told.map(withoutChance)).toEqual(shown.map(withoutChance));
  });
});

test("the transcript of a call is what the demo answers", async () => {
  const calls = readFileSync(join(ROOT, "docs", "calls.md"), "utf8");
  const [, transcript = ""] = /^```console\n(.*?)^```$/ms.exec(calls) ?? [];
  await withDemo(async (port) => {
    let code = "";
    const steps = transcript.split(/^\$ /m).slice(1);
    expect(steps).toHaveLength(5);
    for (const step of steps) {
      const [command = "", told = ""] = step.split("\n");
      const call = command
        .replace(/^curl/, "curl --silent --show-error")
        .replace("localhost:5000", `localhost:${port}`)
        .replace(/auth_code=\d+/, `auth_code=${code}`);
      const { stdout } = await promisify(execFile)("bash", ["-c", call], { cwd: folder });
      code = /code is: ([\d, ]+)/.exec(stdout)?.[1]?.replace(/\D/g, "") ?? code;
      expect(withoutChance(stdout)).toBe(withoutChance(told));
    }
  });
});

/** An answer without what differs each time: codes, keys, times and seals. */
function withoutChance(answer: string): string {
  return answer
    .trim()
    .replace(/press \d/g, "press #")
    .replace(/code is: [\d, ]+/g, "code is: ######")
    .replace(/"text":"\d{6}/g, '"text":"######')
    .replace(/(notice=\w+\.\d+\.)[\w-]+/g, "$1seal")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "then");
}

describe("the chapter on more than one process", () => {
  let redis: RedisServer;
  let signalWire: SignalWireApi;
  const processes: ChildProcess[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    signalWire = await startSignalWireApi();
  });
  afterAll(async () => {
    for (const each of processes) {
      const ended = once(each, "exit");
      each.kill();
      await ended;
    }
    await signalWire.close();
    await redis.close();
  });

  /** The chapter's first block as a process, with a log-in and a gateway that is not the real one. */
  async function startChapter(): Promise<string> {
    const chapter = readFileSync(join(ROOT, "docs", "several-processes.md"), "utf8");
    const [code = ""] = blocksOf(chapter);
    const source = `${code.replace("signalwire()", "signalwire({ apiBaseUrl: process.env.API_URL })")}
      app.post("/sign-in", express.json(), (req, res) => {
        req.session.user = req.body;
        res.json({});
      });
      server.once("listening", () => process.send(server.address().port));
    `;
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
    });
    const file = join(folder, "chapter.mjs");
    writeFileSync(file, outputText);
    const child = fork(file, {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: {
        PATH: process.env.PATH,
        PORT: "0",
        REDIS_URL: redis.url,
        API_URL: signalWire.url,
        SIGNALWIRE_PROJECT: signalWire.project,
        SIGNALWIRE_TOKEN: signalWire.token,
        SIGNALWIRE_NUMBER: signalWire.number,
        SESSION_SECRET: "a secret for the sessions of this test",
        TWO_FACTOR_SECRET: "a secret for the codes of this test, which is long",
      },
    });
    processes.push(child);
    const [port] = (await once(child, "message")) as [number];
    return `http://127.0.0.1:${port}`;
  }

  test("runs as it is written: two processes, one second factor", async () => {
    const [a, b] = [await startChapter(), await startChapter()];
    let cookie = "";
    const post = async (url: string, body: object) => {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", "x-forwarded-proto": "https", cookie },
        body: JSON.stringify(body),
      });
      cookie = response.headers.get("set-cookie")?.split(";", 1)[0] ?? cookie;
      return response.status;
    };
    const visit = async (url: string) => {
      const headers = { "x-forwarded-proto": "https", cookie };
      return (await fetch(`${url}/account`, { headers })).status;
    };
    await post(`${a}/sign-in`, { id: "ann", phone: "+12025550123" });
    expect(await visit(a)).toBe(403);
    expect(await post(`${a}/2fa/request-auth`, {})).toBe(200);
    const code = /^\d{6}/.exec(signalWire.messages[0]?.body ?? "")?.[0];
    expect(await post(`${b}/2fa/validate-auth`, { auth_code: code })).toBe(200);
    expect(await visit(a)).toBe(200);
    expect(await visit(b)).toBe(200);
  });
});
