/** `--profile`: where the time of the guard, of a cycle and of a cycle over Redis goes. */

import { cycleOver } from "./cycles.mjs";
import { rateOf } from "./measure.mjs";
import { verified, visitOver } from "./parts/guard.mjs";
import { profileFolder } from "./profile.mjs";
import { openConnections, startApp } from "./servers.mjs";
import { startRedis } from "./typescript.mjs";

const AT_ONCE = 8;

export async function printProfiles() {
  const redis = await startRedis();
  try {
    await printProfile("guard", {}, 8000, async (connections) =>
      visitOver(connections, "/guarded", await verified(connections[0])),
    );
    await printProfile("cycle", {}, 2500, (connections) => cycleOver(connections));
    const env = { STORE: "redis", COUNTERS_URL: redis.url };
    await printProfile("cycle over Redis", env, 1000, (connections) => cycleOver(connections));
  } finally {
    await redis.close();
  }
}

async function printProfile(name, env, count, actOver) {
  const folder = profileFolder();
  const app = await startApp("ours", { env, flags: folder.flags });
  try {
    const act = await actOver(await openConnections(app.port, AT_ONCE));
    await rateOf(act, { count, atOnce: AT_ONCE });
  } finally {
    await app.close();
  }
  const { places, functions } = folder.read();
  console.log(`\n${name}: share of the busy time, by package or file, then by function`);
  const own = places.filter(({ name: place }) => place.startsWith("lib/"));
  const ofOwn = own.reduce((sum, { share }) => sum + share, 0);
  const inAll = { name: `all ${own.length} files of this package together`, share: ofOwn };
  for (const { name: place, share } of [inAll, ...places.slice(0, 16), ...functions.slice(0, 12)]) {
    console.log(`${(share * 100).toFixed(1).padStart(6)} %  ${place}`);
  }
}
