/** Whose budget a text is counted under: strangers spend nothing of an owner's, and pumping stops nobody's log-in. */

import { ANN, BOB, serve, type Client, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";
import { formIn, land, servePages, submit } from "../pages/visitor";
import type { LimitOptions } from "../../lib";

const ROOMY = { max: 1000, window: 600 };
const FREE: LimitOptions = { user: ROOMY, number: ROOMY, network: ROOMY, cooldown: 1 };
const number = (index: number) => `+1202555${String(1000 + index)}`;

/** A new session of a user, asking once: its status. */
async function askAs(s: Served, id: string, phone: string): Promise<number> {
  return (await (await s.signedIn(id, phone)).ask()).status;
}

async function askTimes(ask: (time: number) => Promise<number>, times: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let time = 0; time < times; time += 1) statuses.push(await ask(time));
  return statuses;
}

/** Has a user prove a number. */
async function prove(s: Served, id = "ann", phone = ANN): Promise<Client> {
  const client = await s.signedIn(id, phone);
  await client.ask();
  expect((await client.answer(s.lastCode())).status).toBe(200);
  return client;
}

const times = (count: number, status: number) => Array<number>(count).fill(status);

describe("a number that is not on record for whoever names it (C201)", () => {
  /** Serves a number page, with an owner who has a number on record. */
  const serveBoth = (counters?: DistantCounters) =>
    servePages({
      options: {
        pages: { savePhone: () => undefined },
        ...(counters && { counters }),
        limits: { network: ROOMY },
      },
    });

  /** Users without a number, each naming this one on the number page: how many texts they get. */
  async function nameIt(s: Served, phone: string, often: number): Promise<number> {
    const before = s.sent.length;
    for (let time = 0; time < often; time += 1) {
      const evil = await s.signedIn(`evil${String(time)}`, null);
      await submit(evil, formIn(await land(evil, "/2fa/number"), "number"), { number: phone });
    }
    return s.sent.length - before;
  }

  test("gets three fifths of its texts on the number page, and its owner all of hers (C201)", async () => {
    const s = await serveBoth();
    expect(await nameIt(s, ANN, 5)).toBe(3);
    expect(await askTimes(() => askAs(s, "ann", ANN), 6)).toEqual([...times(5, 200), 429]);
  });

  test("gets them whatever its owner has asked for (C201)", async () => {
    const s = await serveBoth();
    expect(await askTimes(() => askAs(s, "ann", ANN), 6)).toEqual([...times(5, 200), 429]);
    expect(await nameIt(s, ANN, 5)).toBe(3);
  });

  test("takes nothing of its owner's day either (C201)", async () => {
    fakeDate();
    const s = await serveBoth();
    let named = 0;
    for (let hour = 0; hour < 6; hour += 1) {
      named += await nameIt(s, ANN, 4);
      pass(600);
      named += await nameIt(s, ANN, 4);
      pass(3000);
    }
    expect(named).toBe(18);
    const ask = () => askAs(s, "ann", ANN);
    const asked: number[] = [];
    for (let hour = 0; hour < 4; hour += 1) {
      asked.push(...(await askTimes(ask, 5)));
      pass(600);
      asked.push(...(await askTimes(ask, 5)));
      pass(3000);
    }
    expect(asked).toEqual([...times(30, 200), ...times(10, 429)]);
  });

  test("spends nothing of its owner's in an app for sign-up on the same store (C201)", async () => {
    const counters = new DistantCounters();
    const limits = { network: ROOMY };
    const signUp = await serve({ user: "from-request", options: { counters, limits } });
    const s = await serve({ options: { counters, limits } });
    const name = async () => (await signUp.client().ask({ number: ANN })).status;
    expect(await askTimes(name, 6)).toEqual([...times(5, 200), 429]);
    expect(await askTimes(() => askAs(s, "ann", ANN), 6)).toEqual([...times(5, 200), 429]);
  });

  test("is not freed of its limits because another user has proved it (C201)", async () => {
    const s = await serveBoth();
    await prove(s);
    expect(await nameIt(s, ANN, 5)).toBe(3);
  });
});

