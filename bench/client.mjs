/** An HTTP client that costs less than any server it measures: one kept-alive connection, one call at a time. */

import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect } from "node:net";

/** Opens a connection to a port of the loopback interface. */
export async function openConnection(port) {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return new Connection(socket);
}

class Connection {
  #socket;
  #text = "";
  #settle;

  constructor(socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (part) => this.#take(part));
    socket.on("error", (error) => this.#settle?.reject(error));
    socket.on("close", () => this.#settle?.reject(new Error("The server hung up.")));
  }

  /** Makes a call; `cookie` is what the server set, `code` what its stubbed sender had. */
  call(method, path, { body, headers = {} } = {}) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const text = body === undefined ? "" : JSON.stringify(body);
    const entity =
      body === undefined
        ? ""
        : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`;
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) throw new Error("The server hung up before the call.");
      this.#settle = { resolve, reject };
      const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines.join("")}${entity}\r\n`;
      this.#socket.write(head + text);
    });
  }

  close() {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #take(part) {
    this.#text += part;
    const end = this.#text.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = this.#text.slice(0, end);
    const rest = this.#text.slice(end + 4);
    const isChunked = /\r\ntransfer-encoding: chunked/i.test(head);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (isChunked ? !rest.endsWith("0\r\n\r\n") : rest.length < length) return;
    this.#text = "";
    const { resolve } = this.#settle;
    this.#settle = undefined;
    resolve({
      status: Number(head.slice(9, 12)),
      cookie: /\r\nset-cookie: ([^;]+)/i.exec(head)?.[1],
      code: /\r\nx-code: (\d+)/i.exec(head)?.[1],
      text: rest,
    });
  }
}
