/** A real Prometheus of the test's own, with our alert rules, on a free port of the loopback interface. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, start, temporaryFolder, untilReady } from "./process";

export const RULES = join(__dirname, "../../operations/alerts.yml");

/** One series of an answer: its labels and its value. */
export interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

export interface Prometheus {
  url: string;
  /** Asks; throws what it says of a query that it does not understand. */
  query: (expression: string) => Promise<Sample[]>;
  close: () => Promise<void>;
}

/** Starts one that scrapes /metrics at a port of this machine. */
export async function startPrometheus(target: number): Promise<Prometheus> {
  const port = await freePort();
  const folder = temporaryFolder();
  const configuration = join(folder.path, "prometheus.yml");
  writeFileSync(
    configuration,
    `
global: { scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 1s }
rule_files: ["${RULES}"]
scrape_configs: [{ job_name: demo, static_configs: [{ targets: ["127.0.0.1:${target}"] }] }]
`,
  );
  const running = start("prometheus", [
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${join(folder.path, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=warn",
  ]);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(running, async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    query: async (expression) => {
      const answer = await fetch(`${url}/api/v1/query`, {
        method: "POST",
        body: new URLSearchParams({ query: expression }),
      });
      const { status, data, error } = (await answer.json()) as {
        status: string;
        error?: string;
        data: { result: Sample[] };
      };
      if (status !== "success") throw new Error(`${expression}: ${error ?? status}`);
      return data.result;
    },
    close: async () => {
      await running.end();
      folder.remove();
    },
  };
}
