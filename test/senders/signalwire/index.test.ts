/** The SignalWire sender over the real client: texts, gateway faults, deadlines and connections. */

import dns from "node:dns";
import { once } from "node:events";
import { createServer, Socket, type AddressInfo } from "node:net";
import { TwoFactorError } from "../../../lib/outcome/errors";
import { signalwire, type SignalWireOptions } from "../../../lib/senders/signalwire/index";
import { startSignalWireApi, type Behaviour, type SignalWireApi } from "../../fakes/signalwire-api";

const TO = "+14155550123";
const TEXT = "Acme: 042917 is your code.\n\n@app.acme.example #042917";
const SAYS = { channel: "sms", code: "042917", locale: "en", purpose: "" } as const;

type Found = (error: Error) => void;

let api: SignalWireApi;
beforeEach(async () => {
  api = await startSignalWireApi();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await api.close();
});

function sender(options: SignalWireOptions = {}) {
  const { url, project, token, number } = api;
  const send = signalwire({ apiBaseUrl: url, project, token, number, ...options });
  return async (changes: { text?: string; validFor?: number; signal?: AbortSignal } = {}) => {
    const { signal } = new AbortController();
    await send({ to: TO, text: TEXT, ...SAYS, validFor: 600, signal, ...changes });
  };
}

/** The failure a promise rejects with, which is always of the package's own class. */
async function failure(sending: Promise<unknown>) {
  const error: unknown = await sending.then(
    () => "sent",
    (reason: unknown) => reason,
  );
  if (!(error instanceof TwoFactorError)) throw new Error(`Not a TwoFactorError: ${String(error)}`);
  const { code, reason, mayStillArrive, retryAfter } = error;
  return { code, reason, mayStillArrive, retryAfter };
}

async function failureAfter(behaviour: Behaviour, options: SignalWireOptions = {}) {
  api.next(behaviour);
  return failure(sender(options)());
}

