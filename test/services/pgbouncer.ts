/** A real PgBouncer of the test's own in transaction mode, in front of a PostgreSQL of the test's. */

import { chownSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { unprivileged } from "./postgres";
import { freePort, start, temporaryFolder, untilReady } from "./process";

export interface PgBouncer {
  url: string;
  close: () => Promise<void>;
}

/** Starts a PgBouncer that has `servers` connections for all that come. */
export async function startPgBouncer(postgresPort: number, servers = 4): Promise<PgBouncer> {
  const port = await freePort();
  const folder = temporaryFolder();
  const owner = unprivileged();
  const users = join(folder.path, "users");
  const file = join(folder.path, "pgbouncer.ini");
  writeFileSync(users, '"tests" ""\n');
  writeFileSync(
    file,
    `[databases]
    * = host=127.0.0.1 port=${postgresPort}
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = ${port}
    unix_socket_dir =
    auth_type = trust
    auth_file = ${users}
    pool_mode = transaction
    default_pool_size = ${servers}
    max_client_conn = 200
    `,
  );
  if (owner !== undefined) chownSync(folder.path, owner.uid, owner.gid);
  const command = ["/usr/sbin/pgbouncer", "pgbouncer"].find((name) => existsSync(name));
  const running = start(command ?? "pgbouncer", [file], { ...owner });
  const url = `postgres://tests@127.0.0.1:${port}/postgres`;
  await untilReady(running, async () => {
    const client = new Client(url);
    client.on("error", () => undefined);
    await client.connect();
    await client.end();
    return true;
  });
  return {
    url,
    close: async () => {
      await running.end("SIGQUIT");
      folder.remove();
    },
  };
}
