/** Says what a run has found, line by line, and counts the misses. */

import { settle } from "./accounts.mjs";
import { most } from "./fleet.mjs";
import { beyond, growthOf } from "./growth.mjs";

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** Prints it; the number of misses. */
export function print(found) {
  const misses = [];
  for (const part of [load, texts, memory, handles, processes]) {
    for (const { words, isMiss } of part(found)) {
      console.log(`${isMiss ? "MISS" : " ok "}  ${words}`);
      if (isMiss) misses.push(words);
    }
  }
  console.log(misses.length === 0 ? "Nothing missed." : `${misses.length} missed.`);
  return misses.length;
}

const line = (words, isMiss = false) => ({ words, isMiss });

function load({ given, plan, told, done, killed, events }) {
  const { calls, late, tally, breaches, answers, lost } = told;
  const strangers = lost.flatMap(([port, stories]) => (killed.includes(port) ? [] : stories));
  const sum = (of) => answers.reduce((all, [key, count]) => all + (of(key) ? count : 0), 0);
  const count = (type) => events.counts.get(type) ?? 0;
  return [
    line(
      `${given.seconds} s, seed ${given.seed}, counters in ${given.counters}, sessions in ${given.sessions}: ` +
        `${calls} requests in ${tally.acts} acts, ${done.length} of ${plan.faults.length} faults`,
    ),
    line(
      `${sum((key) => / 200/.test(key))} answered 200, ${sum((key) => / 503/.test(key))} 503, ` +
        `${sum((key) => / 502/.test(key))} 502, ${sum((key) => / 429/.test(key))} 429, ` +
        `${sum((key) => / 4(?!29)/.test(key))} another 4xx; ${late} later than stated`,
    ),
    line(
      `${tally.verified} right codes verified (${count("verified")} told), ${count("wrong_code")} wrong; ` +
        `${tally.changed} numbers changed, ${count("browser_recognised")} browsers recognised`,
    ),
    ...strangers.slice(0, 5).map((story) => line(`without an answer: ${story}`, true)),
    ...breaches.map(([kind, { count: times, story }]) =>
      line(`${kind}, ${times}×: ${story}`, true),
    ),
    ...(breaches.length + strangers.length === 0
      ? [
          line(
            "every answer in the contract; nobody in without a right code, everybody in at the end",
          ),
        ]
      : []),
  ];
}

function texts({ numbers, gateway, events, counters, mayBeLost }) {
  const settled = settle({ numbers, gateway, texts: events.texts, counters, mayBeLost });
  const of = settled.totals;
  return [
    line(
      `texts: ${of.asked} at the gateway = ${of.sent} sent + ${of.refused} refused, given back + ` +
        `${of.unclear} unclear, kept (${of.unread} of them it never read) + ${of.untold} untold by kills; ` +
        `${of.unseen} never left`,
    ),
    line(
      `booked: ${of.booked} = ${of.sent} sent + ${of.unclear} unclear + ${of.beyond} of kills ` +
        `(${of.mayBeLost} requests in hand at most); ${of.taken} taken by phones`,
    ),
    ...settled.misses.map((words) => line(words, true)),
  ];
}

function memory({ workers }) {
  return workers.flatMap(({ name, samples }) => {
    const growth = growthOf(samples);
    if (growth === undefined) return [];
    const { bytes, bound, requests, heap, rss, isFlat } = growth;
    const words =
      `${name}: heap ${heap.map(megabytes).join(" → ")} MB, by slope ${megabytes(bytes)} MB over ${requests} requests ` +
      `(${megabytes(bound)} at most); RSS ${rss.map(megabytes).join(" → ")} MB`;
    return [line(words, !isFlat)];
  });
}

function handles({ before, after }) {
  const allowed = most(before);
  const more = after.flatMap((held) => beyond(allowed, held));
  const told = Object.entries(allowed).map(([name, count]) => `${name} ${count}`);
  return more.length === 0
    ? [line(`held at rest as at the start: ${told.join(", ")}`)]
    : [line(`held at rest beyond the start: ${more.join(", ")}`, true)];
}

function processes({ exits, events, workers }) {
  const unclean = exits.filter((code) => code !== 0);
  return [
    line(
      `${workers.length} processes, ${exits.length} ended cleanly, with codes ${exits.join(" ")}`,
      unclean.length > 0,
    ),
    line(`the app told its developer of: ${events.faults.sort().join(", ") || "nothing"}`),
    ...[...new Set(events.wrong)].slice(0, 10).map((words) => line(words, true)),
    ...(events.wrong.length === 0
      ? [line("no unhandled rejection, no uncaught exception, no warning of Node.js")]
      : []),
  ];
}
