/** Opens the database that the settings name, with the demo's tables in it. */

import type { Settings } from "../settings/settings";
import type { Database } from "./database";
import { openEmbedded } from "./embedded";
import { openPostgres } from "./postgres";
import { makeTables } from "./tables";

/** Opens it; throws a sentence where it can't. */
export async function openDatabase({
  databaseUrl,
  dataDir,
}: Pick<Settings, "databaseUrl" | "dataDir">): Promise<Database> {
  const database = await (databaseUrl === undefined
    ? openEmbedded(dataDir)
    : openPostgres(databaseUrl));
  try {
    await makeTables(database);
  } catch (error) {
    await database.end();
    throw new Error(
      "The demo can't make its tables: the database's user needs CREATE on the database.",
      { cause: error },
    );
  }
  return database;
}
