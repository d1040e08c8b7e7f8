/** The four processes of the app: replaced when they are made to end, sampled while they run, measured at rest. */

import { setTimeout as pause } from "node:timers/promises";
import { beyond, heldIn } from "./growth.mjs";
import { startWorker } from "./workers.mjs";

const SIZE = 4;
// Pools, kept connections and what is undone behind the last answer end within seconds; a busy machine adds to it.
const LONGEST_REST_MS = 60_000;
const SHORTEST_REST_MS = 4000;

export class Fleet {
  #env;
  #folder;
  #load;
  #workers = [];
  #turns = 0;
  #isSampled = false;
  /** Each process that there ever was. */
  all = [];
  /** Ports of those that were killed. */
  killed = [];
  /** Requests that they may have had in their hands. */
  mayBeLost = 0;
  ends = [];

  constructor(env, folder, load) {
    this.#env = env;
    this.#folder = folder;
    this.#load = load;
  }

  async start() {
    for (let each = 0; each < SIZE; each += 1) this.#workers.push(await this.#startOne());
    await this.#tellPorts();
  }

  /** Kills one at once, or ends one cleanly, and starts another in its place; the first two live to the end. */
  async fail(fault) {
    const place = 2 + (this.#turns++ % 2);
    const [worker] = this.#workers.splice(place, 1);
    if (fault === "SIGKILL") {
      await worker.kill();
      this.killed.push(worker.port);
      await this.#tellPorts();
      this.mayBeLost += await this.#load.ask("hadIn", { port: worker.port });
    } else {
      await this.#tellPorts();
      this.ends.push(await worker.end());
    }
    this.#workers.splice(place, 0, await this.#startOne());
    await this.#tellPorts();
  }

  /** Measures all now and then; the function that it gives ends that. */
  sample(seconds) {
    const everyMs = Math.max(1000, Math.min(5000, (seconds * 1000) / 60));
    this.#isSampled = true;
    const sampling = (async () => {
      while (this.#isSampled) {
        for (const worker of [...this.#workers]) {
          const sample = await worker.measure().catch(() => undefined);
          if (sample !== undefined) worker.samples.push(sample);
        }
        await pause(everyMs);
      }
    })();
    return async () => {
      this.#isSampled = false;
      await sampling;
    };
  }

  /**
   * What each holds at rest: once that stays the same, or, with a measure from `before`, once nothing is held beyond
   * it. Gives what is then, whatever it is, after a minute.
   */
  async quiet(signal, before) {
    const end = performance.now() + LONGEST_REST_MS;
    const allowed = before && most(before);
    await pause(SHORTEST_REST_MS, undefined, { signal });
    let last = await this.#held();
    for (;;) {
      await pause(1000, undefined, { signal });
      const next = await this.#held();
      const isQuiet = allowed
        ? next.every((held) => beyond(allowed, held).length === 0)
        : JSON.stringify(last) === JSON.stringify(next);
      if (isQuiet || performance.now() > end) return next;
      last = next;
    }
  }

  async #held() {
    const all = [];
    for (const worker of this.#workers) all.push(heldIn(await worker.measure()));
    return all;
  }

  /** Ends all cleanly; their exit codes, and those of the ones that ended before. */
  async end() {
    const last = await Promise.all(this.#workers.splice(0).map((worker) => worker.end()));
    return [...this.ends, ...last];
  }

  async close() {
    this.#isSampled = false;
    await Promise.all(this.#workers.map((worker) => worker.kill()));
  }

  async #startOne() {
    const worker = await startWorker(this.#env, this.#folder);
    this.all.push(worker);
    return worker;
  }

  /** Resolves once the load calls these and no other. */
  #tellPorts() {
    return this.#load.ask("ports", { ports: this.#workers.map(({ port }) => port) });
  }
}

/** The most that any of them holds of each. */
export function most(all) {
  const allowed = {};
  for (const held of all) {
    for (const [name, count] of Object.entries(held)) {
      allowed[name] = Math.max(allowed[name] ?? 0, count);
    }
  }
  return allowed;
}
