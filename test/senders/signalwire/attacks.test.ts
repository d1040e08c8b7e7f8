/** Attacks on the SignalWire sender: what it must not tell, obey or send to, whatever happens around it. */

import https from "node:https";
import { inspect } from "node:util";
import { signalwire, type SignalWireOptions } from "../../../lib/senders/signalwire/index";
import { startSignalWireApi, type Behaviour, type SignalWireApi } from "../../fakes/signalwire-api";
import { sendElsewhere } from "../elsewhere";

const TO = "+14155550123";
const CODE = "042917";
const TEXT = `Acme: ${CODE} is your code.`;

const HOSTILE = {
  TWILIO_REGION: "au1",
  TWILIO_EDGE: "sydney",
  TWILIO_LOG_LEVEL: "debug",
  TWILIO_ACCOUNT_SID: "AC-of-another",
  TWILIO_AUTH_TOKEN: "token-of-another",
  TWILIO_CA_BUNDLE: "/nowhere/ca.pem",
  SIGNALWIRE_SPACE_URL: "space.of.another.example",
  SIGNALWIRE_API_HOSTNAME: "host.of.another.example",
};

const environment = process.env;
let api: SignalWireApi;
beforeEach(async () => {
  process.env = { ...environment };
  api = await startSignalWireApi();
});
afterEach(async () => {
  process.env = environment;
  jest.restoreAllMocks();
  await api.close();
});

function message(signal = new AbortController().signal) {
  const says = { text: TEXT, channel: "sms", code: CODE, locale: "en", purpose: "" } as const;
  return { to: TO, ...says, validFor: 600, signal };
}

function sender(options: SignalWireOptions = {}) {
  const { url, project, token, number } = api;
  return signalwire({ apiBaseUrl: url, project, token, number, ...options });
}

async function thrown(sending: unknown): Promise<unknown> {
  return Promise.resolve(sending).then(
    () => {
      throw new Error("It was sent.");
    },
    (error: unknown) => error,
  );
}

/** Everything that can be read off a value, by whoever logs it. */
function readable(value: unknown): string {
  const deep = { depth: Infinity, showHidden: true, maxStringLength: null, maxArrayLength: null };
  const stack = value instanceof Error ? value.stack : "";
  return [inspect(value, deep), JSON.stringify(value), String(value), stack].join("\n");
}

/** What must be read nowhere, in the spellings it travels in. */
function secrets(): string[] {
  const basic = Buffer.from(`${api.project}:${api.token}`).toString("base64");
  return [api.token, api.project, basic, "Basic ", TO, TO.slice(1), api.number, TEXT, CODE];
}

function expectNoSecretIn(text: string): void {
  for (const secret of secrets()) expect(text).not.toContain(secret);
}

describe("an error of the sender", () => {
  const telling = () => `${TO} ${TEXT} ${api.token}`;
  const cases: [string, () => Behaviour | undefined, SignalWireOptions][] = [
    [
      "a refusal that repeats the request",
      () => ({ do: "refuse", status: 400, code: 21211, message: telling() }),
      {},
    ],
    ["a code that is text", () => ({ do: "refuse", status: 400, code: telling() }), {}],
    ["a failure of the gateway", () => ({ do: "refuse", status: 500, message: telling() }), {}],
    ["a page", () => ({ do: "answer", status: 200, body: `<p>${telling()}</p>` }), {}],
    [
      "a redirect",
      () => ({
        do: "answer",
        status: 307,
        body: "",
        headers: { Location: `https://x.example/${CODE}` },
      }),
      {},
    ],
    [
      "throttling",
      () => ({ do: "refuse", status: 429, headers: { "Retry-After": `5 ${CODE}` } }),
      {},
    ],
    ["a failure in a 201", () => ({ do: "accept", fields: { error_code: telling() } }), {}],
    ["a dropped connection", () => ({ do: "drop", when: "after" }), {}],
    ["a cut answer", () => ({ do: "cut", status: 201 }), {}],
    ["a flood", () => ({ do: "flood", bytes: 5_000_000 }), {}],
    ["silence", () => ({ do: "hang" }), { timeout: 0.1 }],
    ["a port that is closed", () => undefined, { apiBaseUrl: "http://127.0.0.1:1" }],
  ];

  test.each(cases)(
    "after %s shows no credential, number, text or code",
    async (_, next, options) => {
      const behaviour = next();
      if (behaviour !== undefined) api.next(behaviour);
      const error = await thrown(sender(options)(message()));
      expect(error).toMatchObject({ name: "TwoFactorError", reason: expect.any(String) as string });
      expect((error as Error).cause).toBeUndefined();
      expectNoSecretIn(readable(error));
    },
  );

  test("thrown inside the client is not let out, nor kept as a cause", async () => {
    jest.spyOn(https, "request").mockImplementation((...asked) => {
      throw Object.assign(new Error(TEXT), { config: asked });
    });
    const error = await thrown(sender({ apiBaseUrl: "https://gateway.example" })(message()));
    expect(error).toMatchObject({ reason: "client_error", mayStillArrive: false });
    expectNoSecretIn(readable(error));
  });

  test("on a busy sender shows nothing either", async () => {
    api.next({ do: "hang" });
    const asking = new AbortController();
    const send = sender({ maxConcurrent: 1 });
    const first = thrown(send(message(asking.signal)));
    expectNoSecretIn(readable(await thrown(send(message()))));
    asking.abort();
    await first;
  });
});

