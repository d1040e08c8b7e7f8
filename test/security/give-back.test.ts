/** A right answer gives back what its own texts have cost, where they have cost it, and nothing of others'. */

import { ANN, Gate, serve, type Client, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";

const ROOMY = { max: 1000, window: 600 };
const FREE = { user: ROOMY, number: ROOMY, network: ROOMY, cooldown: 1 };
const number = (index: number) => `+1202555${String(1000 + index)}`;

let asked = 0;

/** Users and numbers of their own, each asking once and never answering: their statuses. */
async function pump(s: Served, times: number, address = "192.0.2.1"): Promise<number[]> {
  const statuses: number[] = [];
  for (let time = 0; time < times; time += 1) {
    asked += 1;
    const client = await s.signedIn(`pump${asked}`, number(asked));
    statuses.push((await askFrom(client, address)).status);
    await s.two.close();
  }
  return statuses;
}

function askFrom(client: Client, address: string): ReturnType<Client["ask"]> {
  return client.ask().set("X-Forwarded-For", address);
}

const behindProxy = (limits: object) =>
  serve({
    options: { limits: { ...FREE, ...limits } },
    before: (app) => app.set("trust proxy", 1),
  });

describe("a text that is answered after its window has ended", () => {
  test.each(["country", "all", "network"])(
    "leaves the new window of %s as it is",
    async (budget) => {
      fakeDate();
      const s = await behindProxy({ [budget]: { max: 3, window: 600 } });
      await pump(s, 1);
      pass(590);
      const ann = await s.signedIn();
      await askFrom(ann, "192.0.2.1");
      const code = s.lastCode();
      pass(11);
      expect(await pump(s, 3)).toEqual([200, 200, 200]);
      expect((await ann.answer(code)).status).toBe(200);
      await s.two.close();
      expect(await pump(s, 1)).toEqual([429]);
    },
  );

  test("leaves the new window of the number as it is", async () => {
    fakeDate();
    const s = await behindProxy({ number: { max: 2, window: 600 } });
    const ask = async (id: string) => (await (await s.signedIn(id, ANN)).ask()).status;
    await ask("joe");
    pass(590);
    const ann = await s.signedIn();
    await ann.ask();
    const code = s.lastCode();
    pass(11);
    expect([await ask("joe"), await ask("eve")]).toEqual([200, 200]);
    expect((await ann.answer(code)).status).toBe(200);
    await s.two.close();
    expect(await ask("joe")).toBe(429);
  });
});

test("a text that the app refuses once a new window has begun opens no room in it", async () => {
  fakeDate();
  const held = new Gate();
  const s = await serve({
    options: {
      limits: { all: { max: 2, window: 600 } },
      beforeSend: async (_req, { phone }) => {
        if (phone !== ANN) return true;
        await held.pass();
        return false;
      },
    },
  });
  await pump(s, 1);
  pass(590);
  const isHeld = held.held;
  const refused = (await s.signedIn()).ask().then(({ status }) => status);
  await isHeld;
  pass(11);
  expect(await pump(s, 2)).toEqual([200, 200]);
  held.open();
  expect(await refused).toBe(403);
  await s.two.close();
  expect(await pump(s, 1)).toEqual([429]);
});

test("a window that has ended gets nothing, and none is opened for it (C262)", async () => {
  fakeDate();
  const counters = new DistantCounters();
  const s = await serve({ options: { counters, limits: { all: { max: 3, window: 60 } } } });
  const ann = await s.signedIn();
  await ann.ask();
  expect([counters.countOf("all60"), counters.countOf("country3600")]).toEqual([1, 1]);
  pass(60);
  expect((await ann.answer(s.lastCode())).status).toBe(200);
  expect([counters.countOf("all60"), counters.countOf("country3600")]).toEqual([0, 0]);
  expect(await pump(s, 4)).toEqual([200, 200, 200, 429]);
});

test("a right answer is one step, which gives back all that its texts have paid, and nothing of others'", async () => {
  const counters = new DistantCounters();
  const s = await serve({ options: { counters } });
  await (await s.signedIn("joe", number(0))).ask();
  const ann = await s.signedIn();
  await ann.ask();
  const asked = counters.steps.length;
  expect((await ann.answer(s.lastCode())).status).toBe(200);
  await s.two.close();
  expect(counters.steps).toHaveLength(asked + 1);
  const budgets = ["user600", "user3600", "number600", "number3600", "network3600", "country3600"];
  for (const budget of [...budgets, "all3600"]) expect(counters.countOf(budget)).toBe(1);
  // A day's texts were paid for.
  for (const day of ["number-day", "day"]) expect(counters.countOf(day)).toBe(2);
});

test("each network gets back its own texts of a challenge, whoever sent the last", async () => {
  fakeDate();
  const s = await behindProxy({ network: { max: 3, window: 3600 } });
  const [home, mobile] = ["192.0.2.1", "192.0.2.2"];
  expect(await pump(s, 2, mobile)).toEqual([200, 200]);
  const ann = await s.signedIn();
  await askFrom(ann, home);
  pass(1);
  expect((await askFrom(ann, mobile)).body).toMatchObject({ status: "sent" });
  expect((await ann.answer(s.lastCode())).status).toBe(200);
  await s.two.close();
  expect(await pump(s, 2, mobile)).toEqual([200, 429]);
  expect(await pump(s, 4, home)).toEqual([200, 200, 200, 429]);
});

test("an attacker who answers his own texts, many times at once and again, opens no room for others", async () => {
  // Six of them are for numbers never proved.
  const s = await behindProxy({ all: { max: 7, window: 3600 } });
  for (let round = 0; round < 2; round += 1) {
    expect(await pump(s, 2)).toEqual([200, 200]);
    const own = await s.signedIn();
    expect((await own.ask()).status).toBe(200);
    const code = s.lastCode();
    const holders = Array.from({ length: 5 }, () => own.copy());
    await Promise.all(holders.map((holder) => holder.answer(code)));
    await Promise.all(holders.map((holder) => holder.answer(code)));
    await s.two.close();
  }
  expect(await pump(s, 3)).toEqual([200, 200, 429]);
});
