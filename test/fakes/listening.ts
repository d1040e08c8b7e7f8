/** Has a server of a test listen on a free port of the loopback interface, and end no connection for being idle. */

import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Resolves with the port once the server listens. */
export async function listen(server: Server): Promise<number> {
  // A client may send on a connection in the moment in which its server finds it idle for too long, and
  // hears ECONNRESET. Where a busy machine holds up both, that moment is seconds long.
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
