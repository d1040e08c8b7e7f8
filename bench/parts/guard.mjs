/** Part 1: what the guard costs a route, over HTTP, and a call by itself. */

import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expectOk, newPerson } from "../cycles.mjs";
import { interleave, median, ratio, rateOf } from "../measure.mjs";
import { openConnections, startApp } from "../servers.mjs";

const AT_ONCE = 8;
// So short that most pairs of blocks have no disturbance in them.
const BLOCK = 24;

/** Signs a person in by both factors, and gives the headers of their next calls. */
export async function verified(connection) {
  const headers = newPerson();
  const asked = await connection.call("POST", "/2fa/request-auth", { headers, body: {} });
  const answered = await connection.call("POST", "/2fa/validate-auth", {
    headers: { ...headers, Cookie: asked.cookie },
    body: { auth_code: asked.code },
  });
  expectOk(asked, answered);
  return { ...headers, Cookie: answered.cookie };
}

/** Visits one of the two routes. */
export function visitOver(connections, path, headers) {
  return async (index) => {
    expectOk(await connections[index].call("GET", path, { headers }));
  };
}

export async function measureGuard({ isQuick }) {
  const app = await startApp("ours");
  try {
    const connections = await openConnections(app.port, AT_ONCE);
    const headers = await verified(connections[0]);
    const block = (path) => () =>
      rateOf(visitOver(connections, path, headers), { count: BLOCK, atOnce: AT_ONCE });
    const routes = {
      open: block("/open"),
      guarded: block("/guarded"),
      least: block("/least-guarded"),
    };
    await interleave(routes, isQuick ? 50 : 100);
    const rates = await interleave(routes, isQuick ? 150 : 400);
    return {
      ratio: ratio(rates.guarded, rates.open),
      leastRatio: ratio(rates.least, rates.open),
      openPerSecond: median(rates.open),
      guardedPerSecond: median(rates.guarded),
      ...(await measureCalls()),
    };
  } finally {
    await app.close();
  }
}

/** Nanoseconds and bytes of one call, in a fresh process with a heap that is not collected meanwhile. */
async function measureCalls() {
  const script = fileURLToPath(new URL("./guard-calls.mjs", import.meta.url));
  // A young generation so large that it is not collected within a measurement.
  const flags = ["--expose-gc", "--min-semi-space-size=256", "--max-semi-space-size=256"];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script]);
  return JSON.parse(stdout);
}
