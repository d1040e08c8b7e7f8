/** What support sees of a user and may do: state, unlock, disable, in every process, and against every race. */

import session from "express-session";
import { memoryRecords } from "../../lib";
import { ANN, BOB, fail, serve, type ServeOptions } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";
import { again, remember, serveRemembering } from "../remembered/kit";

const FREE = { isDisabled: false, blockedFor: 0, textsLeft: 5 };

/** Two processes that share their stores. */
async function serveTwice(given: ServeOptions = {}) {
  const parts = { session: { store: new session.MemoryStore() }, counters: new DistantCounters() };
  const one = () =>
    serve({
      ...given,
      session: parts.session,
      options: { counters: parts.counters, ...given.options },
    });
  return [await one(), await one()] as const;
}

describe("state()", () => {
  test("tells what a user of whom nothing is counted has left, and counts nothing itself", async () => {
    const s = await serve();
    expect(await s.two.state("ann")).toEqual(FREE);
    expect(await s.two.state("ann")).toEqual(FREE);
    expect(await s.two.unlock("ann")).toBe(false);
  });

  test("counts texts down, of the tightest of the user's limits, and never below none", async () => {
    const user = [
      { max: 3, window: 600 },
      { max: 2, window: 3600 },
    ];
    const s = await serve({ options: { limits: { user, cooldown: 1 } } });
    const left = async () => (await s.two.state("ann")).textsLeft;
    expect(await left()).toBe(2);
    await (await s.signedIn()).ask();
    expect(await left()).toBe(1);
    await (await s.signedIn()).ask();
    expect([await left(), (await (await s.signedIn()).ask()).status]).toEqual([0, 429]);
    expect((await s.two.state("bob")).textsLeft).toBe(2);
  });

  test("leaves out a limit that is only tried out", async () => {
    const user = [
      { max: 1, window: 600, mode: "record" as const },
      { max: 4, window: 3600 },
    ];
    const s = await serve({ options: { limits: { user } } });
    expect((await s.two.state("ann")).textsLeft).toBe(4);
  });

  test("tells for how long wrong codes still shut a user out", async () => {
    fakeDate();
    const s = await serve({ options: { limits: { failures: { max: 2, window: 900 } } } });
    const client = await s.signedIn();
    await client.ask();
    await fail(client, s.lastCode(), 2);
    expect(await s.two.state("ann")).toEqual({ ...FREE, blockedFor: 900, textsLeft: 4 });
    pass(800);
    expect((await s.two.state("ann")).blockedFor).toBe(100);
    pass(100);
    expect((await s.two.state("ann")).blockedFor).toBe(0);
  });

  test("tells that too many wrong codes in a row have switched the factor off", async () => {
    const s = await serve({ options: { limits: { consecutiveFailures: 2 } } });
    const client = await s.signedIn();
    await client.ask();
    await fail(client, s.lastCode(), 2);
    expect((await s.two.state("ann")).isDisabled).toBe(true);
    expect(await s.two.unlock("ann")).toBe(true);
    expect((await s.two.state("ann")).isDisabled).toBe(false);
  });

  test("tells of a number where the number is the subject", async () => {
    const s = await serve({ user: "from-request" });
    const before = await s.two.state(ANN);
    await s.client().ask({ number: ANN });
    const { textsLeft } = await s.two.state(ANN);
    expect(before).toMatchObject({ isDisabled: false, blockedFor: 0 });
    expect(textsLeft).toBe(before.textsLeft - 1);
  });

  test("rejects where the counter store does not answer", async () => {
    const counters = new DistantCounters();
    const s = await serve({ options: { counters } });
    counters.step = () => Promise.reject(new Error("down"));
    await expect(s.two.state("ann")).rejects.toMatchObject({ code: "unavailable" });
    await expect(s.two.disable("ann")).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("disable()", () => {
  test("refuses texts and right codes of that user alone, until unlock() (R123)", async () => {
    const s = await serve();
    const waiting = await s.signedIn();
    await waiting.ask();
    const code = s.lastCode();
    await s.two.disable("ann");
    expect((await s.two.state("ann")).isDisabled).toBe(true);
    const answer = await waiting.answer(code);
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([
      403,
      "factor_disabled",
    ]);
    const asked = await (await s.signedIn()).ask();
    expect([asked.status, (asked.body as { code: string }).code]).toEqual([403, "factor_disabled"]);
    const bob = await s.signedIn("bob", BOB);
    await bob.ask();
    expect((await bob.answer(s.lastCode())).status).toBe(200);
    expect(await s.two.unlock("ann")).toBe(true);
    expect(await s.two.unlock("ann")).toBe(false);
    expect((await s.two.state("ann")).isDisabled).toBe(false);
    expect((await waiting.answer(code)).status).toBe(200);
    expect(s.events).toContainEqual(
      expect.objectContaining({ type: "factor_disabled", reason: "support", subject: "ann" }),
    );
  });

  test("lets nobody pass who was verified before, and nobody confirm, in every process at once (R123)", async () => {
    const [here, there] = await serveTwice({
      before: (app, two) =>
        app.post("/passkey", (req, res, next) => {
          two.confirm(req, { amr: ["hwk"] }).then(() => res.json({}), next);
        }),
    });
    const client = await here.signedIn();
    await client.ask();
    await client.answer(here.lastCode());
    const visit = async () => [
      await client.visit(),
      (await there.client().get("/private").set("Cookie", client.cookie)).status,
    ];
    expect(await visit()).toEqual([200, 200]);
    await there.two.disable("ann");
    expect(await visit()).toEqual([403, 403]);
    expect((await client.status()).body).toMatchObject({ verified: false });
    expect((await client.post("/passkey")).body).toMatchObject({
      unhandled: expect.stringContaining("switched off") as string,
    });
    expect((await client.ask({ fresh: true })).body).toMatchObject({ code: "factor_disabled" });
    await here.two.unlock("ann");
    expect(await visit()).toEqual([200, 200]);
  });

  test("lets no remembered browser pass, which is kept for after unlock() (R123)", async () => {
    const s = await serveRemembering();
    const known = await again(s, await remember(s));
    expect(await s.two.state("ann")).toMatchObject({ remembered: 1 });
    expect(await known.visit("/easy")).toBe(200);
    await s.two.disable("ann");
    expect(await known.visit("/easy")).toBe(403);
    expect((await known.status()).body).toMatchObject({ remembered: false });
    await s.two.unlock("ann");
    expect(await known.visit("/easy")).toBe(200);
  });

  test("is not undone by a right code that comes at the same instant (R123)", async () => {
    const [here, there] = await serveTwice();
    for (let each = 0; each < 10; each += 1) {
      const id = `user${each}`;
      const client = await here.signedIn(id, `+1202555010${each}`);
      await client.ask();
      await Promise.all([client.answer(here.lastCode()), there.two.disable(id)]);
      expect((await here.two.state(id)).isDisabled).toBe(true);
      expect(await client.visit()).toBe(403);
    }
  });

  test("outlasts a rotation of secrets, whichever process was asked", async () => {
    const [OLD, NEW] = [
      "the-old-secret-of-the-app-012345678",
      "the-new-secret-of-the-app-012345678",
    ];
    const counters = new DistantCounters();
    const under = (secret: string | string[]) => serve({ options: { secret, counters } });
    const [before, after] = [await under(OLD), await under([NEW, OLD])];
    await before.two.disable("ann");
    expect((await after.two.state("ann")).isDisabled).toBe(true);
    await after.two.unlock("ann");
    expect((await before.two.state("ann")).isDisabled).toBe(false);
    await after.two.disable("bob");
    expect((await before.two.state("bob")).isDisabled).toBe(true);
  });

  test("is refused where there are no users", async () => {
    const s = await serve({ user: "from-request" });
    await expect(s.two.disable(ANN)).rejects.toThrow("needs users");
  });
});

test.each([
  ["undefined", undefined],
  ["null", null],
  ["an empty text", ""],
  ["a whole user", { id: "ann" }],
  ["a field that was there twice", ["ann", "bob"]],
  ["no number", NaN],
])(
  "what acts on a user refuses %s for an id, so that nobody thinks that a thief is shut out",
  async (_what, id) => {
    const s = await serveRemembering();
    const { state, unlock, disable, remembered, forget, voidRecoveryCodes } = s.two;
    for (const act of [state, unlock, disable, remembered, forget]) {
      await expect(act(id as never)).rejects.toThrow(/^Expected `userId` of .+ to be a user's id/);
    }
    await expect(voidRecoveryCodes(id as never)).rejects.toThrow(TypeError);
    expect(s.events.filter(({ type }) => type.startsWith("factor_"))).toEqual([]);
  },
);

test.each([undefined, null, "ann", {}])(
  "what takes a request refuses %j with a sentence that says so",
  async (req) => {
    const s = await serveRemembering({ options: { recovery: { store: memoryRecords() } } });
    const { request, validate, status, confirm, recoveryCodes, reset } = s.two;
    const proof = { amr: ["hwk"], auth_code: "000000" } as never;
    for (const call of [request, validate, status, confirm, recoveryCodes, reset]) {
      const asked = call as (...given: unknown[]) => Promise<unknown>;
      const told = await asked(req, call === recoveryCodes ? undefined : proof).catch(String);
      expect(told).toMatch(/^TypeError: Expected `req` of \w+\(\) to be the request/);
    }
  },
);
