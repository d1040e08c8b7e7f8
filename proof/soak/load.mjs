/** The process that makes the load: users who act side by side, by a seed, as its parent says. */

import process from "node:process";
import * as acts from "./acts.mjs";
import { Browser } from "./browser.mjs";
import { Caller } from "./caller.mjs";
import { Inbox } from "./inbox.mjs";
import * as moreActs from "./more-acts.mjs";
import { peopleOf } from "./people.mjs";
import { expectIn, prove, signedIn, WAITS } from "./proving.mjs";
import { oneOf, randomFrom } from "./random.mjs";
import { report } from "./reports.mjs";

// As many acts go on at once, each over users of its own.
const ACTORS = 24;
const ACTS = [...Object.values(acts), ...Object.values(moreActs), acts.plain, acts.plain];
// For everybody to get in at the end, through all windows that may still be full.
const LONGEST_END_MS = 240_000;

const { SEED, RATE, PEOPLE } = process.env;
const people = peopleOf(Number(PEOPLE));
const caller = new Caller(Number(RATE));
const inbox = new Inbox();
const tally = { verified: 0, changed: 0, acts: 0 };
const random = randomFrom(Number(SEED));
let phase = "rest";
let running = [];
const reports = new Set();
const pauses = new Set();

const at = {
  caller,
  inbox,
  tally,
  random,
  longestWait: WAITS.usual,
  isOver: () => phase === "rest",
  stranger: (user) => new Browser(caller, user),
  /** Waits, but not beyond the load's own end; whether it waited for so long. */
  pause: (ms) =>
    new Promise((resolve) => {
      const wake = (isWhole) => {
        clearTimeout(timer);
        pauses.delete(wake);
        resolve(isWhole);
      };
      const timer = setTimeout(wake, ms, true);
      pauses.add(wake);
      if (phase === "rest") wake(false);
    }),
};

async function run(actor) {
  const own = people.filter((_, index) => index % ACTORS === actor);
  while (phase === "run") {
    const user = oneOf(random, own);
    const other = own.find((each) => each !== user);
    tally.acts += 1;
    await oneOf(random, ACTS)(at, user, other);
  }
}

async function rest() {
  phase = "rest";
  for (const wake of [...pauses]) wake(false);
  await Promise.all(running);
  while (reports.size > 0) await Promise.all(reports);
  caller.hangUp();
}

/** Everybody gets in once more, in the time that the limits ask for. */
async function letEverybodyIn() {
  phase = "end";
  at.longestWait = WAITS.atTheEnd;
  const end = performance.now() + LONGEST_END_MS;
  const getIn = async (user) => {
    while (performance.now() < end) {
      const browser = await signedIn(at, user);
      if (browser && (await prove(at, browser)) && (await expectIn(at, browser, "account"))) return;
      await at.pause(2000);
    }
    caller.tell("locked out at the end", user.id);
  };
  await Promise.all(people.map(getIn));
}

const answers = {
  ports: ({ ports }) => {
    caller.ports = ports;
  },
  text: ({ message }) => {
    inbox.put(message);
    if (phase === "rest") return;
    const told = report(at, message).finally(() => reports.delete(told));
    reports.add(told);
  },
  run: () => {
    phase = "run";
    running = Array.from({ length: ACTORS }, (_, actor) =>
      run(actor).catch((error) => caller.tell("the load itself", error.stack)),
    );
  },
  rest,
  end: async () => {
    await letEverybodyIn();
    await rest();
  },
  hadIn: ({ port }) => caller.hadIn(port),
  tell: () => ({
    calls: caller.calls,
    late: caller.late,
    lost: caller.lost,
    tally,
    answers: [...caller.answers],
    breaches: [...caller.breaches],
  }),
};

process.on("message", async ({ id, ask, ...given }) => {
  const told = await answers[ask](given);
  if (id !== undefined) process.send({ id, told });
});
process.once("disconnect", () => process.exit());
