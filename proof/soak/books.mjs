/** The books of a run: what the app told in events, and what its counters hold at the end. */

import { readFileSync } from "node:fs";
import { load } from "../../bench/subject.mjs";
import { NAMESPACE, SECRET } from "./app.mjs";
import { openCounters } from "./app-stores.mjs";

const { CounterNames, spaceOf } = load("limits/counter-names.js");
const { readKeys } = load("crypto/keys.js");
const { peek } = load("ledger/ledger.js");
const { lineOf } = load("phone/phone.js");

/** What the app tells of a text of which it can't know whether it left. */
const UNCLEAR = new Set(["timeout", "connection_lost", "gateway_error", "bad_answer"]);
/** What it tells of a text that no gateway ever saw. */
const UNSEEN = new Set(["busy", "unreachable"]);

/**
 * The events of all processes: by number what became of its texts, and all that should not have been. `refused` is a
 * text that the gateway surely refused; of it stays counted that it was asked for, but of the `throttled`.
 */
export function readEvents(files, people) {
  const numberOf = new Map();
  for (const { id, phone, spare } of people) {
    for (const number of [phone, spare]) numberOf.set(`${id} ${number.slice(-2)}`, number);
  }
  const texts = new Map();
  const counts = new Map();
  const wrong = [];
  const faults = new Set();
  for (const event of files.flatMap(linesOf)) {
    counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
    if (event.type === "wrong") wrong.push(`${event.kind}: ${event.what}`);
    if (event.type === "fault") faults.add(event.reason);
    const kind = kindOf(event);
    if (kind === undefined) continue;
    const number = numberOf.get(`${event.subject} ${event.phone?.slice(-2)}`);
    const page = texts.get(number) ?? { sent: 0, unclear: 0, refused: 0, throttled: 0, unseen: 0 };
    page[kind] += 1;
    texts.set(number, page);
  }
  return { texts, counts, wrong, faults: [...faults] };
}

function linesOf(file) {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

function kindOf({ type, code, reason }) {
  if (type === "sent") return "sent";
  if (type !== "send_failed") return undefined;
  if (UNCLEAR.has(reason)) return "unclear";
  if (UNSEEN.has(reason)) return "unseen";
  return code === "unavailable" ? "throttled" : "refused";
}

/** What the counters hold: the day's texts in all, and by number. */
export async function readCounters(kind, url, numbers) {
  const names = new CounterNames(readKeys([SECRET]), NAMESPACE, true);
  const { counters, close } = await openCounters(kind, url);
  let steps = 0;
  const read = async (entries) => {
    const id = `soak${(steps += 1)}`;
    const space = spaceOf(NAMESPACE);
    const step = { id, space, record: "", mode: "any", life: 1000, entries };
    const { counts } = await counters.step(step);
    return counts.reduce((sum, { count }) => sum + count, 0);
  };
  try {
    const day = await read([peek(names.of("day"), "day")]);
    const ofNumbers = new Map();
    for (const number of numbers) {
      const scopes = ["number", "named-number"].map((of) => names.of(of, lineOf(number)));
      ofNumbers.set(number, await read(scopes.map((scope) => peek(scope, "number-day"))));
    }
    return { day, ofNumbers };
  } finally {
    await close();
  }
}
