/** A TCP proxy on the loopback interface that delays, cuts and counts what passes. */

import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface TcpProxy {
  port: number;
  /** Rounds that have been answered since the last call: answers that come within a moment are one. */
  rounds: () => number;
  /** Milliseconds that each burst of bytes is held back, either way. */
  delay: (ms: number) => void;
  /** Ends all connections, and refuses new ones until `mend()`. */
  cut: () => void;
  mend: () => void;
  close: () => Promise<void>;
}

// Answers to calls that went out together come within this; those of two rounds are further apart as
// long as the delay is longer.
const SAME_ROUND_MS = 15;

/** Starts a proxy in front of a port. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let rounds = 0;
  let lastAnswer = 0;
  let delayMs = 0;
  let isCut = false;
  const noteAnswer = () => {
    const now = performance.now();
    if (now - lastAnswer > SAME_ROUND_MS) rounds += 1;
    lastAnswer = now;
  };
  const pass = (from: Socket, to: Socket, note: () => void) => {
    const held: Buffer[] = [];
    const hand = (part: Buffer | undefined) => {
      note();
      if (part !== undefined) to.write(part);
    };
    let due = 0;
    from.on("data", (part: Buffer) => {
      const now = performance.now();
      // Nothing overtakes what is held back, also once the delay has ended.
      due = Math.max(due, now + delayMs);
      if (delayMs === 0 && held.length === 0) {
        hand(part);
        return;
      }
      held.push(part);
      setTimeout(() => {
        hand(held.shift());
      }, due - now);
    });
    from.on("close", () => to.destroy());
    from.on("error", () => to.destroy());
  };
  const server = createServer({ noDelay: true }, (client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect({ port: target, host: "127.0.0.1", noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    }
    pass(client, upstream, () => undefined);
    pass(upstream, client, noteAnswer);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    rounds: () => {
      const answered = rounds;
      rounds = 0;
      lastAnswer = 0;
      return answered;
    },
    delay: (ms) => {
      delayMs = ms;
    },
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => {
      isCut = false;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
