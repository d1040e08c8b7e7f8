/** The address of a request's client, as the app trusts it, and one warning where that looks wrong. */

import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

type MaybeExpress = IncomingMessage & {
  ip?: unknown;
  app?: { get?: (name: string) => unknown };
};

let hasWarned = false;
let isWatching = false;

/**
 * Has the address of each client read when its request comes, in all of this process's servers: once the
 * client hangs up it is gone, and a session store that takes its time is asked before anything of ours.
 */
export function watchAddresses(): void {
  if (isWatching) return;
  isWatching = true;
  // A socket remembers what it was asked once.
  subscribe(
    "http.server.request.start",
    (message) => (message as { request: IncomingMessage }).request.socket.remoteAddress,
  );
}

/**
 * Express's `req.ip`, which honours `trust proxy`; the socket's address elsewhere. A forwarded header
 * by itself is never believed (ASVS 4.1.3): anyone can send one.
 */
export function addressOf(req: IncomingMessage): string | undefined {
  const { ip } = req as MaybeExpress;
  warnOnce(req);
  return typeof ip === "string" ? ip : req.socket.remoteAddress;
}

function warnOnce(req: MaybeExpress): void {
  if (hasWarned || typeof req.app?.get !== "function") return;
  const trust = req.app.get("trust proxy");
  if (trust === true) {
    warn("`trust proxy` is true, so clients can choose the address that they are counted under.");
  } else if (trust === false && req.headers["x-forwarded-for"] !== undefined) {
    warn(
      "A request has an X-Forwarded-For header, but `trust proxy` is false: behind a proxy all " +
        "clients are counted as one.",
    );
  }
}

function warn(problem: string): void {
  hasWarned = true;
  process.emitWarning(
    `${problem} Set \`trust proxy\` to the number of proxies or their addresses.`,
    {
      type: "ExpressSms2faWarning",
      code: "SMS2FA_TRUST_PROXY",
    },
  );
}
