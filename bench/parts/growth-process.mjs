/** A process with so many challenges open, told by its argument, that times answers when it is asked. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fakeRequest, makeTwoFactor } from "../in-process.mjs";
import { load, ROOT } from "../subject.mjs";

const ANSWERS = 100;
const open = Number(process.argv[2]);

// The engine that the package makes for itself, shared with this file.
const isApart = existsSync(join(ROOT, "dist", "memory-engine.js"));
const engines = load(isApart ? "memory-engine.js" : "engine.js");
const engine = engines.memoryEngine();
engines.memoryEngine = () => engine;
const { two, codeOf } = makeTwoFactor(load());

const keys = await keysOfOneChallenge();
const own = keys.filter(({ name }) => !/^(?:country|all|day)/.test(name));
globalThis.gc();
const before = process.memoryUsage().heapUsed;
let longestPauseMs = 0;
for (let each = 1; each < open; each += 1) {
  const id = uniqueId(each);
  const start = performance.now();
  for (const { name, window } of own) {
    await engine.penalty(`${name}:${id}`, 1, { customDuration: window });
  }
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
    await two.request(req, {});
    const start = performance.now();
    const answered = await two.validate(req, { auth_code: codeOf(phone) });
    ms += performance.now() - start;
    if (!answered.ok) throw new Error(answered.code);
  }
  process.send((ms * 1000) / ANSWERS);
});
process.once("disconnect", () => process.exit());

/** The counters that one request for a code leaves behind. */
async function keysOfOneChallenge() {
  const { penalty } = engine;
  const taken = [];
  engine.penalty = (key, points, options) => {
    taken.push({ name: key.slice(0, key.indexOf(":")), window: options.customDuration });
    return penalty.call(engine, key, points, options);
  };
  await two.request(fakeRequest("nobody", "+14152999999"), {});
  delete engine.penalty;
  return taken;
}

/** 22 letters, as names and ids in keys have, spread like theirs. */
function uniqueId(number) {
  const mixed = ((number * 2_654_435_761) >>> 0).toString(36).padStart(7, "0");
  return `${mixed}${mixed}${mixed}k`;
}
