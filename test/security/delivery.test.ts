/** Attacks by callbacks: whoever sends them, they decide nothing, and only the gateway's own are heard at all. */

import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { inspect } from "node:util";
import { memoryLedger } from "../../lib/ledger/memory";
import type { CounterStore, Step } from "../../lib/index";
import { BOB, serve, wrongCodes, type Client, type Served } from "../fakes/app";
import {
  callBack,
  deliveriesIn,
  deliveryOf,
  PUBLIC_URL,
  serveReporting,
  SIGNING_KEY,
  told,
  type Forgery,
} from "../fakes/reporting";
import { signatureOf, type Pairs } from "../../lib/fake-signalwire/callback";

const ENDPOINT = `${PUBLIC_URL}/delivery-status`;
const DELIVERED = told("delivered");

async function asked(given?: Parameters<typeof serveReporting>[0]) {
  const s = await serveReporting(given);
  const client = await s.signedIn();
  await client.ask();
  return { s, client, url: s.sent[0]?.statusCallback ?? "" };
}

/** A store that other apps share, and the steps that it was asked for. */
function sharedStore(): CounterStore & { steps: Step[] } {
  const ledger = memoryLedger();
  const steps: Step[] = [];
  return {
    steps,
    step: (step) => {
      steps.push(step);
      return ledger.step(step);
    },
  };
}

async function expectRefused(
  s: Served,
  client: Client,
  answer: Awaited<ReturnType<typeof callBack>>,
) {
  expect([answer.status, answer.type]).toEqual([403, "application/problem+json"]);
  expect(answer.body).toMatchObject({ status: 403, code: "bad_signature" });
  expect(await deliveryOf(client)).toBe("sent");
  expect(deliveriesIn(s)).toEqual([]);
}

describe("a forged callback is refused, and changes nothing (R117)", () => {
  test.each<[string, (url: string) => Forgery]>([
    ["no signature", () => ({ signature: undefined })],
    ["an empty signature", () => ({ signature: "" })],
    ["another key", () => ({ key: "PSK_another0123456789abcdef" })],
    ["no key", () => ({ key: "" })],
    ["a signature under another header", () => ({ header: "X-Hub-Signature" })],
    ["a signature of nothing but the URL", () => ({ signed: [] })],
    ["a signature of another status", () => ({ signed: told("undelivered") })],
    [
      "half a signature",
      (url) => ({ signature: signatureOf(SIGNING_KEY, url, DELIVERED).slice(0, 14) }),
    ],
    ["two signatures", (url) => ({ signature: `x, ${signatureOf(SIGNING_KEY, url, DELIVERED)}` })],
    [
      "a signature in capitals",
      (url) => ({ signature: signatureOf(SIGNING_KEY, url, DELIVERED).toUpperCase() }),
    ],
    ["a signature over the bare endpoint", () => ({ signedUrl: ENDPOINT })],
    ["a signature over another host", (url) => ({ signedUrl: url.replace("app.acme", "evil") })],
    ["a signature over plain http", (url) => ({ signedUrl: url.replace("https:", "http:") })],
  ])("by %s", async (_what, forgery) => {
    const { s, client, url } = await asked();
    await expectRefused(s, client, await callBack(s, DELIVERED, url, forgery(url)));
    expect(s.events.at(-1)).toMatchObject({ type: "refused", code: "bad_signature" });
  });

  test("by a signature over what the request says it is", async () => {
    const { s, client, url } = await asked();
    const here = new URL(url);
    here.host = "evil.example";
    const answer = await callBack(s, DELIVERED, url, { signedUrl: here.href })
      .set("Host", "evil.example")
      .set("X-Forwarded-Host", "evil.example");
    await expectRefused(s, client, answer);
  });
});

test("by Twilio's header Twilio's signature is taken", async () => {
  const { s, client, url } = await asked();
  const header = "X-Twilio-Signature";
  expect((await callBack(s, DELIVERED, url, { header })).status).toBe(204);
  expect(await deliveryOf(client)).toBe("delivered");
});