describe("a text through SignalWire", () => {
  test("is taken as it is, from the project's number, for as long as its code is good (R34)", async () => {
    await sender()({ validFor: 540 });
    expect(api.messages).toEqual([
      {
        sid: expect.any(String) as string,
        to: TO,
        from: api.number,
        body: TEXT,
        fields: { To: TO, From: api.number, Body: TEXT, ValidityPeriod: "540" },
      },
    ]);
  });

  test.each(["é ü 漢字 😀 & + % = \r\n \u0000", "x".repeat(1600)])(
    "keeps every character of %j",
    async (text) => {
      await sender()({ text });
      expect(api.messages[0]?.body).toBe(text);
    },
  );

  test("carries the price, the callback and the messaging service that were asked for (R34)", async () => {
    const { messagingServiceSid } = api;
    const send = signalwire({
      apiBaseUrl: api.url,
      project: api.project,
      token: api.token,
      messagingServiceSid,
      maxPrice: 0.05,
      statusCallback: "https://app.example/sms?a=1&b=2",
    });
    const { signal } = new AbortController();
    await send({ to: TO, text: TEXT, ...SAYS, validFor: 600, signal });
    expect(api.messages[0]?.fields).toEqual({
      To: TO,
      Body: TEXT,
      ValidityPeriod: "600",
      MessagingServiceSid: messagingServiceSid,
      MaxPrice: "0.05",
      StatusCallback: "https://app.example/sms?a=1&b=2",
    });
  });

  test.each([
    [0, "1"],
    [-5, "1"],
    [0.4, "1"],
    [59.9, "59"],
    [1e9, "14400"],
    [NaN, "600"],
    [undefined as unknown as number, "600"],
  ])("that is good for %d s has a period that SignalWire takes (R34)", async (validFor, period) => {
    await sender()({ validFor });
    expect(api.messages[0]?.fields["ValidityPeriod"]).toBe(period);
  });

  test("goes under the path of a gateway that has one", async () => {
    const sending = sender({ apiBaseUrl: `${api.url}/api/laml/` })();
    await expect(failure(sending)).resolves.toMatchObject({ reason: "not_found" });
    const path = `/api/laml/2010-04-01/Accounts/${api.project}/Messages.json`;
    expect(api.requests[0]?.path).toBe(path);
  });

  test("asks for an answer in plain bytes, since one in gzip or br would not be read", async () => {
    await sender()();
    expect(api.requests[0]?.headers["accept-encoding"]).toBe("identity");
  });

  test("shares one connection with those before it", async () => {
    const send = sender();
    for (let text = 0; text < 4; text += 1) await send();
    expect(api.messages).toHaveLength(4);
    expect(api.connections).toBe(1);
  });

  test("takes a new connection once the gateway has closed the last", async () => {
    const send = sender();
    const headers = { Connection: "close" };
    api.next({ do: "answer", status: 201, body: '{"sid":"1"}', headers });
    await send();
    await send();
    expect(api.connections).toBe(2);
  });

  test("takes a new one, and leaves once, where the gateway has hung up meanwhile", async () => {
    const send = sender();
    await send();
    await api.hangUp();
    await send();
    expect([api.messages.length, api.requests.length, api.connections]).toEqual([2, 2, 2]);
  });

  const JSON_201 = '{"sid":"1","status":"queued","error_code":null}';
  const length = `Content-Length: ${JSON_201.length}`;
  test.each([
    ["HTTP/1.0 that ends with the connection", `HTTP/1.0 201 Created\r\n\r\n${JSON_201}`],
    ["no length", `HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n${JSON_201}`],
    [
      "chunks and a trailer",
      `HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n${JSON_201.length.toString(16)}\r\n${JSON_201}\r\n0\r\nX-Id: 1\r\n\r\n`,
    ],
    [
      "two interim answers before it",
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 201 Created\r\n${length}\r\n\r\n${JSON_201}`,
    ],
    [
      "headers that come twice",
      `HTTP/1.1 201 Created\r\nX: 1\r\nX: 2\r\n${length}\r\n\r\n${JSON_201}`,
    ],
  ])("is taken by an answer with %s", async (_what, text) => {
    api.next({ do: "raw", text });
    const sending = sender()();
    await api.arrived(1);
    if (!text.includes(length)) await api.hangUp();
    await sending;
    expect(api.messages).toHaveLength(1);
  });

  test("leaves the connection usable after a refusal", async () => {
    const send = sender();
    api.next({ do: "refuse", status: 400, code: 21610 });
    await failure(send());
    await send();
    expect(api.connections).toBe(1);
  });
});

describe("a refusal of SignalWire's", () => {
  test.each([
    [400, 21205, "cannot_text_number", "invalid_number"],
    [400, 21211, "cannot_text_number", "invalid_number"],
    [400, 21217, "cannot_text_number", "invalid_number"],
    [400, 21610, "cannot_text_number", "opted_out"],
    [400, 30004, "cannot_text_number", "opted_out"],
    [400, 21614, "cannot_text_number", "not_a_mobile"],
    [400, 30006, "cannot_text_number", "not_a_mobile"],
    [422, "30006", "cannot_text_number", "not_a_mobile"],
    [400, 21717, "delivery_failed", "no_campaign"],
    [400, 30002, "delivery_failed", "no_balance"],
    [402, 4001, "delivery_failed", "no_balance"],
    [400, 21210, "delivery_failed", "sender_number"],
    [400, 21603, "delivery_failed", "sender_number"],
    [400, 21219, "delivery_failed", "trial_account"],
    [400, 30010, "delivery_failed", "too_dear"],
    [400, 20003, "delivery_failed", "credentials"],
    [401, undefined, "delivery_failed", "credentials"],
    [403, 12345, "delivery_failed", "credentials"],
    [404, undefined, "delivery_failed", "not_found"],
    [400, undefined, "delivery_failed", "refused"],
    [400, 99999, "delivery_failed", "refused"],
    [400, "__proto__", "delivery_failed", "refused"],
    [422, "not_routable", "delivery_failed", "refused"],
  ])(
    "of %p with code %p is %s for %s, and nothing arrives (R41)",
    async (status, code, own, reason) => {
      const refused = await failureAfter({
        do: "refuse",
        status,
        ...(code !== undefined && { code }),
      });
      expect(refused).toEqual({ code: own, reason, mayStillArrive: false, retryAfter: undefined });
      expect(api.requests).toHaveLength(1);
    },
  );

  test.each([
    [21601, "sender_number"],
    [21606, "sender_number"],
    [21661, "sender_number"],
    [21408, "country_not_enabled"],
    [21608, "trial_account"],
    [30034, "no_campaign"],
  ])(
    "with code %d names the operator's fault, and says no word against the user's number (C211)",
    async (code, reason) => {
      const refused = await failureAfter({ do: "refuse", status: 400, code });
      expect(refused).toMatchObject({ code: "delivery_failed", reason, mayStillArrive: false });
    },
  );

  test.each([500, 502, 503, 504, 599])(
    "of %d leaves open whether the text arrives",
    async (status) => {
      expect(await failureAfter({ do: "refuse", status })).toEqual({
        code: "delivery_failed",
        reason: "gateway_error",
        mayStillArrive: true,
        retryAfter: undefined,
      });
      expect(api.requests).toHaveLength(1); // Not sent again: that could be a second text.
    },
  );

  test.each([
    [429, undefined, "17", 17],
    [429, undefined, undefined, 5],
    [400, 20429, "0", 5],
    [400, 21611, "soon", 5],
    [429, 20429, "-3", 5],
    [429, 20429, "1e3", 5],
    [429, 20429, "999999999", 5],
    [429, 20429, "7200", 5],
    [429, 20429, "Wed, 21 Oct 2099 07:28:00 GMT", 5],
  ])(
    "of %d with code %p and Retry-After %p says when to try (R41)",
    async (status, code, header, wait) => {
      const refused = await failureAfter({
        do: "refuse",
        status,
        ...(code !== undefined && { code }),
        ...(header !== undefined && { headers: { "Retry-After": header } }),
      });
      expect(refused).toEqual({
        code: "unavailable",
        reason: "throttled",
        mayStillArrive: false,
        retryAfter: wait,
      });
    },
  );

  test.each([
    [401, "credentials", false],
    [404, "not_found", false],
    [400, "refused", false],
    [500, "gateway_error", true],
  ])("of %d counts by its status where its body is no JSON", async (status, reason, mayArrive) => {
    for (const body of ["<html>Nothing here</html>", "", "null", "[]", '"no"', "{", "5"]) {
      const refused = await failureAfter({ do: "answer", status, body });
      expect(refused).toMatchObject({ reason, mayStillArrive: mayArrive });
    }
    const flooded = await failureAfter({ do: "flood", status, bytes: 5_000_000 });
    expect(flooded).toMatchObject({ reason, mayStillArrive: mayArrive });
    const cut = await failureAfter({ do: "cut", status });
    expect(cut).toMatchObject({ reason, mayStillArrive: mayArrive });
  });

  test.each([
    [{ status: "failed", error_code: 30006 }, "cannot_text_number", "not_a_mobile"],
    [{ status: "failed", error_code: "21610" }, "cannot_text_number", "opted_out"],
    [{ status: "queued", error_code: 21717 }, "delivery_failed", "no_campaign"],
    [{ status: "failed" }, "delivery_failed", "refused"],
    [{ status: "undelivered" }, "delivery_failed", "refused"],
    [{ status: "canceled" }, "delivery_failed", "refused"],
    [{ error_code: 31337 }, "delivery_failed", "refused"],
  ])("inside a 201, %j, counts as one", async (fields, code, reason) => {
    expect(await failureAfter({ do: "accept", fields })).toMatchObject({
      code,
      reason,
      mayStillArrive: false,
    });
  });

  test.each([null, 0, "0", "", false, undefined])(
    "is none inside a 201 whose error_code is %p",
    async (code) => {
      api.next({ do: "accept", fields: { error_code: code } });
      await sender()();
      expect(api.messages).toHaveLength(1);
      const failed = await failureAfter({
        do: "accept",
        fields: { error_code: code, status: "failed" },
      });
      expect(failed).toMatchObject({ reason: "refused" });
    },
  );

  test("of wrong credentials is told by the API itself", async () => {
    const sending = sender({ token: "PT0000" })();
    expect(await failure(sending)).toMatchObject({ reason: "credentials", mayStillArrive: false });
    expect(api.messages).toEqual([]);
  });
});

describe("an answer that says nothing clear", () => {
  test.each([
    { do: "answer", status: 200, body: "<html>Welcome to our wireless network</html>" },
    { do: "answer", status: 201, body: "" },
    { do: "answer", status: 204, body: "" },
    { do: "answer", status: 200, body: "null" },
    { do: "answer", status: 200, body: "[]" },
    { do: "answer", status: 200, body: "{}" },
    { do: "answer", status: 201, body: '{"sid":5}' },
    { do: "answer", status: 201, body: '{"sid":""}' },
    { do: "answer", status: 201, body: '{"sid":"a"' },
    { do: "flood", bytes: 5_000_000 },
    { do: "flood", bytes: 64 * 1024 + 1 },
    { do: "raw", text: "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n" },
  ] as Behaviour[])("is not taken for success: %j", async (behaviour) => {
    expect(await failureAfter(behaviour)).toEqual({
      code: "delivery_failed",
      reason: "bad_answer",
      mayStillArrive: true,
      retryAfter: undefined,
    });
  });

  test.each([301, 302, 303, 307, 308])(
    "and a redirect of %d is not followed (R94)",
    async (status) => {
      const other = await startSignalWireApi();
      try {
        const headers = { Location: `${other.url}/2010-04-01/` };
        const refused = await failureAfter({ do: "answer", status, body: "", headers });
        expect(refused).toMatchObject({ code: "delivery_failed", reason: "redirected" });
        expect(other.connections).toBe(0);
        expect(api.requests).toHaveLength(1);
      } finally {
        await other.close();
      }
    },
  );
});

describe("a connection that fails", () => {
  test.each(["before", "after"] as const)("%s the text was read leaves it open", async (when) => {
    const lost = await failureAfter({ do: "drop", when });
    expect(lost).toMatchObject({ reason: "connection_lost", mayStillArrive: true });
    expect(api.connections).toBe(1); // Not sent again.
  });

  test.each([
    [
      "another protocol",
      "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    ],
    ["two lengths", "HTTP/1.1 201 Created\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"],
    ["headers without end", `HTTP/1.1 201 Created\r\nX: ${"x".repeat(100_000)}\r\n\r\n`],
    ["no HTTP", "SSH-2.0-OpenSSH\r\n"],
  ])("by an answer with %s leaves it open", async (_what, text) => {
    const lost = await failureAfter({ do: "raw", text });
    expect(lost).toMatchObject({ reason: "connection_lost", mayStillArrive: true });
  });

  test("amid a 201 leaves it open", async () => {
    const lost = await failureAfter({ do: "cut", status: 201 });
    expect(lost).toMatchObject({ reason: "connection_lost", mayStillArrive: true });
  });

  test("amid the second text on it leaves that one open, and sends it once", async () => {
    const send = sender();
    await send();
    api.next({ do: "drop", when: "before" });
    const lost = await failure(send());
    expect(lost).toMatchObject({ reason: "connection_lost", mayStillArrive: true });
    await send();
    expect(api.messages).toHaveLength(2);
  });

  test("to open means that nothing was sent", async () => {
    const closed = await startSignalWireApi();
    await closed.close();
    expect(await failure(sender({ apiBaseUrl: closed.url })())).toEqual({
      code: "delivery_failed",
      reason: "unreachable",
      mayStillArrive: false,
      retryAfter: undefined,
    });
  });

  test("for want of an address means that nothing was sent", async () => {
    const unknown = Object.assign(new Error("queryA ENOTFOUND"), { code: "ENOTFOUND" });
    jest.spyOn(dns, "lookup").mockImplementation(((_: string, __: object, done: Found) => {
      process.nextTick(done, unknown);
    }) as typeof dns.lookup);
    const sending = sender({ apiBaseUrl: "https://sms.gateway.invalid" })();
    expect(await failure(sending)).toMatchObject({ reason: "unreachable", mayStillArrive: false });
  });

  test("in the TLS handshake means that nothing was sent", async () => {
    const sending = sender({ apiBaseUrl: api.url.replace("http:", "https:") })();
    expect(await failure(sending)).toMatchObject({ reason: "unreachable", mayStillArrive: false });
    expect(api.requests).toEqual([]);
  });
});

describe("the deadline", () => {
  async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
    const start = performance.now();
    const result = await work();
    return { result, ms: performance.now() - start };
  }

  test.each([
    { do: "hang" },
    { do: "trickle", everyMs: 100 },
    { do: "trickle", everyMs: 100, status: 200 },
    { do: "raw", text: "HTTP/1.1 201 Created\r\nX: ", again: "x" },
    { do: "raw", text: "", again: "HTTP/1.1 100 Continue\r\n\r\n" },
  ] as Behaviour[])("holds against a gateway that does %j", async (behaviour) => {
    const { result, ms } = await timed(() => failureAfter(behaviour, { timeout: 0.3 }));
    expect(result).toMatchObject({
      code: "delivery_failed",
      reason: "timeout",
      mayStillArrive: true,
    });
    expect(ms).toBeGreaterThan(290);
    expect(ms).toBeLessThan(20_000); // A trickled 201 would take most of a minute.
  });

  test("holds against a handshake that never ends, and then nothing was sent", async () => {
    const silent = createServer();
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    try {
      const send = sender({ apiBaseUrl: `https://127.0.0.1:${port}`, timeout: 0.2 });
      const { result, ms } = await timed(() => failure(send()));
      expect(result).toMatchObject({ reason: "timeout", mayStillArrive: false });
      expect(ms).toBeLessThan(20_000);
    } finally {
      silent.close();
    }
  });

  test("is ten seconds, unless it is told otherwise", async () => {
    const set = jest.spyOn(globalThis, "setTimeout");
    await sender()();
    expect(set.mock.calls.map(([, ms]) => ms)).toContain(10_000);
    await sender({ timeout: 2.5 })();
    expect(set.mock.calls.map(([, ms]) => ms)).toContain(2500);
  });

  test("holds against a name that is never resolved, and what comes late connects nowhere", async () => {
    const asked: ((error: null, address: string, family: number) => void)[] = [];
    jest.spyOn(dns, "lookup").mockImplementation(((_: string, __: object, done: never) => {
      asked.push(done);
    }) as typeof dns.lookup);
    const apiBaseUrl = api.url.replace("127.0.0.1", "localhost");
    const send = sender({ apiBaseUrl, timeout: 0.2, maxConcurrent: 1 });
    for (const count of [1, 2]) {
      const { result, ms } = await timed(() => failure(send()));
      expect(result).toMatchObject({ reason: "timeout", mayStillArrive: false });
      expect(ms).toBeLessThan(20_000);
      expect(asked).toHaveLength(count);
    }
    for (const found of asked) found(null, "127.0.0.1", 4);
    await new Promise(setImmediate);
    await sender()();
    expect(api.messages).toHaveLength(1);
    expect(api.connections).toBe(1);
  });

  test("of whoever asked ends the exchange too, and closes its connection", async () => {
    const asking = new AbortController();
    api.next({ do: "hang" });
    const sending = failure(sender()({ signal: asking.signal }));
    await api.arrived(1);
    asking.abort();
    expect(await sending).toMatchObject({ reason: "timeout", mayStillArrive: true });
  });

  test("that has passed already sends nothing", async () => {
    const sending = sender()({ signal: AbortSignal.abort() });
    expect(await failure(sending)).toMatchObject({ reason: "timeout", mayStillArrive: false });
    expect(api.connections).toBe(0);
  });

  test("leaves no listener behind on a signal that lives on", async () => {
    const { signal } = new AbortController();
    const added = jest.spyOn(signal, "addEventListener");
    const removed = jest.spyOn(signal, "removeEventListener");
    await sender()({ signal });
    expect(removed.mock.calls.length).toBeGreaterThanOrEqual(added.mock.calls.length);
    expect(removed.mock.calls[0]?.[1]).toBe(added.mock.calls[0]?.[1]);
  });
});

