/** The database elsewhere: a PostgreSQL that several processes may share. */

import { Pool } from "pg";
import type { Database } from "./database";

const ANSWER_MS = 2000;

/** Connects; throws a sentence without the URL, which may hold a password, where nothing answers. */
export async function openPostgres(connectionString: string): Promise<Database> {
  const deadlines = { connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS };
  const pool = new Pool({ connectionString, ...deadlines });
  let isAway = false;
  pool.on("connect", () => {
    isAway = false;
  });
  // A line for each loss, and none for each connection of the pool.
  pool.on("error", () => {
    if (!isAway) console.error("The connection to the database is lost.");
    isAway = true;
  });
  try {
    await pool.query("SELECT 1");
  } catch (error) {
    await pool.end();
    throw new Error(
      "The database that DATABASE_URL names did not answer. Is it up, and the URL right?",
      { cause: error },
    );
  }
  return pool;
}
