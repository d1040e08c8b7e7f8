/** Attacks on recovery codes: guessed, raced, replayed, another user's, made with a password alone, lost to a fault. */

import session from "express-session";
import { memoryRecords, type RecoveryStore } from "../../lib";
import { BOB, fail, serve, type Served } from "../fakes/app";
import { fakeDate, hurryDeadlines, pass } from "../fakes/clock";
import { DistantCounters, FaultyStore } from "../fakes/stores";
import { codesOf, recover, serveRecovering, wrongOnes } from "../recovery/kit";

const codeOf = ({ body }: { body: unknown }) => (body as { code: string }).code;

/** A store that is far away, and notes what it is asked. */
function distant(kept = memoryRecords()) {
  const asked: string[] = [];
  let fault: "throw" | "hang" | "odd" | undefined;
  const meet = async <T>(call: string, act: () => T | Promise<T>): Promise<T> => {
    asked.push(call);
    await new Promise(setImmediate);
    if (fault === "throw") throw new Error("postgres://user:password@host is down");
    if (fault === "hang") await new Promise(() => undefined);
    if (fault === "odd") return "true" as T;
    return act();
  };
  const store: RecoveryStore = {
    replace: (userId, digests) => meet("replace", () => kept.replace(userId, digests)),
    spend: (userId, digest) => meet("spend", () => kept.spend(userId, digest)),
    count: (userId) => meet("count", () => kept.count(userId)),
  };
  const break_ = (how: typeof fault): void => {
    fault = how;
  };
  return { store, asked, break: break_ };
}

describe("a stolen password", () => {
  test("makes itself no recovery codes: without a proof, with one of a purpose, or with an old one (R122)", async () => {
    fakeDate();
    const s = await serveRecovering();
    const client = await s.signedIn();
    const refused = async () => {
      const made = await client.post("/codes");
      return [made.status, (made.body as { unhandled: string }).unhandled];
    };
    const required = [403, expect.stringContaining("require2fa({ maxAge: 300 })")];
    expect(await refused()).toEqual(required);
    await client.ask({ purpose: "pay" });
    await client.answer(s.lastCode());
    expect(await refused()).toEqual(required);
    await client.ask();
    await client.answer(s.lastCode());
    pass(299);
    expect((await client.post("/codes")).status).toBe(200);
    pass(1);
    expect(await refused()).toEqual(required);
    expect(s.events).toContainEqual(
      expect.objectContaining({ type: "refused", code: "two_factor_required" }),
    );
  });

  test("nor in a session that was verified for somebody else, nor after log-out, nor for nobody", async () => {
    const s = await serveRecovering();
    const client = await s.signedIn();
    await client.ask();
    await client.answer(s.lastCode());
    const before = client.copy();
    await client.signIn("bob", BOB);
    expect((await client.post("/codes")).status).toBe(403);
    await client.signIn("ann");
    await client.post("/reset");
    expect((await client.post("/codes")).status).toBe(403);
    expect((await before.post("/codes")).status).toBe(403);
    expect((await s.client().post("/codes")).status).toBe(403);
    expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 0 });
    expect(await s.two.state("bob")).toMatchObject({ recoveryCodesLeft: 0 });
  });

  test("nor where the user needs no factor", async () => {
    const s = await serveRecovering({
      options: { isRequired: () => false, recovery: { store: memoryRecords() } },
    });
    const client = await s.signedIn();
    expect(await client.visit()).toBe(200);
    expect((await client.post("/codes")).status).toBe(403);
  });

  test("guesses ten times, and then not even the right code is looked for (R121)", async () => {
    const { store, asked } = distant();
    const s = await serveRecovering({ store });
    const [code] = await codesOf(s);
    const client = await s.signedIn();
    const guesses = await Promise.all(
      wrongOnes(60).map(async (each) => recover(client.copy(), each)),
    );
    expect(guesses.filter((each) => codeOf(each) === "wrong_code")).toHaveLength(10);
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(50);
    expect(asked.filter((call) => call === "spend")).toHaveLength(10);
    const right = await recover(client, code);
    expect([right.status, codeOf(right)]).toEqual([429, "too_many_attempts"]);
    expect(Number(right.headers["retry-after"])).toBeGreaterThan(800);
    expect(asked.filter((call) => call === "spend")).toHaveLength(10);
    expect(s.events).toContainEqual(
      expect.objectContaining({ type: "suspicious", reason: "blocked", subject: "ann" }),
    );
    await s.two.unlock("ann");
    expect((await recover(client, code)).status).toBe(200);
  });
});

