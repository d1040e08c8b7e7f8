/** The rooms of lib/ as CONTRIBUTING.md maps them: every file has its floor, imports go down only, and each says what it is for. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "..");
const LIB = join(ROOT, "lib");

const files = readdirSync(LIB, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.m?ts$/.test(name))
  .sort();

/** The first part of a path below lib/: a file's name, or a folder's with its slash. */
function roomOf(file: string): string {
  const [first = "", ...rest] = file.split("/");
  return rest.length > 0 ? `${first}/` : first.replace(/\.ts$/, "");
}

function floors(): Map<string, number> {
  const map = new Map<string, number>();
  const contributing = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
  for (const [, floor, rooms] of contributing.matchAll(/^\| (\d|apart) +\| ([^|]+)\|/gm)) {
    for (const [, room = ""] of (rooms ?? "").matchAll(/`([^`]+)`/g)) {
      expect(map.has(room)).toBe(false);
      map.set(room, floor === "apart" ? Infinity : Number(floor));
    }
  }
  return map;
}

/** What a file imports from lib/, as paths below it. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(LIB, file), "utf8"), true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => relative(LIB, join(LIB, dirname(file), name.replace(/\.js$/, ""))))
    .map((name) => `${name}.ts`);
}

test("every file of lib/ is in one room of the map, and every room is there", () => {
  expect([...new Set(files.map(roomOf))].sort()).toEqual([...floors().keys()].sort());
});

test("no import goes up, and what stands apart is imported by nothing", () => {
  const floorOf = floors();
  const up = files.flatMap((file) =>
    importsOf(file)
      .filter((other) => roomOf(other) !== roomOf(file))
      .filter((other) => (floorOf.get(roomOf(other)) ?? NaN) > (floorOf.get(roomOf(file)) ?? NaN))
      .map((other) => `${file} imports ${other}`),
  );
  expect(files.flatMap(importsOf).filter((other) => !files.includes(other))).toEqual([]);
  expect(up).toEqual([]);
});

test("no file imports itself, by whichever way round", () => {
  const state = new Map<string, "open" | "done">();
  const rings: string[] = [];
  const walk = (file: string, path: string[]): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      rings.push([...path.slice(path.indexOf(file)), file].join(" → "));
      return;
    }
    state.set(file, "open");
    for (const other of importsOf(file)) walk(other, [...path, file]);
    state.set(file, "done");
  };
  for (const file of files) walk(file, []);
  expect(rings).toEqual([]);
});

test("every file of code opens with a comment that says what it is for", () => {
  const code = [".", "lib", "test", "demo-app/src", "bench"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: folder !== ".", encoding: "utf8" })
      .filter((name) => /\.[cm]?[jt]s$/.test(name) && !/node_modules|\.d\.ts$/.test(name))
      .map((name) => join(folder, name)),
  );
  expect(code.length).toBeGreaterThan(200);
  const bare = code.filter(
    (path) => !/^(?:\/\*\* |\/\/ )\S/.test(readFileSync(join(ROOT, path), "utf8")),
  );
  expect(bare).toEqual([]);
});