test("what was signed for one text is no news of another's", async () => {
  const { s, client, url } = await asked();
  const other = await s.signedIn("bob", BOB);
  await other.ask();
  const others = s.sent[1]?.statusCallback ?? "";
  expect(others).not.toBe(url);
  await expectRefused(s, other, await callBack(s, DELIVERED, others, { signedUrl: url }));
  // Played again where it belongs it says the same once more (R118).
  expect((await callBack(s, DELIVERED, url)).status).toBe(204);
  expect((await callBack(s, DELIVERED, url)).status).toBe(204);
  expect([await deliveryOf(client), await deliveryOf(other)]).toEqual(["delivered", "sent"]);
  expect(deliveriesIn(s)).toHaveLength(1);
});

test.each([
  ["namespace", { namespace: "other" }],
  ["secret", { secret: "abcdef0123456789".repeat(3) }],
])("a callback for an app of another %s is none of ours", async (_what, options) => {
  const counters = sharedStore();
  const ours = await asked({ options: { counters } });
  const theirs = await asked({ options: { counters, ...options } });
  const before = counters.steps.length;
  // The gateway has signed it: one account sends for both.
  expect((await callBack(theirs.s, DELIVERED, ours.url)).status).toBe(204);
  expect(counters.steps.slice(before)).toEqual([]);
  expect(await deliveryOf(ours.client)).toBe("sent");
  expect((await callBack(ours.s, DELIVERED, ours.url)).status).toBe(204);
  expect([await deliveryOf(ours.client), await deliveryOf(theirs.client)]).toEqual([
    "delivered",
    "sent",
  ]);
});

test("while secrets rotate, the texts of both are known", async () => {
  const counters = sharedStore();
  const [old, young] = ["0123456789abcdef".repeat(3), "abcdef0123456789".repeat(3)];
  const before = await asked({ options: { counters, secret: old } });
  const after = await serveReporting({ options: { counters, secret: [young, old] } });
  expect((await callBack(after, DELIVERED, before.url)).status).toBe(204);
  expect(await deliveryOf(before.client)).toBe("delivered");
});

describe("a well-signed callback about no text of ours is good, and writes nothing", () => {
  test.each([
    ["no reference", ENDPOINT],
    ["a reference that nobody has made", `${ENDPOINT}?ref=${"A".repeat(44)}`],
  ])("by %s", async (_what, url) => {
    const counters = sharedStore();
    const { s, client } = await asked({ options: { counters } });
    const before = counters.steps.length;
    const answer = await callBack(s, DELIVERED, url);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect(counters.steps.slice(before)).toEqual([]);
    expect(await deliveryOf(client)).toBe("sent");
    expect(deliveriesIn(s)).toEqual([]);
  });

  test("nor do a seal of another text's, and half a seal", async () => {
    const { s, client, url } = await asked();
    const other = await asked();
    const mixed = url.slice(0, -22) + other.url.slice(-22);
    expect((await callBack(s, DELIVERED, mixed)).status).toBe(204);
    expect((await callBack(s, DELIVERED, `${url.slice(0, -1)}!`)).status).toBe(403);
    expect(await deliveryOf(client)).toBe("sent");
  });
});

test.each([
  (url: string) => url.slice(0, -1),
  (url: string) => `${url}A`,
  (url: string) => `${url}&ref=${"A".repeat(44)}`,
  (url: string) => `${url}&MessageStatus=delivered`,
  (url: string) => `${url}&`,
  (url: string) => url.replace("?", "?&"),
  (url: string) => url.replace("ref=", "ref[]="),
  (url: string) => url.replace("ref=", "REF="),
  (url: string) => url.replace("ref=", "__proto__="),
  (url: string) =>
    url.replace(/ref=(.)/, (_all, one: string) => `ref=%${one.charCodeAt(0).toString(16)}`),
  () => `${ENDPOINT}?`,
  () => `${ENDPOINT}?ref=`,
  () => `${ENDPOINT}?ref=../../${"A".repeat(38)}`,
  () => `${ENDPOINT}?ref=${"%00".repeat(44)}`,
  () => `${ENDPOINT}?ref=${"é".repeat(44)}`,
])(
  "an address that no gateway was given is refused, whoever has signed it (%#)",
  async (change) => {
    const { s, client, url } = await asked();
    const asTold = callBack(s, DELIVERED, change(url), { signedUrl: change(url) });
    await expectRefused(s, client, await asTold);
  },
);