describe("the sender itself", () => {
  test("shows no credential", () => {
    expectNoSecretIn(readable(sender()));
  });

  test("prints nothing, whatever happens", async () => {
    process.env["TWILIO_LOG_LEVEL"] = "debug";
    const methods = ["log", "info", "warn", "error", "debug"] as const;
    const prints = methods.map((method) =>
      jest.spyOn(console, method).mockImplementation(() => undefined),
    );
    const send = sender();
    await send(message());
    api.next({ do: "refuse", status: 400 });
    await thrown(send(message()));
    for (const print of prints) expect(print).not.toHaveBeenCalled();
  });

  test("leaves neither number nor text in a client, nor the environment", async () => {
    Object.assign(process.env, HOSTILE);
    interface Client {
      region: unknown;
      edge: unknown;
      logLevel: unknown;
      httpClient: { lastRequest?: unknown; lastResponse?: unknown };
    }
    const clients: Client[] = [];
    let factory: typeof signalwire | undefined;
    jest.isolateModules(() => {
      const real = jest.requireActual<{ RestClient: (...options: unknown[]) => Client }>(
        "@signalwire/compatibility-api",
      );
      jest.doMock("@signalwire/compatibility-api", () => ({
        RestClient: (...options: unknown[]) => {
          const client = real.RestClient(...options);
          clients.push(client);
          return client;
        },
      }));
      factory = jest.requireActual<{ signalwire: typeof signalwire }>(
        "../../../lib/senders/signalwire/index",
      ).signalwire;
    });
    const { url: apiBaseUrl, project, token, number } = api;
    const send = factory?.({ apiBaseUrl, project, token, number });
    jest.dontMock("@signalwire/compatibility-api");
    await send?.(message());
    api.next({ do: "drop", when: "after" });
    await thrown(send?.(message()));

    expect(clients).toHaveLength(2);
    for (const client of clients) {
      expect([client.region, client.edge, client.logLevel]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      expect(client.httpClient.lastRequest).toBeUndefined();
      expect(client.httpClient.lastResponse).toBeUndefined();
      const kept = inspect(client, { depth: 6, showHidden: true });
      for (const secret of [TO, TEXT, CODE]) expect(kept).not.toContain(secret);
    }
  });
});

const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"];

describe("the environment", () => {
  test.each(Object.entries(HOSTILE))("changes no text by %s=%s (R95)", async (name, value) => {
    process.env[name] = value;
    await sender()(message());
    const [request] = api.requests;
    const basic = Buffer.from(`${api.project}:${api.token}`).toString("base64");
    expect(request?.headers.authorization).toBe(`Basic ${basic}`);
    expect(request?.path).toBe(`/2010-04-01/Accounts/${api.project}/Messages.json`);
    expect(api.messages).toHaveLength(1);
  });

  test.each([
    "example.signalwire.com",
    "a.b.c.d.e.signalwire.com",
    "HTTPS://Example.SignalWire.com/",
  ])("takes no text elsewhere than to the Space %s (R95)", async (space) => {
    Object.assign(process.env, HOSTILE);
    const asked = jest.spyOn(https, "request").mockImplementation(() => {
      throw new Error("far enough");
    });
    const { project, token, number } = api;
    await thrown(signalwire({ space, project, token, number })(message()));
    const host = space.toLowerCase().replace(/^https:\/\/|\/$/g, "");
    expect(String(asked.mock.calls[0]?.[0])).toBe(
      `https://${host}/2010-04-01/Accounts/${project}/Messages.json`,
    );
  });

  test("as a whole changes, redirects and logs no text of a process that starts in it (R95)", async () => {
    const proxy = await startSignalWireApi();
    try {
      const proxies = Object.fromEntries(PROXIES.map((name) => [name, proxy.url]));
      const variables = { ...HOSTILE, ...proxies, NODE_USE_ENV_PROXY: "1" };
      expect(await sendElsewhere(api, [message()], variables)).toEqual({
        outcome: "sent",
        printed: "",
      });
      expect(api.messages).toMatchObject([{ to: TO, body: TEXT }]);
      expect(proxy.connections).toBe(0);
    } finally {
      await proxy.close();
    }
  });

  test("reaches no sender that is made already", async () => {
    const send = sender();
    process.env["SIGNALWIRE_TOKEN"] = "PT-another";
    process.env["SIGNALWIRE_SPACE"] = "another.signalwire.com";
    await send(message());
    expect(api.messages).toHaveLength(1);
  });
});

describe("a text made to break out", () => {
  test("stays inside its field", async () => {
    const text = `x&To=%2B19005550100&StatusCallback=https://evil.example\r\nTo: y`;
    await sender()({ ...message(), text });
    expect(api.messages[0]).toMatchObject({ to: TO, body: text });
    expect(Object.keys(api.messages[0]?.fields ?? {}).sort()).toEqual(
      ["Body", "From", "To", "ValidityPeriod"].sort(),
    );
  });

  test("by its number is refused, and sent to nobody", async () => {
    const to = "+14155550123\r\nTo: +19005550100";
    const error = await thrown(sender()({ ...message(), to }));
    expect(error).toMatchObject({ code: "cannot_text_number", reason: "invalid_number" });
    expect(api.messages).toEqual([]);
  });
});
