/** The command `fake-signalwire`: starts the fake, says how to reach it, and ends it on a signal. */

import { FAKE_ACCOUNT, startFakeServer } from "../fake-signalwire/server";
import { WrongUsage } from "./wrong-usage";

const PORT = "8026";

/** Runs until SIGINT or SIGTERM. */
export async function fakeSignalWire({ port = PORT }: { port?: string }): Promise<number> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new WrongUsage("Expected --port to be a whole number from 0 to 65535.");
  }
  const ended = new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  let server;
  try {
    server = await startFakeServer(Number(port), (line) => process.stderr.write(`${line}\n`));
  } catch (error) {
    process.stderr.write(`${faultOf(error as NodeJS.ErrnoException, port)}\n`);
    return 1;
  }
  process.stdout.write(greeting(server.url));
  await ended;
  await server.close();
  return 0;
}

function greeting(url: string): string {
  const { project, token, number } = FAKE_ACCOUNT;
  return `The fake SignalWire listens at ${url}, and its inbox is the page there. Nothing is sent to a phone.
Set these for your app:

SIGNALWIRE_API_BASE_URL=${url}
SIGNALWIRE_PROJECT=${project}
SIGNALWIRE_TOKEN=${token}
SIGNALWIRE_NUMBER=${number}

Its callbacks are signed with the key ${FAKE_ACCOUNT.signingKey}. Ctrl+C ends it.
`;
}

function faultOf({ code }: NodeJS.ErrnoException, port: string): string {
  if (code === "EADDRINUSE") {
    return `Port ${port} is in use. End the program that has it, or choose another: --port ${Number(port) + 1}.`;
  }
  if (code === "EACCES")
    return `Port ${port} needs more rights. Choose one from 1024 on, with --port.`;
  return `The fake can't listen at port ${port} (${code ?? "unknown"}). Choose another with --port.`;
}
