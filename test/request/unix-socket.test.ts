/** Behind a proxy on a UNIX socket, clients are counted apart as `trust proxy` means it, or a warning says why not. */

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXPRESSES, serve, type ExpressModule, type Served } from "../fakes/app";

const ROOMY = { max: 1000, window: 600 };
const folder = mkdtempSync(join(tmpdir(), "unix-socket-"));
const path = join(folder, "app.sock");
let server: Server | undefined;
let warnings: jest.SpyInstance;

beforeEach(() => {
  warnings = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
});

afterEach(async () => {
  const closing = server;
  server = undefined;
  if (closing) await new Promise((resolve) => closing.close(resolve));
  warnings.mockRestore();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The product on a UNIX socket, one text for each network. */
async function serveBySocket(express: ExpressModule, trust: unknown): Promise<Served> {
  const s = await serve({
    express,
    user: "from-request",
    options: { limits: { number: ROOMY, network: { max: 1, window: 600 }, cooldown: 1 } },
    before: (app) => app.set("trust proxy", trust),
  });
  const listening = createServer(s.app);
  server = listening;
  await new Promise<void>((resolve) => void listening.listen(path, resolve));
  return s;
}

let asked = 0;

function askFrom(forwarded: string | undefined): Promise<number | undefined> {
  const body = JSON.stringify({ number: `+1202555${String((asked += 1) + 1000)}` });
  const headers = {
    "content-type": "application/json",
    ...(forwarded !== undefined && { "x-forwarded-for": forwarded }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      { socketPath: path, path: "/2fa/request-auth", method: "POST", headers, agent: false },
      (res) => {
        res.resume().on("end", () => {
          resolve(res.statusCode);
        });
      },
    );
    sent.on("error", reject).end(body);
  });
}

describe.each(EXPRESSES)("%s", (_name, express) => {
  test.each(["loopback", "loopback, 10.0.0.0/8", "127.0.0.1", 1])(
    "with `trust proxy: %j` each client has its own budget (C226)",
    async (trust) => {
      const s = await serveBySocket(express, trust);
      expect(await askFrom("198.51.100.1")).toBe(200);
      expect(await askFrom("198.51.100.2")).toBe(200);
      expect(await askFrom("203.0.113.9, 198.51.100.1")).toBe(429);
      expect(s.events.find(({ type }) => type === "sent")?.ip).toBe("198.51.100.1");
      expect(warnings).not.toHaveBeenCalled();
    },
  );

  test("further proxies are passed by, as far as they are trusted (C226)", async () => {
    const s = await serveBySocket(express, ["loopback", "10.0.0.0/8"]);
    expect(await askFrom("203.0.113.9, 198.51.100.1, 10.1.1.1")).toBe(200);
    expect(await askFrom("198.51.100.1")).toBe(429);
    expect(await askFrom("10.1.1.2, 10.1.1.1")).toBe(200);
    const ips = s.events.filter(({ type }) => type === "sent").map(({ ip }) => ip);
    expect(ips).toEqual(["198.51.100.1", "10.1.1.2"]);
  });

  test.each([false, "10.0.0.0/8"])(
    "with `trust proxy: %j` a header is not believed (C226)",
    async (trust) => {
      await serveBySocket(express, trust);
      expect(await askFrom("198.51.100.1")).toBe(200);
      expect(await askFrom("198.51.100.2")).toBe(429);
    },
  );
});
