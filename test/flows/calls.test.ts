/** Codes by call: the same challenge and code as by text, said digit by digit, and told as what they are. */

import { ANN, codeIn, serve, type ServeOptions } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { dump, FaultyStore } from "../fakes/stores";
import { TwoFactorError, type Message, type TwoFactorOptions } from "../../lib";

const CALLS: Partial<TwoFactorOptions> = { channels: ["sms", "call"] };

const serveCalls = (options: Partial<TwoFactorOptions> = {}, more: ServeOptions = {}) =>
  serve({ ...more, options: { ...CALLS, ...options } });

beforeEach(fakeDate);

describe("a call after a text", () => {
  test("brings the same code, once a text may be late, and the proof is `tel` (R119)", async () => {
    const s = await serveCalls();
    const client = await s.signedIn();
    expect((await client.ask()).body).toMatchObject({ status: "sent", channel: "sms" });
    pass(30);
    const called = await client.ask({ channel: "call" });
    expect(called.status).toBe(200);
    expect(called.body).toEqual({
      status: "sent",
      channel: "call",
      to: "••••23",
      expiresIn: 570,
      resendIn: 60,
      attemptsLeft: 5,
    });
    const [text, call] = s.sent;
    expect(call).toMatchObject({ to: ANN, channel: "call", code: text?.code, locale: "en" });
    const answer = await client.answer(s.lastCode());
    expect(answer.body).toMatchObject({ status: "verified", amr: ["tel"] });
    expect((await client.get("/verification")).body).toMatchObject({
      verification: { amr: ["tel"] },
    });
  });

  test("waits for the cooldown of the text, and is told what was sent last", async () => {
    const s = await serveCalls();
    const client = await s.signedIn();
    await client.ask();
    const early = await client.ask({ channel: "call" });
    expect(early.body).toMatchObject({ status: "pending", channel: "sms", resendIn: 30 });
    expect(s.sent).toHaveLength(1);
    expect(s.events.at(-1)).toMatchObject({ type: "pending", channel: "sms" });
    expect((await client.answer(s.lastCode())).body).toMatchObject({ amr: ["sms"] });
  });

  test("is what status tells of, until another text is sent", async () => {
    const s = await serveCalls();
    const client = await s.signedIn();
    await client.ask({ channel: "call" });
    expect((await client.status()).body).toMatchObject({ challenge: { channel: "call" } });
    const early = await client.ask();
    expect(early.body).toMatchObject({ status: "pending", channel: "call" });
    pass(30);
    expect((await client.ask()).body).toMatchObject({ status: "sent", channel: "sms" });
    expect((await client.status()).body).toMatchObject({ challenge: { channel: "sms" } });
    expect((await client.answer(s.lastCode())).body).toMatchObject({ amr: ["sms"] });
  });

  test("never prolongs the code's life, and shares its attempts", async () => {
    const s = await serveCalls();
    const client = await s.signedIn();
    await client.ask();
    await client.answer("000000");
    pass(500);
    const called = await client.ask({ channel: "call" });
    expect(called.body).toMatchObject({ expiresIn: 100, attemptsLeft: 4 });
    pass(100);
    expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });
  });
});

test("a call can be the first that is asked for, and a double click rings once", async () => {
  const s = await serveCalls();
  const client = await s.signedIn();
  const asked = await Promise.all([
    client.copy().ask({ channel: "call" }),
    client.copy().ask({ channel: "call" }),
  ]);
  expect(asked.filter(({ body }) => (body as { status: string }).status === "sent")).toHaveLength(
    1,
  );
  expect(s.sent.map(({ channel }) => channel)).toEqual(["call"]);
});

test("a number from the request is called, and its proof says so", async () => {
  const s = await serveCalls({}, { user: "from-request" });
  const client = s.client();
  const asked = await client.ask({ number: ANN, channel: "call" });
  expect(asked.body).toMatchObject({ status: "sent", channel: "call" });
  expect((await client.answer(codeIn(s.sent[0]))).body).toMatchObject({ amr: ["tel"] });
});

