/** The shape of what is mounted: node's own request and answer, and the way on to the app. */

import type { IncomingMessage, ServerResponse } from "node:http";

/** Goes on to what comes next, or to the app's handler of errors. */
export type Next = (error?: unknown) => void;

/** What the package hands out to be mounted: all that it uses is node's own, so Express and Connect take it alike. */
export type Handler = (req: IncomingMessage, res: ServerResponse, next: Next) => void;

/** The client has hung up before its request was read. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
}

/**
 * Hands what was thrown to the app's handler of errors. Express takes nothing, and the words "route" and
 * "router", for leave to go on: an app's function that throws these must let nobody pass.
 */
export function failWith(next: Next): (thrown: unknown) => void {
  return (thrown) => {
    // Nobody is there to be answered, and nothing is at fault.
    if (thrown instanceof ClientGone) return;
    const isError = typeof thrown === "object" && thrown !== null;
    next(isError ? thrown : new Error("What was thrown is no error.", { cause: thrown }));
  };
}
