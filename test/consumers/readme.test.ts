/** README's app, as a newcomer copies it: the one of examples/, compiled strictly, run from the packed package. */

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "../services/process";
import { make, run, type RunningHost } from "./host";
import { install, pack } from "./install";

const ROOT = join(__dirname, "..", "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const [, BLOCK = ""] = /^```ts\n(.*?)^```$/ms.exec(README) ?? [];
const EXAMPLES = join(ROOT, "examples", "minimal");
const exampleOf = (file: string) =>
  readFileSync(join(EXAMPLES, file), "utf8").replace(/^\/\*\*.*?\*\/\n\n/s, "");

const folder = temporaryFolder();
beforeAll(async () => {
  await install(folder.path, "express-5", await pack(folder.path));
}, 300_000);
afterAll(() => {
  folder.remove();
});

// On a free port, which it tells the test.
function listening(code: string): string {
  const listen = /^app\.listen\(3000\);$/m;
  expect(code).toMatch(listen);
  return code.replace(
    listen,
    "const server = app.listen(0, () => process.send?.({ ...(server.address() as object) }));",
  );
}

async function start(kind: "TypeScript" | "JavaScript"): Promise<RunningHost> {
  const isTyped = kind === "TypeScript";
  const source = listening(isTyped ? BLOCK : exampleOf("app.mjs"));
  const file = await make(join(folder.path, "express-5"), {
    set: "express-5",
    kind,
    file: isTyped ? "app.mts" : "app.mjs",
    source: isTyped ? source : source.replace(" as object", ""),
    ...(isTyped && { compile: { as: ".mts", options: ["--module", "nodenext"] } }),
  });
  return run(process.execPath, file, {});
}

test("the app of README is that of examples/minimal, in JavaScript without its types", () => {
  expect(exampleOf("app.ts")).toBe(BLOCK);
  expect(exampleOf("app.mjs")).toBe(BLOCK.replace(/^declare module.*?^\}\n\n/ms, ""));
});

test.each(["TypeScript", "JavaScript"] as const)(
  "in %s it compiles as it stands, and does without an account what README's transcript shows (C253)",
  async (kind) => {
    const app = await start(kind);
    try {
      const [, transcript = ""] = /^```console\n(.*?)^```$/ms.exec(README) ?? [];
      const steps = transcript.split(/^\$ /m).slice(1);
      expect(steps).toHaveLength(5);
      for (const step of steps) {
        const [command = "", told = ""] = step.split("\n");
        const texts = (await (await fetch(`${app.origin}/inbox`)).json()) as { code: string }[];
        const code = texts.at(-1)?.code ?? "";
        const call = command
          .replace(/^curl/, "curl --silent --show-error")
          .replace("http://", "")
          .replace("localhost:3000", app.origin)
          .replace(/auth_code=(?!0{6})\d+/, `auth_code=${code}`);
        const options = { cwd: folder.path };
        const { stdout } = await promisify(execFile)("bash", ["-c", call], options);
        expect(withoutTimes(stdout)).toBe(withoutTimes(told));
      }
    } finally {
      await app.end();
    }
  },
  180_000,
);

const withoutTimes = (answer: string) => answer.trim().replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "then");

test("README shows its first code by the tenth line, and has fewer than 900 words", () => {
  expect(README.split("\n").findIndex((line) => line.startsWith("```"))).toBeLessThan(10);
  expect(README.split(/\s+/).filter((word) => word !== "").length).toBeLessThan(900);
});
