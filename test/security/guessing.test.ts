/** Attacks by guessing codes: each fails, and none locks its victim out. */

import { ANN, EXPRESSES, fail, serve, wrongCodes } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { DistantCounters, SlowStore } from "../fakes/stores";

const ROOMY = { max: 1000, window: 600 };

/** Texts cost nothing here, so that guesses alone are bounded. */
const FREE_TEXTS = { user: ROOMY, number: ROOMY, network: ROOMY, cooldown: 1 };

describe.each(EXPRESSES)("%s", (_name, express) => {
  test("a burst of 200 parallel guesses gets 5 comparisons, and the right one after them is refused (B038, R18)", async () => {
    const s = await serve({ express, session: { store: new SlowStore() } });
    const client = await s.signedIn();
    await client.ask();
    const code = s.lastCode();
    const guesses = [...wrongCodes(code, 199), code];
    const answers = await Promise.all(guesses.map((guess) => client.copy().answer(guess)));
    const compared = answers.filter(({ body }) => (body as { code: string }).code === "wrong_code");
    expect(compared).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(0);
    expect(await client.visit()).toBe(403);
    expect((await client.answer(code)).status).toBe(403);
  });

  test("50 parallel right answers give one success (B060, R6)", async () => {
    const s = await serve({ express, session: { store: new SlowStore() } });
    const client = await s.signedIn();
    await client.ask();
    const holders = Array.from({ length: 50 }, () => client.copy());
    const answers = await Promise.all(holders.map((each) => each.answer(s.lastCode())));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const visits = await Promise.all(holders.map((each) => each.visit()));
    expect(visits.filter((status) => status === 200)).toHaveLength(1);
  });
});

test("50 parallel right answers over counters at a distance give one success (B060, R6)", async () => {
  const counters = new DistantCounters(10);
  const s = await serve({ options: { counters } });
  const client = await s.signedIn();
  await client.ask();
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => client.copy().answer(s.lastCode())),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test("a double submit of the right code lets the session in and costs nobody a failure (B011)", async () => {
  const counters = new DistantCounters(10);
  const limits = { failures: { max: 1, window: 600 }, ...FREE_TEXTS };
  const s = await serve({ options: { counters, limits } });
  const client = await s.signedIn();
  await client.ask();
  const [a, b] = [client.copy(), client.copy()];
  const answers = await Promise.all([a.answer(s.lastCode()), b.answer(s.lastCode())]);
  expect(answers.map(({ status }) => status).sort()[0]).toBe(200);
  expect((await Promise.all([a.visit(), b.visit()])).sort()[0]).toBe(200);
  await s.two.close();
  await client.signIn("ann");
  expect((await client.ask({ fresh: true })).body).toMatchObject({ status: "sent" });
});

test("after 4 wrong codes the right one, as the fifth, passes (B040)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  await fail(client, s.lastCode(), 4);
  expect((await client.answer(s.lastCode())).status).toBe(200);
  expect(await client.visit()).toBe(200);
});

test("after 5 wrong codes the right one is refused, for good (B037, B040, R12)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  await fail(client, s.lastCode(), 5);
  const late = await client.answer(s.lastCode());
  expect(late.status).toBe(429);
  expect(late.body).toMatchObject({ code: "too_many_attempts" });
  expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });
  expect(await client.visit()).toBe(403);
});

test("a wrong code burns nothing but its attempt, and tells how many are left (B012)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  const [wrong = ""] = wrongCodes(s.lastCode(), 1);
  const answer = await client.answer(wrong);
  expect(answer.status).toBe(403);
  expect(answer.body).toMatchObject({ code: "wrong_code", attemptsLeft: 4 });
  expect((await client.answer(s.lastCode())).status).toBe(200);
});

test("a new session gives no new budget: a dropped cookie leaves 10 comparisons in all (B041, R13, R14)", async () => {
  const s = await serve({ options: { limits: FREE_TEXTS } });
  let compared = 0;
  for (let round = 0; round < 5; round += 1) {
    const client = await s.signedIn();
    await client.ask();
    for (const code of wrongCodes(s.lastCode(), 4)) {
      const answer = await client.answer(code);
      if ((answer.body as { code: string }).code === "wrong_code") compared += 1;
    }
  }
  expect(compared).toBe(10);
  const fresh = await s.signedIn();
  expect((await fresh.ask()).status).toBe(429);
});

