/** The process of one measured app: serves it on a free port, and answers its parent over IPC. */

import { createServer } from "node:http";
import process from "node:process";

const KINDS = {
  ours: () => import("./apps/ours.mjs"),
  floor: () => import("./apps/floor.mjs"),
  "better-auth": () => import("./apps/better-auth.mjs"),
};

const kind = process.argv[2];
const { makeApp } = await KINDS[kind]();
const { app, forget, settle, queries, close } = await makeApp();
// Connections wait while the other apps are measured.
const server = createServer({ keepAliveTimeout: 0 }, app).listen(0, "127.0.0.1", () => {
  process.send({ port: server.address().port });
});

// A parent that has ended leaves nothing behind.
process.once("disconnect", async () => {
  server.close();
  server.closeAllConnections();
  await close?.();
  process.exit();
});
process.on("message", async (question) => {
  if (question === "cpu") {
    const { user, system } = process.cpuUsage();
    process.send({ microseconds: user + system });
  } else if (question === "forget") {
    await forget();
    process.send({});
  } else if (question === "settle") {
    await settle();
    process.send({});
  } else if (question === "queries") {
    process.send({ count: queries() });
  } else if (question === "end") {
    process.disconnect();
  }
});
