/** The Twilio sender over HTTP: texts, refusals, what may still arrive, and what it must not tell or obey. */

import https from "node:https";
import { inspect } from "node:util";
import { TwoFactorError } from "../../../lib";
import { CALL_WORDS, speak } from "../../../lib/delivery/spoken";
import { twilio, type TwilioOptions } from "../../../lib/senders/twilio/index";
import { serve } from "../../fakes/app";
import { startSignalWireApi, type Behaviour, type SignalWireApi } from "../../fakes/signalwire-api";
import { answerCall } from "../../fakes/telephone";
import { ACCOUNT, senderTo, startTwilioApi } from "./account";

const TO = "+14155550123";
const CODE = "042917";
const TEXT = `Acme: ${CODE} is your code.`;

let api: SignalWireApi;
beforeEach(async () => {
  api = await startTwilioApi();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await api.close();
});

function message(signal = new AbortController().signal) {
  const says = { text: TEXT, channel: "sms", code: CODE, locale: "en", purpose: "" } as const;
  return { to: TO, ...says, validFor: 600, signal };
}

/** The failure of a text, which is always of the package's own class. */
async function failure(sending: unknown): Promise<TwoFactorError> {
  const error: unknown = await Promise.resolve(sending).then(
    () => "sent",
    (reason: unknown) => reason,
  );
  if (error instanceof TwoFactorError) return error;
  throw new Error(`Not a TwoFactorError: ${String(error)}`);
}

async function failureAfter(behaviour: Behaviour, options: TwilioOptions = {}) {
  api.next(behaviour);
  const { code, reason, mayStillArrive } = await failure(senderTo(api, options)(message()));
  return [code, reason, mayStillArrive];
}

describe("a call through Twilio", () => {
  test("says the code to whoever presses the keys, and no URL has it (R119)", async () => {
    const spoken = speak({ name: "Acme", code: CODE, words: CALL_WORDS.en });
    const send = senderTo(api);
    expect(send.channels).toEqual(["sms", "call"]);
    await send({ ...message(), channel: "call", spoken });
    const [call] = api.calls;
    expect(call?.fields).toEqual({
      To: TO,
      From: api.number,
      Twiml: call?.document,
      Timeout: "25",
    });
    expect(api.requests[0]?.path).toBe(`/2010-04-01/Accounts/${ACCOUNT.project}/Calls.json`);
    const keys = spoken.keys.map(({ key }) => key).join("");
    const code = "en-US: Your security code is: 0, 4, 2, 9, 1, 7.";
    expect(answerCall(call?.document ?? "", keys).said).toContain(code);
  });

  test("that is refused is told by Twilio's codes, as a text is", async () => {
    const spoken = speak({ name: "Acme", code: CODE, words: CALL_WORDS.en });
    api.next({ do: "refuse", status: 400, code: 21215 });
    const error = await failure(senderTo(api)({ ...message(), channel: "call", spoken }));
    expect(error).toMatchObject({ reason: "country_not_enabled", mayStillArrive: false });
  });
});