test("wrong codes from texts and wrong recovery codes share one limit, and switch the factor off together (R121)", async () => {
  fakeDate();
  const failures = { max: 4, window: 100 };
  const s = await serveRecovering({
    options: { limits: { failures, consecutiveFailures: 6 }, recovery: { store: memoryRecords() } },
  });
  const client = await s.signedIn();
  await client.ask();
  const code = s.lastCode();
  await fail(client, code, 2);
  const [first = "", second = "", third = "", fourth = "", ...rest] = wrongOnes(9);
  expect([codeOf(await recover(client, first)), codeOf(await recover(client, second))]).toEqual([
    "wrong_code",
    "wrong_code",
  ]);
  expect(codeOf(await recover(client, third))).toBe("too_many_attempts");
  expect(codeOf(await client.answer(code))).toBe("too_many_attempts");
  pass(100);
  await recover(client, third);
  expect(codeOf(await recover(client, fourth))).toBe("wrong_code");
  expect(codeOf(await recover(client, rest[0]))).toBe("factor_disabled");
  expect(codeOf(await client.answer(code))).toBe("factor_disabled");
  expect(s.events).toContainEqual(
    expect.objectContaining({ type: "suspicious", reason: "factor_disabled" }),
  );
});

test("a right recovery code forgets the failures before it, as a right text does", async () => {
  const s = await serveRecovering({
    options: {
      limits: { failures: { max: 3, window: 900 } },
      recovery: { store: memoryRecords() },
    },
  });
  const codes = await codesOf(s);
  const client = await s.signedIn();
  for (const wrong of wrongOnes(2)) await recover(client, wrong);
  // The third that is counted: a block would begin with it, were it wrong.
  expect((await recover(client, codes[0])).status).toBe(200);
  expect(await s.two.state("ann")).toMatchObject({ blockedFor: 0 });
  const other = await s.signedIn();
  for (const wrong of wrongOnes(2)) expect(codeOf(await recover(other, wrong))).toBe("wrong_code");
});

