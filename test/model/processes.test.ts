/** The same random sequences over three processes that share a Redis alone. */

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createClient } from "redis";
import { startRedis, type RedisServer } from "../services/redis";
import { OPTIONS } from "./limits";
import { longest, planFrom, runModel } from "./run";
import { hangUp, type Text, type Workers } from "./world";

const plan = planFrom(process.env, 100);

let redis: RedisServer;
let client: ReturnType<typeof createClient>;
const children: ChildProcess[] = [];

beforeAll(async () => {
  redis = await startRedis();
  client = createClient({ url: redis.url });
  await client.connect();
});

afterAll(async () => {
  hangUp();
  await Promise.all(
    children.map(async (child) => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }),
  );
  client.destroy();
  await redis.close();
});

async function startProcess(): Promise<number> {
  const env = { ...process.env, REDIS_URL: redis.url, OPTIONS: JSON.stringify(OPTIONS) };
  const child = fork(join(__dirname, "worker.js"), {
    env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  children.push(child);
  const ended = once(child, "exit").then(() => {
    throw new Error("A process ended at its start. Is the package built?");
  });
  const said = once(child, "message") as Promise<[{ port: number }]>;
  const [{ port }] = await Promise.race([said, ended]);
  ended.catch(() => undefined);
  return port;
}

async function startProcesses(): Promise<Workers> {
  const ports = await Promise.all([startProcess(), startProcess(), startProcess()]);
  let ahead = 0;
  return {
    ports,
    get headers() {
      return { "x-ahead": String(ahead * 1000) };
    },
    begin: async () => {
      ahead = 0;
      await client.flushAll();
    },
    now: () => Date.now() + ahead * 1000,
    move: async (seconds) => {
      ahead += seconds;
      await client.set("clock", String(ahead));
    },
    setNumber: (user, number) => client.hSet("numbers", user, number),
    setMood: (mood) => client.set("mood", mood),
    takeTexts: async () => {
      const taken = (await client.lPopCount("texts", 100)) ?? [];
      return taken.map((text) => JSON.parse(text) as Text);
    },
  };
}

test(
  `${plan.runs} sequences over three processes verify nobody wrongly, lock nobody out for ever, and keep every budget`,
  async () => {
    await runModel(await startProcesses(), plan);
  },
  longest(plan),
);
