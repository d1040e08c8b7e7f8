/** Reads an `.env` file into the environment, and refuses one that would be passed over in silence. */

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse, populate } from "dotenv";

/**
 * Adds what the first `.env` of `folders` sets; what the environment has already is left as it is. There an
 * empty variable counts as one that is not set, as everywhere in the demo. No file is none to read.
 */
export function readEnvFile(folders: readonly string[]): void {
  const file = folders.map((folder) => path.join(folder, ".env")).find(existsSync);
  if (file === undefined) return;
  const bytes = bytesOf(file);
  // Windows PowerShell's `>` writes UTF-16, of which nothing would be understood.
  if (bytes.includes(0)) throw new Error(`Expected ${file} to be UTF-8: save it as such.`);
  const values = parse(bytes);
  for (const name of Object.keys(values)) {
    // The environment inherits what every object has: `toString` is no variable.
    if (!Object.hasOwn(process.env, name)) continue;
    if (process.env[name]?.trim() === "") Reflect.deleteProperty(process.env, name);
  }
  populate(process.env, values);
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`The demo can't read ${file}: ${code ?? "unknown"}.`, { cause: error });
  }
}
