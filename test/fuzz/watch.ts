/** Watches the thread that works: an input that it does not come back from is named, and gone on behind. */

import { parseArgs } from "node:util";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { SharedPlace, type Place, type Task, type Told } from "./progress";

const MILLION = 1_000_000;
const POLL_MS = 250;
/** Processor time of one input, so that a busy machine is no hang. */
const LONGEST_CPU_MS = 3000;
/** Time by the clock: what waits for nothing uses no processor. */
const LONGEST_MS = 180_000;
const MOST_FAULTS = 5;

const HELP = `Usage: npm run fuzz -- [options]

  --count <n>      Inputs in all, shared out among the targets (default 1000000; FUZZ_COUNT)
  --seed <n>       Seed of all inputs (default 1; FUZZ_SEED)
  --target <name>  This target alone; all inputs are its
  --index <n>      With --target: this one input of it alone
`;

type Wish = Pick<Task, "list" | "count" | "seed" | "only" | "index">;

interface Sums {
  inputs: number;
  seconds: number;
  slowest: number;
  faults: number;
}

/** Runs the command, and ends the process with 1 where there was a fault. */
export async function main(words: string[], script: string): Promise<void> {
  const wish = readWish(words);
  if (wish === undefined) {
    process.stdout.write(HELP);
    return;
  }
  const sums = new Map<string, Sums>();
  const given = { ...wish, mostFaults: MOST_FAULTS, place: SharedPlace.memory() };
  let end = await watch(script, { ...given, stopped: undefined }, sums);
  while (end !== undefined) {
    const { place, why } = end;
    // It has not even begun.
    if (place === undefined) throw new Error(why);
    end = await watch(script, { ...given, stopped: place }, sums, why);
  }
  process.exitCode = summarise(sums, wish.seed) === 0 ? 0 : 1;
}

function readWish(words: string[]): Wish | undefined {
  const { values } = parseArgs({
    args: words,
    options: {
      count: { type: "string", default: process.env["FUZZ_COUNT"] ?? String(MILLION) },
      seed: { type: "string", default: process.env["FUZZ_SEED"] ?? "1" },
      target: { type: "string" },
      index: { type: "string" },
      list: { type: "string", default: join(__dirname, "targets.ts") },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) return undefined;
  const [count, seed] = [Number(values.count), Number(values.seed)];
  if (!Number.isSafeInteger(count) || count < 0 || !Number.isSafeInteger(seed)) return undefined;
  const { list, target: only } = values;
  const index = values.index === undefined ? undefined : Number(values.index);
  return { list, count, seed, only, index };
}

interface End {
  /** Absent where no input was tried just then. */
  place: Place | undefined;
  why: string;
}

/** Watches one thread; gives where it was ended and why, or nothing once it has done all. */
function watch(
  script: string,
  task: Task,
  sums: Map<string, Sums>,
  whyStopped = "",
): Promise<End | undefined> {
  const worker = new Worker(script, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: 2048 },
  });
  const shared = new SharedPlace(task.place);
  shared.clear();
  return new Promise((resolve) => {
    let why: string | undefined;
    const stop = (reason: string): void => {
      why ??= reason;
      void worker.terminate();
    };
    const timer = watchPlace(shared, stop);
    worker.on("message", (told: Told) => {
      note(told, { task, sums, whyStopped });
    });
    worker.on("error", (error: Error) => {
      why ??= `The process would have ended: ${error.stack ?? error.message}`;
    });
    worker.on("exit", (code) => {
      clearInterval(timer);
      const reason = why ?? (code === 0 ? undefined : `The process would have ended with ${code}.`);
      const place = shared.isClear ? undefined : shared.get();
      resolve(reason === undefined ? undefined : { place, why: reason });
    });
  });
}

/** Calls `stop` where one input takes too long. */
function watchPlace(shared: SharedPlace, stop: (why: string) => void): NodeJS.Timeout {
  let last = { ...shared.get(), cpu: process.cpuUsage(), at: performance.now() };
  return setInterval(() => {
    const { target, index } = shared.get();
    const { user, system } = process.cpuUsage(last.cpu);
    if (shared.isClear || target !== last.target || index !== last.index) {
      last = { target, index, cpu: process.cpuUsage(), at: performance.now() };
    } else if (user + system > LONGEST_CPU_MS * 1000) {
      stop(`Hangs: more than ${LONGEST_CPU_MS / 1000} s of the processor.`);
    } else if (performance.now() - last.at > LONGEST_MS) {
      stop(`Hangs: no end within ${LONGEST_MS / 1000} s.`);
    }
  }, POLL_MS);
}

function note(
  told: Told,
  { task, sums, whyStopped }: { task: Task; sums: Map<string, Sums>; whyStopped: string },
): void {
  const { target: name } = told;
  const sum = sums.get(name) ?? { inputs: 0, seconds: 0, slowest: 0, faults: 0 };
  sums.set(name, sum);
  if (told.kind === "done") {
    sum.inputs += told.inputs;
    sum.seconds += told.seconds;
    sum.slowest = Math.max(sum.slowest, told.slowest);
    return;
  }
  sum.faults += 1;
  const what = told.kind === "fault" ? told.what : whyStopped;
  const replay = `npm run fuzz -- --seed ${task.seed} --target ${name} --index=${told.index}`;
  process.stdout.write(`FAULT in ${name}: ${what}\n  input:  ${told.input}\n  replay: ${replay}\n`);
}

/** Prints what was tried, and gives how many faults there were. */
function summarise(sums: Map<string, Sums>, seed: number): number {
  const row = (cells: readonly string[]): string =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(20) : cell.padStart(12))).join("") + "\n";
  process.stdout.write(row(["target", "inputs", "seconds", "slowest ms", "faults"]));
  const all = { inputs: 0, seconds: 0, slowest: 0, faults: 0 };
  for (const [name, { inputs, seconds, slowest, faults }] of sums) {
    process.stdout.write(
      row([name, String(inputs), seconds.toFixed(1), slowest.toFixed(1), String(faults)]),
    );
    all.inputs += inputs;
    all.seconds += seconds;
    all.faults += faults;
  }
  process.stdout.write(
    `${all.inputs} inputs in ${all.seconds.toFixed(0)} s, ${all.faults} faults (seed ${seed}).\n`,
  );
  return all.faults;
}
