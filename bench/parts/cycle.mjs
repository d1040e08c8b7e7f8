/** Part 2: a code asked for and answered, against the floor and against what people use instead. */

import { betterAuthCycleOver, cycleOver } from "../cycles.mjs";
import { interleave, median, ratio, rateOf } from "../measure.mjs";
import { openConnections, startApp } from "../servers.mjs";

const AT_ONCE = 8;

export async function measureCycle({ isQuick }) {
  const apps = await Promise.all(["ours", "floor", "better-auth"].map((kind) => startApp(kind)));
  try {
    const [ours, floor, other] = await Promise.all(
      apps.map(({ port }) => openConnections(port, AT_ONCE)),
    );
    const block = (app, act, count) => async () => {
      await app.ask("forget");
      return rateOf(act, { count, atOnce: AT_ONCE });
    };
    const blocks = (count) => ({
      ours: block(apps[0], cycleOver(ours), count),
      floor: block(apps[1], cycleOver(floor), count),
      least: block(apps[1], cycleOver(floor, "least"), count),
      betterAuth: block(apps[2], betterAuthCycleOver(other), count / 4),
    });
    await interleave(blocks(200), 2);
    const rates = await interleave(blocks(24), isQuick ? 15 : 50);
    return {
      overFloor: ratio(rates.ours, rates.floor),
      overLeast: ratio(rates.ours, rates.least),
      overBetterAuth: ratio(rates.ours, rates.betterAuth),
      perSecond: Object.fromEntries(
        Object.entries(rates).map(([name, values]) => [name, median(values)]),
      ),
    };
  } finally {
    await Promise.all(apps.map((app) => app.close()));
  }
}
