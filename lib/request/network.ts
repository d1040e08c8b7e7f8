/** Names the network that a request is counted under. */

import type { IncomingMessage } from "node:http";
import { isIPv4, isIPv6 } from "node:net";
import { secondsFrom } from "../std/elapsed";
import { addressOf } from "./client-address";

/** The network of every request whose address can't be read: one for all, so that none is uncounted. */
export const UNKNOWN_NETWORK = "unknown";

const arrivals = new WeakMap<IncomingMessage, { network: string; at: number }>();

/** The network of a request, read at the first call: the address is gone once the client hangs up. */
export function networkOf(req: IncomingMessage): string {
  return arrivalOf(req).network;
}

/** Seconds since the network of a request was read, to the millisecond. */
export function secondsSince(req: IncomingMessage): number {
  return secondsFrom(arrivalOf(req).at);
}

function arrivalOf(req: IncomingMessage): { network: string; at: number } {
  let arrival = arrivals.get(req);
  if (arrival === undefined) {
    arrival = { network: networkOfAddress(addressOf(req)), at: performance.now() };
    arrivals.set(req, arrival);
  }
  return arrival;
}

/**
 * An IPv4 address by itself, an IPv6 address by its /56 prefix: a household or a cheap server holds
 * that many addresses at least, and would else have as many budgets.
 */
export function networkOfAddress(address: string | undefined): string {
  // A zone (fe80::1%eth0) names an interface of this host, not of the client's.
  // Some proxies hand on the port too.
  const bare = address
    ?.replace(/%.*$/s, "")
    .replace(/^(?:\[([^\]]*)\]|([\d.]+))(?::\d+)?$/, "$1$2");
  if (bare === undefined) return UNKNOWN_NETWORK;
  if (isIPv4(bare)) return bare;
  return isIPv6(bare) ? networkOfIPv6(bare) : UNKNOWN_NETWORK;
}

function networkOfIPv6(address: string): string {
  const groups = groupsOf(canonical(address));
  const inner = ipv4In(groups);
  if (inner) return inner.flatMap((group) => [group >> 8, group & 0xff]).join(".");
  const prefix = groups.slice(0, 4).map((group, at) => (at === 3 ? group & 0xff00 : group));
  return `${canonical(`${prefix.map((group) => group.toString(16)).join(":")}::`)}/56`;
}

/**
 * The IPv4 address that an IPv6 address stands for, as two groups. Whoever has the one has all the
 * others made of it: 256 networks of 6to4, or one for each server of Teredo.
 */
function ipv4In(groups: readonly number[]): number[] | undefined {
  const [a, b = 0, c = 0, , e, f, g = 0, h = 0] = groups;
  const isEmpty = (from: number, to: number) =>
    groups.slice(from, to).every((group) => group === 0);
  // A dual-stack socket's ::ffff:a.b.c.d (RFC 4291 2.5.5.2), and a translator's ::ffff:0:a.b.c.d (RFC 2765).
  if (isEmpty(0, 5) && f === 0xffff) return [g, h];
  if (isEmpty(0, 4) && e === 0xffff && f === 0) return [g, h];
  // NAT64 (RFC 6052 2.1).
  if (a === 0x64 && b === 0xff9b && isEmpty(2, 6)) return [g, h];
  // 6to4 (RFC 3056 2).
  if (a === 0x2002) return [b, c];
  // Teredo, which turns each bit round (RFC 4380 4).
  if (a === 0x2001 && b === 0) return [g ^ 0xffff, h ^ 0xffff];
  return undefined;
}

/** The one spelling of RFC 5952, save that it has no dotted part. */
function canonical(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function groupsOf(canonicalAddress: string): number[] {
  const [head = [], tail = []] = canonicalAddress
    .split("::")
    .map((part) => (part === "" ? [] : part.split(":").map((group) => parseInt(group, 16))));
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}
