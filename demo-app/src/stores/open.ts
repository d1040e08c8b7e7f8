/** Opens the stores that the settings name. */

import { openDatabase } from "../database/open";
import type { Settings } from "../settings/settings";
import { redisStores } from "./redis";
import { sqlStores } from "./sql";
import type { Stores } from "./stores";

/** Opens all of them; throws a sentence, with none left open, where one can't be. */
export async function openStores(settings: Settings): Promise<Stores> {
  const kept = sqlStores(await openDatabase(settings));
  if (settings.redisUrl === undefined) return kept;
  try {
    const passing = await redisStores(settings.redisUrl);
    return {
      ...kept,
      ...passing,
      check: async () => {
        await Promise.all([kept.check(), passing.check()]);
      },
      close: async () => {
        await Promise.all([kept.close(), passing.close()]);
      },
    };
  } catch (error) {
    await kept.close();
    throw error;
  }
}
