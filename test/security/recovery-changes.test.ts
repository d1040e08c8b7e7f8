/** Attacks on recovery codes while something changes: the number, the set, the session, the user. */

import { memoryRecords, type RecoveryStore } from "../../lib";
import { ANN, BOB, type Served } from "../fakes/app";
import { DistantCounters, dump, FaultyStore } from "../fakes/stores";
import { codesOf, recover, serveRecovering, wrongOnes } from "../recovery/kit";

const codeOf = ({ body }: { body: unknown }) => (body as { code: string }).code;

/** A store whose next `spend` waits, before or after it has spent, until it is let go. */
function held(kept = memoryRecords()) {
  const gates: { when: "before" | "after"; reached: () => void; go: Promise<void> }[] = [];
  const store: RecoveryStore = {
    replace: (...given) => kept.replace(...given),
    count: (userId) => kept.count(userId),
    spend: async (...given) => {
      const gate = gates.shift();
      const wait = async (when: string) => {
        if (gate?.when !== when) return;
        gate.reached();
        await gate.go;
      };
      await wait("before");
      const isSpent = await kept.spend(...given);
      await wait("after");
      return isSpent;
    },
  };
  const hold = (when: "before" | "after") => {
    let letGo = (): void => undefined;
    const go = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const reached = new Promise<void>((resolve) => gates.push({ when, reached: resolve, go }));
    return { reached, letGo };
  };
  return { store, hold };
}

/** Serves users whose numbers stand outside of their sessions. */
async function serveNumbers(store: RecoveryStore) {
  const phones = new Map([["ann", ANN]]);
  const served: Served = await serveRecovering({
    store,
    user: ({ session }) => {
      const id = session.user?.id as string | undefined;
      return id === undefined ? null : { id, phone: phones.get(id) ?? null };
    },
  });
  return { served, phones };
}

describe("a code that is being spent", () => {
  test.each(["before", "after"] as const)(
    "%s the store has spent it, while the number changes, proves the old number alone",
    async (when) => {
      const { store, hold } = held();
      const { served, phones } = await serveNumbers(store);
      const codes = await codesOf(served);
      const client = await served.signedIn();
      const { reached, letGo } = hold(when);
      const answered = recover(client, codes[0]).then((response) => response);
      await reached;
      phones.set("ann", BOB);
      letGo();
      await answered;
      expect(await client.visit()).toBe(403);
      expect((await client.post("/codes")).status).toBe(403);
      expect((await recover(client, codes[1])).status).toBe(200);
      expect(await client.visit()).toBe(200);
    },
  );

  test("while a new set is made, is void once that is there, and takes none of the new ones", async () => {
    const { store, hold } = held();
    const s = await serveRecovering({ store });
    const codes = await codesOf(s);
    const [owner, thief] = [await s.signedIn(), await s.signedIn()];
    await recover(owner, codes[0]);
    const { reached, letGo } = hold("before");
    const answer = recover(thief, codes[1]).then((response) => response);
    await reached;
    const made = (await owner.post("/codes")).body as string[];
    letGo();
    expect(codeOf(await answer)).toBe("wrong_code");
    expect(await thief.visit()).toBe(403);
    expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 10 });
    expect((await recover(await s.signedIn(), made[0])).status).toBe(200);
  });

  test("while support switches the factor off, verifies nobody", async () => {
    const { store, hold } = held();
    const s = await serveRecovering({ store });
    const codes = await codesOf(s);
    const client = await s.signedIn();
    const { reached, letGo } = hold("after");
    const answer = recover(client, codes[0]).then((response) => response);
    await reached;
    await s.two.disable("ann");
    letGo();
    expect(codeOf(await answer)).toBe("factor_disabled");
    await s.two.unlock("ann");
    expect(await client.visit()).toBe(403);
  });

  test("and is wrong, while another one lets its session in, is answered without the old cookie", async () => {
    const { store, hold } = held();
    const s = await serveRecovering({ store, session: { rolling: true } });
    const codes = await codesOf(s);
    const client = await s.signedIn();
    const { reached, letGo } = hold("before");
    const answer = recover(client.copy(), wrongOnes(1)[0]).then((response) => response);
    await reached;
    expect((await recover(client, codes[0])).status).toBe(200);
    letGo();
    const late = await answer;
    expect(codeOf(late)).toBe("no_challenge");
    expect(late.headers).not.toHaveProperty("set-cookie");
    expect(await client.visit()).toBe(200);
  });

  test("while its session logs out, verifies nobody and brings nothing back", async () => {
    const { store, hold } = held();
    const s = await serveRecovering({ store });
    const codes = await codesOf(s);
    const client = await s.signedIn();
    const holder = client.copy();
    const { reached, letGo } = hold("after");
    const answer = recover(holder, codes[0]).then((response) => response);
    await reached;
    await client.post("/reset");
    letGo();
    expect(codeOf(await answer)).toBe("no_challenge");
    expect([await client.visit(), await holder.visit()]).toEqual([403, 403]);
  });

  test("while its session signs in as somebody else, verifies neither", async () => {
    const { store, hold } = held();
    const s = await serveRecovering({ store });
    const codes = await codesOf(s);
    const client = await s.signedIn();
    const { reached, letGo } = hold("after");
    const answer = recover(client, codes[0]).then((response) => response);
    await reached;
    await client.copy().signIn("bob", BOB);
    letGo();
    await answer;
    await client.signIn("bob", BOB);
    expect(await client.visit()).toBe(403);
  });
});