describe.each(["country", "all"] as const)("the budget of %s (C202)", (budget) => {
  test("keeps a fifth for users and numbers that were proved (C202)", async () => {
    const s = await serve({
      options: { limits: { ...FREE, [budget]: { max: 10, window: 3600 } } },
    });
    await prove(s);
    const pump = await askTimes((each) => askAs(s, `pump${String(each)}`, number(each)), 10);
    expect(pump).toEqual([...times(8, 200), 429, 429]);
    // Proved by one user, it is not proved for another.
    expect(await askAs(s, "mallory", ANN)).toBe(429);
    expect(await askAs(s, "ann", BOB)).toBe(429);
    expect(await askTimes(() => askAs(s, "ann", ANN), 3)).toEqual([200, 200, 429]);
  });

  test("keeps it where numbers are the subjects too (C202)", async () => {
    const s = await serve({
      user: "from-request",
      options: { limits: { ...FREE, [budget]: { max: 5, window: 3600 } } },
    });
    const ask = async (phone: string) => (await s.client().ask({ number: phone })).status;
    const client = s.client();
    await client.ask({ number: ANN });
    await client.answer(s.lastCode());
    const pump = await askTimes((each) => ask(number(each)), 5);
    expect(pump).toEqual([...times(4, 200), 429]);
    expect(await askTimes(() => ask(ANN), 2)).toEqual([200, 429]);
  });

  test("that is full of others' unanswered texts tells to wait for a minute at most (C203)", async () => {
    const s = await serve({ options: { limits: { ...FREE, [budget]: { max: 1, window: 3600 } } } });
    await askAs(s, "pump", number(1));
    const { headers, status } = await (await s.signedIn()).ask();
    expect(status).toBe(429);
    expect(headers["retry-after"]).toBe("60");
  });
});

test("pumping at sign-up stops nobody's log-in by default (C202)", async () => {
  const counters = new DistantCounters();
  const limits = { network: ROOMY };
  const signUp = await serve({ user: "from-request", options: { counters, limits } });
  const s = await serve({ options: { counters, limits } });
  await prove(s);
  const pump = await Promise.all(
    Array.from({ length: 450 }, async (_, each) => {
      return (await signUp.client().ask({ number: number(each) })).status;
    }),
  );
  expect(pump.filter((status) => status === 200)).toHaveLength(400);
  expect(await askAs(s, "ann", ANN)).toBe(200);
});

describe("one network (C203)", () => {
  test("lets a floor of signed-in people in, and the wait beyond is a minute, for a colleague's answer frees a place (C203)", async () => {
    const s = await serve({ options: { rateLimitHeaders: true } });
    const first = await s.signedIn("first", number(0));
    await first.ask();
    const code = s.lastCode();
    const floor = await askTimes((each) => askAs(s, `u${String(each)}`, number(each + 1)), 59);
    expect(floor).toEqual(times(59, 200));
    const late = await s.signedIn("late", number(99));
    const { status, headers } = await late.ask();
    expect([status, headers["retry-after"]]).toEqual([429, "60"]);
    expect(String(headers["ratelimit"])).toMatch(/t=(?:60|[1-5]?\d)\b/);
    expect((await first.answer(code)).status).toBe(200);
    expect((await late.ask()).status).toBe(200);
  });

  test("gets 15 where numbers come from the request, and the wait is a minute there too (C203)", async () => {
    const s = await serve({ user: "from-request" });
    const ask = async (each: number) => (await s.client().ask({ number: number(each) })).status;
    expect(await askTimes(ask, 16)).toEqual([...times(15, 200), 429]);
    expect((await s.client().ask({ number: number(20) })).headers["retry-after"]).toBe("60");
  });

  test("has the true wait told where the user's own limit is full too (C203)", async () => {
    fakeDate();
    const limits = { network: { max: 1, window: 3600 }, user: { max: 1, window: 3600 } };
    const s = await serve({ options: { limits } });
    await askAs(s, "ann", ANN);
    pass(600);
    const { headers } = await (await s.signedIn()).ask();
    expect(headers["retry-after"]).toBe("3000");
  });

  test("that has less than a minute left is told that (C203)", async () => {
    fakeDate();
    const s = await serve({ options: { limits: { network: { max: 1, window: 600 } } } });
    await askAs(s, "ann", ANN);
    pass(575);
    const { headers } = await (await s.signedIn("bob", BOB)).ask();
    expect(headers["retry-after"]).toBe("25");
  });
});

