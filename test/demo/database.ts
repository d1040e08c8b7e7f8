/** Gives each demo of a test an empty database at once: making one takes seconds, so one is made and copied. */

import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Database } from "../../demo-app/src/database/database";
import { openDatabase } from "../../demo-app/src/database/open";

/** Makes a folder, such as DATA_DIR names, with a database in it that nothing was done to. */
export async function makeDataFolder(): Promise<string> {
  const template = await findTemplate();
  const folder = mkdtempSync(join(tmpdir(), "demo-data-"));
  cpSync(template, folder, { recursive: true });
  return folder;
}

/** The folder that is copied: made where no test of this machine has made it yet. */
async function findTemplate(): Promise<string> {
  const library = dirname(dirname(require.resolve("@electric-sql/pglite")));
  const { version } = JSON.parse(readFileSync(join(library, "package.json"), "utf8")) as {
    version: string;
  };
  const template = join(tmpdir(), `express-sms-2fa-demo-database-${version}`);
  if (existsSync(template)) return template;
  const begun = mkdtempSync(`${template}-`);
  jest.spyOn(console, "log").mockImplementationOnce(() => undefined);
  await (await openDatabase({ databaseUrl: undefined, dataDir: begun })).end();
  try {
    renameSync(begun, template);
  } catch {
    // Another worker was first.
    rmSync(begun, { recursive: true, force: true });
  }
  return template;
}

let opened: Promise<{ database: Database; folder: string }> | undefined;

/** The database of this file's demos, with what they have put in it. */
export async function databaseAsItIs(): Promise<Database> {
  opened ??= makeDataFolder().then(async (folder) => ({
    database: await openDatabase({ databaseUrl: undefined, dataDir: folder }),
    folder,
  }));
  return (await opened).database;
}

/** The same, emptied. */
export async function emptyDatabase(): Promise<Database> {
  const database = await databaseAsItIs();
  await database.query(`DO $$ BEGIN EXECUTE (
    SELECT 'TRUNCATE ' || string_agg(format('%I.%I', schemaname, tablename), ', ')
      FROM pg_tables WHERE schemaname = 'acme'); END $$`);
  return database;
}

afterAll(async () => {
  if (opened === undefined) return;
  const { database, folder } = await opened;
  await database.end();
  rmSync(folder, { recursive: true, force: true });
});