describe("texts at once", () => {
  test.each([
    [undefined, 10],
    [3, 3],
  ])("are at most %p, and one more is refused at once (R40)", async (maxConcurrent, most) => {
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => (release = resolve));
    api.next(...Array.from({ length: most }, () => ({ do: "wait", until }) as const));
    const send = sender({ maxConcurrent });
    const sending = Array.from({ length: most }, () => send());
    await api.arrived(most);

    const busy = { code: "unavailable", reason: "busy", mayStillArrive: false, retryAfter: 1 };
    expect(await failure(send())).toEqual(busy);
    expect(api.requests).toHaveLength(most);

    release();
    await Promise.all(sending);
    await send();
    expect(api.messages).toHaveLength(most + 1);
  });

  test("get no connection of another's while one is still closing, which would hide that they left", async () => {
    const send = sender({ maxConcurrent: 2 });
    let answer = (): void => undefined;
    const until = new Promise<void>((resolve) => (answer = resolve));
    const asking = new AbortController();
    api.next({ do: "hang" }, { do: "wait", until }, { do: "drop", when: "after" });
    const first = failure(send({ signal: asking.signal }));
    await api.arrived(1);
    const second = send();
    await api.arrived(2);

    let close = (): void => undefined;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called on its own socket below
    const destroy = Socket.prototype._destroy;
    jest.spyOn(Socket.prototype, "_destroy").mockImplementationOnce(function (
      this: Socket,
      ...given
    ) {
      close = () => {
        destroy.apply(this, given);
      };
    });
    asking.abort();
    expect(await first).toMatchObject({ reason: "timeout" });
    const third = failure(send());
    answer();
    await second;
    expect(await third).toMatchObject({ reason: "connection_lost", mayStillArrive: true });
    close();
    expect(api.requests).toHaveLength(3);
  });

  test("that fail give their place back", async () => {
    const send = sender({ maxConcurrent: 1, timeout: 0.2 });
    api.next({ do: "hang" }, { do: "refuse", status: 400 }, { do: "drop", when: "after" });
    for (const reason of ["timeout", "refused", "connection_lost"]) {
      expect(await failure(send())).toMatchObject({ reason });
    }
    const asking = new AbortController();
    api.next({ do: "hang" });
    const aborted = failure(send({ signal: asking.signal }));
    await api.arrived(4);
    asking.abort();
    expect(await aborted).toMatchObject({ reason: "timeout" });
    expect(await failure(send({ signal: asking.signal }))).toMatchObject({ reason: "timeout" });
    await send();
    expect(api.messages).toHaveLength(1);
  });
});
