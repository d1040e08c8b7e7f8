/** A process that calls the guard without HTTP, and prints what one call takes in nanoseconds and bytes. */

import process from "node:process";
import { median, timeOf } from "../measure.mjs";
import { fakeRequest, makeTwoFactor } from "../in-process.mjs";
import { load } from "../subject.mjs";

const { two, codeOf } = makeTwoFactor(load());
const CALLS = 1000;

const req = fakeRequest("user-1", "+14152000001");
await two.request(req, {});
await two.validate(req, { auth_code: codeOf("+14152000001") });

const guard = two.require2fa();
const res = { setHeader: () => undefined };
const call = () =>
  new Promise((resolve, reject) => {
    guard(req, res, (error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
const nothing = () =>
  new Promise((resolve) => {
    Promise.resolve().then(resolve);
  });
const many = (act) => async () => {
  for (let each = 0; each < CALLS; each += 1) await act();
};
const bytesOf = async (act) => {
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  await act();
  return (process.memoryUsage().heapUsed - before) / CALLS;
};

const ns = [];
const bytes = [];
for (let round = 0; round < 30; round += 1) {
  // What the loop and a promise cost is not the guard's.
  const bare = await timeOf(many(nothing));
  ns.push((((await timeOf(many(call))) - bare) * 1_000_000) / CALLS);
  bytes.push((await bytesOf(many(call))) - (await bytesOf(many(nothing))));
}
console.log(
  JSON.stringify({ nsPerCall: median(ns.slice(10)), bytesPerCall: median(bytes.slice(10)) }),
);
