/** The stores of the run: real servers behind a proxy, and how each is made to fail and to go on. */

import { startPostgres, startRedis, startTcpProxy } from "../../bench/typescript.mjs";

// What was answered is kept over a crash of the server: written, if not flushed to the disk.
const KEPT = ["--appendonly", "yes", "--appendfsync", "no"];
const SLOW_MS = 150;

/** Starts a Redis or a PostgreSQL. */
export async function startStore(kind) {
  const server = kind === "redis" ? await startRedis(...KEPT) : await startPostgres();
  const proxy = await startTcpProxy(server.port);
  const cut = () => proxy.cut();
  const faults = {
    pause: [() => server.freeze(), () => server.thaw()],
    slow: [() => proxy.delay(SLOW_MS), () => proxy.delay(0)],
    kill: [() => server.kill(), () => server.restart()],
    cut: [cut, () => proxy.mend()],
    reset: [cut, () => undefined],
  };
  return {
    kind,
    url: server.url.replace(`:${server.port}`, `:${proxy.port}`),
    /** Past the proxy. */
    ownUrl: server.url,
    begin: async (fault) => {
      await faults[fault][0]();
      if (fault === "reset") proxy.mend();
    },
    end: async (fault) => faults[fault][1](),
    close: async () => {
      await proxy.close();
      await server.close();
    },
  };
}
