/** Texts sent from a process of their own, whose environment Node itself reads. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Message } from "../../lib/delivery/sender";
import type { SignalWireApi } from "../fakes/signalwire-api";

/**
 * Sends texts one after the other from a new process, for Node reads the environment of a process
 * alone and not what a test puts in its place. Tells what came of each, and what else was printed.
 */
export async function sendElsewhere(
  { url: apiBaseUrl, project, token, number }: SignalWireApi,
  texts: readonly Omit<Message, "signal">[],
  variables: Record<string, string>,
  gateway: "signalwire" | "twilio" = "signalwire",
): Promise<{ outcome: string; printed: string }> {
  const credentials =
    gateway === "twilio" ? { accountSid: project, authToken: token } : { project, token };
  const script = `
    const { transpileModule } = require("typescript");
    const { readFileSync } = require("node:fs");
    const compilerOptions = { module: 1, target: 9, esModuleInterop: true };
    require.extensions[".ts"] = (module, file) => {
      const source = readFileSync(file, "utf8");
      module._compile(transpileModule(source, { compilerOptions }).outputText, file);
    };
    const { ${gateway}: factory } = require("./lib/senders/${gateway}/index.ts");
    const send = factory(${JSON.stringify({ apiBaseUrl, ...credentials, number })});
    const { signal } = new AbortController();
    const outcomes = async () => {
      const told = [];
      for (const text of ${JSON.stringify(texts)}) {
        told.push(await send({ ...text, signal }).then(() => "sent", ({ reason }) => reason));
      }
      return told.join();
    };
    outcomes().then((told) => process.stdout.write(told));`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["-e", script], {
    env: { PATH: process.env["PATH"], ...variables },
    timeout: 45_000,
  });
  return { outcome: stdout, printed: stderr };
}
