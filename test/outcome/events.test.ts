/** What the app is told of: one event for each step, in OWASP's words, whatever the listener does. */

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { ANN, EXPRESSES, fail, serve, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { eventsTo } from "../../lib/outcome/events";
import type { RefusalCode, TwoFactorEvent } from "../../lib/index";

function last(s: Served, type: TwoFactorEvent["type"]): TwoFactorEvent {
  const event = s.events.findLast((each) => each.type === type);
  if (event === undefined) throw new Error(`There is no event ${type}.`);
  return event;
}

test("a flow is told of step by step (R87)", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  await client.get("/private");
  await client.ask();
  await client.ask();
  await client.answer("000000");
  await client.answer(s.lastCode());
  await client.post("/reset");
  expect(s.events.map(({ type }) => type)).toEqual([
    "guard_refused",
    "sent",
    "pending",
    "wrong_code",
    "verified",
    "session_renewed",
    "mark_dropped",
  ]);
  expect(last(s, "sent")).toEqual({
    type: "sent",
    at: new Date().toISOString(),
    subject: "ann",
    phone: "••••23",
    country: "US",
    ip: "127.0.0.1",
    channel: "sms",
    segments: 1,
    duration: expect.any(Number) as number,
  });
});

test("an answer is told of with the channel of its code and the seconds that it took", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  pass(42);
  await fail(client, s.lastCode(), 1);
  await client.answer(s.lastCode());
  expect(last(s, "wrong_code")).toMatchObject({ channel: "sms", country: "US" });
  expect(last(s, "verified")).toMatchObject({ channel: "sms", answeredIn: 42 });
});

test("a text is told of with its segments and the time of its sender, a call without segments", async () => {
  const s = await serve({ options: { appName: "Ácme", channels: ["sms", "call"] } });
  await (await s.signedIn()).ask();
  expect(last(s, "sent")).toMatchObject({ segments: 2, duration: expect.any(Number) as number });
  await (await s.signedIn("bob", "+12025550188")).ask({ channel: "call" });
  expect(last(s, "sent")).toMatchObject({
    channel: "call",
    duration: expect.any(Number) as number,
  });
  expect(last(s, "sent")).not.toHaveProperty("segments");
});

test("a text that its sender refused is told of with what it would have cost", async () => {
  const s = await serve({ options: { sender: () => false } });
  await (await s.signedIn()).ask();
  expect(last(s, "send_failed")).toMatchObject({
    segments: 1,
    duration: expect.any(Number) as number,
    subject: "ann",
  });
});

test("texts and right codes can be counted for each country, for an alarm on their ratio (R35)", async () => {
  const s = await serve({ options: { countries: ["US", "CA"] } });
  for (const [id, phone, isAnswering] of [
    ["a", "+12025550101", true],
    ["b", "+12025550102", false],
    ["c", "+14165550103", false],
    ["d", "+12025550104", true],
  ] as const) {
    const client = await s.signedIn(id, phone);
    await client.ask();
    if (isAnswering) await client.answer(s.lastCode());
  }
  const count = (type: TwoFactorEvent["type"], country: string) =>
    s.events.filter((event) => event.type === type && event.country === country).length;
  expect([count("sent", "US"), count("verified", "US")]).toEqual([3, 2]);
  expect([count("sent", "CA"), count("verified", "CA")]).toEqual([1, 0]);
});

test("a right password with codes that fail is told of with the user to warn (R86)", async () => {
  fakeDate();
  const s = await serve({ options: { limits: { consecutiveFailures: 6 } } });
  const client = await s.signedIn();
  await client.ask();
  await fail(client, s.lastCode(), 5);
  expect(last(s, "attempts_exhausted")).toMatchObject({ subject: "ann", phone: "••••23" });
  const other = await s.signedIn();
  await other.ask();
  await fail(other, s.lastCode(), 1);
  expect(last(s, "factor_disabled")).toMatchObject({ subject: "ann", phone: "••••23" });
  const late = await s.signedIn("joe", "+12025550188");
  await late.ask();
  pass(600);
  await late.answer(s.lastCode());
  expect(last(s, "challenge_expired")).toMatchObject({ subject: "joe", phone: "••••88" });
});

