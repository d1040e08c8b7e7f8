/** What `npm test` says where it can't install what it starts. */

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./process";

const ROOT = join(__dirname, "..", "..");
const SCRIPT = join(ROOT, "scripts", "install-test-services");

const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});

test("without apt-get it ends in one sentence: what is missing, and what runs without", () => {
  const bash = execFileSync("sh", ["-c", "command -v bash"], { encoding: "utf8" }).trim();
  symlinkSync(bash, join(folder.path, "bash"));
  const env = { PATH: folder.path, CHROMIUM: join(folder.path, "chromium") };
  const { status, stdout, stderr } = spawnSync(bash, [SCRIPT], { env, encoding: "utf8" });
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^`npm test` needs redis-server [^\n]*\bchromium from [^\n]*\.\n$/);
  expect(stderr).toContain("`npm run test:quick`, which needs Node.js alone.");
});

test("the quick tests are not preceded by an installation or a build", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  expect(scripts["test:quick"]).toBe("jest --selectProjects quick");
  expect(Object.keys(scripts)).not.toContain("pretest:quick");
  expect(scripts["pretest"]).toMatch(/^scripts\/install-test-services && /);
});
