/** Keeps the secrets that were made up, so that sessions and codes outlast a restart. */

import type { Database } from "../database/database";
import type { SecretName, Settings } from "../settings/settings";

/** The settings with the secrets that an earlier start has made up; those of this one are kept for the next. */
export async function withKeptSecrets(settings: Settings, database: Database): Promise<Settings> {
  const kept: Partial<Record<SecretName, string>> = {};
  for (const name of settings.madeSecrets) {
    // It changes nothing, but gives the row that is there.
    const { rows } = await database.query(
      `INSERT INTO acme.secrets (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING value`,
      [name, settings[name]],
    );
    kept[name] = String(rows[0]?.["value"]);
  }
  return { ...settings, ...kept };
}
