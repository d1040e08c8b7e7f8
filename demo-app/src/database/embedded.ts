/** The database within this process: PGlite, which is PostgreSQL in WebAssembly, with its files in one folder. */

import { existsSync } from "node:fs";
import { chmod, rename, rm } from "node:fs/promises";
import path from "node:path";
import { PGlite, type Results } from "@electric-sql/pglite";
import type { Database, Result, Statement } from "./database";
import { takeFolder } from "./folder";

const UPKEEP_MS = 3_600_000;

// For a demo: half the memory, and a log that stays small.
const SETTINGS = ["shared_buffers=8MB", "max_wal_size=32MB", "min_wal_size=8MB"];
const MAKING = { initDbStartParams: ["--wal-segsize=1"] };

/** Opens the database of a folder, which no other process may use meanwhile. Makes it at the first start. */
export async function openEmbedded(folder: string): Promise<Database> {
  const release = await takeFolder(folder);
  try {
    return new Embedded(await openFiles(folder), release);
  } catch (error) {
    await release();
    throw new Error(
      `The database in ${folder} can't be opened: it is damaged, or of another version. Move that folder ` +
        "away to begin anew, without accounts.",
      { cause: error },
    );
  }
}

async function openFiles(folder: string): Promise<PGlite> {
  const files = path.join(folder, "database");
  if (!existsSync(files)) {
    console.log(`The first start makes a database in ${folder}. It takes some seconds.`);
    // Elsewhere, and moved when it is whole: a start that is broken off leaves no half of one.
    const begun = path.join(folder, "database.begun");
    await rm(begun, { recursive: true, force: true });
    await (await PGlite.create(begun, MAKING)).close();
    // Its files are for all to read and write.
    await chmod(begun, 0o700);
    await rename(begun, files);
  }
  const startParams = [
    ...PGlite.defaultStartParams,
    ...SETTINGS.flatMap((setting) => ["-c", setting]),
  ];
  return PGlite.create(files, { startParams });
}

class Embedded implements Database {
  readonly totalCount = 1;
  readonly #lite: PGlite;
  readonly #release: () => Promise<void>;
  readonly #upkeep: NodeJS.Timeout;

  constructor(lite: PGlite, release: () => Promise<void>) {
    this.#lite = lite;
    this.#release = release;
    // A server does this in processes of its own, of which there are none here.
    this.#upkeep = setInterval(() => {
      void lite.exec("VACUUM").then(() => lite.exec("CHECKPOINT"));
    }, UPKEEP_MS).unref();
  }

  query(statement: Statement & { rowMode: "array" }): Promise<Result<unknown[]>>;
  query(
    statement: string | Statement,
    values?: unknown[],
  ): Promise<Result<Record<string, unknown>>>;
  async query(
    statement: string | (Statement & { rowMode?: "array" }),
    given?: unknown[],
  ): Promise<Result<unknown[]> | Result<Record<string, unknown>>> {
    const {
      text,
      values = given,
      rowMode = "object",
    } = typeof statement === "string" ? { text: statement } : statement;
    if (values !== undefined) return told(await this.#lite.query(text, values, { rowMode }));
    const all = await this.#lite.exec(text, { rowMode });
    return told(all.at(-1));
  }

  async end(): Promise<void> {
    clearInterval(this.#upkeep);
    await this.#lite.close();
    await this.#release();
  }
}

function told(results: Results | undefined): Result<Record<string, unknown>> {
  const { rows = [], affectedRows = 0 } = results ?? {};
  return { rows, rowCount: rows.length > 0 ? rows.length : affectedRows };
}
