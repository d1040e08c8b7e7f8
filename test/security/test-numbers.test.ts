/** What a test number opens, and what it does not: its code is good for it alone, until its date, within every limit. */

import { memoryRecords } from "../../lib";
import { ANN, BOB, fail, serve, wrongCodes, type ServeOptions } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { formIn, open, submit } from "../pages/visitor";

const TEST = "+12025550142";
const CODE = "246810";
const HOUR = 3600;

/** A server that has a test number for an hour. */
async function start({ options, ...more }: ServeOptions = {}) {
  fakeDate();
  const until = new Date(Date.now() + HOUR * 1000).toISOString();
  const testNumbers = { [TEST]: { code: CODE, until } };
  const s = await serve({ ...more, options: { testNumbers, ...options } });
  const told = (type: string) => s.events.filter((event) => event.type === type);
  return { s, told };
}

test("a test number gets no text, and its code verifies once, with an event for each use (R127)", async () => {
  const { s, told } = await start();
  const client = await s.signedIn("ann", TEST);
  const answer = await client.ask();
  expect(answer.body).toMatchObject({ status: "sent", to: "••••42", expiresIn: 600, resendIn: 30 });
  expect(s.sent).toEqual([]);
  expect((await client.answer(CODE)).body).toMatchObject({ status: "verified", amr: ["sms"] });
  expect(await client.visit()).toBe(200);
  const about = { subject: "ann", phone: "••••42", ip: expect.any(String) as string };
  expect(told("test_number")).toMatchObject([
    { type: "test_number", reason: "requested", ...about, country: "US", at: anyTime },
    { type: "test_number", reason: "verified", ...about, country: "US", at: anyTime },
  ]);
  expect(told("sent")).toEqual([]);
  expect(JSON.stringify(s.events)).not.toContain(CODE);
  expect(JSON.stringify(s.events)).not.toContain(TEST);
});
const anyTime = expect.stringMatching(/Z$/) as string;

test("the answer to a request is that of any other number: nothing in it tells a test number (enumeration)", async () => {
  const { s } = await start({ user: "from-request" });
  const shape = async (number: string) => {
    const answer = await s.client().ask({ number });
    const { to, ...rest } = answer.body as { to: string };
    return [answer.status, rest, to.length, Object.keys(answer.headers).sort()];
  };
  expect(await shape(TEST)).toEqual(await shape(ANN));
  expect(s.two.readPhone(TEST)).toEqual({ ok: true, phone: TEST });
});

test("its code is not that of another number, nor of another user's (attack) (R127)", async () => {
  const { s } = await start();
  for (const [id, phone] of [
    ["bob", BOB],
    ["eve", ANN],
  ] as const) {
    const client = await s.signedIn(id, phone);
    await client.ask();
    expect((await client.answer(CODE)).body).toMatchObject({ code: "wrong_code" });
    expect(await client.visit()).toBe(403);
  }
  expect(s.sent).toHaveLength(2);
});

test("a user whose number changes from the test number to another in between is not verified by its code (attack) (R127)", async () => {
  const { s } = await start();
  const client = await s.signedIn("ann", TEST);
  await client.ask();
  await client.signIn("ann", BOB);
  expect((await client.answer(CODE)).status).toBe(403);
  expect(await client.visit()).toBe(403);
});

