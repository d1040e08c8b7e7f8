/** Starts the demo, and ends it cleanly. */

import { createServer, type Server } from "node:http";
import path from "node:path";
import { buildApp, type DemoApp } from "./app";
import { readEnvFile } from "./settings/env-file";
import { readSettings, type Settings } from "./settings/settings";
import { memoryStores } from "./stores/memory";
import { redisStores } from "./stores/redis";
import type { Stores } from "./stores/stores";
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
  let stores: Stores | undefined;
  try {
    for (const folder of [process.cwd(), path.join(__dirname, "..", "..")]) {
      readEnvFile(path.join(folder, ".env"));
    }
    const settings = readSettings(process.env);
    stores = await openStores(settings);
    listen(settings, buildApp(settings, chooseTexts(stores.inbox), stores));
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
    await stores?.close();
  }
}

async function openStores({ redisUrl }: Settings): Promise<Stores> {
  return redisUrl === undefined ? memoryStores() : redisStores(redisUrl);
}

function listen(settings: Settings, { app, close }: DemoApp): void {
  const { host, port, publicOrigin, notices } = settings;
  const server = createServer(app);
  server.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE") {
      fail(`Port ${port} is in use: stop what listens there, or set PORT to another one.`);
    } else {
      fail(`The demo can't listen at ${host}, port ${port}: ${error.message}.`);
    }
    void close();
  });
  server.listen(port, host, () => {
    for (const notice of notices) console.warn(notice);
    console.log(`The demo listens at ${publicOrigin ?? urlOf(server, host)}`);
  });
  stop = () => {
    stop = () => undefined;
    end(server, close);
  };
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const isLocal = ["127.0.0.1", "::1", "0.0.0.0", "::"].includes(host);
  const name = host.includes(":") ? `[${host}]` : host;
  return `http://${isLocal ? "localhost" : name}:${port}`;
}

function end(server: Server, close: () => Promise<void>): void {
  server.close(() => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
  server.closeIdleConnections();
  setTimeout(() => {
    server.closeAllConnections();
  }, PATIENCE_MS).unref();
}

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}

void main();
