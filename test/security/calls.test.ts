/** Attacks by way of calls: their budget holds whatever is raced or alternated, and what is not served costs nothing. */

import { inspect } from "node:util";
import { ANN, BOB, codeIn, serve, type Client, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";
import type { LimitOptions, Message, TwoFactorOptions } from "../../lib";

const ROOMY = { max: 1000, window: 600 };
const FREE: LimitOptions = { user: ROOMY, number: ROOMY, network: ROOMY, cooldown: 1 };

const serveCalls = (options: Partial<TwoFactorOptions> = {}) =>
  serve({ options: { channels: ["sms", "call"], limits: FREE, ...options } });

/** A new session of a user's, asking for a call once: its status. */
async function callAs(s: Served, id: string, phone: string): Promise<number> {
  return (await (await s.signedIn(id, phone)).ask({ channel: "call" })).status;
}

const calls = (s: Served) => s.sent.filter(({ channel }) => channel === "call").length;

beforeEach(fakeDate);

describe("a channel that is not served", () => {
  test.each(["call", "CALL", "voice", "email", "sms,call"])(
    "is refused before anything is counted or kept: %s",
    async (channel) => {
      const counters = new DistantCounters(2);
      const s = await serve({ options: { counters } });
      const client = await s.signedIn();
      const { counts } = counters;
      const asked = await client.ask({ channel });
      expect(asked.status).toBe(400);
      expect(asked.body).toMatchObject({ code: "invalid_request" });
      await s.two.close();
      expect(counters.counts).toEqual(counts);
      expect(s.sent).toEqual([]);
      expect((await client.ask()).body).toMatchObject({ status: "sent", resendIn: 30 });
    },
  );
});

describe("the budget of calls", () => {
  test("is three in ten minutes per user, over all sessions and numbers", async () => {
    const s = await serveCalls();
    expect(await callAs(s, "ann", ANN)).toBe(200);
    expect(await callAs(s, "ann", BOB)).toBe(200);
    expect(await callAs(s, "ann", ANN)).toBe(200);
    const client = await s.signedIn();
    const refused = await client.ask({ channel: "call" });
    expect(refused.status).toBe(429);
    expect(refused.headers["retry-after"]).toBe("600");
    expect(s.events.at(-1)).toMatchObject({ type: "refused", channel: "call", reason: "calls600" });
    expect(await callAs(s, "joe", "+12025550177")).toBe(200);
  });

  test("is three in ten minutes per number, over all users", async () => {
    const s = await serveCalls();
    for (const id of ["ann", "joe", "eve"]) expect(await callAs(s, id, ANN)).toBe(200);
    expect(await callAs(s, "mia", ANN)).toBe(429);
    pass(600);
    expect(await callAs(s, "mia", ANN)).toBe(200);
  });

  test("holds when 40 ask at once: three ring, and the rest count nothing", async () => {
    const counters = new DistantCounters(2);
    const s = await serveCalls({ counters });
    const clients = await Promise.all(Array.from({ length: 40 }, () => s.signedIn()));
    const told = await Promise.all(
      clients.map(async (client) => (await client.ask({ channel: "call" })).status),
    );
    expect(told.filter((status) => status === 200)).toHaveLength(3);
    expect(told.filter((status) => status === 429)).toHaveLength(37);
    expect(calls(s)).toBe(3);
  });

  test("is not got round by asking for texts in between", async () => {
    const s = await serveCalls();
    const client = await s.signedIn();
    const told: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      await client.ask();
      pass(64);
      told.push((await client.ask({ channel: "call" })).status);
      pass(64);
      await client.post("/reset");
    }
    expect(calls(s)).toBe(3);
    expect(told).toEqual([200, 200, 200, 429, 429]);
  });

  test("leaves texts alone once it is spent", async () => {
    const s = await serveCalls();
    for (let time = 0; time < 3; time += 1) await callAs(s, "ann", ANN);
    const client = await s.signedIn();
    expect((await client.ask({ channel: "call" })).status).toBe(429);
    expect((await client.ask()).body).toMatchObject({ status: "sent", channel: "sms" });
  });

  test("stands beside those of texts: a call counts there too", async () => {
    const two = { max: 2, window: 600 };
    const s = await serveCalls({ limits: { ...FREE, user: two } });
    expect(await callAs(s, "ann", ANN)).toBe(200);
    expect((await (await s.signedIn()).ask()).status).toBe(200);
    expect(await callAs(s, "ann", ANN)).toBe(429);
    expect((await (await s.signedIn()).ask()).status).toBe(429);
  });

  test("is given back by the right answer, as texts are, and by unlock()", async () => {
    const s = await serveCalls();
    for (let time = 0; time < 6; time += 1) {
      const client = await s.signedIn();
      expect((await client.ask({ channel: "call" })).status).toBe(200);
      expect((await client.answer(codeIn(s.sent.at(-1)))).status).toBe(200);
    }
    for (let time = 0; time < 3; time += 1) await callAs(s, "ann", ANN);
    expect(await callAs(s, "ann", ANN)).toBe(429);
    expect(await s.two.unlock("ann")).toBe(true);
    expect(await callAs(s, "ann", ANN)).toBe(200);
  });

  test("counts a call that the gateway has refused, so that nobody makes it ask on and on", async () => {
    const asked = jest.fn(() => {
      throw Object.assign(new Error("no"), { status: 400 });
    });
    const s = await serveCalls({ sender: asked });
    for (let time = 0; time < 6; time += 1) await callAs(s, "ann", ANN);
    expect(asked).toHaveBeenCalledTimes(3);
  });

  test("can be tried out first", async () => {
    const recorded = { max: 1, window: 600, mode: "record" } as const;
    const s = await serveCalls({ limits: { ...FREE, calls: recorded } });
    for (let time = 0; time < 3; time += 1) expect(await callAs(s, "ann", ANN)).toBe(200);
    expect(s.events).toContainEqual(
      expect.objectContaining({ type: "budget_recorded", reason: "calls600" }),
    );
  });

  test("of a number that a stranger names takes nothing from its owner's (C201)", async () => {
    const s = await serve({
      user: "from-request",
      options: { channels: ["sms", "call"], limits: { network: ROOMY, cooldown: 1 } },
    });
    const told: number[] = [];
    for (let time = 0; time < 4; time += 1) {
      told.push((await s.client().ask({ number: ANN, channel: "call" })).status);
    }
    expect(told).toEqual([200, 200, 200, 429]);
  });
});

