/** The test kit, as the tests of an app use it. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import request from "supertest";
import {
  failingSender,
  hangingSender,
  outbox,
  passSecondFactor,
  testLimits,
  type Failure,
} from "../../lib/entry/testing";
import { ANN, BOB, serve } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";

async function served(more: Parameters<typeof serve>[0] = {}) {
  const texts = outbox();
  const options = { sender: texts, limits: testLimits, ...more.options };
  const s = await serve({ ...more, options });
  const agent = request.agent(s.app);
  await agent.post("/sign-in").send({ id: "ann", phone: ANN });
  return { s, texts, agent };
}

test("supertest's agent passes in one line", async () => {
  const { texts, agent } = await served();
  expect((await agent.get("/private")).status).toBe(403);
  await passSecondFactor(agent, { outbox: texts });
  expect((await agent.get("/private")).status).toBe(200);
});

test("fetch passes too, for a number that the request names", async () => {
  const { s, texts } = await served({ user: "from-request" });
  let cookie = "";
  const keeping: typeof fetch = async (url, init) => {
    const headers = { ...(init?.headers as object), cookie };
    const response = await fetch(url, { ...init, headers });
    cookie = response.headers.get("set-cookie")?.split(";", 1)[0] ?? cookie;
    return response;
  };
  const path = `http://127.0.0.1:${s.port}/2fa`;
  await passSecondFactor(keeping, { outbox: texts, number: BOB, path });
  const guarded = await keeping(`http://127.0.0.1:${s.port}/private`);
  expect(guarded.status).toBe(200);
});

test("a purpose is proved by its name", async () => {
  const { texts, agent } = await served({
    options: { purposes: ["pay"] },
    guard: { purpose: "pay" },
  });
  await passSecondFactor(agent, { outbox: texts });
  expect((await agent.get("/private")).status).toBe(403);
  await passSecondFactor(agent, { outbox: texts, purpose: "pay" });
  expect((await agent.get("/private")).status).toBe(200);
});

test("what the app answers in place of 200 is thrown", async () => {
  const { s, texts } = await served();
  const nobody = request.agent(s.app);
  await expect(passSecondFactor(nobody, { outbox: texts })).rejects.toThrow(
    /Expected 200 of request-auth, got 403: .*not_signed_in/,
  );
});

test("under its limits nobody is throttled, and guesses are bounded all the same", async () => {
  const { s, texts } = await served();
  for (let each = 0; each < 40; each += 1) {
    const agent = request.agent(s.app);
    await agent.post("/sign-in").send({ id: "ann", phone: ANN });
    await passSecondFactor(agent, { outbox: texts });
  }
  const client = await s.signedIn();
  await client.ask();
  const statuses: number[] = [];
  for (let each = 0; each < 6; each += 1) statuses.push((await client.answer("00000x")).status);
  for (let each = 0; each < 6; each += 1) {
    const wrong = texts.codeFor(ANN) === "000000" ? "000001" : "000000";
    statuses.push((await client.answer(wrong)).status);
  }
  expect(statuses.at(-1)).toBe(429);
});

test("under its limits as many calls go out as texts", async () => {
  const { agent } = await served({ options: { channels: ["sms", "call"] } });
  fakeDate();
  for (let each = 0; each < 5; each += 1) {
    const asked = await agent.post("/2fa/request-auth").send({ channel: "call" });
    expect(asked.body).toMatchObject({ status: "sent", channel: "call" });
    pass(30);
  }
});

test("the outbox says that it takes calls too, and is refused where it was not called", async () => {
  expect(outbox().channels).toEqual(["sms", "call"]);
  await expect(served({ options: { sender: outbox } })).rejects.toThrow(
    "Expected `sender` to be a sender, got outbox itself: call it, as `outbox()`.",
  );
});

test("the outbox tells the last code and the next one, and where there is none", async () => {
  const texts = outbox();
  expect(() => texts.codeFor(ANN)).toThrow(/none has gone anywhere/);
  const next = texts.nextCode(ANN);
  const send = (to: string, code: string) => {
    texts({ to, code, text: code, channel: "sms", locale: "en", purpose: "" } as never);
  };
  send(BOB, "222222");
  send(ANN, "111111");
  send(ANN, "333333");
  expect(await next).toBe("111111");
  expect(texts.codeFor(ANN)).toBe("333333");
  expect(texts.messages).toHaveLength(3);
  texts.clear();
  expect(() => texts.codeFor(ANN)).toThrow(/No text has gone to/);
  await expect(texts.nextCode(ANN, { timeout: 1 })).rejects.toThrow(/No text to .* within 1 ms/);
});

test.each<[Failure, number, string]>([
  ["refused", 502, "delivery_failed"],
  ["unsure", 502, "delivery_failed"],
  ["opted_out", 422, "cannot_text_number"],
  ["busy", 503, "unavailable"],
])("a sender that fails as %s is answered %i", async (failure, status, code) => {
  const { agent } = await served({ options: { sender: failingSender(failure) } });
  const refused = await agent.post("/2fa/request-auth").send({});
  expect(refused.body).toMatchObject({ status, code });
});

test("a sender that hangs ends with the deadline", async () => {
  const sender = hangingSender();
  const controller = new AbortController();
  const sending = sender({ signal: controller.signal } as never) as Promise<unknown>;
  controller.abort();
  await expect(sending).rejects.toMatchObject({ name: "AbortError" });
});

test("in production it refuses to load, in a sentence", () => {
  const script = join(__dirname, "..", "..", "dist", "entry", "testing.js");
  const { status, stderr } = spawnSync(process.execPath, [script], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], NODE_ENV: "production" },
  });
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/express-sms-2fa\/testing is for tests alone, and NODE_ENV is production/);
});
