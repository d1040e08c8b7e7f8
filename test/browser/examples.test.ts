/** The examples, compiled and run as they stand: in a browser they ask for the second factor, and let nobody by without it. */

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import ts from "typescript";
import { problemsIn } from "../services/compiler";
import { openWindow, useChromium, violationsIn } from "./chromium";

jest.setTimeout(180_000);

useChromium();

const ROOT = join(__dirname, "..", "..");
const EXAMPLES = join(ROOT, "examples");
const running: ChildProcess[] = [];
let folder: string;

beforeAll(() => {
  // Inside the package, so that its own name leads to it as it does in an app that has installed it.
  folder = mkdtempSync(join(ROOT, ".docs-"));
});
afterAll(async () => {
  for (const each of running) {
    const ended = once(each, "exit");
    each.kill();
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Starts one on a free port, which it tells. */
async function startExample(name: string, file: string): Promise<number> {
  cpSync(join(EXAMPLES, name), join(folder, name), { recursive: true });
  const source = readFileSync(join(EXAMPLES, name, file), "utf8");
  expect(source).toMatch(/^app\.listen\(3000\);$/m);
  const { outputText } = ts.transpileModule(
    source.replace(
      /^app\.listen\(3000\);$/m,
      "const server = app.listen(0, () => process.send(server.address()));",
    ),
    { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 } },
  );
  const script = join(folder, name, file.replace(/ts$/, "mjs"));
  writeFileSync(script, outputText);
  const child = fork(script, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  running.push(child);
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return port;
}

async function lastCode(port: number): Promise<string> {
  const answer = await fetch(`http://localhost:${port}/inbox`);
  const texts = (await answer.json()) as { code: string }[];
  return texts.at(-1)?.code ?? "none";
}

test.each([
  ["minimal", "app.ts"],
  ["passport", "app.ts"],
  ["spa", "server.ts"],
])("the example %s compiles strictly", (name, file) => {
  const copy = join(folder, `${name}.mts`);
  writeFileSync(copy, readFileSync(join(EXAMPLES, name, file), "utf8"));
  expect(problemsIn([copy])).toEqual([]);
});

test("with Passport, a log-in texts a code, and the account opens after it alone", async () => {
  const port = await startExample("passport", "app.ts");
  const { page } = await openWindow({ port }, { cookie: "" });
  await page.goto("/account");
  await page.getByLabel("Name").fill("ann");
  await page.getByLabel("Password").fill("a long pass phrase");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByLabel("Security code").waitFor();
  expect((await page.request.get("/account")).status()).toBe(403);
  await page.getByLabel("Security code").fill(await lastCode(port));
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("Only for ann.").waitFor();
});

/** Logs in to the single-page app, and asks for what is guarded: its dialog is open. */
async function openBalance(): Promise<{ page: Page; port: number }> {
  const port = await startExample("spa", "server.ts");
  const { page } = await openWindow({ port }, { cookie: "" });
  await page.goto("/");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("You are logged in.").waitFor();
  await page.getByRole("button", { name: "Show my balance" }).click();
  await page.getByText("We have texted it to ••••23.").waitFor();
  return { page, port };
}

test("in the single-page app a refused request opens a dialog, and is made again after the code", async () => {
  const { page, port } = await openBalance();
  expect(await violationsIn(page)).toEqual([]);
  const code = await lastCode(port);
  await page.getByLabel("Security code").fill(code === "000000" ? "000001" : "000000");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("This is not the code. 4 tries are left.").waitFor();
  expect((await page.request.get("/api/balance")).status()).toBe(403);
  await page.getByLabel("Security code").fill(code);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("1,250.00 USD").waitFor();
});

test("in the single-page app, who gives the dialog up is told so, and sees nothing", async () => {
  const { page } = await openBalance();
  await page.keyboard.press("Escape");
  await page.getByText("You gave up.").waitFor();
  expect((await page.request.get("/api/balance")).status()).toBe(403);
});
