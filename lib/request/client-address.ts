/** The address of a request's client, as the app trusts it, and one warning where that looks wrong. */

import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { warn } from "../std/warning";
import { BlockList, isIP, type Socket } from "node:net";

type MaybeExpress = IncomingMessage & {
  ip?: unknown;
  app?: { get?: (name: string) => unknown };
};

/** What Express makes of `trust proxy`: whether it believes the peer at that distance. */
type Trusts = (address: string, distance: number) => boolean;

// Whoever is at the other end of a UNIX socket is on this host.
const THIS_HOST = "127.0.0.1";

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
  const address = typeof ip === "string" ? ip : (req.socket.remoteAddress ?? addressBehind(req));
  warnOnce(req, address);
  return address;
}

/**
 * What the proxy says that is at the other end of a UNIX socket. Express asks `trust proxy` for the
 * peer's address, which such a socket has not, so that "loopback" would not trust it.
 */
function addressBehind(req: MaybeExpress): string | undefined {
  const trusts = req.app?.get?.("trust proxy fn");
  if (typeof trusts !== "function" || !isUnixSocket(req.socket)) return undefined;
  if (!(trusts as Trusts)(THIS_HOST, 0)) return undefined;
  const chain = forwardedIn(req).reverse();
  return chain.find((address, at) => !(trusts as Trusts)(address, at + 1)) ?? chain.at(-1);
}

/** What the proxies have written down, the client first. */
function forwardedIn({ headers }: IncomingMessage): string[] {
  const lines = [headers["x-forwarded-for"] ?? []].flat();
  return lines.flatMap((line) => line.split(",")).map((address) => address.trim());
}

const INNER = new BlockList();
for (const [net, bits] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["127.0.0.0", 8],
  ["100.64.0.0", 10],
] as const) {
  INNER.addSubnet(net, bits);
}
INNER.addSubnet("fc00::", 7, "ipv6");
INNER.addAddress("::1", "ipv6");

/** Whether an address is of a private network or of this host (RFC 1918, 4193, 6598). */
function isInner(address: string | undefined): boolean {
  if (address === undefined || isIP(address) === 0) return false;
  return INNER.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** A socket that is open and has no address at either end: one whose client is gone has none either. */
function isUnixSocket({ remoteAddress, localAddress, destroyed }: Socket): boolean {
  return remoteAddress === undefined && localAddress === undefined && !destroyed;
}

function warnOnce(req: MaybeExpress, address: string | undefined): void {
  if (hasWarned || typeof req.app?.get !== "function") return;
  const trust = req.app.get("trust proxy");
  if (trust === true) {
    warnOfProxy(
      "`trust proxy` is true, so clients can choose the address that they are counted under.",
    );
  } else if (trust === false && req.headers["x-forwarded-for"] !== undefined) {
    warnOfProxy(
      "A request has an X-Forwarded-For header, but `trust proxy` is false: behind a proxy all " +
        "clients are counted as one.",
    );
  } else if (
    isInner(address) &&
    forwardedIn(req).some((each) => isIP(each) > 0 && !isInner(each))
  ) {
    warnOfProxy(
      "`trust proxy` believes too few proxies: the client's address that it gives is one of a private network, and " +
        "X-Forwarded-For has a public one before it, so all clients are counted as one.",
    );
  } else if (address === undefined && isUnixSocket(req.socket)) {
    warnOfProxy(
      "A request came by a UNIX socket without an address that `trust proxy` believes: all clients " +
        "are counted as one. Let the proxy send X-Forwarded-For.",
    );
  }
}

function warnOfProxy(problem: string): void {
  hasWarned = true;
  const fix = "Set `trust proxy` to the number of proxies or their addresses.";
  warn(`${problem} ${fix}`, "SMS2FA_TRUST_PROXY");
}