describe("what a call says", () => {
  const said = async (fields: object, options: Partial<TwoFactorOptions> = {}) => {
    const s = await serveCalls(options);
    await (await s.signedIn()).ask({ channel: "call", ...fields });
    return s.sent[0] as Message & { spoken: NonNullable<Message["spoken"]> };
  };

  test("is the app's name, two keys to press, and the code digit by digit", async () => {
    const { spoken, code } = await said({});
    const [one, two] = spoken.keys;
    expect(spoken).toEqual({
      language: "en-US",
      greeting: "Hello. This is a call from Acme with your security code.",
      keys: [
        { key: one?.key, asks: `To hear it, press ${one?.key ?? ""}.` },
        { key: two?.key, asks: `Now press ${two?.key ?? ""}.` },
      ],
      code: `Your security code is: ${Array.from(code).join(", ")}.`,
      warning: "Do not share it with anyone.",
    });
  });

  test("is in the user's language, by a voice of that language", async () => {
    const { spoken, locale } = await said({ locale: "de-AT" });
    expect({ locale, language: spoken.language }).toEqual({ locale: "de", language: "de-DE" });
    expect(spoken.greeting).toBe("Guten Tag. Hier ist Acme mit Ihrem Sicherheitscode.");
  });

  test("names the purpose (C205)", async () => {
    const { spoken } = await said({ purpose: "transfer" }, { purposes: ["transfer"] });
    expect(spoken.greeting).toContain("Acme (transfer)");
  });

  test("is not given with a text", async () => {
    const s = await serveCalls();
    await (await s.signedIn()).ask();
    expect(s.sent[0]).not.toHaveProperty("spoken");
  });
});

test("events tell how a code travelled, and beforeSend how it is to", async () => {
  const beforeSend = jest.fn((_req: unknown, sending: { channel: string }) => {
    return sending.channel !== "call" || s.sent.length === 0;
  });
  const s = await serveCalls({ beforeSend });
  const client = await s.signedIn();
  await client.ask({ channel: "call" });
  pass(30);
  expect((await client.ask({ channel: "call" })).body).toMatchObject({ code: "send_refused" });
  expect(beforeSend.mock.calls.map(([, { channel }]) => channel)).toEqual(["call", "call"]);
  expect(s.events).toMatchObject([
    { type: "sent", channel: "call" },
    { type: "refused", channel: "call", code: "send_refused" },
  ]);
});

describe("a call that fails", () => {
  const failing = (mayStillArrive: boolean) =>
    serveCalls({
      sender: ({ channel }) => {
        if (channel === "call") {
          const reason = "no_balance";
          throw new TwoFactorError("delivery_failed", "No.", { reason, mayStillArrive });
        }
      },
    });

  test("for certain leaves the text's challenge, its code and its proof as they were", async () => {
    const s = await failing(false);
    const client = await s.signedIn();
    await client.ask();
    pass(30);
    const refused = await client.ask({ channel: "call" });
    expect(refused.body).toMatchObject({ code: "delivery_failed" });
    expect(s.events.at(-1)).toMatchObject({
      type: "send_failed",
      channel: "call",
      reason: "no_balance",
    });
    expect((await client.status()).body).toMatchObject({ challenge: { channel: "sms" } });
  });

  test("perhaps only stays good, and counts as a call", async () => {
    const s = await failing(true);
    const client = await s.signedIn();
    await client.ask();
    pass(30);
    await client.ask({ channel: "call" });
    expect((await client.status()).body).toMatchObject({ challenge: { channel: "call" } });
  });
});

test("no session store holds the keys of a call or its code (R9)", async () => {
  const store = new FaultyStore();
  const s = await serveCalls({}, { session: { store } });
  const client = await s.signedIn();
  await client.ask({ channel: "call" });
  const kept = await dump(store);
  expect(kept).toContain('"channel":"call"');
  expect(kept).not.toContain(s.lastCode());
});
