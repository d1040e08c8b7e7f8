/** Starts the demo, and ends it cleanly. */

import { createServer, type Server } from "node:http";
import path from "node:path";
import { buildApp, type DemoApp } from "./app";
import { listen, portOf } from "./http/listening";
import { serveMetrics } from "./metrics/metrics";
import { readEnvFile } from "./settings/env-file";
import { readSettings, type Settings } from "./settings/settings";
import { withKeptSecrets } from "./stores/kept-secrets";
import { openStores } from "./stores/open";
import { chooseTexts } from "./texts/texts";

/** Milliseconds that open connections get to end when the demo stops. */
const PATIENCE_MS = 2000;

/** What a signal does: until the demo listens there is nothing to wait for. */
let stop = (): void => process.exit(0);

async function main(): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM"]) {
    // Ctrl-C comes twice under npm, which passes on what the terminal sends to this process as well.
    process.on(signal, () => {
      stop();
    });
  }
  // What has to end where the start fails.
  let close = (): Promise<void> => Promise.resolve();
  try {
    readEnvFile([process.cwd(), path.join(__dirname, "..", "..")]);
    const read = readSettings(process.env);
    const stores = await openStores(read);
    close = stores.close;
    const settings = await withKeptSecrets(read, stores.database);
    const texts = chooseTexts(stores.inbox);
    const { metricsPort } = settings;
    const metrics = metricsPort === undefined ? undefined : await serveMetrics(metricsPort);
    const demo = buildApp(settings, texts, stores, metrics?.telemetry);
    close = async () => {
      await metrics?.close();
      await demo.close();
    };
    await serve(settings, { ...demo, close });
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
    await close();
  }
}

async function serve(settings: Settings, { app, close }: DemoApp): Promise<void> {
  const { host, port, publicOrigin, notices } = settings;
  const servers = await listen(() => createServer(app), host, port);
  for (const notice of notices) console.warn(notice);
  console.log(`The demo listens at ${publicOrigin ?? urlOf(servers, host)}`);
  stop = () => {
    stop = () => undefined;
    end(servers, close);
  };
}

function urlOf([server]: Server[], host: string): string {
  const isLocal = ["127.0.0.1", "::1", "0.0.0.0", "::"].includes(host);
  const name = host.includes(":") ? `[${host}]` : host;
  return `http://${isLocal ? "localhost" : name}:${server === undefined ? 0 : portOf(server)}`;
}

function end(servers: Server[], close: () => Promise<void>): void {
  const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
  void Promise.all(closed)
    .then(close)
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
  for (const server of servers) server.closeIdleConnections();
  setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, PATIENCE_MS).unref();
}

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}

void main();
