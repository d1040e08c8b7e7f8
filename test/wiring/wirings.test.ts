/** What the terminal says of each wrong wiring, read from the terminal; docs/wiring.md shows it. */

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const APP = join(__dirname, "app.cjs");
const GUIDE = join(__dirname, "..", "..", "docs", "wiring.md");
const BLOCKS = /(?<=^```text\n).*?(?=^```$)/gms;

const [names = [], refused = []] = JSON.parse(
  execFileSync(process.execPath, [APP], { encoding: "utf8" }),
) as string[][];

/** What an app says on its standard error, without what differs from run to run. */
function told(name: string, env: Record<string, string> = {}): string {
  const { stderr, stdout, status } = spawnSync(process.execPath, [APP, name], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], ...env },
  });
  expect([status, stdout]).toEqual([0, ""]);
  return stderr
    .replace(/^\(node:\d+\) /gm, "")
    .replace(/^\s+at .*\n/gm, "")
    .replace(/^\(Use `node --trace-warnings.*\n/gm, "");
}

test("a wiring that is right is told nothing", () => {
  expect(told("nothing wrong")).toBe("");
});

test("each wrong wiring is told of once, at the first visit, as the guide shows (C214)", () => {
  const lines = names.map((name) => {
    const warning = told(name);
    expect([name, warning.match(/ExpressSms2faWarning/g)]).toEqual([
      name,
      ["ExpressSms2faWarning"],
    ]);
    expect(warning).toMatch(
      /^\[SMS2FA_[A-Z_]+\] ExpressSms2faWarning: .*\. See docs\/troubleshooting\.md\.$/m,
    );
    return `# ${name}\n${warning}`;
  });
  expectBlock(0, lines.join("\n"));
});

test("each wrong option and an uncalled guard throw one sentence, as the guide shows, and no secret (C214)", () => {
  const lines = refused.map((name) => {
    const { stderr } = spawnSync(process.execPath, [APP, name], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"] },
    });
    // An app that has started says it at each request.
    const [sentence, ...more] = new Set(stderr.match(/^(?:Type)?Error: .*$/gm));
    expect([name, sentence, more]).toEqual([name, expect.any(String), []]);
    expect(stderr).not.toMatch(/4f2a9c01|correct horse|xxxxxxxx/);
    return `# ${name}\n${sentence ?? ""}\n`;
  });
  expectBlock(1, lines.join("\n"));
});

/** Holds a block of the guide to what was told; WRITE_TABLES=1 puts it there. */
function expectBlock(at: number, told: string): void {
  const guide = readFileSync(GUIDE, "utf8");
  let index = 0;
  const written = guide.replace(BLOCKS, (block) => (index++ === at ? told : block));
  if (process.env["WRITE_TABLES"] === "1") writeFileSync(GUIDE, written);
  else expect(written).toBe(guide);
}

test("the app's own error comes with its stack, and without what could be a number or a key (C214)", () => {
  const { stderr } = spawnSync(process.execPath, [APP, "`user` throws"], { encoding: "utf8" });
  expect(stderr).toMatch(/Error: no table `users`\n\s+at raise \(.*app\.cjs:\d+/);
});

test("in production a listener hears of it in the terminal's place, and without one the terminal does", () => {
  expect(told("`user` throws", { NODE_ENV: "production" })).toContain("[SMS2FA_USER]");
  expect(told("`user` throws, and somebody listens", { NODE_ENV: "production" })).not.toContain(
    "[SMS2FA_USER]",
  );
});
