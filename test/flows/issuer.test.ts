/** Asking for a code: what is sent, what a resend changes, and what a failed send leaves. */

import { ANN, BOB, codeIn, EXPRESSES, fail, serve } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { dump, FaultyStore, SlowStore } from "../fakes/stores";

interface Open {
  status: string;
  expiresIn: number;
  resendIn: number;
  attemptsLeft: number;
}

describe.each(EXPRESSES)("%s", (_name, express) => {
  test("a request sends one text to the user's own number and tells what the page needs", async () => {
    const s = await serve({ express });
    const client = await s.signedIn();
    const asked = await client.ask();
    expect(asked.status).toBe(200);
    expect(asked.body).toEqual({
      status: "sent",
      channel: "sms",
      to: "••••23",
      expiresIn: expect.closeTo(600, -1) as number,
      resendIn: 30,
      attemptsLeft: 5,
    });
    expect(s.sent).toHaveLength(1);
    expect(s.sent[0]).toMatchObject({ to: ANN, channel: "sms" });
    expect(s.sent[0]?.text).toMatch(/^\d{6} is your Acme security code\./);
  });

  test("a double click sends one text, and its code works (B008, R36)", async () => {
    const s = await serve({ express, session: { store: new SlowStore() } });
    const client = await s.signedIn();
    const answers = await Promise.all([client.copy().ask(), client.copy().ask()]);
    expect(answers.filter(({ body }) => (body as Open).status === "sent")).toHaveLength(1);
    for (const { status } of answers) expect([200, 429]).toContain(status);
    expect(s.sent).toHaveLength(1);
    expect((await client.answer(s.lastCode())).status).toBe(200);
  });
});

test("a sender gets the code, the language and the purpose as fields of their own", async () => {
  const s = await serve({ options: { purposes: ["transfer"] } });
  const client = await s.signedIn();
  await client.ask({ purpose: "transfer", locale: "es-MX" });
  const code = s.lastCode();
  expect(s.sent[0]).toMatchObject({ code, locale: "es", purpose: "transfer" });
  expect((await client.answer(code)).status).toBe(200);
  await client.ask();
  expect(s.sent[1]).toMatchObject({ code: s.lastCode(), locale: "en", purpose: "" });
});

test("a reload within the cooldown sends nothing and tells how things stand (R29)", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  await fail(client, s.lastCode(), 1);
  pass(10);
  const again = await client.ask();
  expect(again.body).toEqual({
    status: "pending",
    channel: "sms",
    to: "••••23",
    expiresIn: 590,
    resendIn: 20,
    attemptsLeft: 4,
  });
  expect(s.sent).toHaveLength(1);
});

test("a resend repeats the same code and does not prolong the ten minutes (B009, B010, R7)", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  pass(30);
  expect((await client.ask()).body).toMatchObject({ status: "sent", expiresIn: 570, resendIn: 60 });
  pass(60);
  expect((await client.ask()).body).toMatchObject({ status: "sent", expiresIn: 510 });
  expect(new Set(s.sent.map(codeIn)).size).toBe(1);
  expect(s.sent.map(({ validFor }) => validFor)).toEqual([600, 570, 510]);
  expect(s.sent[1]?.text).toMatch(/expires in 9 minutes/);
  pass(509);
  expect((await client.answer(s.lastCode())).status).toBe(200);
});

test("a resend's code dies with the first text's ten minutes (R4, R7)", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  pass(500);
  await client.ask();
  expect(new Set(s.sent.map(codeIn)).size).toBe(1);
  pass(100);
  expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });
});

test("with less than a minute and a half left, a resend is a new challenge with its full life (C206)", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  pass(510);
  expect((await client.ask()).body).toMatchObject({ status: "sent", expiresIn: 90 });
  pass(60);
  const asked = await client.ask();
  expect(asked.body).toMatchObject({ status: "sent", expiresIn: 600, attemptsLeft: 5 });
  expect(s.sent.map(({ validFor }) => validFor)).toEqual([600, 90, 600]);
  expect(s.sent[2]?.text).toMatch(/expires in 10 minutes/);
  const [first, again, fresh] = s.sent.map(codeIn);
  expect(again).toBe(first);
  expect(fresh).not.toBe(first);
  expect((await client.answer(String(first))).body).toMatchObject({ code: "wrong_code" });
  pass(599);
  expect((await client.answer(s.lastCode())).status).toBe(200);
});

