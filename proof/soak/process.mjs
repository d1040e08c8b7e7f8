/** One process of the app: serves it on a free port, keeps its book of events, and answers its parent over IPC. */

import { openSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { makeApp } from "./app.mjs";
import { tamperBy } from "./tampering.mjs";

// Written at once, so that a SIGKILL loses none.
const book = openSync(process.env.BOOK, "a");
const note = (line) => writeSync(book, `${JSON.stringify(line)}\n`);

const wrong = (kind) => (error) =>
  note({ type: "wrong", kind, what: String(error?.stack ?? error).slice(0, 1000) });
process.on("unhandledRejection", wrong("unhandledRejection"));
process.on("uncaughtException", wrong("uncaughtException"));
process.on("warning", (warning) => {
  // What the package tells its developer of a store that is down is meant to be told.
  if (warning.name === "ExpressSms2faWarning") note({ type: "told", code: warning.code });
  else wrong("warning")(warning);
});

const tamper = tamperBy(process.env.BREAK);
const onEvent = tamper.listener(({ type, subject, phone, code, reason }) => {
  note({ type, subject, phone, code, reason });
});
const { app, close } = await makeApp({ env: process.env, onEvent, tamper });
let served = 0;
const server = createServer((req, res) => {
  served += 1;
  // express-session tells of a save that fails once more when the answer has gone. By itself Express would end the
  // connection then, under whichever request it serves by now.
  app(req, res, () => res.headersSent || res.writeHead(500).end());
});
// The load keeps connections, and must not send on one that ends.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));

process.on("message", (question) => {
  if (question === "measure") process.send(measured());
});
// It ends by itself: whatever is left open would keep it. What was sent before its signal is read first, since a
// connection with a request that was not yet read passes for an idle one.
process.once("SIGTERM", () => {
  setTimeout(() => setImmediate(() => setImmediate(end)), 500);
});
function end() {
  // A connection whose last answer goes out after this is kept by its client.
  const closing = setInterval(() => server.closeIdleConnections(), 100);
  server.close(() => {
    clearInterval(closing);
    void close().then(() => process.disconnect());
  });
}
// A parent that has ended leaves nothing behind.
process.once("disconnect", () => setTimeout(() => process.exit(3), 20_000).unref());

function measured() {
  globalThis.gc();
  const { heapUsed, rss, external } = process.memoryUsage();
  const resources = {};
  for (const name of process.getActiveResourcesInfo()) {
    resources[name] = (resources[name] ?? 0) + 1;
  }
  return { heapUsed, rss, external, served, resources };
}
