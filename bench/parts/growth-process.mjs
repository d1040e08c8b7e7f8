/** A process with so many challenges open, told by its argument, that times answers when it is asked. */

import process from "node:process";
import { fakeRequest, makeTwoFactor } from "../in-process.mjs";
import { load } from "../subject.mjs";

const ANSWERS = 100;
const open = Number(process.argv[2]);

// The ledger that the package makes for itself, shared with this file.
const memory = load("ledger/memory.js");
const ledger = memory.memoryLedger();
memory.memoryLedger = () => ledger;
const { two, codeOf } = makeTwoFactor(load());

const pattern = await stepOfOneChallenge();
const own = pattern.entries.filter(({ op, scope }) => op === "take" && !isBroad(scope));
globalThis.gc();
const before = process.memoryUsage().heapUsed;
let longestPauseMs = 0;
for (let each = 1; each < open; each += 1) {
  const step = likePattern(uniqueId(each));
  const start = performance.now();
  ledger.step(step);
  longestPauseMs = Math.max(longestPauseMs, performance.now() - start);
}
globalThis.gc();
const bytes = process.memoryUsage().heapUsed - before;
process.send({ bytesPerChallenge: bytes / open, keysPerChallenge: own.length, longestPauseMs });

let people = 0;
process.on("message", async () => {
  let ms = 0;
  for (let each = 0; each < ANSWERS; each += 1) {
    people += 1;
    const phone = `+1415${2_000_000 + people}`;
    const req = fakeRequest(`user-${people}`, phone);
    const asked = await two.request(req, {});
    if (!asked.ok) throw new Error(JSON.stringify(asked));
    const start = performance.now();
    const answered = await two.validate(req, { auth_code: codeOf(phone) });
    ms += performance.now() - start;
    if (!answered.ok) throw new Error(answered.code);
  }
  process.send((ms * 1000) / ANSWERS);
});
process.once("disconnect", () => process.exit());

/** The step that one request for a code is. */
async function stepOfOneChallenge() {
  const { step } = ledger;
  let asked;
  ledger.step = (given) => {
    asked = given;
    return step.call(ledger, given);
  };
  await two.request(fakeRequest("nobody-in-particular", "+14152999999"), {});
  delete ledger.step;
  return asked;
}

function isBroad(scope) {
  return /^(?:country|all|day):/.test(scope);
}

/** The same step of somebody else. */
function likePattern(id) {
  const nameOf = (scope) => (isBroad(scope) ? scope : scope.slice(0, -9) + id.slice(0, 9));
  const record = nameOf(pattern.record);
  const entries = pattern.entries.map((entry) => ({ ...entry, scope: nameOf(entry.scope) }));
  return { ...pattern, id: id.slice(0, 12), record, entries };
}

/** 22 letters, as names and ids in keys have, spread like theirs. */
function uniqueId(number) {
  const mixed = ((number * 2_654_435_761) >>> 0).toString(36).padStart(7, "0");
  return `${mixed}${mixed}${mixed}k`;
}
