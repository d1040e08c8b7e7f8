/** Random sequences against the model, over two instances of an app that share their stores alone, with a clock that is set. */

import session from "express-session";
import { createServer, type Server } from "node:http";
import { promisify } from "node:util";
import type { CounterStore, Message, RecordStore } from "../../lib";
import { memoryRecords, twoFactor, TwoFactorError } from "../../lib";
import { memoryLedger } from "../../lib/ledger/memory";
import { fakeDate, pass } from "../fakes/clock";
import { listen } from "../fakes/listening";
import { OPTIONS } from "./limits";
import { longest, planFrom, runModel } from "./run";
import { hangUp, type Mood, type Text, type Workers } from "./world";

interface AppFile {
  makeApp: (parts: {
    twoFactor: typeof twoFactor;
    TwoFactorError: typeof TwoFactorError;
    options: typeof OPTIONS;
    store: session.Store;
    records: RecordStore;
    numberOf: (user: string) => string | undefined;
  }) => { app: Parameters<typeof createServer>[1] & {}; close: () => Promise<void> };
}
const { makeApp } = jest.requireActual<AppFile>("./app.js");

const plan = planFrom(process.env, 1900);
const BEGIN = Date.UTC(2026, 0, 1);

const servers: Server[] = [];
afterAll(() => {
  hangUp();
  for (const server of servers) server.close();
});

/** Deadlines of stores, which a busy machine would miss, come a hundred times as late. */
function patient(timer: typeof setTimeout): typeof setTimeout {
  const late = (act: (...given: unknown[]) => void, ms = 0, ...rest: unknown[]) =>
    timer(act, ms >= 1000 && ms <= 10_000 ? ms * 100 : ms, ...rest);
  return Object.assign(late as typeof setTimeout, timer);
}

/** Two apps in this process, which share what two processes would. */
async function startApps(): Promise<Workers> {
  let ledger = memoryLedger();
  const numbers = new Map<string, string>();
  const texts: Text[] = [];
  let mood: Mood = "takes";
  // Of every answer a turn of the loop lies between, so that parallel requests meet.
  const counters: CounterStore = {
    step: async (step) => {
      await new Promise(setImmediate);
      return ledger.step(step);
    },
  };
  let kept = memoryRecords();
  const records = new Proxy<RecordStore>(kept, {
    get:
      (_, name) =>
      async (...given: unknown[]) => {
        await new Promise(setImmediate);
        const method = Reflect.get(kept, name) as (...given: unknown[]) => unknown;
        return method.apply(kept, given);
      },
  });
  const store = new session.MemoryStore();
  const sender = (message: Message) => {
    if (mood === "refuses") throw new TwoFactorError("delivery_failed", "No.");
    if (mood === "is down") throw new TwoFactorError("unavailable", "No.");
    texts.push(message);
    if (mood === "is unsure") {
      throw new TwoFactorError("delivery_failed", "Perhaps.", { mayStillArrive: true });
    }
  };
  const options = { ...OPTIONS, counters, sender, onEvent: () => undefined };
  const start = async () => {
    const parts = { twoFactor, TwoFactorError, options, store, records };
    const { app } = makeApp({ ...parts, numberOf: (user) => numbers.get(user) });
    const server = createServer(app);
    servers.push(server);
    return listen(server);
  };
  const ports = [await start(), await start()];
  return {
    ports,
    headers: {},
    begin: async () => {
      ledger = memoryLedger();
      kept = memoryRecords();
      numbers.clear();
      texts.length = 0;
      jest.setSystemTime(BEGIN);
      await promisify(store.clear.bind(store))();
    },
    now: () => Date.now(),
    move: pass,
    setNumber: (user, number) => numbers.set(user, number),
    setMood: (next) => (mood = next),
    takeTexts: () => texts.splice(0),
  };
}

test(
  `${plan.runs} sequences verify nobody wrongly, lock nobody out for ever, and keep every budget (R5)`,
  async () => {
    fakeDate();
    globalThis.setTimeout = patient(setTimeout);
    await runModel(await startApps(), plan);
  },
  longest(plan),
);
