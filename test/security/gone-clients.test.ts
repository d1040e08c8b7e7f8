/** Clients that hang up before they are answered: nobody is there, so nothing is sent, and nothing counted elsewhere. */

import { request } from "node:http";
import { connect, type Socket } from "node:net";
import express, { type Express } from "express";
import session, { type SessionData } from "express-session";
import { codeIn, Gate, serve, type Client, type Served } from "../fakes/app";
import { until } from "../fakes/clock";

type Call = "get" | "set";

/** Holds the calls of one kind, once it is told which. */
class HeldStore extends session.MemoryStore {
  held: Call | undefined;
  readonly gate = new Gate();

  override get(sid: string, done: (error: unknown, data?: SessionData | null) => void): void {
    void this.#wait("get").then(() => {
      super.get(sid, done);
    });
  }

  override set(sid: string, data: SessionData, done?: (error?: unknown) => void): void {
    void this.#wait("set").then(() => {
      super.set(sid, data, done);
    });
  }

  async #wait(call: Call): Promise<void> {
    if (this.held === call) await this.gate.pass();
  }
}

/** Posts, and hangs up once `isSo`; resolves when the server has heard of that. */
async function postAndLeave(s: Served, client: Client, path: string, when: Promise<void>) {
  const sockets: Socket[] = [];
  s.server.once("connection", (socket: Socket) => sockets.push(socket));
  const headers = { Cookie: client.cookie, "Content-Length": 0 };
  const asked = request({ port: s.port, path, method: "POST", headers, agent: false });
  asked.on("error", () => undefined);
  asked.end();
  await when;
  asked.destroy();
  await until(() => sockets[0]?.destroyed === true);
}

const ONE = { max: 1, window: 600 };

test("a client that hangs up while the session is saved gets no text, is counted nowhere, and may ask again (C264)", async () => {
  const store = new HeldStore();
  const options = { limits: { user: ONE, network: ONE } };
  const s = await serve({ session: { store }, options });
  const client = await s.signedIn();
  store.held = "set";
  await postAndLeave(s, client, "/2fa/request-auth", store.gate.held);
  store.held = undefined;
  store.gate.open();
  await until(() => s.events.length > 0);
  const told = { type: "refused", code: "send_refused", reason: "client_gone", ip: "127.0.0.1" };
  expect(s.events).toMatchObject([told]);
  expect(s.sent).toEqual([]);
  expect((await client.status()).body).toMatchObject({ challenge: null });
  expect((await client.ask()).body).toMatchObject({ status: "sent", attemptsLeft: 5 });
  expect((await client.answer(codeIn(s.sent[0]))).status).toBe(200);
});

describe.each<[string, ((app: Express) => unknown) | undefined]>([
  ["reads its body itself", undefined],
  ["has its body read by the app", (app) => app.use(express.json())],
])(
  "a client that hangs up while its session is looked for, where the router %s (C264)",
  (_how, parse) => {
    const lookedFor = async () => {
      const store = new HeldStore();
      const options = { limits: { user: ONE, network: ONE } };
      const before = parse && ((app: Express) => void parse(app));
      const s = await serve({ session: { store }, options, ...(before && { before }) });
      const client = await s.signedIn();
      const leave = async (path: string) => {
        store.held = "get";
        await postAndLeave(s, client, path, store.gate.held);
        store.held = undefined;
        store.gate.open();
      };
      return { s, client, leave };
    };

    test("gets no text, is counted nowhere, and may ask again", async () => {
      const { s, client, leave } = await lookedFor();
      await leave("/2fa/request-auth");
      expect((await client.ask()).body).toMatchObject({ status: "sent" });
      expect(s.sent).toHaveLength(1);
      expect(s.errors).toEqual([]);
    });

    test("is told of under its own address where it is told of", async () => {
      const { s, client, leave } = await lookedFor();
      await client.ask();
      await leave("/2fa/validate-auth");
      await leave("/2fa/request-auth");
      await leave("/private");
      await client.status();
      expect(s.events.filter(({ ip }) => ip !== "127.0.0.1")).toEqual([]);
      expect(s.sent).toHaveLength(1);
    });
  },
);

test("a client that hangs up while the app is asked who is signed in gets no text (C264)", async () => {
  const gate = new Gate();
  let isHeld = false;
  const s = await serve({
    user: async (req) => {
      if (isHeld) await gate.pass();
      return req.session.user;
    },
  });
  const client = await s.signedIn();
  isHeld = true;
  await postAndLeave(s, client, "/2fa/request-auth", gate.held);
  isHeld = false;
  gate.open();
  await until(() => s.events.length > 0);
  expect(s.events).toMatchObject([{ reason: "client_gone", ip: "127.0.0.1" }]);
  expect(s.sent).toEqual([]);
});

test.each([
  ["ends its side of the connection", (socket: Socket) => socket.end()],
  ["drops the connection", (socket: Socket) => socket.destroy()],
  ["resets the connection", (socket: Socket) => socket.resetAndDestroy()],
])(
  "a client that %s in the middle of its body is no error of the app's (C264)",
  async (_how, leave) => {
    const s = await serve();
    const reached: Socket[] = [];
    s.server.prependListener("request", ({ socket }) => reached.push(socket));
    const socket = connect(s.port, "127.0.0.1");
    socket.on("error", () => undefined);
    const head = "POST /2fa/request-auth HTTP/1.1\r\nHost: app.example\r\nContent-Length: 50";
    socket.write(`${head}\r\nContent-Type: application/json\r\n\r\n{"number":`);
    await until(() => reached.length > 0);
    leave(socket);
    await until(() => reached[0]?.destroyed === true);
    await new Promise(setImmediate);
    expect(s.errors).toEqual([]);
    expect(s.events).toEqual([]);
  },
);