describe("OWASP's logging vocabulary names (R87)", () => {
  test("success, failure, the last failure, and the renewal of the session", async () => {
    const s = await serve();
    const client = await s.signedIn();
    await client.ask();
    await fail(client, s.lastCode(), 4);
    expect(last(s, "wrong_code").owasp).toBe("authn_login_fail");
    await client.answer(s.lastCode());
    expect(last(s, "verified")).toMatchObject({
      owasp: "authn_login_successafterfail",
      failures: 4,
    });
    expect(last(s, "session_renewed").owasp).toBe("session_renewed");
    await client.ask({ fresh: true });
    await fail(client, s.lastCode(), 5);
    expect(last(s, "attempts_exhausted").owasp).toBe("authn_login_fail_max");
  });

  test("success after none, and after failures in another session", async () => {
    const s = await serve();
    const client = await s.signedIn();
    await client.ask();
    await client.answer(s.lastCode());
    expect(last(s, "verified").owasp).toBe("authn_login_success");
    expect(last(s, "verified")).not.toHaveProperty("failures");
    const other = await s.signedIn();
    await other.ask();
    await fail(other, s.lastCode(), 2);
    await client.ask({ fresh: true });
    await client.answer(s.lastCode());
    const after = { owasp: "authn_login_successafterfail", failures: 2 };
    expect(last(s, "verified")).toMatchObject(after);
  });

  test("success after failures where the number is the subject", async () => {
    const s = await serve({ user: "from-request" });
    const client = s.client();
    await client.ask({ number: ANN });
    await fail(client, s.lastCode(), 1);
    await client.answer(s.lastCode());
    const after = { owasp: "authn_login_successafterfail", failures: 1 };
    expect(last(s, "verified")).toMatchObject(after);
  });

  test("a lock", async () => {
    const s = await serve({ options: { limits: { consecutiveFailures: 1 } } });
    const client = await s.signedIn();
    await client.ask();
    await fail(client, s.lastCode(), 1);
    expect(last(s, "factor_disabled").owasp).toBe("authn_login_lock");
  });

  test("each kind of refusal", async () => {
    const limits = { number: { max: 1, window: 600 } };
    const s = await serve({ user: "from-request", options: { limits } });
    const client = s.client();
    await client.ask({ number: ANN }).set("Sec-Fetch-Site", "cross-site");
    expect(last(s, "refused")).toMatchObject({ code: "cross_site", owasp: "malicious_csrf" });
    await client.ask({ number: "911" });
    expect(last(s, "refused")).toMatchObject({ owasp: "input_validation_fail" });
    await client.answer("123456");
    expect(last(s, "refused")).toMatchObject({ code: "no_challenge", owasp: "sequence_fail" });
    await s.client().ask({ number: ANN });
    await client.ask({ number: ANN });
    expect(s.events.at(-1)?.owasp).toBe("excess_rate_limit_exceeded");
  });
});

test("each refusal of a client is told of once, with address and code (R87)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  const stranger = s.client();
  const calls: [() => PromiseLike<unknown>, string][] = [
    [() => stranger.ask(), "not_signed_in"],
    [() => stranger.answer("1"), "not_signed_in"],
    [() => client.ask({ number: "911" }), "invalid_number"],
    [() => client.get("/2fa/request-auth"), "method_not_allowed"],
    [() => client.post("/2fa/validate-auth"), "invalid_request"],
    [
      () => client.send("post", "/2fa/request-auth").type("text").send("x"),
      "unsupported_media_type",
    ],
    [() => client.get("/private"), "two_factor_required"],
    [() => client.answer("123456"), "no_challenge"],
  ];
  for (const [call, code] of calls) {
    const before = s.events.length;
    await call();
    expect(s.events.slice(before)).toEqual([expect.objectContaining({ code })]);
    expect(s.events.at(-1)).toMatchObject({ at: expect.stringMatching(/Z$/) as string });
  }
});