describe("one code", () => {
  test("of twenty parallel requests lets one in, in sessions of their own, and locks nobody out (R121)", async () => {
    const { store, asked } = distant();
    const s = await serveRecovering({ store });
    const codes = await codesOf(s);
    const clients = await Promise.all(Array.from({ length: 20 }, async () => s.signedIn()));
    const answers = await Promise.all(clients.map(async (client) => recover(client, codes[0])));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter((each) => codeOf(each) === "wrong_code")).toHaveLength(19);
    expect(asked.filter((call) => call === "spend")).toHaveLength(1);
    expect((await recover(await s.signedIn(), codes[1])).status).toBe(200);
  });

  test("of twenty parallel requests in one session lets one in, and no other answer sets the old cookie", async () => {
    const s = await serveRecovering({ session: { rolling: true } });
    const codes = await codesOf(s);
    const client = await s.signedIn();
    const holders = Array.from({ length: 20 }, () => client.copy());
    const answers = await Promise.all(holders.map(async (holder) => recover(holder, codes[0])));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const late = answers.filter((each) => codeOf(each) === "no_challenge");
    for (const { headers } of late) expect(headers).not.toHaveProperty("set-cookie");
  });

  test("of a session is not good for a second session, at any later time (R121)", async () => {
    fakeDate();
    const s = await serveRecovering();
    const codes = await codesOf(s);
    expect((await recover(await s.signedIn(), codes[0])).status).toBe(200);
    for (const seconds of [1, 600, 86_400]) {
      pass(seconds);
      expect(codeOf(await recover(await s.signedIn(), codes[0]))).toBe("wrong_code");
    }
  });

  test("of another user, another app or a set before is nobody's, and stays good for its owner (R121)", async () => {
    const store = memoryRecords();
    const counters = new DistantCounters();
    const options = { recovery: { store }, counters };
    const s = await serveRecovering({ options });
    const other = await serveRecovering({ options: { ...options, namespace: "another app" } });
    const [before, bobs] = [await codesOf(s), await codesOf(s, "bob", BOB)];
    const ann = await codesOf(s);
    expect(codeOf(await recover(await s.signedIn(), bobs[0]))).toBe("wrong_code");
    expect(codeOf(await recover(await s.signedIn(), before[0]))).toBe("wrong_code");
    expect(codeOf(await recover(await other.signedIn(), ann[0]))).toBe("wrong_code");
    expect((await recover(await s.signedIn("bob", BOB), bobs[0])).status).toBe(200);
    expect((await recover(await s.signedIn(), ann[0])).status).toBe(200);
  });

  test("verifies nobody who is not signed in, and is not spent by that", async () => {
    const s = await serveRecovering();
    const codes = await codesOf(s);
    expect(codeOf(await recover(s.client(), codes[0]))).toBe("not_signed_in");
    expect((await recover(await s.signedIn(), codes[0])).status).toBe(200);
  });

  test("is no code of a text, and the code of a text no recovery code", async () => {
    const s = await serveRecovering();
    const codes = await codesOf(s);
    const client = await s.signedIn();
    await client.ask();
    expect(codeOf(await recover(client, s.lastCode()))).toBe("wrong_code");
    expect(codeOf(await client.answer(String(codes[0])))).toBe("wrong_code");
    expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 10 });
    expect((await client.answer(s.lastCode())).status).toBe(200);
  });

  test("stands in no address, whatever allowGet says", async () => {
    const s = await serveRecovering({
      options: { allowGet: true, recovery: { store: memoryRecords() } },
    });
    const codes = await codesOf(s);
    const client = await s.signedIn();
    const answer = await client.get(`/2fa/validate-auth?recovery_code=${codes[0] ?? ""}`);
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.objectContaining({ detail: expect.stringContaining("by POST") as string }),
    ]);
    expect(await client.visit()).toBe(403);
    expect((await recover(client, codes[0])).status).toBe(200);
  });

  test("posted by another site is refused, and not spent", async () => {
    const s = await serveRecovering();
    const codes = await codesOf(s);
    const client = await s.signedIn();
    const answer = await recover(client, codes[0]).set("Sec-Fetch-Site", "cross-site");
    expect(codeOf(answer)).toBe("cross_site");
    expect((await recover(client, codes[0])).status).toBe(200);
  });

  test("does not verify against the word of support, and is not spent by that", async () => {
    const s = await serveRecovering();
    const codes = await codesOf(s);
    await s.two.disable("ann");
    const client = await s.signedIn();
    expect(codeOf(await recover(client, codes[0]))).toBe("factor_disabled");
    await s.two.unlock("ann");
    expect((await recover(client, codes[0])).status).toBe(200);
  });

  test("that comes at the same instant as a log-out verifies nobody", async () => {
    const { store } = distant();
    const s = await serveRecovering({ store });
    const codes = await codesOf(s);
    const client = await s.signedIn();
    const holder = client.copy();
    await Promise.all([recover(holder, codes[0]), client.post("/reset")]);
    expect([await client.visit(), await holder.visit()].filter((status) => status === 200)).toEqual(
      [],
    );
  });
});