test("its code verifies nothing that was not asked for, and each request once (attack)", async () => {
  const { s } = await start();
  const client = await s.signedIn("ann", TEST);
  expect((await client.answer(CODE)).body).toMatchObject({ code: "no_challenge" });
  await client.ask();
  const copy = client.copy();
  const answers = await Promise.all([client.answer(CODE), copy.answer(CODE)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
  const old = s.client(copy.cookie);
  expect((await old.answer(CODE)).status).toBe(403);
});

test("from-request, its code proves the test number and no other, whoever names it (attack) (R127)", async () => {
  const { s } = await start({ user: "from-request" });
  const client = s.client();
  await client.ask({ number: BOB });
  expect((await client.answer(CODE, { number: TEST })).status).toBe(403);
  expect((await client.answer(CODE)).status).toBe(403);
  await client.ask({ number: TEST });
  expect((await client.answer(CODE, { number: BOB })).status).toBe(403);
  expect((await client.answer(CODE, { number: TEST })).status).toBe(200);
  expect(s.two.verification({} as never)).toBeUndefined();
  expect((await client.get("/verification")).body).toMatchObject({ verification: {} });
});

test("guessing its code meets the limits of any other: five a challenge, ten a user, then nothing (attack) (R127)", async () => {
  const { s } = await start();
  const client = await s.signedIn("ann", TEST);
  await client.ask();
  await fail(client, CODE, 5);
  expect((await client.answer(CODE)).body).toMatchObject({ code: "too_many_attempts" });
  pass(60);
  await client.ask();
  for (const code of wrongCodes(CODE, 5)) await client.answer(code);
  pass(120);
  expect((await client.ask()).body).toMatchObject({ code: "too_many_attempts" });
  expect((await client.answer(CODE)).status).toBe(429);
});

test("asking is bounded as a text is: cooldown, budgets, `beforeSend` (R127)", async () => {
  const { s } = await start({ options: { limits: { number: { max: 2, window: 600 } } } });
  const client = await s.signedIn("ann", TEST);
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
  expect((await client.ask()).body).toMatchObject({ status: "pending" });
  pass(30);
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
  pass(60);
  expect((await client.ask()).body).toMatchObject({ code: "too_many_requests" });
  const refusing = await start({ options: { beforeSend: () => false } });
  const other = await refusing.s.signedIn("ann", TEST);
  expect((await other.ask()).body).toMatchObject({ code: "send_refused" });
  expect((await other.answer(CODE)).body).toMatchObject({ code: "no_challenge" });
});

describe("once its date has passed", () => {
  test("between request and answer, its code is wrong, and nobody is let in (attack) (R127)", async () => {
    const { s, told } = await start();
    pass(HOUR - 1);
    const client = await s.signedIn("ann", TEST);
    await client.ask();
    pass(1);
    expect((await client.answer(CODE)).body).toMatchObject({ code: "wrong_code", attemptsLeft: 4 });
    expect(await client.visit()).toBe(403);
    expect(told("test_number")).toHaveLength(1);
  });

  test("the number is as any other: the code that was asked for before is sent, and it is another", async () => {
    const { s } = await start();
    pass(HOUR - 30);
    const client = await s.signedIn("ann", TEST);
    await client.ask();
    pass(30);
    expect((await client.ask()).body).toMatchObject({ status: "sent" });
    expect(s.sent).toHaveLength(1);
    expect((await client.answer(s.lastCode())).status).toBe(200);
  });

  test("a second click with its code does not verify again", async () => {
    const { s } = await start();
    pass(HOUR - 1);
    const client = await s.signedIn("ann", TEST);
    await client.ask();
    expect((await client.answer(CODE)).status).toBe(200);
    expect((await client.answer(CODE)).status).toBe(200);
    pass(1);
    expect((await client.answer(CODE)).body).toMatchObject({ code: "no_challenge" });
  });
});

test("its code has no browser remembered: a cookie would outlive the date (attack)", async () => {
  const remember = { store: memoryRecords() };
  const { s } = await start({ options: { remember } });
  const client = await s.signedIn("ann", TEST);
  await client.ask();
  const answer = await client.answer(CODE, { remember: true });
  expect(answer.body).toMatchObject({ status: "verified", remembered: false });
  expect(client.cookie).not.toContain("__Host-");
});

test("no call is made to it either", async () => {
  const { s } = await start({ options: { channels: ["sms", "call"] } });
  const client = await s.signedIn("ann", TEST);
  expect((await client.ask({ channel: "call" })).body).toMatchObject({ channel: "call" });
  expect(s.sent).toEqual([]);
  expect((await client.answer(CODE)).status).toBe(200);
});

test("the number page saves a test number by its code, and no other number by it (attack)", async () => {
  const saved: string[] = [];
  const pages = { savePhone: (_req: unknown, phone: string) => saved.push(phone) };
  const { s, told } = await start({ options: { pages } });
  const enrol = async (number: string) => {
    const client = await s.signedIn("ann", null);
    await submit(client, formIn(await open(client, "/2fa/number"), "number"), { number });
    const page = await open(client, "/2fa/number");
    await submit(client, formIn(page, "number/code"), { auth_code: CODE });
  };
  await enrol(BOB);
  expect([saved, s.sent.length]).toEqual([[], 1]);
  await enrol(TEST);
  expect([saved, s.sent.length]).toEqual([[TEST], 1]);
  expect(told("test_number").map(({ reason }) => reason)).toEqual(["requested", "verified"]);
});