describe.each(EXPRESSES)("where it happened is told of (%s)", (_name, express) => {
  test("by the route as the app has written it, and by who was signed in", async () => {
    const s = await serve({
      express,
      before: (app, two) => {
        const shop = express.Router();
        shop.get("/orders/:id", two.require2fa());
        app.use("/shop", shop);
        app.use("/reset/:token", two.require2fa());
        app.use("/admin", two.require2fa());
      },
    });
    const client = await s.signedIn();
    await client.get("/shop/orders/4711");
    expect(last(s, "guard_refused")).toMatchObject({
      route: "/shop/orders/:id",
      subject: "ann",
      phone: "••••23",
      country: "US",
    });
    await client.get("/admin/users/4711");
    expect(last(s, "guard_refused").route).toBe("/admin");
    // Whoever keeps the log must not be able to use it.
    await client.get("/reset/pT3vWb81yQmZ0aLk/now");
    expect(last(s, "guard_refused").route).toBe("/reset/*");
    await client.ask({ number: "911" });
    expect(last(s, "refused")).toMatchObject({ route: "/2fa/request-auth", subject: "ann" });
    await s.client().get("/admin/users");
    expect(last(s, "guard_refused")).not.toHaveProperty("subject");
  });
});

test("whose number can't be read is told of without it, where it is the user's id too (R88)", async () => {
  const s = await serve();
  const client = await s.signedIn("2025550123", "(202) 555-0123");
  await client.get("/private");
  expect(last(s, "guard_refused").subject).toBe("••••23");
});

test("a store that is down is told of with the user, the route and how long that took", async () => {
  const s = await serve({
    options: { counters: { step: () => Promise.reject(new RangeError("down")) } },
  });
  const client = await s.signedIn();
  await client.ask();
  expect(last(s, "refused")).toMatchObject({
    code: "unavailable",
    subject: "ann",
    route: "/2fa/request-auth",
    duration: expect.any(Number) as number,
  });
});

describe("a full window is told of with whose it is", () => {
  const one = { max: 1, window: 600 };
  test.each<[string, object, object]>([
    ["user", { user: one }, { subject: "ann", ip: "127.0.0.1", country: "US" }],
    [
      "number",
      { number: one },
      { subject: "ann", phone: "••••23", ip: "127.0.0.1", country: "US" },
    ],
    ["network", { network: one }, { ip: "127.0.0.1", country: "US" }],
    ["country", { country: one }, { country: "US" }],
    ["all", { all: one }, { country: "US" }],
  ])("%s", async (budget, limits, whose) => {
    const s = await serve({ options: { limits } });
    for (let time = 0; time < 3; time += 1) await (await s.signedIn()).ask();
    const told = s.events.filter(({ type }) => type === "budget_exhausted");
    expect(told).toEqual([
      {
        type: "budget_exhausted",
        at: expect.any(String) as string,
        owasp: "excess_rate_limit_exceeded",
        budget,
        reason: `${budget}600`,
        channel: "sms",
        ...whose,
      },
    ]);
  });

  test("the day, of which a number has one of its own", async () => {
    const limits = { perDay: 1 };
    const s = await serve({ options: { maxPerDay: 2, limits } });
    const told = () => s.events.filter(({ type }) => type === "budget_exhausted");
    for (let time = 0; time < 2; time += 1) await (await s.signedIn()).ask();
    expect(told()).toMatchObject([{ budget: "number", reason: "number-day", subject: "ann" }]);
    for (const last of [1, 2]) await (await s.signedIn(`u${last}`, `+1202555019${last}`)).ask();
    expect(told()[1]).toMatchObject({ budget: "day", reason: "day", country: "US" });
    expect(told()[1]).not.toHaveProperty("subject");
  });
});

test("a wrong and a right code are told of with the client's address (R87)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  await fail(client, s.lastCode(), 1);
  await client.answer(s.lastCode());
  expect(last(s, "wrong_code")).toMatchObject({ subject: "ann", ip: "127.0.0.1", attemptsLeft: 4 });
  expect(last(s, "verified")).toMatchObject({ subject: "ann", ip: "127.0.0.1" });
});

test.each([
  ["a block", { failures: { max: 1, window: 600 } }, "too_many_attempts"],
  ["a factor that is switched off", { consecutiveFailures: 1 }, "factor_disabled"],
])("a request for a code that %s refuses is told of (R87)", async (_what, limits, code) => {
  const s = await serve({ options: { limits } });
  const client = await s.signedIn();
  await client.ask();
  await fail(client, s.lastCode(), 1);
  const before = s.events.length;
  expect((await (await s.signedIn()).ask()).body).toMatchObject({ code });
  expect(s.events.slice(before)).toEqual([expect.objectContaining({ code, subject: "ann" })]);
});

