/** Several processes of an app behind a round-robin proxy. */

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import { join } from "node:path";
import { listen } from "../fakes/listening";

export interface Balanced {
  port: number;
  /** Answers by each process, by its place. */
  served: number[];
  /** Ends one process and starts it anew with other secrets. */
  replace: (index: number, secrets: string[]) => Promise<void>;
  close: () => Promise<void>;
}

/** Where the processes keep what they share. */
export interface WorkerStores {
  /** URL of a Redis. */
  redis: string;
  /** URL of a PostgreSQL for the counters. @default the Redis */
  database?: string;
}

interface Worker {
  child: ChildProcess;
  port: number;
}

/** Starts so many processes and the proxy in front of them. */
export async function startBalanced(
  count: number,
  stores: WorkerStores,
  secrets: string[],
): Promise<Balanced> {
  const agent = new Agent({ keepAlive: true });
  const workers = await Promise.all(
    Array.from({ length: count }, () => startWorker(stores, secrets)),
  );
  const served = workers.map(() => 0);
  let next = 0;
  const proxy = createServer((req, res) => {
    const index = next;
    next = (next + 1) % workers.length;
    served[index] = (served[index] ?? 0) + 1;
    const upstream = request(
      {
        agent,
        host: "127.0.0.1",
        port: workers[index]?.port,
        method: req.method,
        path: req.url,
        headers: { ...req.headers, "x-forwarded-for": req.socket.remoteAddress },
      },
      (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      },
    );
    upstream.on("error", () => res.writeHead(502).end());
    req.pipe(upstream);
  });
  const port = await listen(proxy);
  return {
    port,
    served,
    replace: async (index, renewed) => {
      const fresh = await startWorker(stores, renewed);
      const old = workers[index];
      workers[index] = fresh;
      if (old !== undefined) await endWorker(old);
    },
    close: async () => {
      proxy.close();
      proxy.closeAllConnections();
      agent.destroy();
      await Promise.all(workers.map(endWorker));
    },
  };
}

async function startWorker({ redis, database }: WorkerStores, secrets: string[]): Promise<Worker> {
  const env = {
    ...process.env,
    REDIS_URL: redis,
    SECRETS: secrets.join(","),
    ...(database !== undefined && { DATABASE_URL: database }),
  };
  const child = fork(join(__dirname, "worker.js"), {
    env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let printed = "";
  child.stderr?.on("data", (part: Buffer) => {
    printed += part.toString();
  });
  const said = once(child, "message") as Promise<[{ port: number }]>;
  const ended = once(child, "exit").then(() => {
    throw new Error(`A process ended at its start. Is the package built? ${printed}`);
  });
  const [{ port }] = await Promise.race([said, ended]);
  ended.catch(() => undefined);
  return { child, port };
}

async function endWorker({ child }: Worker): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
