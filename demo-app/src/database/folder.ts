/** Keeps a folder for one process of the demo: two that wrote to one database in it would ruin it. */

import { randomBytes, createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { rename, unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import path from "node:path";

const MOST_TRIES = 5;
// macOS has room for 104 bytes, Linux for 108: a longer name would be cut, and stand for two folders.
const LONGEST_NAME = 100;

/**
 * Makes the folder where it is missing, and takes it. Resolves with what lets go of it; throws a sentence
 * where another process has it, in this container or another one: what tells is a socket in the folder, which
 * a process that has ended, in whatever way, no longer answers at.
 */
export async function takeFolder(folder: string): Promise<() => Promise<void>> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const name = socketIn(folder);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const server = await listenAt(name);
      if (server !== undefined) return () => close(server);
      if ((await isAnswered(name)) || !(await takeAway(name))) break;
    }
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new Error(
      `The demo can't write to ${folder}: ${code}. Set DATA_DIR to a folder of its own.`,
      { cause: error },
    );
  }
  throw new Error(
    `Another demo uses the folder ${folder}: stop it, or set DATA_DIR to another folder. Several ` +
      "processes are one demo where DATABASE_URL is set.",
  );
}

function socketIn(folder: string): string {
  if (process.platform === "win32") {
    const digest = createHash("sha256").update(path.resolve(folder).toLowerCase()).digest("hex");
    return `\\\\.\\pipe\\acme-demo-${digest.slice(0, 32)}`;
  }
  const name = path.join(folder, "lock");
  const near = path.relative(process.cwd(), name);
  const shorter = near.length < name.length ? near : name;
  if (Buffer.byteLength(shorter) <= LONGEST_NAME) return shorter;
  throw Object.assign(new Error("The path is too long."), { code: "ENAMETOOLONG" });
}

/** Listens; `undefined` where the name is taken, by somebody alive or not. */
async function listenAt(name: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy()).unref();
  server.listen(name);
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw error;
  }
}

/** Whether somebody listens there. */
function isAnswered(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name);
    const end = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", end(true)).once("error", end(false));
  });
}

/** Takes away what a process left that has ended; `false` where another has begun to listen meanwhile. */
async function takeAway(name: string): Promise<boolean> {
  const aside = `${name}-${randomBytes(4).toString("hex")}`;
  try {
    await rename(name, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw error;
  }
  if (await isAnswered(aside)) {
    await rename(aside, name);
    return false;
  }
  await unlink(aside);
  return true;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, "close");
}
