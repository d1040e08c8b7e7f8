/** Part 5: two processes of the app over one Redis, against one. */

import { createRequire } from "node:module";
import { cpus } from "node:os";
import { cycleOver } from "../cycles.mjs";
import { interleave, median, ratio, rateOf, timeOf } from "../measure.mjs";
import { openConnections, startApp } from "../servers.mjs";
import { startRedis } from "../typescript.mjs";

const { createClient } = createRequire(import.meta.url)("redis");
const AT_ONCE = 8;

export async function measureWorkers({ isQuick }) {
  const redis = await startRedis();
  const env = { STORE: "redis", COUNTERS_URL: redis.url };
  const apps = [await startApp("ours", { env }), await startApp("ours", { env })];
  try {
    const [first, second] = await Promise.all(
      apps.map(({ port }) => openConnections(port, AT_ONCE)),
    );
    const count = isQuick ? 60 : 120;
    const one = () => rateOf(cycleOver(first), { count, atOnce: AT_ONCE });
    const two = async () => {
      const halves = [first, second].map((of) => cycleOver(of));
      const ms = await timeOf(() =>
        Promise.all(halves.map((act) => rateOf(act, { count, atOnce: AT_ONCE }))),
      );
      return (2 * count * 1000) / ms;
    };
    await interleave({ one, two }, 1);
    const cpu = async () => ({
      worker: (await apps[0].ask("cpu")).microseconds,
      redis: await readProcessorTime(redis.url),
    });
    const before = await cpu();
    const rates = await interleave({ one, two }, isQuick ? 4 : 8);
    const after = await cpu();
    const rounds = rates.one.length + 1;
    return {
      cores: cpus().length,
      ratio: ratio(rates.two, rates.one),
      onePerSecond: median(rates.one),
      twoPerSecond: median(rates.two),
      workerMicrosecondsPerCycle: (after.worker - before.worker) / (2 * count * rounds),
      redisMicrosecondsPerCycle: (after.redis - before.redis) / (3 * count * rounds),
    };
  } finally {
    await Promise.all(apps.map((app) => app.close()));
    await redis.close();
  }
}

/** Microseconds of processor time that Redis has used. */
async function readProcessorTime(url) {
  const client = createClient({ url });
  await client.connect();
  const info = await client.info("cpu");
  client.destroy();
  const seconds = [...info.matchAll(/^used_cpu_(?:user|sys):([\d.]+)/gm)].map(([, of]) =>
    Number(of),
  );
  return seconds.reduce((sum, each) => sum + each, 0) * 1_000_000;
}
