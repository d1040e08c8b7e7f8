/** What is measured: the package of this checkout, or of another built one whose folder `PACKAGE` names. */

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

export const ROOT = process.env.PACKAGE ?? fileURLToPath(new URL("..", import.meta.url));

/** Loads a built file of it; without a name, the package itself. */
export function load(file) {
  return require(file === undefined ? ROOT : join(ROOT, "dist", file));
}

/** Whether it has a built file. */
export function has(file) {
  return existsSync(join(ROOT, "dist", file));
}