describe("a fault", () => {
  test.each(["throw", "hang", "odd"] as const)(
    "of the store that does %s is a 503 that counts no failure, and the code stays good",
    async (how) => {
      const distantStore = distant();
      const s = await serveRecovering({ store: distantStore.store });
      const codes = await codesOf(s);
      const client = await s.signedIn();
      hurryDeadlines();
      distantStore.break(how);
      for (let each = 0; each < 12; each += 1) {
        const answer = await recover(client, codes[0]);
        expect([answer.status, codeOf(answer)]).toEqual([503, "unavailable"]);
        expect(answer.text).not.toContain("password");
      }
      expect(await client.visit()).toBe(403);
      distantStore.break(undefined);
      expect((await recover(client, codes[0])).status).toBe(200);
      expect(JSON.stringify(s.events)).not.toContain("password");
    },
  );

  test("of the store while a set is made leaves the user a set that is known, or none", async () => {
    const distantStore = distant();
    const s = await serveRecovering({ store: distantStore.store });
    const codes = await codesOf(s);
    const client = await s.signedIn();
    await recover(client, codes[0]);
    distantStore.break("throw");
    expect((await client.post("/codes")).status).toBe(503);
    distantStore.break(undefined);
    expect((await recover(await s.signedIn(), codes[1])).status).toBe(200);
  });

  test("of the counters is a 503, and the code is not looked for", async () => {
    const { store, asked } = distant();
    const counters = new DistantCounters();
    const s = await serveRecovering({ options: { counters, recovery: { store } } });
    const codes = await codesOf(s);
    const client = await s.signedIn();
    counters.fault = "fail";
    expect((await recover(client, codes[0])).status).toBe(503);
    expect(asked).not.toContain("spend");
    counters.fault = undefined;
    expect((await recover(client, codes[0])).status).toBe(200);
  });

  test("of the session store before a code is looked for costs none; after that it is spent, and nobody is in", async () => {
    const sessions = new FaultyStore();
    const s = await serveRecovering({ session: { store: sessions } });
    const codes = await codesOf(s);
    const client = await s.signedIn();
    sessions.faults.set("set", "fail");
    expect((await recover(client, codes[0])).status).toBe(503);
    sessions.faults.clear();
    expect(await client.visit()).toBe(403);
    // It may be known by now, and another one is at hand.
    expect(codeOf(await recover(client, codes[0]))).toBe("wrong_code");
    expect((await recover(client, codes[1])).status).toBe(200);
    expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 8, blockedFor: 0 });
  });
});

test("no store, event, answer or log holds a recovery code, beside the one answer that shows the set (R121)", async () => {
  const sessions = new session.MemoryStore();
  const seen: unknown[] = [];
  const kept = memoryRecords();
  const store: RecoveryStore = {
    replace: (...given) => {
      seen.push(given);
      return kept.replace(...given);
    },
    spend: (...given) => {
      seen.push(given);
      return kept.spend(...given);
    },
    count: (userId) => kept.count(userId),
  };
  const counters = new DistantCounters();
  const s: Served = await serveRecovering({
    session: { store: sessions },
    options: { recovery: { store }, counters },
  });
  const codes = await codesOf(s);
  const answers: string[] = [];
  for (const code of codes.slice(0, 2)) {
    const client = await s.signedIn();
    answers.push((await recover(client, code)).text, (await recover(client, code)).text);
  }
  const all = JSON.stringify([seen, answers, s.events, [...counters.names], s.errors.map(String)]);
  for (const code of codes) {
    expect(all).not.toContain(code);
    expect(all).not.toContain(code.replaceAll("-", ""));
  }
});

test("a number that is changed voids marks and challenges in every session and process at once", async () => {
  const shared = { session: { store: new session.MemoryStore() } };
  const options = { counters: new DistantCounters(), recovery: { store: memoryRecords() } };
  const numbers = new Map([["ann", "+12025550123"]]);
  const user = (req: { session: { user?: { id: unknown } } }) => {
    const id = String(req.session.user?.id);
    return { id, phone: numbers.get(id) ?? null };
  };
  const made = { ...shared, options, user: user as never };
  const [here, there] = [await serve(made), await serve(made)];
  const visit = async (cookie: string) =>
    Promise.all(
      [here, there].map(
        async (each) => (await each.client().get("/private").set("Cookie", cookie)).status,
      ),
    );
  const [verified, waiting] = [await here.signedIn(), await there.signedIn()];
  await verified.ask();
  await verified.answer(here.lastCode());
  await waiting.ask();
  const code = there.lastCode();
  expect(await visit(verified.cookie)).toEqual([200, 200]);
  numbers.set("ann", BOB);
  expect(await visit(verified.cookie)).toEqual([403, 403]);
  for (const each of [here, there]) {
    const late = await each
      .client()
      .post("/2fa/validate-auth", { auth_code: code })
      .set("Cookie", waiting.cookie);
    expect(codeOf(late)).toBe("no_challenge");
  }
});