test("nor may anything stand behind the address that the gateway was given", async () => {
  const { s, client, url } = await asked();
  for (const more of ["&x=1", "&ref=x", "%00", ";"]) {
    await expectRefused(s, client, await callBack(s, DELIVERED, url + more, { signedUrl: url }));
  }
});

describe("parameters", () => {
  const pollute = (...more: Pairs) => [...DELIVERED, ...more];

  test.each<[string, Pairs]>([
    ["two statuses", pollute(["MessageStatus", "undelivered"])],
    ["two names that say different things", told("delivered", { SmsStatus: "undelivered" })],
    ["a text and a call at once", pollute(["CallStatus", "busy"])],
    ["no status", [["MessageSid", "1"]]],
    ["nothing at all", []],
    ["a status under a name of another case", [["messagestatus", "delivered"]]],
    ["a status in capitals", told("DELIVERED")],
    ["a status in an array", [["MessageStatus[]", "delivered"]]],
  ])("of %s tell nothing", async (_what, parameters) => {
    const { s, client, url } = await asked();
    expect((await callBack(s, parameters, url)).status).toBe(204);
    expect(await deliveryOf(client)).toBe("sent");
  });

  test("moved over the border between URL and form are not signed for it", async () => {
    // Name, value and URL are signed with nothing in between, so that borders can be moved in the text alone.
    const { s, client, url } = await asked();
    const moved = `${url}AccountSid`;
    const [, ...rest] = DELIVERED;
    await expectRefused(
      s,
      client,
      await callBack(s, rest, moved, { signedUrl: url, signed: DELIVERED }),
    );
  });

  test("named like what every object has change nothing of any", async () => {
    const { s, client, url } = await asked();
    const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "length"];
    const parameters = pollute(
      ...names.map((name): [string, string] => [name, "polluted"]),
      ["__proto__[MessageStatus]", "undelivered"],
      ["constructor.prototype.polluted", "yes"],
    );
    expect((await callBack(s, parameters, url)).status).toBe(204);
    expect(await deliveryOf(client)).toBe("delivered");
    expect({}).not.toHaveProperty("polluted");
    expect(Object.prototype.toString.call({})).toBe("[object Object]");
  });
});

