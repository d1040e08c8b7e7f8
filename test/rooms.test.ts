/** The rooms of lib/ and of the demo as CONTRIBUTING.md maps them: imports go down, and through each room's own door. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "..");
const CONTRIBUTING = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");

interface Room {
  floor: number;
  /** The files that other rooms may import; all of a room that is one file. */
  door: readonly string[];
}

/** One import of one file by another, as paths below the folder, without their endings. */
interface Import {
  from: string;
  to: string;
}

/** The rows of the table below a heading. */
function roomsOf(folder: string): Map<string, Room> {
  const [, section = ""] = CONTRIBUTING.split(`## The rooms of \`${folder}/\`\n`);
  const [table = ""] = section.split("\n## ");
  const rows = [...table.matchAll(/^\| (\d+) +\| `([\w/-]+?)\/?` +\| [^|]+\|([^|]*)\|$/gm)];
  return new Map(
    rows.map(([, floor, name = "", door = ""]) => [
      name,
      { floor: Number(floor), door: [...door.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file) },
    ]),
  );
}

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.m?ts$/.test(name))
    .map((name) => name.replace(/\.m?ts$/, ""))
    .sort();
}

/** A file's folder; a file at the top is a room of its own. */
function roomOf(file: string): string {
  const folder = dirname(file);
  return folder === "." ? file : folder;
}

function importsOf(folder: string, files: readonly string[]): Import[] {
  return files.flatMap((from) => {
    const path = join(ROOT, folder, from);
    const text = readFileSync(from === "client/index" ? `${path}.mts` : `${path}.ts`, "utf8");
    const { importedFiles } = ts.preProcessFile(text, true, true);
    return importedFiles
      .map(({ fileName }) => fileName)
      .filter((name) => name.startsWith("."))
      .map((name) => ({ from, to: normalize(join(dirname(from), name.replace(/\.js$/, ""))) }));
  });
}

describe.each(["lib", "demo-app/src"])("in %s/", (folder) => {
  const rooms = roomsOf(folder);
  const files = filesOf(folder);
  const imports = importsOf(folder, files);
  const between = imports.filter(({ from, to }) => roomOf(from) !== roomOf(to));
  const told = ({ from, to }: Import) => `${from} imports ${to}`;

  test("every room has one line in the table, and every line its room", () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual([...rooms.keys()].sort());
  });

  test("what is imported is there", () => {
    expect(imports.filter(({ to }) => !files.includes(to)).map(told)).toEqual([]);
  });

  test("imports go down only", () => {
    const floorOf = (file: string) => rooms.get(roomOf(file))?.floor ?? NaN;
    expect(between.filter(({ from, to }) => !(floorOf(to) < floorOf(from))).map(told)).toEqual([]);
  });

  test("only the files that a room's line names are imported from outside, and each of them is", () => {
    const doors = [...rooms].flatMap(([room, { door }]) => door.map((file) => `${room}/${file}`));
    const used = new Set(between.map(({ to }) => to).filter((to) => to.includes("/")));
    expect([...used].sort()).toEqual(doors.sort());
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
      for (const { from, to } of imports) if (from === file) walk(to, [...path, file]);
      state.set(file, "done");
    };
    for (const file of files) walk(file, []);
    expect(rings).toEqual([]);
  });

  test("std/ imports nothing of the others", () => {
    expect(between.filter(({ from }) => from.startsWith("std/")).map(told)).toEqual([]);
  });
});

test("no room below the pages imports one of theirs", () => {
  const upwards = importsOf("lib", filesOf("lib"))
    .filter(({ from, to }) => to.startsWith("pages/") && !from.startsWith("pages/"))
    .map(({ from }) => from);
  expect([...new Set(upwards)].sort()).toEqual(["index", "two-factor"]);
});

test("every file of code opens with a comment that says what it is for", () => {
  const code = [".", "lib", "test", "demo-app/src", "bench"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: folder !== ".", encoding: "utf8" })
      .filter((name) => /\.[cm]?[jt]s$/.test(name) && !/node_modules|\.d\.ts$/.test(name))
      .map((name) => join(folder, name)),
  );
  expect(code.length).toBeGreaterThan(200);
  const bare = code.filter(
    (path) => !/^(?:#!.*\n)?(?:\/\*\* |\/\/ )\S/.test(readFileSync(join(ROOT, path), "utf8")),
  );
  expect(bare).toEqual([]);
});
