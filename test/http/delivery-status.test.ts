/** What gateways tell of texts: which callbacks are taken, and what `status` and events then say. */

import http from "node:http";
import https from "node:https";
import express from "express";
import type { Message } from "../../lib/index";
import { failover } from "../../lib/senders/failover";
import { signalwire } from "../../lib/senders/signalwire/index";
import { EXPRESSES, EXPRESS_4, serve, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import {
  callBack,
  deliveriesIn,
  deliveryOf,
  PUBLIC_URL,
  serveReporting,
  SIGNING_KEY,
  told,
} from "../fakes/reporting";
import { selfSigned } from "../fakes/certificate";
import { listen } from "../fakes/listening";
import { startSignalWireApi, type AcceptedMessage } from "../fakes/signalwire-api";

async function asked(given?: Parameters<typeof serveReporting>[0]) {
  const s = await serveReporting(given);
  const client = await s.signedIn();
  const answer = await client.ask();
  return { s, client, answer };
}

const PARSERS: [string, (app: express.Express) => void][] = [
  ["no parser of the app", () => undefined],
  ["express.urlencoded() simple", (app) => app.use(express.urlencoded({ extended: false }))],
  ["express.urlencoded() extended", (app) => app.use(express.urlencoded({ extended: true }))],
  ["that of Express 4", (app) => app.use(EXPRESS_4.urlencoded({ extended: true }))],
  ["express.json()", (app) => app.use(express.json())],
  ["express.raw()", (app) => app.use(express.raw({ type: "*/*" }))],
  ["express.text()", (app) => app.use(express.text({ type: "*/*" }))],
];

describe.each(EXPRESSES)("%s", (_name, module) => {
  describe.each(PARSERS)("with %s", (_what, before) => {
    test("a callback is taken, and status tells what it said (R117)", async () => {
      const { s, client, answer } = await asked({ express: module, before });
      expect(answer.body).toMatchObject({ status: "sent", delivery: "sent" });
      expect(await deliveryOf(client)).toBe("sent");
      const callback = await callBack(s, told("delivered"));
      expect([callback.status, callback.text]).toEqual([204, ""]);
      expect(callback.headers["cache-control"]).toBe("no-store");
      expect(callback.headers).not.toHaveProperty("set-cookie");
      expect(await deliveryOf(client)).toBe("delivered");
    });

    test("names twice, empty values and any script are signed as they stand (R117)", async () => {
      const { s, client } = await asked({ express: module, before });
      const parameters = told("delivered");
      parameters.push(["Tag", "b"], ["Tag", "a"], ["Empty", ""], ["名前", "ماري é & +"]);
      expect((await callBack(s, parameters)).status).toBe(204);
      expect(await deliveryOf(client)).toBe("delivered");
      const swapped = parameters.filter(([name]) => name !== "Tag");
      swapped.push(["Tag", "a"], ["Tag", "b"]);
      const forged = await callBack(s, swapped, undefined, { signed: parameters });
      expect(forged.status).toBe(403);
    });
  });
});

test("with pending, and without HTTP, the same is told", async () => {
  const { s, client } = await asked({
    before: (app, two) => {
      app.get("/told", (req, res, next) => {
        two.status(req).then((status) => res.json(status), next);
      });
    },
  });
  await callBack(s, told("undelivered", { ErrorCode: "30003" }));
  expect((await client.ask()).body).toMatchObject({ status: "pending", delivery: "undelivered" });
  expect((await client.get("/told")).body).toMatchObject({
    challenge: { delivery: "undelivered", to: "••••23" },
  });
});

test.each([
  ["queued", "sent"],
  ["sending", "sent"],
  ["sent", "sent"],
  ["accepted", "sent"],
  ["receiving", "sent"],
  ["a word of tomorrow", "sent"],
  ["", "sent"],
  ["delivered", "delivered"],
  ["read", "delivered"],
  ["undelivered", "undelivered"],
  ["failed", "undelivered"],
  ["canceled", "undelivered"],
])("a message that is %j is told as %s", async (status, delivery) => {
  const { s, client } = await asked();
  expect((await callBack(s, told(status))).status).toBe(204);
  expect(await deliveryOf(client)).toBe(delivery);
});

test.each([
  ["ringing", "sent"],
  ["in-progress", "sent"],
  ["completed", "delivered"],
  ["busy", "undelivered"],
  ["no-answer", "undelivered"],
  ["failed", "undelivered"],
])("a call that is %j is told as %s", async (status, delivery) => {
  const { s, client } = await asked();
  const parameters: [string, string][] = [
    ["CallSid", "c"],
    ["CallStatus", status],
    ["To", "+12025550123"],
  ];
  expect((await callBack(s, parameters)).status).toBe(204);
  expect(await deliveryOf(client)).toBe(delivery);
});

test.each([
  [["sent", "delivered"], "delivered"],
  [["delivered", "sent", "queued"], "delivered"],
  [["delivered", "undelivered"], "delivered"],
  [["undelivered", "delivered"], "delivered"],
  [["failed", "sent"], "undelivered"],
  [["delivered", "delivered", "delivered"], "delivered"],
])("in whichever order %j come, %s it is (R118)", async (statuses, delivery) => {
  const { s, client } = await asked();
  for (const status of statuses) expect((await callBack(s, told(status))).status).toBe(204);
  expect(await deliveryOf(client)).toBe(delivery);
});

test("at the same instant they are told of once (R118)", async () => {
  const { s, client } = await asked();
  await Promise.all(Array.from({ length: 20 }, () => callBack(s, told("delivered"))));
  expect(await deliveryOf(client)).toBe("delivered");
  expect(deliveriesIn(s)).toHaveLength(1);
});

test("another text of the same challenge has a fate of its own", async () => {
  fakeDate();
  const { s, client } = await asked();
  await callBack(s, told("undelivered"));
  pass(31);
  expect((await client.ask()).body).toMatchObject({ status: "sent", delivery: "sent" });
  expect(await deliveryOf(client)).toBe("sent");
  // Late news of the first one says nothing of the second.
  await callBack(s, told("undelivered"), s.sent[0]?.statusCallback);
  expect(await deliveryOf(client)).toBe("sent");
  await callBack(s, told("delivered"), s.sent[1]?.statusCallback);
  expect(await deliveryOf(client)).toBe("delivered");
});

test("an event tells of it once, with the gateway's reason as a word and no number in full (R88)", async () => {
  const { s } = await asked();
  await callBack(s, told("undelivered", { ErrorCode: "30003", ErrorMessage: "123456" }));
  await callBack(s, told("undelivered", { ErrorCode: "30003" }));
  expect(deliveriesIn(s)).toEqual([
    {
      type: "delivery",
      at: expect.any(String) as string,
      state: "undelivered",
      reason: "unreachable_phone",
      phone: "••••23",
      country: "US",
      ip: "127.0.0.1",
    },
  ]);
  await callBack(s, told("delivered", { ErrorCode: "" }));
  expect(deliveriesIn(s)[1]).not.toHaveProperty("reason");
});

test.each([
  ["30004", "opted_out"],
  ["21610", "opted_out"],
  ["30005", "unknown_number"],
  ["30007", "filtered"],
  ["30008", "gateway:30008"],
  ["0", "failed"],
  ["", "failed"],
  ["123456", "failed"],
  ["+12025550123", "failed"],
  ["<b>", "failed"],
])("the gateway's code %j is the reason %s", async (ErrorCode, reason) => {
  const { s } = await asked();
  await callBack(s, told("failed", { ErrorCode }));
  expect(deliveriesIn(s)).toMatchObject([{ state: "undelivered", reason }]);
});

test.each(["", "SIP:ann@example.com", "911", "not a number"])(
  "of a callback to %j, no number is told",
  async (To) => {
    const { s } = await asked();
    expect((await callBack(s, told("delivered", { To }))).status).toBe(204);
    expect(deliveriesIn(s)).toEqual([
      { type: "delivery", at: expect.any(String) as string, state: "delivered", ip: "127.0.0.1" },
    ]);
  },
);

describe("that the number's owner has texted STOP", () => {
  const stopped = told("undelivered", { ErrorCode: "30004" });
  const reasonOf = (answer: { body: unknown }) =>
    (answer.body as { challenge: { deliveryReason?: string } }).challenge.deliveryReason;

  test("is told to the user whose number it is", async () => {
    const { s, client } = await asked();
    await callBack(s, stopped);
    expect(await deliveryOf(client)).toBe("undelivered");
    expect(reasonOf(await client.status())).toBe("opted_out");
    await callBack(s, told("undelivered"));
    expect(reasonOf(await client.status())).toBe("opted_out");
    await callBack(s, told("delivered"));
    expect(reasonOf(await client.status())).toBeUndefined();
  });

  test("is not told to somebody who only names the number", async () => {
    const s = await serveReporting({ user: "from-request" });
    const client = s.client();
    await client.ask({ number: "+12025550123" });
    await callBack(s, stopped);
    expect(await deliveryOf(client)).toBe("undelivered");
    expect(reasonOf(await client.status())).toBeUndefined();
    expect(deliveriesIn(s)).toMatchObject([{ reason: "opted_out" }]);
  });
});

describe("without the option", () => {
  test("there is no such endpoint, no callback is asked for, and nothing more is told", async () => {
    const s = await serve();
    const client = await s.signedIn();
    const answer = await client.ask();
    expect(s.sent[0]).not.toHaveProperty("statusCallback");
    expect(answer.body).not.toHaveProperty("delivery");
    expect((await client.status()).body).not.toHaveProperty("challenge.delivery");
    expect((await callBack(s, told("delivered"), `${PUBLIC_URL}/delivery-status`)).status).toBe(
      404,
    );
  });
});

describe("the endpoint", () => {
  test("takes nothing of what stands beside it", async () => {
    const { s } = await asked();
    const url = `${PUBLIC_URL}/delivery-statuses`;
    expect((await callBack(s, told("delivered"), url)).status).toBe(404);
  });

  test.each(["get", "head", "put", "patch", "delete", "options"] as const)(
    "refuses %s with 405, also where the others serve GET",
    async (method) => {
      const { s } = await asked({ options: { allowGet: true } });
      const { pathname, search } = new URL(s.sent[0]?.statusCallback ?? "");
      const answer = await s.client().send(method, pathname + search);
      expect([answer.status, answer.headers.allow]).toEqual([405, "POST"]);
    },
  );

  test.each([
    ["application/json", "{}", 415],
    ["text/plain", "x", 415],
    ["multipart/form-data; boundary=x", "--x--", 415],
    ["application/x-www-form-urlencoded", `Body=${"x".repeat(16_384)}`, 413],
  ])("refuses a body of %s cleanly", async (type, body, status) => {
    const { s } = await asked();
    const { pathname, search } = new URL(s.sent[0]?.statusCallback ?? "");
    const answer = await s
      .client()
      .send("post", pathname + search)
      .type(type)
      .send(body);
    expect([answer.status, answer.type]).toEqual([status, "application/problem+json"]);
  });

  test("refuses a body that is too large, also where the app's parser lets it through", async () => {
    const { s } = await asked({ before: (app) => app.use(express.urlencoded({ limit: "1mb" })) });
    const large = told("delivered", { Body: "x".repeat(17_000) });
    expect((await callBack(s, large)).status).toBe(413);
    const { pathname, search } = new URL(s.sent[0]?.statusCallback ?? "");
    const answer = await fetch(`http://127.0.0.1:${s.port}${pathname}${search}`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      // In chunks, which tell no length.
      body: new Blob(["Body=", "x".repeat(17_000)]).stream(),
      duplex: "half",
    });
    expect(answer.status).toBe(413);
  });

  test("takes a text of ten segments in any script", async () => {
    const { s, client } = await asked();
    expect((await callBack(s, told("delivered", { Body: "語".repeat(670) }))).status).toBe(204);
    expect(await deliveryOf(client)).toBe("delivered");
  });

  test("needs no cookie, no session and no page of this site, and leaves none behind", async () => {
    const { s, client } = await asked({ session: { saveUninitialized: false } });
    const callback = await callBack(s, told("delivered"))
      .set("Sec-Fetch-Site", "cross-site")
      .set("Origin", "https://elsewhere.example");
    expect([callback.status, callback.headers["set-cookie"]]).toEqual([204, undefined]);
    expect(await deliveryOf(client)).toBe("delivered");
    const bare = await serveReporting({ session: false });
    const url = `${PUBLIC_URL}/delivery-status`;
    expect((await callBack(bare, told("delivered"), url)).status).toBe(204);
  });

  test("is reached through a guard in front of the whole app", async () => {
    const { s, client } = await asked({
      before: (app, two) => app.use("/2fa", two.require2fa()),
    });
    expect((await callBack(s, told("delivered"))).status).toBe(204);
    expect(await deliveryOf(client)).toBe("delivered");
  });

  test("answers 503 while the counter store is down, so that the gateway asks again", async () => {
    const counters = {
      isDown: false,
      step: () => {
        throw new Error("ECONNREFUSED");
      },
    };
    const s = await serveReporting({ options: { counters } });
    await (await s.signedIn()).ask();
    // No text has left, so the reference is made by another app of the same secret.
    const other = await asked();
    const url = other.s.sent[0]?.statusCallback;
    const callback = await callBack(s, told("delivered"), url);
    expect([callback.status, callback.headers["retry-after"]]).toEqual([503, "5"]);
  });
});

