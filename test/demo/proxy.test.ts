/** What the demo's nginx configuration hands on, and what it does not. */

import { createServer, type IncomingMessage, type Server } from "node:http";
import { listen } from "../fakes/listening";
import { startNginx, type Nginx } from "../services/nginx";

/** Two servers in place of the demo, the first of which drops what it is sent while `isBroken`. */
const asked: { by: number; req: IncomingMessage }[] = [];
let isBroken = false;
let servers: Server[];
let proxy: Nginx;

beforeAll(async () => {
  servers = [0, 1].map((index) =>
    createServer((req, res) => {
      asked.push({ by: index, req });
      if (isBroken && index === 0) req.socket.destroy();
      else res.end("served");
    }),
  );
  proxy = await startNginx(await Promise.all(servers.map(listen)));
});
afterAll(async () => {
  // First, so that they end too where nginx has not come up.
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  await proxy.close();
});
beforeEach(() => {
  asked.length = 0;
  isBroken = false;
});

test("requests are shared out, the Host is the visitor's, and an address that he claims is dropped", async () => {
  const claims = { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" };
  for (const path of ["/", "/account"]) await fetch(proxy.url + path, { headers: claims });
  expect(asked.map(({ by }) => by).sort()).toEqual([0, 1]);
  for (const { req } of asked) {
    expect(req.headers).toMatchObject({
      host: `127.0.0.1:${proxy.port}`,
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
    });
  }
});

test("the containers' own check is not for visitors", async () => {
  expect((await fetch(`${proxy.url}/healthz`)).status).toBe(404);
  expect(asked).toEqual([]);
});

test("a POST that a process drops is tried nowhere else: it would send two texts, or count a code twice", async () => {
  isBroken = true;
  const statuses = [];
  for (let each = 0; each < 2; each += 1) {
    statuses.push((await fetch(`${proxy.url}/2fa/request-auth`, { method: "POST" })).status);
  }
  expect(statuses.sort()).toEqual([200, 502]);
  expect(asked).toHaveLength(2);
});
