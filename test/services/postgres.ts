/** A real PostgreSQL of the test's own, on a free port of the loopback interface, never run as root. */

import { execFileSync } from "node:child_process";
import { chownSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { freePort, start, temporaryFolder, untilReady, type Running } from "./process";

export interface PostgresServer {
  port: number;
  url: string;
  kill: () => Promise<void>;
  restart: () => Promise<void>;
  freeze: () => void;
  thaw: () => void;
  close: () => Promise<void>;
}

const ROOT = "/usr/lib/postgresql";

/** Starts a PostgreSQL with one empty database, quick rather than durable. */
export async function startPostgres(more: readonly string[] = []): Promise<PostgresServer> {
  const bin = binaries();
  const port = await freePort();
  const folder = temporaryFolder();
  const data = join(folder.path, "data");
  const owner = unprivileged();
  if (owner !== undefined) chownSync(folder.path, owner.uid, owner.gid);
  const init = ["-D", data, "-U", "tests", "--auth=trust", "--no-sync", "-E", "UTF8"];
  execFileSync(join(bin, "initdb"), init, { ...owner, stdio: "pipe", env: { PATH: "/usr/bin" } });
  const launch = async (): Promise<Running> => {
    const settings = ["fsync=off", "full_page_writes=off", "unix_socket_directories="];
    const args = ["-D", data, "-h", "127.0.0.1", "-p", String(port)];
    const running = start(
      join(bin, "postgres"),
      [...args, ...[...settings, ...more].flatMap((setting) => ["-c", setting])],
      { ...owner },
    );
    await untilReady(running, async () => {
      const client = new Client(urlOf(port));
      client.on("error", () => undefined);
      await client.connect();
      await client.end();
      return true;
    });
    return running;
  };
  let running = await launch();
  return {
    port,
    url: urlOf(port),
    // At once, as a crash does; SIGKILL would leave the server's children behind.
    kill: () => running.end("SIGQUIT"),
    restart: async () => {
      await running.end("SIGQUIT");
      running = await launch();
    },
    freeze: () => {
      signalAll(running, "SIGSTOP");
    },
    thaw: () => {
      signalAll(running, "SIGCONT");
    },
    close: async () => {
      signalAll(running, "SIGCONT");
      await running.end("SIGQUIT");
      folder.remove();
    },
  };
}

function urlOf(port: number): string {
  return `postgres://tests@127.0.0.1:${port}/postgres`;
}

function binaries(): string {
  const [newest] = readdirSync(ROOT).sort((a, b) => Number(b) - Number(a));
  if (newest === undefined) throw new Error(`There is no PostgreSQL in ${ROOT}.`);
  return join(ROOT, newest, "bin");
}

/** PostgreSQL refuses to run as root, so root hands it to `postgres`, whom its package makes. */
export function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"]).toString());
  return { uid: id("-u"), gid: id("-g") };
}

// Each connection has a process of its own, a child of the server's.
function signalAll(running: Running, signal: NodeJS.Signals): void {
  const { pid } = running.process;
  if (pid === undefined) return;
  const list = execFileSync("ps", ["-o", "pid=", "--ppid", String(pid)]).toString();
  const children = list.split(/\s+/).filter(Boolean).map(Number);
  for (const each of [pid, ...children]) {
    try {
      process.kill(each, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}