test("of several gateways, whichever sends is told where to report", async () => {
  const taken: Message[] = [];
  const refusing = () => {
    throw Object.assign(new Error("no"), { status: 400 });
  };
  const sender = failover([refusing, (message) => void taken.push({ ...message })]);
  const signingKey = ["0123456789abcdef0123456789abcdef", SIGNING_KEY];
  const s = await serve({
    options: { sender, deliveryStatus: { publicUrl: PUBLIC_URL, signingKey } },
  });
  const client = await s.signedIn();
  await client.ask();
  const [{ statusCallback } = {}] = taken;
  const [key = ""] = signingKey;
  const header = "X-Twilio-Signature";
  expect((await callBack(s, told("delivered"), statusCallback, { key, header })).status).toBe(204);
  expect(await deliveryOf(client)).toBe("delivered");
});

describe("signalwire()", () => {
  async function texting(more: object = {}): Promise<[Served, string | undefined]> {
    const api = await startSignalWireApi();
    const { url: apiBaseUrl, project, token, number } = api;
    const sender = signalwire({ apiBaseUrl, project, token, number, ...more });
    const s = await serveReporting({ options: { sender } });
    await (await s.signedIn()).ask();
    await api.close();
    return [s, api.messages[0]?.fields["StatusCallback"]];
  }

  test("asks for callbacks by itself", async () => {
    const [s, url = ""] = await texting();
    expect(url).toMatch(/^https:\/\/app\.acme\.example\/2fa\/delivery-status\?ref=[\w-]{44}$/);
    expect((await callBack(s, told("delivered"), url)).status).toBe(204);
    expect(deliveriesIn(s)).toHaveLength(1);
  });

  test("leaves the app's own callback alone", async () => {
    const statusCallback = "https://app.acme.example/mine";
    expect((await texting({ statusCallback }))[1]).toBe(statusCallback);
  });
});

