/** The workflows: what they run is pinned, and no more is granted than each job needs. */

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { temporaryFolder } from "./services/process";

const ROOT = join(__dirname, "..");
const FOLDER = join(ROOT, ".github", "workflows");

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  "timeout-minutes"?: number;
  needs?: string;
  permissions?: unknown;
  strategy?: { matrix: { node: number[] } };
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: unknown;
  concurrency?: { group: string };
  jobs: Record<string, Job>;
}

const names = readdirSync(FOLDER).filter((name) => /\.ya?ml$/.test(name));
const textOf = (name: string) => readFileSync(join(FOLDER, name), "utf8");
const workflowOf = (name: string) => parse(textOf(name)) as Workflow;
const stepsOf = (name: string) =>
  Object.values(workflowOf(name).jobs).flatMap(({ steps }) => steps);

test("there is one for each change and one for each release", () => {
  expect(names.sort()).toEqual(["ci.yml", "release.yml"]);
});

describe.each(names)("%s", (name) => {
  test("pins every action to a commit, its version beside it", () => {
    const lines = textOf(name)
      .split("\n")
      .filter((line) => /\buses:/.test(line));
    expect(lines).toHaveLength(stepsOf(name).filter(({ uses }) => uses !== undefined).length);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).toMatch(/^ +- uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  test("grants nothing but reading, and keeps no credentials in the checkout", () => {
    expect(workflowOf(name).permissions).toEqual({ contents: "read" });
    const wider = Object.entries(workflowOf(name).jobs).filter(
      ([, { permissions }]) => permissions,
    );
    expect(wider.map(([job]) => job)).toEqual(name === "release.yml" ? ["publish"] : []);
    const checkouts = stepsOf(name).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const { with: options } of checkouts) expect(options?.["persist-credentials"]).toBe(false);
  });

  test("runs no code of a stranger with rights, and puts no event's words into a script", () => {
    expect(Object.keys(workflowOf(name).on)).not.toContain("pull_request_target");
    expect(Object.keys(workflowOf(name).on)).not.toContain("workflow_run");
    // A branch's or a request's name is anybody's text, and an expression would paste it into the shell.
    const scripts = stepsOf(name).flatMap(({ run }) => run ?? []);
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).not.toMatch(/\$\{\{/);
  });

  test("ends: each job has a time-out, and no two runs of one thing go on at once", () => {
    const { jobs, concurrency } = workflowOf(name);
    for (const job of Object.values(jobs)) {
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
      expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
    }
    expect(concurrency?.group).toBeTruthy();
  });
});

test("each change is tested on every Node.js that is promised, by what the project runs itself", () => {
  const [job] = Object.values(workflowOf("ci.yml").jobs);
  expect(job?.strategy?.matrix.node).toEqual([20, 22, 24]);
  expect(job?.steps.map(({ run }) => run)).toContain(".ci/run");
  const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    engines: { node: string };
  };
  expect(engines.node).toBe(`>=${String(job?.strategy?.matrix.node[0])}`);
});

test("each change is held against the known holes of what an install brings (R96)", () => {
  const [job] = Object.values(workflowOf("ci.yml").jobs);
  expect(job?.steps.map(({ run }) => run)).toContain("npm audit --omit=dev --audit-level=low");
});

test("a release is tested before it is packed, and only the job that publishes can sign", () => {
  const { jobs, on } = workflowOf("release.yml");
  expect(on).toEqual({ push: { tags: ["v*"] } });
  const scripts = jobs.pack?.steps.flatMap(({ run }) => run ?? []) ?? [];
  const at = (part: string) => scripts.findIndex((script) => script.includes(part));
  expect(at("$GITHUB_REF_NAME")).toBe(0);
  expect(at(".ci/run")).toBeGreaterThan(at("$GITHUB_REF_NAME"));
  expect(at("npm pack")).toBeGreaterThan(at(".ci/run"));
  expect(at("scripts/sbom")).toBeGreaterThan(at(".ci/run"));
  expect(Object.keys(jobs)).toEqual(["pack", "publish"]);
  const { publish } = jobs;
  expect(publish?.needs).toBe("pack");
  expect(publish?.permissions).toEqual({ "id-token": "write" });
  // It runs nothing of the repository: no checkout, no install, no scripts of the package.
  const published = publish?.steps.flatMap(({ run }) => run ?? []).join("\n") ?? "";
  expect(published.match(/\bnpm\b.*/g)).toEqual([
    'npm publish ./*.tgz --tag "$channel" --provenance --access public --ignore-scripts',
  ]);
  expect(publish?.steps.some(({ uses }) => uses?.startsWith("actions/checkout@"))).toBe(false);
});

test.each([
  ["v1.0.0-rc.1", "next"],
  ["v1.0.0", "latest"],
])(
  "%s is published as %s, since npm refuses a release candidate without a name",
  (tag, channel) => {
    const publish = workflowOf("release.yml").jobs.publish?.steps.flatMap(({ run }) => run ?? []);
    const env = { ...process.env, GITHUB_REF_NAME: tag };
    const script = `npm() { echo "$@"; }\n${publish?.join("\n") ?? "false"}`;
    const said = execFileSync("bash", ["-ec", script], { env, encoding: "utf8", timeout: 45_000 });
    expect(said).toContain(`--tag ${channel} `);
  },
);

test("what is released names the repository that built it, without which npm refuses its provenance", () => {
  const runs = workflowOf("release.yml").jobs.pack?.steps.flatMap(({ run }) => run ?? []) ?? [];
  const at = runs.findIndex((run) => run.startsWith("npm pkg set"));
  const folder = temporaryFolder();
  try {
    const file = join(folder.path, "package.json");
    copyFileSync(join(ROOT, "package.json"), file);
    const here = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "acme/sms" };
    const env = { ...process.env, ...here };
    execFileSync("bash", ["-c", runs[at] ?? "false"], { cwd: folder.path, env, timeout: 45_000 });
    const { repository } = JSON.parse(readFileSync(file, "utf8")) as { repository: unknown };
    expect(repository).toEqual({ type: "git", url: "git+https://github.com/acme/sms.git" });
  } finally {
    folder.remove();
  }
  expect(runs.findIndex((run) => run.includes("npm pack"))).toBeGreaterThan(at);
});

test("Dependabot looks weekly after each place that names versions, in groups", () => {
  const { version, updates } = parse(
    readFileSync(join(ROOT, ".github", "dependabot.yml"), "utf8"),
  ) as {
    version: number;
    updates: {
      "package-ecosystem": string;
      directory: string;
      schedule: { interval: string };
      groups: object;
    }[];
  };
  expect(version).toBe(2);
  expect(updates.map((each) => [each["package-ecosystem"], each.directory])).toEqual([
    ["npm", "/"],
    ["npm", "/bench"],
    ["github-actions", "/"],
    ["docker", "/demo-app"],
  ]);
  const manifests = { npm: "package.json", docker: "Dockerfile", "github-actions": ".github" };
  for (const { "package-ecosystem": ecosystem, directory, schedule, groups } of updates) {
    expect(schedule.interval).toBe("weekly");
    expect(Object.keys(groups).length).toBeGreaterThan(0);
    const manifest = manifests[ecosystem as keyof typeof manifests];
    expect(existsSync(join(ROOT, directory, manifest))).toBe(true);
  }
});