test("a day that is full tells to wait for its end (C203)", async () => {
  fakeDate();
  const s = await serve({ options: { maxPerDay: 1, limits: FREE } });
  await askAs(s, "ann", ANN);
  const { status, headers } = await (await s.signedIn("bob", BOB)).ask();
  expect([status, headers["retry-after"]]).toEqual([429, "86400"]);
});

describe("unlock() (C204)", () => {
  const limits = { network: ROOMY };

  test("lets a user ask who has spent the texts of user and number, and says so (C204)", async () => {
    const s = await serve({ options: { limits } });
    const ask = () => askAs(s, "ann", ANN);
    expect(await askTimes(ask, 6)).toEqual([...times(5, 200), 429]);
    expect(await s.two.unlock("ann")).toBe(true);
    expect(await askTimes(ask, 6)).toEqual([...times(5, 200), 429]);
  });

  test("lets an hour's texts be asked for once more too (C204)", async () => {
    fakeDate();
    const s = await serve({ options: { limits } });
    const ask = () => askAs(s, "ann", ANN);
    expect(await askTimes(ask, 5)).toEqual(times(5, 200));
    pass(600);
    expect(await askTimes(ask, 5)).toEqual(times(5, 200));
    pass(600);
    expect(await ask()).toBe(429);
    expect(await s.two.unlock("ann")).toBe(true);
    expect(await ask()).toBe(200);
  });

  test("lifts no wrong number of attempts but a block, whose user can then answer (C204)", async () => {
    const s = await serve({
      options: { limits: { ...limits, failures: { max: 1, window: 900 } } },
    });
    const client = await s.signedIn();
    await client.ask();
    await client.answer("000000");
    expect((await client.ask()).body).toMatchObject({ code: "too_many_attempts" });
    expect(await s.two.unlock("ann")).toBe(true);
    expect((await client.answer(s.lastCode())).status).toBe(200);
  });

  test("says false of somebody of whom nothing is known, and of one who has answered (C204)", async () => {
    const s = await serve({ options: { limits } });
    expect(await s.two.unlock("nobody")).toBe(false);
    await prove(s);
    expect(await s.two.unlock("ann")).toBe(false);
    await askAs(s, "ann", ANN);
    expect(await s.two.unlock("bob")).toBe(false);
    expect(await s.two.unlock("ann")).toBe(true);
  });

  test("frees nobody else who asks for the same number (C204)", async () => {
    const s = await serve({ options: { limits } });
    expect(await askTimes(() => askAs(s, "ann", ANN), 6)).toEqual([...times(5, 200), 429]);
    await s.two.unlock("ann");
    expect(await askAs(s, "eve", ANN)).toBe(429);
    expect(await askAs(s, "ann", ANN)).toBe(200);
  });

  test("lets a number be asked for again that is the subject itself, and says so (C204)", async () => {
    const s = await serve({ user: "from-request", options: { limits } });
    const ask = async () => (await s.client().ask({ number: ANN })).status;
    expect(await s.two.unlock(ANN)).toBe(false);
    expect(await askTimes(ask, 6)).toEqual([...times(5, 200), 429]);
    expect(await s.two.unlock(ANN)).toBe(true);
    expect(await askTimes(ask, 6)).toEqual([...times(5, 200), 429]);
  });

  test("does not lift a day's texts of the number, nor network, country and all (C204)", async () => {
    for (const limit of [
      { perDay: 2 },
      { network: { max: 2, window: 3600 } },
      { country: { max: 2, window: 3600 } },
      { all: { max: 2, window: 3600 } },
    ]) {
      const s = await serve({ options: { limits: { ...limits, ...limit } } });
      expect(await askTimes(() => askAs(s, "ann", ANN), 3)).toEqual([200, 200, 429]);
      await s.two.unlock("ann");
      expect(await askAs(s, "ann", ANN)).toBe(429);
    }
  });

  test("ends with the longest window of a number (C204)", async () => {
    fakeDate();
    const s = await serve({ options: { limits: { ...limits, user: ROOMY } } });
    await s.two.unlock("ann");
    pass(3600);
    expect(await askTimes(() => askAs(s, "ann", ANN), 6)).toEqual([...times(5, 200), 429]);
  });
});
