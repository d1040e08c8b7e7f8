/** One exchange with a server over a socket of its own: bytes there, an answer back. */

import { connect } from "node:net";

/** An answer, as far as it came. */
export interface Answer {
  status: number;
  /** Names in lower case; of several, all. */
  headers: Map<string, string[]>;
  body: string;
  /** All of it. */
  text: string;
}

/** Sends `bytes`, and gives the answer; nothing where the server ends the connection without one. */
export function exchange(
  port: number,
  bytes: Buffer,
  { isHead = false, hangsUp = false } = {},
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const parts: Buffer[] = [];
    const finish = (): void => {
      resolve(answerIn(Buffer.concat(parts)));
    };
    socket.on("data", (part) => {
      parts.push(part);
      if (hangsUp || !isWhole(Buffer.concat(parts), isHead)) return;
      finish();
      socket.resetAndDestroy();
    });
    socket.on("close", finish);
    // The server may end a connection while it is written to.
    socket.on("error", () => undefined);
    if (hangsUp) socket.end(bytes);
    else socket.write(bytes);
  });
}

function isWhole(bytes: Buffer, isHead: boolean): boolean {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const head = bytes.toString("latin1", 0, end);
  if (isHead || /^HTTP\/1\.1 (?:204|304)/.test(head)) return true;
  const [, length] = /^content-length: *(\d+)/im.exec(head) ?? [];
  if (length !== undefined) return bytes.length >= end + 4 + Number(length);
  return (
    /^transfer-encoding: *chunked/im.test(head) && bytes.toString("latin1").endsWith("0\r\n\r\n")
  );
}

function answerIn(bytes: Buffer): Answer | undefined {
  const text = bytes.toString("utf8");
  const end = text.indexOf("\r\n\r\n");
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? [];
  if (status === undefined || end < 0) return undefined;
  const headers = new Map<string, string[]>();
  for (const line of text.slice(0, end).split("\r\n").slice(1)) {
    const at = line.indexOf(":");
    const name = line.slice(0, at).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(at + 1).trim()]);
  }
  return { status: Number(status), headers, body: text.slice(end + 4), text };
}
