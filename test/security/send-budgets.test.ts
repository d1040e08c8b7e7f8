/** Attacks on the bill: each budget of texts bites by itself, and a refusal spends none that is broader. */

import session from "express-session";
import { ANN, BOB, serve, type Client, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { dump } from "../fakes/stores";
import { TwoFactorError, type LimitOptions } from "../../lib";

const ROOMY = { max: 1000, window: 600 };
const FREE: LimitOptions = { user: ROOMY, number: ROOMY, network: ROOMY, cooldown: 1 };
const TWO = { max: 2, window: 600 };
const number = (index: number) => `+1202555${String(1000 + index)}`;

/** A new session of a user of one's own, asking once: its status. */
async function askAs(s: Served, id: string, phone: string): Promise<number> {
  return (await (await s.signedIn(id, phone)).ask()).status;
}

test("one session gets one text per cooldown, which doubles up to 32 minutes (R29)", async () => {
  fakeDate();
  const s = await serve({ options: { limits: { ...FREE, cooldown: 30 }, codeTtl: 600 } });
  const client = await s.signedIn();
  for (const wait of [30, 60, 120, 240, 480, 960, 1920, 1920]) {
    expect((await client.ask()).body).toMatchObject({ status: "sent", resendIn: wait });
    pass(wait - 1);
    const early = await client.ask();
    expect((early.body as { status: unknown }).status).not.toBe("sent");
    pass(1);
  }
  expect(s.sent).toHaveLength(8);
});

test("the wait starts anew after a right answer, and after an hour of quiet (R29)", async () => {
  fakeDate();
  const s = await serve({ options: { limits: { ...FREE, cooldown: 30 } } });
  const client = await s.signedIn();
  await client.ask();
  pass(30);
  expect((await client.ask()).body).toMatchObject({ resendIn: 60 });
  await client.answer(s.lastCode());
  expect((await client.ask({ fresh: true })).body).toMatchObject({ resendIn: 30 });
  pass(3600);
  expect((await client.ask({ fresh: true })).body).toMatchObject({ resendIn: 30 });
});

test("one user gets no more than their budget over all sessions (R30)", async () => {
  const s = await serve({ options: { limits: { ...FREE, user: TWO } } });
  expect(await askAs(s, "ann", ANN)).toBe(200);
  expect(await askAs(s, "ann", BOB)).toBe(200);
  const refused = await (await s.signedIn("ann", ANN)).ask();
  expect(refused.status).toBe(429);
  expect(refused.body).toMatchObject({ code: "too_many_requests" });
  expect(Number(refused.headers["retry-after"])).toBeGreaterThanOrEqual(590);
  expect(await askAs(s, "joe", ANN)).toBe(200);
});

test.each([
  ["Argentina's with and without 9", "AR", "+5491157447700", "+541157447700"],
  ["Brazil's with and without its ninth digit", "BR", "+5511987654321", "+551187654321"],
])("two spellings of one line have one budget: %s (C268)", async (_what, country, one, other) => {
  const s = await serve({
    user: "from-request",
    options: { countries: [country], limits: { ...FREE, number: TWO } },
  });
  const asked = async (number: string) => (await s.client().ask({ number })).status;
  expect(await asked(one)).toBe(200);
  expect(await asked(other)).toBe(200);
  expect(await asked(one)).toBe(429);
  expect(await asked(other)).toBe(429);
});

test("one number gets no more than its budget over all users and sessions (B045, R30)", async () => {
  const s = await serve({ options: { limits: { ...FREE, number: TWO } } });
  expect(await askAs(s, "ann", ANN)).toBe(200);
  expect(await askAs(s, "joe", ANN)).toBe(200);
  expect(await askAs(s, "eve", ANN)).toBe(429);
  expect(await askAs(s, "eve", BOB)).toBe(200);
});

test("by default one number gets 5 texts in 10 minutes and 10 in an hour (R30)", async () => {
  fakeDate();
  const s = await serve({ user: "from-request", options: { limits: { network: ROOMY } } });
  const askTimes = async (times: number) => {
    const statuses: number[] = [];
    for (let time = 0; time < times; time += 1) {
      statuses.push((await s.client().ask({ number: ANN })).status);
    }
    return statuses;
  };
  expect(await askTimes(6)).toEqual([200, 200, 200, 200, 200, 429]);
  pass(600);
  expect(await askTimes(6)).toEqual([200, 200, 200, 200, 200, 429]);
  pass(600);
  expect(await askTimes(1)).toEqual([429]);
  pass(2400);
  expect(await askTimes(1)).toEqual([200]);
});

test("one network gets no more than its budget over all users and numbers (B045, R32)", async () => {
  const s = await serve({ options: { limits: { ...FREE, network: TWO } } });
  expect(await askAs(s, "a", number(1))).toBe(200);
  expect(await askAs(s, "b", number(2))).toBe(200);
  expect(await askAs(s, "c", number(3))).toBe(429);
});

test("one country gets no more than its budget, and leaves the others theirs (R33)", async () => {
  const s = await serve({ options: { limits: { ...FREE, country: TWO } } });
  expect(await askAs(s, "a", number(1))).toBe(200);
  expect(await askAs(s, "b", number(2))).toBe(200);
  expect(await askAs(s, "c", number(3))).toBe(429);
  expect(await askAs(s, "d", "+14165550123")).toBe(200);
});

test("all together get no more than the budget of all (R33)", async () => {
  const s = await serve({ options: { limits: { ...FREE, all: TWO } } });
  expect(await askAs(s, "a", number(1))).toBe(200);
  expect(await askAs(s, "b", "+14165550123")).toBe(200);
  expect(await askAs(s, "c", number(3))).toBe(429);
  expect(s.sent).toHaveLength(2);
});

test("countries that are not served are refused before any counter or sender is asked (B045, R27, R28)", async () => {
  const s = await serve({ user: "from-request", options: { limits: { ...FREE, network: TWO } } });
  for (const phone of ["+18765550123", "+18095550123", "+447700900123", "+88213000000"]) {
    const refused = await s.client().ask({ number: phone });
    expect(refused.body).toMatchObject({ code: "country_not_allowed" });
  }
  expect((await s.client().ask({ number: "+19005550123" })).status).toBe(422);
  expect(s.sent).toEqual([]);
  expect((await s.client().ask({ number: number(1) })).status).toBe(200);
  expect((await s.client().ask({ number: number(2) })).status).toBe(200);
});

test("Caribbean numbers are texted once their countries are named (B052)", async () => {
  const countries = ["US", "CA", "JM", "PR", "VC"];
  const s = await serve({ user: "from-request", options: { countries } });
  for (const phone of ["+18765550123", "+16585550123", "+17875550123", "+17845550123"]) {
    expect((await s.client().ask({ number: phone })).status).toBe(200);
  }
});

describe("a refusal", () => {
  const spend = async (s: Served, client: Client, times: number) => {
    for (let time = 0; time < times; time += 1) await client.ask();
    await s.two.close();
  };

  test("by the cooldown spends no budget of user, number or network", async () => {
    const limits = { user: TWO, number: TWO, network: TWO };
    const s = await serve({ options: { limits } });
    const client = await s.signedIn();
    await spend(s, client, 10);
    expect(await askAs(s, "ann", ANN)).toBe(200);
    expect(await askAs(s, "ann", ANN)).toBe(429);
    expect(s.sent).toHaveLength(2);
  });

  test("by the user's or the number's budget spends none of the network", async () => {
    const limits = { ...FREE, user: { max: 1, window: 600 }, network: TWO };
    const s = await serve({ options: { limits } });
    await askAs(s, "ann", ANN);
    for (let time = 0; time < 5; time += 1) expect(await askAs(s, "ann", ANN)).toBe(429);
    await s.two.close();
    expect(await askAs(s, "joe", BOB)).toBe(200);
    expect(await askAs(s, "eve", number(1))).toBe(429);
  });

  test("by the network's budget spends none of country and all, nor of the number", async () => {
    const limits = { ...FREE, network: { max: 1, window: 600 }, country: TWO, number: TWO };
    const s = await serve({ options: { limits }, before: (app) => app.set("trust proxy", 1) });
    const ask = async (ip: string, id: string) =>
      (await (await s.signedIn(id, ANN)).ask().set("X-Forwarded-For", ip)).status;
    expect(await ask("192.0.2.1", "a")).toBe(200);
    for (let time = 0; time < 5; time += 1) expect(await ask("192.0.2.1", "b")).toBe(429);
    await s.two.close();
    expect(await ask("192.0.2.2", "c")).toBe(200);
    expect(await ask("192.0.2.3", "d")).toBe(429);
  });

  test("by the country's budget gives back what user, number and network had paid", async () => {
    const limits = { ...FREE, user: TWO, country: { max: 1, window: 60 } };
    fakeDate();
    const s = await serve({ options: { limits } });
    await askAs(s, "joe", BOB);
    for (let time = 0; time < 5; time += 1) expect(await askAs(s, "ann", ANN)).toBe(429);
    await s.two.close();
    pass(60);
    expect(await askAs(s, "ann", ANN)).toBe(200);
  });

  test("of the request leaves the cooldown: once there is budget, the first try is sent", async () => {
    fakeDate();
    const s = await serve({ options: { limits: { number: { max: 1, window: 60 } } } });
    await askAs(s, "joe", ANN);
    const client = await s.signedIn();
    expect((await client.ask()).status).toBe(429);
    await s.two.close();
    pass(60);
    expect((await client.ask()).body).toMatchObject({ status: "sent" });
  });
});

test("a right answer gives back what its texts had cost: only unanswered ones weigh", async () => {
  fakeDate();
  const limits = { ...FREE, user: TWO, number: TWO, network: TWO, country: TWO, all: TWO };
  const s = await serve({ options: { limits } });
  for (let round = 0; round < 4; round += 1) {
    const client = await s.signedIn();
    await client.ask();
    pass(1);
    expect((await client.ask()).body).toMatchObject({ status: "sent" });
    expect((await client.answer(s.lastCode())).status).toBe(200);
    await s.two.close();
  }
  expect(s.sent).toHaveLength(8);
  expect(await askAs(s, "ann", ANN)).toBe(200);
  expect(await askAs(s, "ann", ANN)).toBe(200);
  expect(await askAs(s, "ann", ANN)).toBe(429);
});

test("answering the same code again gives nothing back a second time", async () => {
  const limits = { ...FREE, user: { max: 1, window: 600 } };
  const s = await serve({ options: { limits } });
  const client = await s.signedIn();
  await client.ask();
  for (let time = 0; time < 4; time += 1) {
    expect((await client.answer(s.lastCode())).status).toBe(200);
    await s.two.close();
  }
  expect(await askAs(s, "ann", ANN)).toBe(200);
  expect(await askAs(s, "ann", ANN)).toBe(429);
});

test("a text that the gateway refused stays counted, or nothing would bound the calls to it", async () => {
  let calls = 0;
  const sender = () => {
    calls += 1;
    throw Object.assign(new Error("refused"), { status: 400 });
  };
  const s = await serve({ options: { sender, limits: { ...FREE, user: TWO } } });
  const client = await s.signedIn();
  const statuses: number[] = [];
  for (let time = 0; time < 4; time += 1) {
    statuses.push((await client.ask()).status);
    await s.two.close();
  }
  expect(statuses).toEqual([502, 502, 429, 429]);
  expect(calls).toBe(2);
});

test("a text that never reached the gateway is given back (R37)", async () => {
  let isDown = true;
  const sender = () => {
    if (isDown) throw new TwoFactorError("unavailable", "down");
  };
  const s = await serve({
    options: { sender, limits: { ...FREE, user: { max: 1, window: 600 } } },
  });
  const client = await s.signedIn();
  for (let time = 0; time < 3; time += 1) {
    expect((await client.ask()).status).toBe(503);
    await s.two.close();
  }
  isDown = false;
  expect((await client.ask()).status).toBe(200);
});

test("50 numbers asked for at once from one network get 15 texts (B045)", async () => {
  const s = await serve({ user: "from-request" });
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => s.client().ask({ number: number(index) })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(15);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(35);
  expect(s.sent).toHaveLength(15);
});

test("a text that a broad budget refuses leaves the code of another purpose good", async () => {
  const s = await serve({
    options: { purposes: ["pay"], limits: { all: { max: 1, window: 3600 } } },
  });
  const ann = await s.signedIn();
  await ann.ask();
  const code = s.lastCode();
  expect((await ann.ask({ purpose: "pay" })).status).toBe(429);
  expect(s.sent).toHaveLength(1);
  expect((await ann.answer(code)).status).toBe(200);
});

test.each(["country", "all"])(
  "each full window of the budget of %s raises one alarm (R33)",
  async (limit) => {
    fakeDate();
    const s = await serve({ options: { limits: { ...FREE, [limit]: { max: 1, window: 600 } } } });
    const alarms = () => s.events.filter(({ type }) => type === "budget_exhausted").length;
    await askAs(s, "a", number(1));
    pass(500);
    expect([await askAs(s, "b", number(2)), await askAs(s, "c", number(3))]).toEqual([429, 429]);
    expect(alarms()).toBe(1);
    await s.two.close();
    pass(100);
    expect([await askAs(s, "b", number(2)), await askAs(s, "c", number(3))]).toEqual([200, 429]);
    expect(alarms()).toBe(2);
    expect(s.events.find(({ type }) => type === "budget_exhausted")).toMatchObject({
      owasp: "excess_rate_limit_exceeded",
      reason: `${limit}600`,
      country: "US",
    });
    expect(s.sent).toHaveLength(2);
  },
);

test("strangers whose texts a broad budget refuses leave no session behind (R97)", async () => {
  const store = new session.MemoryStore();
  const s = await serve({
    user: "from-request",
    session: { store },
    options: { limits: { all: { max: 1, window: 3600 } } },
  });
  expect((await s.client().ask({ number: "+12025550123" })).status).toBe(200);
  for (const number of ["+12025550124", "+12025550125", "+12025550126"]) {
    const refused = await s.client().ask({ number });
    expect(refused.status).toBe(429);
    expect(refused.headers["set-cookie"]).toBeUndefined();
  }
  expect(Object.keys(JSON.parse(await dump(store)) as object)).toHaveLength(1);
});
