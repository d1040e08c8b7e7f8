/** Says where a measured app's time goes: self time by package or file, and by function, out of Node's profile. */

import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for a profile, with Node's flags that make one. */
export function profileFolder() {
  const folder = mkdtempSync(join(tmpdir(), "express-sms-2fa-profile-"));
  return {
    flags: ["--cpu-prof", `--cpu-prof-dir=${folder}`, "--cpu-prof-interval=200"],
    /** Shares of the busy time, greatest first; call it once the app has ended. */
    read: () => {
      const [name] = readdirSync(folder);
      const profile = JSON.parse(readFileSync(join(folder, name), "utf8"));
      rmSync(folder, { recursive: true });
      return sharesOf(profile);
    },
  };
}

function sharesOf({ nodes, samples, timeDeltas }) {
  const self = new Map();
  samples.forEach((id, index) => self.set(id, (self.get(id) ?? 0) + timeDeltas[index]));
  const places = new Map();
  const functions = new Map();
  let busy = 0;
  for (const { id, callFrame } of nodes) {
    const time = self.get(id) ?? 0;
    if (time === 0 || callFrame.functionName === "(idle)" || callFrame.functionName === "(program)")
      continue;
    busy += time;
    const place = placeOf(callFrame);
    places.set(place, (places.get(place) ?? 0) + time);
    const name = `${callFrame.functionName || "(anonymous)"} ${place}:${callFrame.lineNumber + 1}`;
    functions.set(name, (functions.get(name) ?? 0) + time);
  }
  const shares = (times) =>
    [...times].sort((a, b) => b[1] - a[1]).map(([name, time]) => ({ name, share: time / busy }));
  return { places: shares(places), functions: shares(functions) };
}

/** The package or, in this one, the file. */
function placeOf({ url, functionName }) {
  const inPackage = [...url.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].at(-1);
  if (inPackage) return inPackage[1];
  const own = /\/dist\/(.+)$/.exec(url);
  if (own) return `lib/${own[1].replace(/\.js$/, "")}`;
  if (url.startsWith("node:")) return url;
  return url === "" ? functionName : url.replace(/^.*\//, "bench/");
}