test.each([60, 90, 119, 120, 150, 600])(
  "with codeTtl: %d no text promises more than is left, nor is one sent with less than a minute (C206)",
  async (codeTtl) => {
    fakeDate();
    const roomy = { max: 1000, window: 600 };
    const limits = { cooldown: 1, user: roomy, number: roomy, network: roomy, perDay: 1000 };
    const s = await serve({ options: { codeTtl, limits } });
    const client = await s.signedIn();
    for (let wait = 1; wait < 1024; wait *= 2) {
      const asked = (await client.ask()).body as Open;
      expect(asked.status).toBe("sent");
      const { text = "", validFor = 0 } = s.sent.at(-1) ?? {};
      expect(validFor).toBe(asked.expiresIn);
      expect(validFor).toBeGreaterThanOrEqual(60);
      expect(Number(/expires in (\d+) minute/.exec(text)?.[1]) * 60).toBeLessThanOrEqual(validFor);
      pass(wait);
    }
  },
);

test("a code has its full life from when it is sent, however long the app thinks about it (C206)", async () => {
  fakeDate();
  const beforeSend = (): boolean => {
    pass(9);
    return true;
  };
  const s = await serve({ options: { codeTtl: 60, beforeSend } });
  const client = await s.signedIn();
  expect((await client.ask()).body).toMatchObject({ status: "sent", expiresIn: 60 });
  expect(s.sent[0]).toMatchObject({ validFor: 60 });
  pass(59);
  expect((await client.answer(s.lastCode())).status).toBe(200);
});

test("a request exactly when the shown wait has ended is sent (B105)", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  const { resendIn } = (await client.ask()).body as Open;
  pass(resendIn - 0.001);
  expect((await client.ask()).body).toMatchObject({ status: "pending", resendIn: 1 });
  pass(0.001);
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
});

test("after expiry, success or spent attempts the next challenge has another code (R7)", async () => {
  fakeDate();
  const s = await serve({ options: { limits: { user: { max: 99, window: 60 } } } });
  const client = await s.signedIn();
  await client.ask();
  pass(600);
  await client.ask();
  await fail(client, s.lastCode(), 5);
  pass(60);
  await client.ask();
  await client.answer(s.lastCode());
  pass(120);
  await client.ask({ fresh: true });
  const codes = s.sent.map(codeIn);
  expect(codes).toHaveLength(4);
  expect(new Set(codes).size).toBe(4);
});

test("a verified session is sent nothing, unless it asks anew by `fresh` (R77)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  const asked = await client.ask();
  expect(asked.status).toBe(200);
  expect(asked.body).toEqual({
    status: "verified",
    amr: ["sms"],
    at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
  });
  expect(s.sent).toHaveLength(1);
  for (const fresh of [true, "true", "1", "on"]) {
    const other = await s.signedIn(`user${String(fresh)}`, BOB);
    await other.ask();
    await other.answer(s.lastCode());
    expect((await other.ask({ fresh: false })).body).toMatchObject({ status: "verified" });
    expect((await other.ask({ fresh })).body).toMatchObject({ status: "sent" });
  }
});

test("a session that is verified for one purpose is asked for another", async () => {
  const s = await serve({ options: { purposes: ["transfer"] } });
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  expect((await client.ask({ purpose: "transfer" })).body).toMatchObject({ status: "sent" });
  await client.answer(s.lastCode());
  expect((await client.ask({ purpose: "transfer" })).body).toMatchObject({ status: "verified" });
  expect((await client.ask()).body).toMatchObject({ status: "verified" });
});

test.each([
  [{ channel: "call" }],
  [{ channel: "SMS" }],
  [{ locale: "x".repeat(36) }],
  [{ locale: "en\nx" }],
  [{ purpose: "unknown" }],
  [{ fresh: "maybe" }],
  [{ fresh: 1 }],
  [{ fresh: null }],
  [{ channel: null }],
  [{ channel: " " }],
  [{ remember: true }],
  [{ remember: false }],
  [{ recovery_code: "x" }],
])("%j is refused rather than passed over", async (fields) => {
  const s = await serve({ options: { purposes: ["pay"] } });
  const client = await s.signedIn();
  const asked = await client.ask(fields);
  expect(asked.status).toBe(400);
  expect(asked.body).toMatchObject({ code: "invalid_request" });
  expect(s.sent).toEqual([]);
});

