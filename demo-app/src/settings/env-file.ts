/** Reads an `.env` file into the environment, and refuses one that would be passed over in silence. */

import { existsSync, readFileSync } from "node:fs";
import { parse, populate } from "dotenv";

/** Adds what the file sets; what the environment has already is left as it is. No file is none to read. */
export function readEnvFile(file: string): void {
  if (!existsSync(file)) return;
  const bytes = bytesOf(file);
  // Windows PowerShell's `>` writes UTF-16, of which nothing would be understood.
  if (bytes.includes(0)) throw new Error(`Expected ${file} to be UTF-8: save it as such.`);
  populate(process.env, parse(bytes));
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`The demo can't read ${file}: ${code ?? "unknown"}.`, { cause: error });
  }
}
