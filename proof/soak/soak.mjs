/** One run: starts all, lets the plan go its way, brings all to rest, and gathers what was found. */

import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { temporaryFolder } from "../../bench/typescript.mjs";
import { prepareSessions } from "./app-stores.mjs";
import { readCounters, readEvents } from "./books.mjs";
import { Fleet } from "./fleet.mjs";
import { GATEWAY_FAULTS, startGateway } from "./gateway.mjs";
import { startLoad } from "./load-process.mjs";
import { numbersOf, peopleOf } from "./people.mjs";
import { planOf } from "./plan.mjs";
import { randomFrom } from "./random.mjs";
import { startStore } from "./stores.mjs";

const PEOPLE = 72;

/** Runs it; nothing where it was stopped. All that it starts has ended when it resolves. */
export async function soak(given, signal) {
  const closing = [];
  const opened = (thing) => {
    closing.unshift(() => thing.close());
    return thing;
  };
  try {
    return await soakWith(given, signal, opened);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    for (const close of closing) await close().catch((error) => console.error(error));
  }
}

async function soakWith(given, signal, opened) {
  const random = randomFrom(given.seed);
  const folder = temporaryFolder();
  opened({ close: async () => folder.remove() });
  const counters = opened(await startStore(given.counters));
  const sessions = opened(await startStore(given.sessions));
  await prepareSessions(sessions.kind, sessions.ownUrl);
  const load = opened(startLoad({ SEED: given.seed, RATE: given.rate, PEOPLE }, signal));
  const gateway = opened(await startGateway(random, (message) => load.say("text", { message })));
  const env = {
    COUNTERS: counters.kind,
    COUNTERS_URL: counters.url,
    SESSIONS: sessions.kind,
    SESSIONS_URL: sessions.url,
    GATEWAY_URL: gateway.url,
    BREAK: given.break ?? "",
  };
  const fleet = opened(new Fleet(env, folder.path, load));
  await fleet.start();

  const plan = planOf(given.seconds, random, GATEWAY_FAULTS);
  const targets = { counters, sessions, gateway };
  const atRest = await driven({ given, plan, targets, fleet, load, gateway, signal });

  const told = await load.ask("tell");
  const exits = await fleet.end();
  const people = peopleOf(PEOPLE);
  const numbers = numbersOf(people);
  return {
    given,
    plan,
    told,
    exits,
    ...atRest,
    workers: fleet.all,
    mayBeLost: fleet.mayBeLost,
    killed: fleet.killed,
    numbers,
    gateway: gateway.book,
    events: readEvents(
      fleet.all.map(({ book }) => book),
      people,
    ),
    counters: await readCounters(counters.kind, counters.ownUrl, numbers),
  };
}

const started = performance.now();
const say = (phase) =>
  process.stderr.write(`${Math.round((performance.now() - started) / 1000)} s: ${phase}\n`);

/** The warm-up, a first rest, the faults, the calm, everybody once more, and the last rest. */
async function driven({ given, plan, targets, fleet, load, gateway, signal }) {
  const wait = (seconds) => pause(Math.max(0, seconds) * 1000, undefined, { signal });
  const rest = async () => {
    await load.ask("rest");
    await gateway.hangUp();
  };
  say("warm-up");
  load.say("run");
  await wait(plan.from);
  await rest();
  say("at rest for the first time");
  const before = await fleet.quiet(signal);
  load.say("run");
  say(`${plan.faults.length} faults`);
  const begun = performance.now() - plan.from * 1000;
  const until = (at) => wait(at - (performance.now() - begun) / 1000);
  const stopSampling = fleet.sample(given.seconds);
  const isGateways = ({ target }) => target === "gateway";
  const done = [];
  const track = async (faults) => {
    for (const { target, fault, at, lasts } of faults) {
      await until(at);
      // On a slow machine a restart takes long: what is left of the plan then falls out, the calm does not.
      if (performance.now() - begun > plan.until * 1000) return;
      if (target === "worker") await fleet.fail(fault);
      else {
        await targets[target].begin(fault);
        await wait(lasts);
        await targets[target].end(fault);
      }
      done.push(`${target} ${fault}`);
    }
  };
  // Both to their end: one that failed leaves no server behind that the other is starting.
  const tracks = await Promise.allSettled([
    track(plan.faults.filter(isGateways)),
    track(plan.faults.filter((each) => !isGateways(each))),
  ]);
  const failed = tracks.find(({ status }) => status === "rejected");
  if (failed !== undefined) throw failed.reason;
  say("calm");
  await until(given.seconds);
  await stopSampling();
  await rest();
  say("everybody once more");
  await load.ask("end");
  await gateway.hangUp();
  say("at rest for the last time");
  const after = await fleet.quiet(signal, before);
  return { before, after, done };
}
