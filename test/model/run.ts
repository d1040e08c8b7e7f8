/** Runs random sequences of commands against the model, and says how to see one again that fails. */

import fc from "fast-check";
import type { Command } from "./command";
import { Past } from "./past";
import { begin, BEGINNINGS, COMMANDS, MUCH, rescue, VISITORS } from "./sequences";
import { World, type Workers } from "./world";

/** How many runs, and which. */
interface Plan {
  runs: number;
  seed: number;
  /** Of a sequence that failed: fast-check's `path` and `replayPath`, with a blank between. */
  replay: string | undefined;
}

const LONGEST_SEQUENCE = 30;

/** As `RUNS`, `SEED` and `REPLAY` have it; without them always the same. */
export function planFrom({ RUNS, SEED, REPLAY }: NodeJS.ProcessEnv, runs: number): Plan {
  const seed = RUNS === undefined ? 1 : Math.trunc(Math.random() * 2 ** 31);
  return { runs: Number(RUNS ?? runs), seed: Number(SEED ?? seed), replay: REPLAY };
}

/** What bounds a test is that it ends, on a busy machine and by hand. */
export function longest({ runs }: Plan): number {
  return 600_000 + runs * 1000;
}

/** Resolves once all of them hold; rejects with the shortest sequence that does not. */
export async function runModel(workers: Workers, plan: Plan): Promise<void> {
  const { runs, seed } = plan;
  const [path, replayPath] = plan.replay?.split(" ") ?? [];
  const begun = performance.now();
  const done = { commands: 0, requests: 0 };
  const run = async (beginning: string, commands: Iterable<Command>) => {
    await workers.begin();
    const [past, world] = [new Past(), new World(workers, VISITORS)];
    await begin(past, world);
    for (const each of beginning === "much" ? MUCH : []) await each.run(past, world);
    await fc.asyncModelRun(() => ({ model: past, real: world }), commands);
    await rescue(past, world);
    done.commands += past.commands;
    done.requests += world.calls;
  };
  const sequences = fc.commands<Past, World, false>([COMMANDS], {
    maxCommands: LONGEST_SEQUENCE,
    size: "max",
    ...(replayPath !== undefined && { replayPath }),
  });
  const told = await fc.check(fc.asyncProperty(BEGINNINGS, sequences, run), {
    numRuns: runs,
    seed,
    ...(path !== undefined && { path }),
  });
  const seconds = Math.round((performance.now() - begun) / 1000);
  const { commands, requests } = done;
  const did = `seed ${seed}: ${told.numRuns} runs, ${commands} commands, ${requests} requests, ${seconds} s`;
  if (!told.failed) {
    if (process.env["RUNS"] !== undefined) process.stderr.write(`${did}\n`);
    return;
  }
  const message = (await fc.asyncDefaultReportMessage(told)) ?? did;
  const again = /replayPath="(.*?)"/.exec(message)?.[1] ?? "";
  const how = `RUNS=${runs} SEED=${seed} REPLAY="${told.counterexamplePath ?? ""} ${again}"`;
  throw new Error(`${message}\n\nAgain: ${how}`, { cause: told.errorInstance });
}
