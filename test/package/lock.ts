/** Reads the lock file as npm does: which packages an install of some dependency brings. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Entry {
  version: string;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

const LOCK = join(__dirname, "..", "..", "package-lock.json");

/** The lock file's entries, by their path below the root. */
export const { packages: LOCKED } = JSON.parse(readFileSync(LOCK, "utf8")) as {
  packages: Record<string, Entry>;
};

/** Paths of all that `names` lead to from the root, themselves among them. */
export function reachedFrom(names: string[]): string[] {
  const reached = new Set<string>();
  const waiting = names.map((name) => find("", name));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    const entry = LOCKED[path];
    const optional = Object.keys(entry?.optionalDependencies ?? {});
    const peers = Object.keys(entry?.peerDependencies ?? {}).filter(
      (name) => entry?.peerDependenciesMeta?.[name]?.optional !== true,
    );
    for (const name of [...Object.keys(entry?.dependencies ?? {}), ...optional, ...peers]) {
      waiting.push(find(path, name));
    }
  }
  return [...reached].sort();
}

/** Where `name` is found from `path`: in the nearest `node_modules` above it. */
function find(path: string, name: string): string {
  const folders = path === "" ? [] : path.split(/\/?node_modules\//).slice(1);
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const below = [...folders.slice(0, depth), name]
      .map((each) => `node_modules/${each}`)
      .join("/");
    if (below in LOCKED) return below;
  }
  throw new Error(`${name}, which ${path || "the package"} needs, is not in the lock file.`);
}