test.each([
  ["user", undefined],
  ["from-request", "from-request"],
] as const)("what a form leaves empty is absent, in the mode %s", async (_mode, user) => {
  const s = await serve({ ...(user && { user }), options: { purposes: ["pay"] } });
  const client = user === undefined ? await s.signedIn() : s.client();
  const number = user === undefined ? "" : ANN;
  const empty = { locale: "", purpose: "", fresh: "", recovery_code: "", remember: "" };
  const asked = await client
    .send("post", "/2fa/request-auth")
    .type("form")
    .send({ number, channel: "", ...empty });
  expect(asked.body).toMatchObject({ status: "sent", channel: "sms" });
  expect(s.sent[0]?.text).toMatch(/ is your /);
  const answered = await client
    .send("post", "/2fa/validate-auth")
    .type("form")
    .send({ number: "", recovery_code: "", remember: "", auth_code: s.lastCode() });
  expect(answered.body).toMatchObject({ status: "verified" });
  expect((await client.ask({ number, fresh: "" })).body).toMatchObject({ status: "verified" });
});

test("the text is in the first language that is served: the request's, the user's, English (C236)", async () => {
  const user = { id: "ann", phone: ANN, locale: "es-MX" };
  const s = await serve({ user: () => user, options: { limits: { cooldown: 1 } } });
  await s.client().ask();
  await s.client().ask({ locale: "de" });
  await s.client().ask({ locale: "tlh" });
  expect(s.sent.map(({ text }) => text.slice(6))).toEqual([
    expect.stringMatching(/^ es tu clave/),
    expect.stringMatching(/^ ist Ihr/),
    expect.stringMatching(/^ es tu clave/),
  ]);
});

test("the text's last line binds the code to the configured host, whatever Host says (R44, R45, B087)", async () => {
  const s = await serve({ options: { origin: "https://app.acme.example" } });
  const client = await s.signedIn();
  await client.ask().set("Host", "evil.example").set("X-Forwarded-Host", "evil.example");
  const { text = "" } = s.sent[0] ?? {};
  expect(text.split("\n").at(-1)).toBe(`@app.acme.example #${s.lastCode()}`);
  expect(text).not.toContain("evil");
});

test.each([
  ["no number", null, 403, "no_number"],
  ["an empty one", "", 403, "no_number"],
  ["one that is none", "extension 7", 400, "invalid_number"],
  ["one of a country that is not served", "+447700900123", 403, "country_not_allowed"],
  ["a premium one", "+19005550123", 422, "cannot_text_number"],
])("a user with %s is refused before anything is sent", async (_what, phone, status, code) => {
  const s = await serve();
  const client = await s.signedIn("ann", phone);
  const asked = await client.ask();
  expect([asked.status, (asked.body as { code: string }).code]).toEqual([status, code]);
  expect(s.sent).toEqual([]);
});

test("the number may be sent along, in any spelling, if it is the user's own", async () => {
  const s = await serve();
  const client = await s.signedIn();
  expect((await client.ask({ number: "1 (202) 555-0123" })).body).toMatchObject({ status: "sent" });
  const sent = await client.answer(s.lastCode(), { number: "+1.202.555.0123" });
  expect(sent.status).toBe(200);
});

test("a challenge that nobody answers is out of the session's way after its time, and status says so", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  expect((await client.status()).body).toMatchObject({
    verified: false,
    challenge: { channel: "sms", to: "••••23", expiresIn: 600, resendIn: 30, attemptsLeft: 5 },
  });
  pass(600);
  expect((await client.status()).body).toEqual({ verified: false, challenge: null });
  expect(s.sent).toHaveLength(1);
});

test("a number that was corrected can be asked for at once (B021)", async () => {
  const s = await serve({ user: "from-request" });
  const client = s.client();
  await client.ask({ number: BOB });
  expect((await client.ask({ number: ANN })).body).toMatchObject({ status: "sent" });
  expect((await client.answer(s.lastCode(), { number: ANN })).status).toBe(200);
});

test("a user whose number was corrected on record can ask for it at once (B021)", async () => {
  const s = await serve();
  const client = await s.signedIn("ann", BOB);
  await client.ask();
  await client.signIn("ann", ANN);
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
  expect(s.sent.at(-1)?.to).toBe(ANN);
});

test("the challenge stands in the store before its text leaves: whoever reads it can answer", async () => {
  const store = new FaultyStore();
  let atSend = "";
  const sender = async () => {
    atSend = await dump(store);
  };
  const s = await serve({ session: { store }, options: { sender } });
  await (await s.signedIn()).ask();
  expect(atSend).toContain('"challenges"');
});