describe("the code of a call", () => {
  const swap = async (asked: object, then: (client: Client) => Promise<unknown>) => {
    const s = await serveCalls({ purposes: ["transfer"] });
    const client = await s.signedIn();
    await client.ask();
    const text = s.lastCode();
    pass(64);
    await then(client);
    const called = await client.ask({ channel: "call", ...asked });
    expect(called.body).toMatchObject({ status: "sent", channel: "call", attemptsLeft: 5 });
    return { s, client, text, call: s.lastCode() };
  };

  test("for another purpose is another one, and proves that purpose alone", async () => {
    const { client, text, call } = await swap({ purpose: "transfer" }, () => Promise.resolve());
    expect(call).not.toBe(text);
    expect((await client.answer(call)).body).toMatchObject({ amr: ["tel"] });
    expect(await client.visit()).toBe(403);
    expect((await client.answer(text)).body).toMatchObject({ amr: ["sms"] });
    expect(await client.visit()).toBe(200);
  });

  test("to another number is another one, and the text's opens nothing any more", async () => {
    const change = (client: Client) => client.signIn("ann", BOB);
    const { s, client, text, call } = await swap({}, change);
    expect(call).not.toBe(text);
    expect(s.sent[1]).toMatchObject({ to: BOB, channel: "call" });
    expect((await client.answer(text)).status).toBe(403);
    expect((await client.answer(call)).status).toBe(200);
  });

  test.each<[string, (message: Message) => unknown]>([
    ["the words of the call", ({ spoken }) => new Error(spoken?.code)],
    ["all that the sender was given", (message) => new Error(JSON.stringify(message))],
    ["a text in place of an error", ({ spoken }) => spoken?.code],
    ["the code in a cause", ({ code }) => new Error("no", { cause: new Error(code) })],
  ])("is in no event nor line of the terminal where the sender throws %s", async (_what, fault) => {
    const printed: string[] = [];
    const warned = jest.spyOn(process, "emitWarning").mockImplementation((...told) => {
      printed.push(inspect(told, { depth: null }));
    });
    let message: Message | undefined;
    const s = await serveCalls({
      sender: (given) => {
        message = given;
        throw fault(given);
      },
    });
    const asked = await (await s.signedIn()).ask({ channel: "call" });
    expect(asked.status).toBe(502);
    const { code = "none", spoken } = message ?? {};
    const digits = Array.from(code).join(", ");
    expect(spoken?.code).toContain(digits);
    const told = [asked.text, inspect(s.events, { depth: null }), ...printed].join();
    for (const secret of [code, digits, ANN]) expect(told).not.toContain(secret);
    warned.mockRestore();
  });

  test("is in no event, and no answer", async () => {
    const { s, client, call } = await swap({}, () => Promise.resolve());
    const status = await client.status();
    expect(JSON.stringify([s.events, status.body])).not.toContain(call);
    const { spoken } = s.sent[1] ?? {};
    for (const { asks } of spoken?.keys ?? []) {
      expect(JSON.stringify([s.events, status.body])).not.toContain(asks);
    }
  });
});
