/** What `operations/` holds, in Debian's Prometheus: its rules by promtool, its dashboard over the demo's own figures. */

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { serveMetrics, type Metrics } from "../../demo-app/src/metrics/metrics";
import { TwoFactorError, type Sender } from "../../lib";
import { failover } from "../../lib/senders/failover";
import { PASSWORD, serveDemo } from "../demo/visitor";
import { freePort } from "../services/process";
import { startPrometheus, type Prometheus } from "../services/prometheus";

const OPERATIONS = join(__dirname, "../../operations");

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
  annotations: { list: { expr: string }[] };
}
const dashboard = JSON.parse(readFileSync(join(OPERATIONS, "dashboard.json"), "utf8")) as Dashboard;
const panels = dashboard.panels.map(
  ({ title, targets }) =>
    [title, targets.map(({ expr }) => expr.replaceAll("$__rate_interval", "1m"))] as const,
);

let metrics: Metrics;
let prometheus: Prometheus;
let port: number;

beforeAll(async () => {
  port = await freePort();
  metrics = await serveMetrics(port);
  prometheus = await startPrometheus(port);
}, 120_000);
afterAll(async () => {
  await prometheus.close();
  await metrics.close();
});

const promtool = (...args: string[]) =>
  promisify(execFile)("promtool", args, { cwd: OPERATIONS, timeout: 60_000 });

test("the alert rules are sound, and each one fires when it should and not when it should not", async () => {
  const checked = await promtool("check", "rules", "alerts.yml");
  expect(checked.stdout).toContain("SUCCESS: 7 rules found");
  const tested = await promtool("test", "rules", "alerts.test.yml");
  expect(tested.stdout + tested.stderr).toContain("SUCCESS");
  const rules = readFileSync(join(OPERATIONS, "alerts.yml"), "utf8");
  const tests = readFileSync(join(OPERATIONS, "alerts.test.yml"), "utf8");
  const names = [...rules.matchAll(/alert: (\w+)/g)].map(([, name = ""]) => name);
  expect(names.filter((name) => !tests.includes(name))).toEqual([]);
});

let codes: string[] = [];
const box: Sender = function gateway({ code }) {
  codes.push(code);
};
const broken: Sender = function broken() {
  throw new TwoFactorError("unavailable", "Down.", { reason: "down", mayStillArrive: false });
};
// Each third text fails: a user of the demo sees it.
let texts = 0;
const failing: Sender = function failing(message) {
  texts += 1;
  if (texts % 3 !== 0) return box(message);
  throw new TwoFactorError("unavailable", "Down.", { mayStillArrive: false });
};

/** A visitor of the demo with a number of their own, by the endpoints. */
async function visit(base: string, name: string, phone: string) {
  let cookie = "";
  const call = async (path: string, fields?: Record<string, string>) => {
    const answer = await fetch(base + path, {
      redirect: "manual",
      headers: { accept: "application/json", cookie },
      ...(fields && { method: "POST", body: new URLSearchParams(fields) }),
    });
    cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    return answer.status;
  };
  await call("/sign-up", { name, password: PASSWORD, phone });
  await call("/log-in", { name, password: PASSWORD });
  return call;
}

/** Signs in, guesses and is refused: all that a dashboard shows but deliveries, which the demo hears nothing of. */
async function live(base: string, round: number): Promise<void> {
  const call = await visit(base, `ann${round}`, `+1202555${String(1000 + round).padStart(4, "0")}`);
  await call("/account");
  await call("/2fa/request-auth", {});
  const code = codes.at(-1) ?? "";
  const wrong = String((Number(code) + 1) % 1e6).padStart(6, "0");
  if (round % 2 === 0) {
    for (let tries = 0; tries < 6; tries += 1)
      await call("/2fa/validate-auth", { auth_code: wrong });
  } else await call("/2fa/validate-auth", { auth_code: code });
}

test("every query of the dashboard is answered by a Prometheus that scrapes the demo, and no label names anybody", async () => {
  codes = [];
  const sender = failover([broken, failing]);
  const demo = await serveDemo({}, sender, metrics.telemetry);
  const base = `http://127.0.0.1:${demo.port}`;
  const open = new Map(panels.flatMap(([title, queries]) => queries.map((each) => [each, title])));
  // Rates need two scrapes, and a series that grows between them.
  for (let round = 0; round < 60 && open.size > 1; round += 1) {
    await live(base, round);
    for (const query of [...open.keys()]) {
      const samples = await prometheus.query(query);
      if (samples.some(({ value: [, value] }) => Number(value) > 0)) open.delete(query);
    }
  }
  expect([...open.values()]).toEqual(["What gateways told of texts, a minute"]);
  for (const { expr } of dashboard.annotations.list) await prometheus.query(expr);
  const scrape = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  for (const secret of [...codes, "2025551", "ann0", "127.0.0"])
    expect(scrape).not.toContain(secret);
  const rules = await (await fetch(`${prometheus.url}/api/v1/rules`)).text();
  expect(rules.match(/"health":"ok"/g)).toHaveLength(7);
}, 180_000);

test("the demo's figures are served at the loopback address alone, and a port that is taken is told", async () => {
  await expect(serveMetrics(port)).rejects.toThrow(/set METRICS_PORT to a free one/);
  const demo = await serveDemo();
  expect((await fetch(`http://127.0.0.1:${demo.port}/metrics`)).status).toBe(404);
});