test("a new session gives no new budget for a bare number either (B041)", async () => {
  const s = await serve({ user: "from-request", options: { limits: FREE_TEXTS } });
  let compared = 0;
  for (let round = 0; round < 4; round += 1) {
    const client = s.client();
    await client.ask({ number: ANN });
    for (const code of wrongCodes(s.lastCode(), 4)) {
      const answer = await client.answer(code);
      if ((answer.body as { code: string }).code === "wrong_code") compared += 1;
    }
  }
  expect(compared).toBe(10);
});

test("a resend or a new code sets no failure back (B039, R13)", async () => {
  fakeDate();
  const s = await serve({
    options: { limits: { ...FREE_TEXTS, failures: { max: 6, window: 600 } } },
  });
  const client = await s.signedIn();
  await client.ask();
  await fail(client, s.lastCode(), 4);
  pass(1);
  expect((await client.ask()).body).toMatchObject({ status: "sent", attemptsLeft: 1 });
  await fail(client, s.lastCode(), 1);
  pass(4);
  expect((await client.ask()).body).toMatchObject({ status: "sent", attemptsLeft: 5 });
  await fail(client, s.lastCode(), 1);
  expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "too_many_attempts" });
});

test("an answer without a live challenge moves no counter (R76)", async () => {
  const counters = new DistantCounters();
  const s = await serve({ options: { counters } });
  const client = await s.signedIn();
  const answer = await client.answer("123456");
  expect(answer.body).toMatchObject({ code: "no_challenge" });
  expect(counters.steps).toEqual([]);
});

test("JSON, forms, GET and a second mount share one budget of attempts (B043)", async () => {
  const s = await serve({
    options: { allowGet: true },
    before: (app, two) => app.use("/other", two.router),
  });
  const client = await s.signedIn();
  await client.ask();
  const code = s.lastCode();
  const [a, b, c, d, e] = wrongCodes(code, 5);
  await client.answer(String(a));
  await client.send("post", "/2fa/validate-auth").type("form").send({ code: b });
  await client.get(`/2fa/validate-auth?auth_code=${String(c)}`);
  await client.post("/other/validate-auth", { auth_code: d });
  await client.post("/2fa/validate-auth/", { auth_code: e });
  expect((await client.answer(code)).status).toBe(429);
  expect((await client.get(`/other/validate-auth?code=${code}`)).status).toBe(403);
});

test("a method override header opens no other way in (B043)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  const put = await client.send("put", "/2fa/validate-auth").send({ auth_code: s.lastCode() });
  expect(put.status).toBe(405);
  const overridden = await client
    .get(`/2fa/validate-auth?auth_code=${s.lastCode()}`)
    .set("X-HTTP-Method-Override", "POST");
  expect(overridden.status).toBe(405);
  expect(await client.visit()).toBe(403);
});

test("no magic code opens anything in production (B098)", async () => {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  const warned = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  try {
    const s = await serve();
    const client = await s.signedIn();
    await client.ask();
    const magic = ["000000", "123456", "424242", "111111"].filter((each) => each !== s.lastCode());
    for (const code of magic) expect((await client.answer(code)).status).toBe(403);
    expect(await client.visit()).toBe(403);
  } finally {
    process.env.NODE_ENV = before;
    warned.mockRestore();
  }
});

test("one network that guesses once at each of many numbers is bounded by its texts (B101, R20)", async () => {
  const s = await serve({ user: "from-request" });
  const client = s.client();
  const statuses: number[] = [];
  for (let index = 0; index < 17; index += 1) {
    const asked = await client.ask({ number: `+1202555${String(1000 + index)}` });
    statuses.push(asked.status);
    await client.answer("000000");
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(15);
  expect(statuses.slice(15)).toEqual([429, 429]);
});

test("many networks that guess at one user share that user's ten comparisons (R20)", async () => {
  const s = await serve({
    options: { limits: FREE_TEXTS },
    before: (app) => app.set("trust proxy", 1),
  });
  let compared = 0;
  for (let index = 0; index < 20; index += 1) {
    const from = { "X-Forwarded-For": `192.0.2.${index}` };
    const client = await s.signedIn();
    await client.ask().set(from);
    const [wrong = ""] = wrongCodes(s.lastCode(), 1);
    const answer = await client.answer(wrong).set(from);
    if ((answer.body as { code: string }).code === "wrong_code") compared += 1;
  }
  expect(compared).toBe(10);
  expect(new Set(s.events.map(({ ip }) => ip)).size).toBeGreaterThan(10);
});
