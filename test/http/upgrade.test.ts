/** A guarded upgrade, as of a WebSocket: it passes or is refused, and nothing ends the process. */

import { once } from "node:events";
import { request, ServerResponse, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Request, RequestHandler, Response } from "express";
import session from "express-session";
import { SECRET, serve, type ServeOptions } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import type { GuardOptions } from "../../lib";

const BARE: unknown = {};

type MakeResponse = (req: IncomingMessage, socket: Duplex) => ServerResponse;

const RESPONSES: [string, MakeResponse][] = [
  ["a bare object", () => BARE as ServerResponse],
  ["nothing", () => undefined as unknown as ServerResponse],
  ["a response of no connection", (req) => new ServerResponse(req)],
];

/** Serves an app whose upgrades are guarded with a response made so. */
async function serveUpgrades(
  makeResponse: MakeResponse,
  guard: GuardOptions = {},
  given: ServeOptions = {},
) {
  const store = new session.MemoryStore();
  const options = { secret: SECRET, resave: false, saveUninitialized: false, store };
  const s = await serve({ ...given, session: { secret: SECRET, store } });
  const mayPass = s.two.require2fa(guard);
  const sessions: RequestHandler = session(options);
  const failures: unknown[] = [];
  s.server.on("upgrade", (req, socket) => {
    const res = makeResponse(req, socket);
    // As recipes have it: the session's own middleware wants a response with a few members.
    sessions(req as Request, new ServerResponse(req) as unknown as Response, () => {
      try {
        mayPass(req, res, () => {
          socket.end(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
          );
        });
      } catch (error) {
        failures.push(error);
        socket.destroy();
      }
    });
  });
  return { s, failures };
}

/** The status and the code of an upgrade's answer. */
async function upgrade(server: Server, cookie: string, path = "/stream") {
  const { port } = server.address() as { port: number };
  const headers = { Connection: "Upgrade", Upgrade: "x", Cookie: cookie };
  const asked = request({ port, path, headers });
  asked.end();
  const [answer, socket] = (await Promise.race([
    once(asked, "upgrade"),
    once(asked, "response"),
  ])) as [IncomingMessage, Duplex | undefined];
  if (socket !== undefined) {
    socket.destroy();
    return { status: answer.statusCode, code: undefined };
  }
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const { code } = JSON.parse(Buffer.concat(chunks).toString()) as { code: string };
  const retryAfter = answer.headers["retry-after"];
  return { status: answer.statusCode, code, ...(retryAfter !== undefined && { retryAfter }) };
}

describe.each(RESPONSES)("an upgrade that is guarded with %s", (_what, makeResponse) => {
  test("passes for a verified user, and is refused for others (C245)", async () => {
    const { s, failures } = await serveUpgrades(makeResponse);
    const client = await s.signedIn();
    expect(await upgrade(s.server, client.cookie)).toEqual({
      status: 403,
      code: "two_factor_required",
    });
    expect((await upgrade(s.server, "")).status).toBe(403);
    // Also where the endpoints stand: what they would answer with is not there.
    expect((await upgrade(s.server, client.cookie, "/2fa/status")).status).toBe(403);
    await client.ask();
    await client.answer(s.lastCode());
    expect(await upgrade(s.server, client.cookie)).toEqual({ status: 101, code: undefined });
    expect(failures).toEqual([]);
    expect(s.events.some(({ type }) => type === "guard_refused")).toBe(true);
  });

  test("asks for its purpose and its age (C245)", async () => {
    fakeDate();
    const options = { purposes: ["stream"] };
    const guard = { purpose: "stream", maxAge: 60 };
    const { s, failures } = await serveUpgrades(makeResponse, guard, { options });
    const client = await s.signedIn();
    await client.ask();
    await client.answer(s.lastCode());
    expect((await upgrade(s.server, client.cookie)).status).toBe(403);
    await client.ask({ purpose: "stream" });
    await client.answer(s.lastCode());
    expect((await upgrade(s.server, client.cookie)).status).toBe(101);
    pass(61);
    expect((await upgrade(s.server, client.cookie)).status).toBe(403);
    expect(failures).toEqual([]);
  });

  test("is refused where nobody can tell who is signed in, and told when to try again (C245)", async () => {
    let isBroken = false;
    const user = async (req: Request) => {
      await Promise.resolve();
      if (isBroken) throw new Error("down");
      return req.session.user;
    };
    const { s } = await serveUpgrades(makeResponse, {}, { user });
    const client = await s.signedIn();
    isBroken = true;
    expect(await upgrade(s.server, client.cookie)).toEqual({
      status: 503,
      code: "unavailable",
      retryAfter: "5",
    });
  });
});

test("an upgrade whose client has gone is refused without a throw (C245)", async () => {
  const { s } = await serveUpgrades(() => BARE as ServerResponse);
  const guard = s.two.require2fa();
  const socket = { writable: false, remoteAddress: undefined };
  const req = { headers: { upgrade: "x" }, url: "/", method: "GET", socket };
  const passed: unknown[] = [];
  expect(() => {
    guard(req as unknown as IncomingMessage, BARE as ServerResponse, (...given) =>
      passed.push(given),
    );
  }).not.toThrow();
  await new Promise((resolve) => setImmediate(resolve));
  expect(passed).toEqual([]);
});
