/** docs/delivery.md: its transcript of a callback, signed by openssl, is what an app answers. */

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { serve } from "./fakes/app";
import { listen } from "./fakes/listening";
import { SIGNING_KEY } from "./fakes/reporting";

const GUIDE = readFileSync(join(__dirname, "..", "docs", "delivery.md"), "utf8");

/** An app whose gateway knows it at the port that it has. */
async function serveHere() {
  const apps: RequestListener[] = [];
  const server = createServer((req, res) => {
    for (const app of apps) app(req, res);
  });
  const port = await listen(server);
  const deliveryStatus = { publicUrl: `http://localhost:${port}/2fa`, signingKey: SIGNING_KEY };
  const s = await serve({ options: { deliveryStatus } });
  apps.push(s.app);
  return { s, server, port };
}

const RUN = /ref=[\w-]{44}/g;

test("the transcript of a callback is what an app answers", async () => {
  const { s, server, port } = await serveHere();
  const folder = mkdtempSync(join(tmpdir(), "delivery-"));
  const [, transcript = ""] = /^```console\n(.*?)^```$/ms.exec(GUIDE) ?? [];
  const steps = transcript.split(/^\$ /m).slice(1);
  expect(steps).toHaveLength(6);
  // The log-in of the app, which is none of the guide's.
  const login = `curl -c jar localhost:${port}/sign-in -H 'content-type: application/json' -d '{"id":"ann","phone":"+12025550123"}'`;
  const run = async (lines: string[]) => {
    const script = lines.join("\n").replaceAll("localhost:3000", `localhost:${port}`);
    const options = { cwd: folder, env: { ...process.env, SIGNALWIRE_SIGNING_KEY: SIGNING_KEY } };
    return (await promisify(execFile)("bash", ["-c", script], options)).stdout;
  };
  try {
    const commands = steps.map((step) => step.split("\n", 1)[0] ?? "");
    const shown = steps.map((step) => step.split("\n").slice(1).join("\n").trim());
    const quiet = commands.map((each) => `echo; echo STEP; ${each.replace(/^curl/, "curl -s")}`);
    const [asked = "", ...rest] = quiet;
    const first = await run([login, asked]);
    const sent = s.sent[0]?.statusCallback ?? "";
    expect(sent).toMatch(RUN);
    const [ref = ""] = sent.match(RUN) ?? [];
    const told = first + (await run(rest.map((each) => each.replace(RUN, ref))));
    expect(
      told
        .split("STEP\n")
        .slice(1)
        .map((each) => each.trim()),
    ).toEqual(shown);
  } finally {
    rmSync(folder, { recursive: true });
    server.closeAllConnections();
    server.close();
  }
});