describe("a text through Twilio", () => {
  test("is taken as it is, from the account's number, for as long as its code is good", async () => {
    await senderTo(api)(message());
    expect(api.messages).toMatchObject([
      {
        to: TO,
        from: api.number,
        body: TEXT,
        fields: { To: TO, From: api.number, Body: TEXT, ValidityPeriod: "600" },
      },
    ]);
    expect(api.requests[0]).toMatchObject({
      method: "POST",
      path: `/2010-04-01/Accounts/${ACCOUNT.project}/Messages.json`,
      headers: { "accept-encoding": "identity", accept: "application/json" },
    });
  });

  test("carries the price, the callback and the messaging service that were asked for", async () => {
    const options = {
      number: undefined,
      messagingServiceSid: ACCOUNT.messagingServiceSid,
      maxPrice: 0.05,
      statusCallback: "https://app.example/sms?a=1&b=2",
    };
    await senderTo(api, options)(message());
    expect(api.messages[0]?.fields).toEqual({
      To: TO,
      Body: TEXT,
      ValidityPeriod: "600",
      MessagingServiceSid: ACCOUNT.messagingServiceSid,
      MaxPrice: "0.05",
      StatusCallback: "https://app.example/sms?a=1&b=2",
    });
  });

  test("is sent by an API key, for the account that it belongs to", async () => {
    const apiKey = "SK0123456789abcdef0123456789abcdef";
    const byKey = await startTwilioApi({ user: apiKey });
    try {
      const options = { authToken: undefined, apiKey, apiSecret: ACCOUNT.token };
      await senderTo(byKey, options)(message());
      expect(byKey.messages).toHaveLength(1);
      expect(byKey.requests[0]?.path).toContain(`/Accounts/${ACCOUNT.project}/`);
    } finally {
      await byKey.close();
    }
  });

  test("goes to api.twilio.com by TLS, whatever the environment says of regions", async () => {
    const environment = process.env;
    process.env = { ...environment, TWILIO_REGION: "au1", TWILIO_EDGE: "sydney" };
    const asked = jest.spyOn(https, "request").mockImplementation(() => {
      throw new Error(TEXT);
    });
    const error = await failure(senderTo(api, { apiBaseUrl: undefined })(message()));
    process.env = environment;
    expect(String(asked.mock.calls[0]?.[0])).toBe(
      `https://api.twilio.com/2010-04-01/Accounts/${ACCOUNT.project}/Messages.json`,
    );
    expect(error).toMatchObject({ reason: "client_error", mayStillArrive: false });
    expect(inspect(error, { depth: 9 })).not.toContain(CODE);
  });

  test("goes below the path of another base", async () => {
    const sending = senderTo(api, { apiBaseUrl: `${api.url}/eu/` })(message());
    expect((await failure(sending)).reason).toBe("not_found");
    expect(api.requests[0]?.path).toMatch(/^\/eu\/2010-04-01\/Accounts\//);
  });

  test("shares a connection with those before it", async () => {
    const send = senderTo(api);
    for (let text = 0; text < 3; text += 1) await send(message());
    expect([api.messages.length, api.connections]).toEqual([3, 1]);
  });

  test("made to break out stays inside its field", async () => {
    const text = `x&To=%2B19005550100&StatusCallback=https://evil.example\r\nTo: y`;
    await senderTo(api)({ ...message(), text });
    expect(api.messages[0]).toMatchObject({ to: TO, body: text });
    const { fields = {} } = api.messages[0] ?? {};
    expect(Object.keys(fields).sort()).toEqual(["Body", "From", "To", "ValidityPeriod"]);
  });
});

const refuse = (status: number, code?: number): Behaviour => ({
  do: "refuse",
  status,
  ...(code !== undefined && { code }),
});

test.each<[string, Behaviour, string, string, boolean]>([
  ["opted out", refuse(400, 21610), "cannot_text_number", "opted_out", false],
  ["no mobile", refuse(400, 21614), "cannot_text_number", "not_a_mobile", false],
  ["an invalid number", refuse(400, 21211), "cannot_text_number", "invalid_number", false],
  ["a country", refuse(400, 21408), "delivery_failed", "country_not_enabled", false],
  ["its own number", refuse(400, 21606), "delivery_failed", "sender_number", false],
  ["credentials", refuse(401, 20003), "delivery_failed", "credentials", false],
  ["what nobody knows", refuse(400, 99999), "delivery_failed", "refused", false],
  ["throttling", refuse(429, 20429), "unavailable", "throttled", false],
  ["a fault of its own", refuse(503), "delivery_failed", "gateway_error", true],
  ["a page", { do: "answer", status: 200, body: "<p>" }, "delivery_failed", "bad_answer", true],
  ["a flood", { do: "flood", bytes: 5_000_000 }, "delivery_failed", "bad_answer", true],
  ["a lost connection", { do: "drop", when: "after" }, "delivery_failed", "connection_lost", true],
  [
    "a failure in a 201",
    { do: "accept", fields: { status: "failed", error_code: 30006 } },
    "cannot_text_number",
    "not_a_mobile",
    false,
  ],
])("%s is told apart, and nothing is sent again", async (_what, behaviour, code, reason, may) => {
  expect(await failureAfter(behaviour)).toEqual([code, reason, may]);
  expect(api.requests).toHaveLength(1);
});

test.each<[string, Behaviour]>([
  ["silence", { do: "hang" }],
  ["a body that trickles", { do: "trickle", everyMs: 50 }],
])("%s ends with the time it was given, and may still arrive", async (_what, behaviour) => {
  const failed = await failureAfter(behaviour, { timeout: 0.2 });
  expect(failed).toEqual(["delivery_failed", "timeout", true]);
});

test("a port that is closed has surely sent nothing", async () => {
  const sending = senderTo(api, { apiBaseUrl: "http://127.0.0.1:1" })(message());
  expect(await failure(sending)).toMatchObject({ reason: "unreachable", mayStillArrive: false });
});

test.each([301, 302, 303, 307, 308])(
  "a redirect of %d is not followed: no credential and no code goes there (attack)",
  async (status) => {
    const other = await startSignalWireApi({ account: ACCOUNT });
    try {
      const headers = { Location: `${other.url}/2010-04-01` };
      const failed = await failureAfter({ do: "answer", status, body: "", headers });
      expect(failed).toEqual(["delivery_failed", "redirected", false]);
      expect(other.connections).toBe(0);
    } finally {
      await other.close();
    }
  },
);

test("one text more than `maxConcurrent` is refused at once", async () => {
  api.next({ do: "hang" });
  const asking = new AbortController();
  const send = senderTo(api, { maxConcurrent: 1 });
  const first = failure(send(message(asking.signal)));
  await api.arrived(1);
  expect(await failure(send(message()))).toMatchObject({ code: "unavailable", reason: "busy" });
  asking.abort();
  expect(await first).toMatchObject({ reason: "timeout" });
  await send(message());
  expect(api.messages).toHaveLength(1);
});

test.each<[string, Behaviour]>([
  ["a refusal that repeats them", { do: "refuse", status: 400, message: `${TO} ${TEXT}` }],
  ["a code that is text", { do: "refuse", status: 400, code: TEXT }],
  ["a page", { do: "answer", status: 200, body: TEXT }],
  ["a lost connection", { do: "drop", when: "after" }],
])("neither error nor sender shows credentials, number or code, after %s", async (_what, next) => {
  api.next(next);
  const send = senderTo(api);
  const error = await failure(send(message()));
  const deep = { depth: Infinity, showHidden: true };
  const shown = `${inspect(error, deep)} ${JSON.stringify(error)} ${inspect(send, deep)}`;
  const basic = Buffer.from(`${ACCOUNT.project}:${ACCOUNT.token}`).toString("base64");
  for (const secret of [ACCOUNT.project, ACCOUNT.token, basic, TO, CODE]) {
    expect(shown).not.toContain(secret);
  }
  expect(error.cause).toBeUndefined();
});

test("a user is texted and verified through it, and the event names it", async () => {
  const s = await serve({ options: { sender: senderTo(api) } });
  const client = await s.signedIn();
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
  const code = /^\d{6}/.exec(api.messages[0]?.body ?? "")?.[0] ?? "";
  expect((await client.answer(code)).status).toBe(200);
  expect(s.events.find(({ type }) => type === "sent")).toMatchObject({ sender: "twilio" });
});

test("the factory itself is no sender", async () => {
  await expect(serve({ options: { sender: twilio } })).rejects.toThrow("as `twilio()`");
});