describe("a gateway's own callbacks find their way to an app", () => {
  test.each([false, true])("over TLS: %s (R117)", async (tls) => {
    const shown = selfSigned();
    const apps: express.Express[] = [];
    const listener: http.RequestListener = (req, res) => {
      for (const app of apps) app(req, res);
    };
    const server = tls ? https.createServer(shown, listener) : http.createServer(listener);
    const port = await listen(server);
    const api = await startSignalWireApi();
    const { url: apiBaseUrl, project, token, number, signingKey } = api;
    const publicUrl = `${tls ? "https" : "http"}://127.0.0.1:${port}/2fa/`;
    const sender = signalwire({ apiBaseUrl, project, token, number });
    const deliveryStatus = { publicUrl, signingKey };
    const s = await serve({ options: { sender, deliveryStatus } });
    apps.push(s.app);
    const client = await s.signedIn();
    await client.ask();
    const [message] = api.messages as [AcceptedMessage];
    const trusted = { ca: shown.cert };
    expect(await api.report(message, "sent", trusted)).toBe(204);
    expect(await deliveryOf(client)).toBe("sent");
    expect(await api.report(message, "undelivered", { ErrorCode: "30003", ...trusted })).toBe(204);
    expect(await deliveryOf(client)).toBe("undelivered");
    await api.close();
    await new Promise((resolve) => server.close(resolve));
  });
});
