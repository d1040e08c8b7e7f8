/** What an install of the package brings with it: no install script, no old axios, and an SBOM that says so. */

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { LOCKED, reachedFrom } from "./lock";

const ROOT = join(__dirname, "..", "..");
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  version: string;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  overrides: Record<string, string>;
};

const own = reachedFrom(Object.keys(manifest.dependencies));
const all = reachedFrom([
  ...Object.keys(manifest.dependencies),
  ...Object.keys(manifest.peerDependencies),
]);

test("no runtime dependency and no peer, at any depth, has an install script", () => {
  expect(all).toEqual(expect.arrayContaining(["node_modules/express", "node_modules/axios"]));
  expect(all.filter((path) => LOCKED[path]?.hasInstallScript === true)).toEqual([]);
});

test("the lock file knows install scripts: one that a build tool has is told", () => {
  const scripted = Object.entries(LOCKED).filter(([, { hasInstallScript }]) => hasInstallScript);
  expect(scripted.map(([path]) => path)).not.toEqual([]);
});

test("dependencies bring none of their own", () => {
  expect(own).toEqual(Object.keys(manifest.dependencies).map((name) => `node_modules/${name}`));
});

test("each axios in the lock file is 1.18.0 or later, and an override keeps it so (R96)", () => {
  expect(manifest.overrides["axios"]).toBe("^1.18.0");
  const paths = Object.keys(LOCKED).filter((path) => /(?:^|\/)node_modules\/axios$/.test(path));
  expect(paths).not.toEqual([]);
  for (const path of paths) {
    const [major = 0, minor = 0] = (LOCKED[path]?.version ?? "").split(".").map(Number);
    expect([path, major, minor >= 18]).toEqual([path, 1, true]);
  }
});

test("no lock file names a registry, so that each user's own is asked", () => {
  const sets = join("test", "consumers", "sets");
  const folders = [".", "bench", ...readdirSync(join(ROOT, sets)).map((set) => join(sets, set))];
  for (const folder of folders) {
    const lines = readFileSync(join(ROOT, folder, "package-lock.json"), "utf8").split("\n");
    expect([folder, lines.filter((line) => /"resolved": ".*:\/\//.test(line))]).toEqual([
      folder,
      [],
    ]);
  }
});

test("the SBOM names the package and its runtime dependencies, at the lock file's versions, and nothing else (R96)", async () => {
  const { stdout } = await promisify(execFile)(join(ROOT, "scripts", "sbom"), { timeout: 60_000 });
  const sbom = JSON.parse(stdout) as {
    bomFormat: string;
    metadata: { component: { name: string; version: string } };
    components: { name: string; version: string; hashes?: unknown[]; licenses?: unknown[] }[];
  };
  expect(sbom.bomFormat).toBe("CycloneDX");
  const { name, version } = sbom.metadata.component;
  expect([name, version]).toEqual(["express-sms-2fa", manifest.version]);
  expect(sbom.components.map((each) => `node_modules/${each.name}`).sort()).toEqual(own);
  for (const each of sbom.components) {
    expect(each.version).toBe(LOCKED[`node_modules/${each.name}`]?.version);
    expect(each.hashes).toHaveLength(1);
    expect(each.licenses).toHaveLength(1);
  }
}, 120_000);