test("a purpose is told of, and what a gateway's failure was", async () => {
  fakeDate();
  let isFailing = false;
  const sender = () => {
    if (isFailing) throw new Error("x");
  };
  const s = await serve({ options: { purposes: ["pay"], sender } });
  const client = await s.signedIn();
  await client.ask({ purpose: "pay" });
  expect(last(s, "sent").purpose).toBe("pay");
  isFailing = true;
  pass(30);
  await client.ask({ purpose: "pay" });
  expect(last(s, "send_failed")).toMatchObject({
    code: "delivery_failed",
    reason: "sender_threw",
    purpose: "pay",
  });
});

test("a fault of a store is told of with its kind, and nothing of its own words", async () => {
  const s = await serve({
    options: {
      counters: { step: () => Promise.reject(new RangeError("redis://:password@host")) },
    },
  });
  const client = await s.signedIn();
  await client.ask();
  expect(last(s, "refused")).toMatchObject({ code: "unavailable", reason: "counters:RangeError" });
  expect(JSON.stringify(s.events)).not.toContain("password");
});

describe.each(EXPRESSES)("%s", (_name, express) => {
  test.each([
    [
      "throws",
      () => {
        throw new Error("log is full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("log is full"))],
    ["never resolves", () => new Promise(() => undefined)],
    [
      "changes the event",
      (event: TwoFactorEvent) => {
        for (const name of Object.keys(event)) Reflect.deleteProperty(event, name);
      },
    ],
  ])("a listener that %s changes no outcome and ends no process (R91)", async (_how, onEvent) => {
    const s = await serve({ express, options: { onEvent } });
    const client = await s.signedIn();
    expect(await client.visit()).toBe(403);
    expect((await client.ask()).status).toBe(200);
    expect((await client.answer("000000")).status).toBe(403);
    expect((await client.answer(s.lastCode())).status).toBe(200);
    expect(await client.visit()).toBe(200);
    // Jest fails a test that leaves a rejection unhandled.
    await new Promise((resolve) => setImmediate(resolve));
  });
});

test.each([
  ["a text with its code", "042917 is your Acme security code."],
  ["a number", "to:+12025550123"],
  ["a code alone", "code:042917"],
  ["two lines", "refused\n[audit]"],
  ["something else than a text", { toString: () => "042917" } as unknown as string],
])("a reason that is %s goes into no event, whoever gave it (C265)", (_what, reason) => {
  const told: TwoFactorEvent[] = [];
  const emit = eventsTo((event) => told.push(event));
  emit({ type: "refused", code: "unavailable", reason, subject: "ann" });
  expect(told).toMatchObject([{ type: "refused", code: "unavailable", reason: "unknown" }]);
  emit({ type: "refused", code: "042917" as RefusalCode });
  expect(told[1]).toMatchObject({ code: "unavailable" });
  expect(JSON.stringify(told)).not.toContain("042917");
});

test("a fault whose name is a sentence is told of without it (C265)", async () => {
  const user = () => {
    throw Object.assign(new Error("x"), { name: "No user +12025550123" });
  };
  const s = await serve({ user });
  await s.client().ask();
  expect(JSON.stringify(s.events)).not.toContain("2025550123");
});

describe("the diagnostics channel", () => {
  const heard: unknown[] = [];
  const hear = (event: unknown) => heard.push(event);

  afterEach(() => {
    unsubscribe("express-sms-2fa", hear);
    heard.length = 0;
  });

  test("carries the same events as the listener", async () => {
    subscribe("express-sms-2fa", hear);
    const s = await serve();
    const client = await s.signedIn();
    await client.ask();
    await client.answer(s.lastCode());
    expect(heard).toEqual(s.events);
    expect(heard).toHaveLength(3);
  });

  test("carries them without a listener, and none once nobody subscribes", async () => {
    const s = await serve({ options: { onEvent: undefined } });
    const client = await s.signedIn();
    subscribe("express-sms-2fa", hear);
    await client.ask();
    expect(heard).toEqual([expect.objectContaining({ type: "sent", phone: "••••23" })]);
    unsubscribe("express-sms-2fa", hear);
    await client.answer(s.lastCode());
    expect(heard).toHaveLength(1);
  });
});