describe("before a code is looked for", () => {
  /** Serves a user who is looked up as something happens to the store of sessions. */
  async function serveAfter(happening: (sessions: FaultyStore, id: string) => void) {
    const sessions = new FaultyStore();
    let isArmed = false;
    const s = await serveRecovering({
      session: { store: sessions },
      user: ({ session, sessionID }) => {
        if (isArmed) happening(sessions, sessionID);
        return session.user;
      },
    });
    const codes = await codesOf(s);
    const client = await s.signedIn();
    isArmed = true;
    const answer = await recover(client, codes[0]);
    isArmed = false;
    sessions.faults.clear();
    expect(await client.visit()).toBe(403);
    expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 10, blockedFor: 0 });
    return { answer, stored: await dump(sessions) };
  }

  test("the store of sessions fails: a 503, and the code stays good", async () => {
    const { answer } = await serveAfter((sessions) => sessions.faults.set("get", "fail"));
    expect([answer.status, codeOf(answer)]).toEqual([503, "unavailable"]);
  });

  test("the session ends, as by destroy() in another request: it does not come back, and the code stays good", async () => {
    const { answer, stored } = await serveAfter((sessions, id) => sessions.destroy(id));
    expect([answer.status, codeOf(answer)]).toEqual([403, "no_challenge"]);
    expect(answer.headers).not.toHaveProperty("set-cookie");
    expect(stored).not.toContain("recovery");
  });
});

test("of sets that are made at the same instant one is left, whole", async () => {
  const counters = new DistantCounters();
  const s = await serveRecovering({ options: { counters, recovery: { store: memoryRecords() } } });
  const [code] = await codesOf(s);
  const client = await s.signedIn();
  await recover(client, code);
  const made = await Promise.all(
    Array.from({ length: 5 }, async () => client.copy().post("/codes")),
  );
  expect(made.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 10 });
  const good: number[] = [];
  for (const { body } of made) {
    good.push((await recover(await s.signedIn(), (body as string[])[0])).status);
  }
  expect(good.filter((status) => status === 200)).toHaveLength(1);
});

test("a thief with one code can't keep its owner out: support voids all, and what was proved ends", async () => {
  const s = await serveRecovering();
  const [code] = await codesOf(s);
  const thief = await s.signedIn();
  await recover(thief, code);
  const stolen = (await thief.post("/codes")).body as string[];
  await s.two.disable("ann");
  await s.two.voidRecoveryCodes("ann");
  expect([await thief.visit(), (await thief.post("/codes")).status]).toEqual([403, 403]);
  await s.two.unlock("ann");
  expect(codeOf(await recover(await s.signedIn(), stolen[0]))).toBe("wrong_code");
  const owner = await s.signedIn();
  await owner.ask();
  expect((await owner.answer(s.lastCode())).status).toBe(200);
});

test.each([
  ["an array", { recovery_code: ["x", "y"] }],
  ["an object", { recovery_code: { $ne: "" } }],
  ["a number", { recovery_code: 1 }],
  ["null", { recovery_code: null }],
  ["nothing but spaces beside a code", { recovery_code: " ", auth_code: "000000" }],
])("%s is a problem that spends and counts nothing", async (_what, body) => {
  const s = await serveRecovering();
  await codesOf(s);
  const client = await s.signedIn();
  for (let each = 0; each < 12; each += 1) {
    const answer = await client.post("/2fa/validate-auth", body);
    expect([answer.status, codeOf(answer)]).toEqual([400, "invalid_request"]);
  }
  expect(await s.two.state("ann")).toMatchObject({ recoveryCodesLeft: 10, blockedFor: 0 });
});
