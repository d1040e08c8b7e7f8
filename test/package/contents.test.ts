/** What is published: the tarball's files, each with its source, and its size. */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");
// Bytes. A package that outgrows them is looked at by a person first.
const PACKED_AT_MOST = 330_000;
const UNPACKED_AT_MOST = 1_150_000;

interface Packed {
  size: number;
  unpackedSize: number;
  files: { path: string; mode: number }[];
}

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  bin: Record<string, string>;
  exports: Record<string, string | Record<string, string>>;
  typesVersions: Record<string, Record<string, string[]>>;
};

// Without scripts: `prepack` would build anew, under the feet of other tests.
const [packed] = JSON.parse(
  execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 60_000,
  }).toString(),
) as [Packed];
const paths = packed.files.map(({ path }) => path);
const built = paths.filter((path) => path.startsWith("dist/"));

test("beside dist/ there are the licence, the README and the manifest, and no other file", () => {
  expect(paths.filter((path) => !path.startsWith("dist/"))).toEqual([
    "LICENSE",
    "README.md",
    "package.json",
  ]);
});

test("dist/ holds scripts and their types alone: no test, no source, no settings, no map", () => {
  expect(built.length).toBeGreaterThan(50);
  const expected = /^dist\/[a-z0-9/-]+\.(?:m?js|d\.m?ts)$/;
  expect(built.filter((path) => !expected.test(path))).toEqual([]);
});

test("each file of dist/ has its source in lib/, and each source its script and its types", () => {
  const sources = readdirSync(join(ROOT, "lib"), { recursive: true, encoding: "utf8" });
  const expected = sources
    .filter((path) => /\.m?ts$/.test(path))
    .flatMap((path) => [path.replace(/ts$/, "js"), path.replace(/(m?ts)$/, "d.$1")])
    .map((path) => `dist/${path}`);
  // What has no source is left from an older build, and a release from here would ship it.
  expect([...built].sort()).toEqual(expected.sort());
});

test("all that the manifest leads to is there", () => {
  const targets = [
    ...Object.values(manifest.exports).flatMap((each) =>
      typeof each === "string" ? each : Object.values(each),
    ),
    ...Object.values(manifest.typesVersions).flatMap((each) => Object.values(each).flat()),
  ].map((path) => path.replace(/^\.\//, ""));
  expect(targets.length).toBeGreaterThan(6);
  expect(targets.filter((path) => !paths.includes(path))).toEqual([]);
});

test("no file but the command is executable, and none tells a path of the machine that built it, or a key", () => {
  // npm makes the command executable where it installs it: here it may not be yet.
  const others = packed.files.filter(({ path }) => !Object.values(manifest.bin).includes(path));
  expect(others.filter(({ mode }) => (mode & 0o111) !== 0)).toEqual([]);
  for (const path of paths) {
    const text = readFileSync(join(ROOT, path), "utf8");
    expect([path, text.includes(ROOT)]).toEqual([path, false]);
    expect([path, /-----BEGIN|\/home\/|\/root\//.test(text)]).toEqual([path, false]);
  }
});

test("it stays small: 330 kB packed, 1.15 MB unpacked at most", () => {
  expect(packed.size).toBeLessThanOrEqual(PACKED_AT_MOST);
  expect(packed.unpackedSize).toBeLessThanOrEqual(UNPACKED_AT_MOST);
});