/** A callback as it goes over the wire. */
function asRequest(url: string, parameters: Pairs, key: string): string {
  const { pathname, search } = new URL(url);
  const body = new URLSearchParams(parameters).toString();
  return [
    `POST ${pathname}${search} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Content-Type: application/x-www-form-urlencoded",
    `Content-Length: ${body.length}`,
    `X-SignalWire-Signature: ${signatureOf(key, url, parameters)}`,
    `\r\n${body}`,
  ].join("\r\n");
}

/** Sends requests over one connection, one behind the other, and gives the statuses of the answers. */
async function pipeline(port: number, requests: string[]): Promise<number[]> {
  const socket = connect(port, "127.0.0.1");
  const statuses: number[] = [];
  const lines = createInterface({ input: socket });
  const done = new Promise<void>((resolve) => {
    lines.on("line", (line) => {
      const [, status] = /HTTP\/1\.1 (\d{3})/.exec(line) ?? [];
      if (status !== undefined) statuses.push(Number(status));
      if (statuses.length === requests.length) resolve();
    });
  });
  for (const each of requests) if (!socket.write(each)) await once(socket, "drain");
  await done;
  socket.destroy();
  return statuses;
}

test("10,000 callbacks of whoever has the signing key let nobody in and keep nobody out (R118)", async () => {
  const { s, client, url } = await asked({ options: { limits: { cooldown: 1 } } });
  const code = s.lastCode();
  const verified = await s.signedIn("bob", BOB);
  await verified.ask();
  await verified.answer(s.lastCode());
  const stranger = await s.signedIn("eve", "+12025550177");
  await stranger.ask();
  const urls = [url, ...s.sent.map(({ statusCallback = "" }) => statusCallback), ENDPOINT];
  const statuses = [
    "sent",
    "delivered",
    "undelivered",
    "failed",
    "read",
    "canceled",
    "verified",
    "0",
  ];
  const chance = fc.sample(
    fc.record({
      url: fc.constantFrom(...urls),
      status: fc.constantFrom(...statuses),
      more: fc.dictionary(
        fc.constantFrom("ErrorCode", "To", "auth_code", "status", "verified", "amr", "x"),
        fc.string(),
        { noNullPrototype: true },
      ),
      key: fc.constantFrom(SIGNING_KEY, SIGNING_KEY, "PSK_another0123456789abcdef"),
    }),
    { numRuns: 10_000, seed: 117 },
  );
  const answers = new Set(
    await pipeline(
      s.port,
      chance.map((each) => asRequest(each.url, told(each.status, each.more), each.key)),
    ),
  );
  expect([...answers].sort()).toEqual([204, 403]);
  expect([await client.visit(), await stranger.visit(), await verified.visit()]).toEqual([
    403, 403, 200,
  ]);
  expect((await stranger.status()).body).toMatchObject({ challenge: { attemptsLeft: 5 } });
  expect((await stranger.answer(code)).status).toBe(403);
  const [wrong = ""] = wrongCodes(code, 1);
  expect((await client.answer(wrong)).body).toMatchObject({ attemptsLeft: 4 });
  expect((await client.answer(code)).status).toBe(200);
  expect(await client.visit()).toBe(200);
}, 120_000);

test("no address of a callback, and no answer, event or line of a log, tells a code, a number or an id (R88)", async () => {
  const printed: unknown[] = [];
  for (const method of ["log", "warn", "error", "info"] as const) {
    jest.spyOn(console, method).mockImplementation((...line) => printed.push(line));
  }
  const ids: string[] = [];
  const { s, client, url } = await asked({
    before: (app) => {
      app.get("/ids", (req, res) => {
        const { twoFactor } = req.session as unknown as {
          twoFactor: { challenges: { id: string }[] };
        };
        ids.push(req.session.id, ...twoFactor.challenges.map(({ id }) => id));
        res.json({});
      });
    },
  });
  const code = s.lastCode();
  await client.get("/ids");
  expect(ids).toHaveLength(2);
  const body = told("undelivered", { Body: `${code} is your code.`, ErrorCode: "30008" });
  const good = await callBack(s, body, url);
  const bad = await callBack(s, body, url, { key: "PSK_another0123456789abcdef" });
  const seen = inspect([s.events, printed, good.headers, good.text, bad.headers, bad.text], {
    depth: 9,
  });
  for (const secret of [code, "2025550123", SIGNING_KEY, ...ids]) {
    expect(secret).not.toBe("");
    expect(seen).not.toContain(secret);
    expect(decodeURIComponent(url)).not.toContain(secret);
  }
});

test("a callback that comes long after its code is dead finds nothing, and hurts nothing", async () => {
  const { s, client, url } = await asked();
  expect((await client.answer(s.lastCode())).status).toBe(200);
  expect((await callBack(s, DELIVERED, url)).status).toBe(204);
  expect((await client.status()).body).toEqual({ verified: true, challenge: null });
});

test("an app of another kind of user is served alike", async () => {
  const s = await serve({
    user: "from-request",
    options: { deliveryStatus: { publicUrl: PUBLIC_URL, signingKey: [SIGNING_KEY] } },
  });
  const client = s.client();
  await client.ask({ number: BOB });
  expect((await callBack(s, DELIVERED)).status).toBe(204);
  expect(await deliveryOf(client)).toBe("delivered");
});
