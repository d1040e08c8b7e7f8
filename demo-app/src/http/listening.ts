/** Listens where the address that is printed leads: browsers take localhost for ::1 first, and 127.0.0.1 after it. */

import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody else, or nobody, can be reached where the demo was to listen. */
export class ListenFault extends Error {
  override readonly name = "ListenFault";
}

const LOOPBACK = ["127.0.0.1", "::1"];
// Where this machine has no IPv6, localhost leads to 127.0.0.1 alone.
const NO_IPV6 = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"]);
const MOST_TRIES = 10;

/** Opens a server at `host`, and at each address that localhost leads to where that is meant. */
export async function listen(make: () => Server, host: string, port: number): Promise<Server[]> {
  for (let tries = 1; ; tries += 1) {
    const servers: Server[] = [];
    try {
      for (const address of addressesOf(host)) {
        const server = await open(make(), address, servers[0] ? portOf(servers[0]) : port);
        if (server !== undefined) servers.push(server);
      }
      return servers;
    } catch (error) {
      for (const server of servers) server.close();
      const { code = "", message, address = host } = error as ListenError;
      if (code !== "EADDRINUSE") {
        throw new ListenFault(`The demo can't listen at ${address}, port ${port}: ${message}.`);
      }
      // A port that was free at the first address need not be so at the second.
      if (port === 0 && tries < MOST_TRIES) continue;
      throw new ListenFault(sentenceOn(port, servers.length > 0 ? address : undefined));
    }
  }
}

interface ListenError {
  code?: string;
  message: string;
  address?: string;
}

/** The port that a server listens at. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function addressesOf(host: string): string[] {
  if (LOOPBACK.includes(host) || host === "localhost") return LOOPBACK;
  return host === "0.0.0.0" ? [host, "::1"] : [host];
}

async function open(server: Server, host: string, port: number): Promise<Server | undefined> {
  server.listen(port, host);
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    if (host === "::1" && NO_IPV6.has((error as ListenError).code ?? "")) return undefined;
    throw error;
  }
}

function sentenceOn(port: number, address: string | undefined): string {
  const where = address === undefined ? "" : ` at ${address}, where localhost leads first`;
  const hint =
    process.platform === "darwin" && port === 5000 ? " On a Mac it may be AirPlay Receiver." : "";
  return `Port ${port} is in use${where}: stop what listens there, or set PORT to another one.${hint}`;
}
