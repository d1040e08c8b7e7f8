/** Works through the inputs of all targets in a thread of its own, and tells each fault. */

import { parentPort, workerData } from "node:worker_threads";
import { Inputs } from "./inputs";
import { SharedPlace, type Task, type Told } from "./progress";
import type { Target } from "./target";

const ANSWER_MS = 60_000;

function tell(told: Told): void {
  parentPort?.postMessage(told);
}

/** Tries all targets that have a count. */
export async function main(): Promise<void> {
  const task = workerData as Task;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which list, the command says
  const { TARGETS } = require(task.list) as { TARGETS: readonly Target[] };
  const place = new SharedPlace(task.place);
  process.on("unhandledRejection", (reason) => {
    throw reason instanceof Error ? reason : new Error(String(reason));
  });
  for (const round of roundsOf(TARGETS, task)) await run(round, task, place);
}

/** A target, and how many inputs it is given. */
interface Round {
  at: number;
  target: Target;
  count: number;
}

function roundsOf(targets: readonly Target[], { count, only, index, stopped }: Task): Round[] {
  const chosen = targets.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) {
    const names = targets.map(({ name }) => name).join(", ");
    throw new Error(`Expected --target to be one of ${names}.`);
  }
  const all = chosen.reduce((sum, { share }) => sum + share, 0);
  return chosen
    .map((target) => ({
      at: targets.indexOf(target),
      target,
      count: index === undefined ? Math.ceil((count * target.share) / all) : index + 1,
    }))
    .filter(({ at }) => at >= (stopped?.target ?? 0));
}

async function run({ at, target, count }: Round, task: Task, place: SharedPlace): Promise<void> {
  const inputs = new Inputs(target, task.seed);
  let index = task.index ?? inputs.first;
  if (task.stopped?.target === at) {
    index = task.stopped.index;
    const input = JSON.stringify(inputs.at(index));
    tell({ kind: "stopped", target: target.name, index, input });
    index += 1;
  }
  const from = index;
  place.clear();
  await target.open?.();
  const began = performance.now();
  let faults = 0;
  let slowest = 0;
  for (; index < count && faults < task.mostFaults; index += 1) {
    place.set({ target: at, index });
    const input = inputs.at(index) as never;
    const started = performance.now();
    const what = await faultIn(target, input);
    slowest = Math.max(slowest, performance.now() - started);
    if (what === undefined) continue;
    faults += 1;
    tell({ kind: "fault", target: target.name, index, input: JSON.stringify(input), what });
  }
  place.clear();
  const seconds = (performance.now() - began) / 1000;
  await target.close?.();
  tell({ kind: "done", target: target.name, inputs: index - from, seconds, slowest });
}

/** What does not hold, if something does not. Awaits only what is a promise: most is none. */
async function faultIn(target: Target, input: never): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const going = target.check(input);
    if (going === undefined) return undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`No end within ${ANSWER_MS / 1000} s.`));
      }, ANSWER_MS);
    });
    await Promise.race([going, late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : `thrown: ${String(error)}`;
  } finally {
    clearTimeout(timer);
  }
}
