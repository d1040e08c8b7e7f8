/** The address that a request is counted under: what the app trusts, and no header besides. */

import type { IncomingMessage } from "node:http";
import type { LimitOptions } from "../../lib/index";
import { addressOf } from "../../lib/request/client-address";
import { EXPRESSES, serve, type Served } from "../fakes/app";

const ROOMY = { max: 1000, window: 600 };
const FREE: LimitOptions = { user: ROOMY, number: ROOMY, network: ROOMY, cooldown: 1 };
const ADDRESS = "192.0.2.1";
const TWO = { max: 2, window: 600 };

const number = (index: number) => `+1202555${String(1000 + index)}`;

afterEach(() => {
  jest.restoreAllMocks();
});

describe.each(EXPRESSES)("%s", (_name, express) => {
  const askFrom = async (s: Served, index: number, forwarded: string) => {
    const client = await s.signedIn(`user${index}`, number(index));
    return (await client.ask().set("X-Forwarded-For", forwarded)).status;
  };

  test("a forged X-Forwarded-For gives no new budget without trust proxy (B044, R74)", async () => {
    jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const s = await serve({ express, options: { limits: { ...FREE, network: TWO } } });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      statuses.push(await askFrom(s, index, `192.0.2.${index}, 10.0.0.1`));
    }
    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  test("behind one trusted proxy clients are counted apart, and what they forge before it is not believed (B044)", async () => {
    const s = await serve({
      express,
      options: { limits: { ...FREE, network: { max: 1, window: 600 } } },
      before: (app) => app.set("trust proxy", 1),
    });
    expect(await askFrom(s, 1, "192.0.2.1")).toBe(200);
    expect(await askFrom(s, 2, "192.0.2.2")).toBe(200);
    expect(await askFrom(s, 3, "203.0.113.9, 192.0.2.1")).toBe(429);
    expect(s.events.find(({ type }) => type === "sent")?.ip).toBe("192.0.2.1");
  });

  test("all addresses of one IPv6 /56 share a budget, and the next /56 has its own (R32)", async () => {
    const s = await serve({
      express,
      options: { limits: { ...FREE, network: { max: 1, window: 600 } } },
      before: (app) => app.set("trust proxy", 1),
    });
    expect(await askFrom(s, 1, "2001:db8:0:aa00::1")).toBe(200);
    expect(await askFrom(s, 2, "2001:db8:0:aaff:1:2:3:4")).toBe(429);
    expect(await askFrom(s, 3, "2001:db8:0:ab00::1")).toBe(200);
  });
});

describe("the process is warned, once", () => {
  /** A fresh copy of the file, which warns once for each process. */
  const warningsOf = (
    app: unknown,
    headers: object,
    { ip, socket }: { ip?: string; socket?: object } = { ip: ADDRESS },
  ): string[] => {
    const spy = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    jest.resetModules();
    const fresh = jest.requireActual<{ addressOf: typeof addressOf }>(
      "../../lib/request/client-address",
    );
    const req = { app, headers, ip, socket: socket ?? {} } as unknown as IncomingMessage;
    for (let time = 0; time < 2; time += 1) expect(fresh.addressOf(req)).toBe(ip);
    const warnings = spy.mock.calls.map((given) => JSON.stringify(given));
    spy.mockRestore();
    return warnings;
  };
  const trusting = (trust: unknown) => ({ get: () => trust });
  const forwarded = { "x-forwarded-for": "192.0.2.9" };

  test("where every client can choose its address (B044)", () => {
    const warnings = warningsOf(trusting(true), {});
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/clients can choose the address.*SMS2FA_TRUST_PROXY/);
  });

  test("where a proxy's header comes to an app that trusts none (B044)", () => {
    const warnings = warningsOf(trusting(false), forwarded);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/all clients are counted as one.*SMS2FA_TRUST_PROXY/);
  });

  test("where a UNIX socket tells no address that is trusted (C226)", () => {
    const open = { destroyed: false };
    for (const app of [trusting("10.0.0.0/8"), trusting("loopback"), trusting(false)]) {
      const warnings = warningsOf(app, {}, { socket: open });
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(
        /UNIX socket.*all clients are counted as one.*SMS2FA_TRUST_PROXY/,
      );
    }
  });

  test("and not where a client is gone, with its address (C226)", () => {
    expect(warningsOf(trusting("loopback"), forwarded, { socket: { destroyed: true } })).toEqual(
      [],
    );
  });

  test("and not where the app names its proxies, or no header comes", () => {
    expect(warningsOf(trusting(1), forwarded)).toEqual([]);
    expect(warningsOf(trusting("10.0.0.1"), forwarded)).toEqual([]);
    expect(warningsOf(trusting(false), {})).toEqual([]);
    expect(warningsOf(undefined, forwarded)).toEqual([]);
  });
});

test("without Express it is the socket's, and a header is never believed (R74)", () => {
  const req = {
    headers: { "x-forwarded-for": "192.0.2.9" },
    socket: { remoteAddress: "192.0.2.1" },
  };
  expect(addressOf(req as unknown as IncomingMessage)).toBe("192.0.2.1");
});
