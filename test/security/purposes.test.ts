/** Several purposes open in one session: each code opens its own, in any order, and guesses count at all of them. */

import { ANN, BOB, fail, serve, wrongCodes, type Client, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";
import type { TwoFactorOptions } from "../../lib";

const PURPOSES = ["pay", "close", "export", "invite"];

const ROOMY = { max: 1000, window: 600 };

const servePurposes = (options: Partial<TwoFactorOptions> = {}) =>
  serve({
    options: { purposes: PURPOSES, ...options },
    before: (app, two) => {
      for (const purpose of PURPOSES) {
        app.get(`/${purpose}`, two.require2fa({ purpose }), (_req, res) => {
          res.json({});
        });
      }
    },
  });

/** Asks for a code for each purpose, and gives them. */
async function askFor(s: Served, client: Client, purposes: readonly string[]): Promise<string[]> {
  const codes: string[] = [];
  for (const purpose of purposes) {
    const asked = await client.ask(purpose === "" ? {} : { purpose });
    expect(asked.body).toMatchObject({ status: "sent" });
    codes.push(s.lastCode());
  }
  expect(new Set(codes).size).toBe(codes.length);
  return codes;
}

test("each text says which purpose it is for, and the plain one none (C205)", async () => {
  const s = await servePurposes();
  const client = await s.signedIn();
  await askFor(s, client, ["", "pay", "close"]);
  expect(s.sent.map(({ text }) => /Acme( \(\w+\))?/.exec(text)?.[1] ?? "")).toEqual([
    "",
    " (pay)",
    " (close)",
  ]);
});

/** What each guard says: the plain one first. */
async function visits(client: Client, purposes: readonly string[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const purpose of purposes) statuses.push(await client.visit(`/${purpose || "private"}`));
  return statuses;
}

test.each([
  ["in the order of asking", ["", "pay"]],
  ["the other way round", ["pay", ""]],
])(
  "two tabs, two purposes: each is answered by its own code, %s, and none costs a failure (C205)",
  async (_order, order) => {
    const s = await servePurposes();
    const client = await s.signedIn();
    const [plain = "", pay = ""] = await askFor(s, client, ["", "pay"]);
    const codes: Record<string, string> = { "": plain, pay };
    const open = new Set<string>();
    for (const purpose of order) {
      expect((await client.answer(String(codes[purpose]))).status).toBe(200);
      open.add(purpose);
      const expected = ["", "pay"].map((each) => (open.has(each) ? 200 : 403));
      expect(await visits(client, ["", "pay"])).toEqual(expected);
    }
    expect(s.events.map(({ type }) => type)).not.toContain("wrong_code");
    expect(
      s.events.filter(({ type }) => type === "verified").map(({ purpose }) => purpose),
    ).toEqual(order.map((purpose) => purpose || undefined));
  },
);

test("four purposes are answered by their own codes, in any order (C205)", async () => {
  const s = await servePurposes();
  const client = await s.signedIn();
  const codes = await askFor(s, client, PURPOSES);
  for (const at of [2, 0, 3, 1]) {
    expect((await client.answer(String(codes[at]))).status).toBe(200);
    expect(await client.visit(`/${String(PURPOSES[at])}`)).toBe(200);
  }
  expect(await client.visit()).toBe(403);
});

test("a code of one purpose never makes a mark of another (C205, R8)", async () => {
  const s = await servePurposes();
  const client = await s.signedIn();
  const [pay = ""] = await askFor(s, client, ["pay", "close"]);
  expect((await client.answer(pay)).status).toBe(200);
  expect(await visits(client, ["pay", "close", ""])).toEqual([200, 403, 403]);
});

test("the same code once more is answered alike while another purpose is open, and costs no failure (C205, B011)", async () => {
  const counters = new DistantCounters();
  const s = await servePurposes({ counters });
  const client = await s.signedIn();
  const [pay = "", close = ""] = await askFor(s, client, ["pay", "close"]);
  const first = await client.answer(pay);
  const second = await client.answer(pay);
  expect([second.status, second.body]).toEqual([200, first.body]);
  expect(counters.countOf("failures")).toBe(0);
  expect(await visits(client, ["pay", "close", ""])).toEqual([200, 403, 403]);
  expect((await client.answer(close)).status).toBe(200);
});

test("a fifth purpose drops the oldest, whose code is then wrong (C205)", async () => {
  const s = await servePurposes();
  const client = await s.signedIn();
  const [plain = "", ...codes] = await askFor(s, client, ["", ...PURPOSES]);
  expect((await client.answer(plain)).body).toMatchObject({ code: "wrong_code", attemptsLeft: 4 });
  for (const code of codes) expect((await client.answer(code)).status).toBe(200);
  expect(await client.visit()).toBe(403);
});

test("asked for again, a purpose keeps its code and is the newest (C205)", async () => {
  fakeDate();
  const s = await servePurposes({ limits: { cooldown: 1, user: ROOMY, number: ROOMY } });
  const client = await s.signedIn();
  const [plain = "", pay = ""] = await askFor(s, client, ["", ...PURPOSES.slice(0, 3)]);
  pass(20);
  await client.ask();
  expect(s.lastCode()).toBe(plain);
  await askFor(s, client, ["invite"]);
  expect((await client.answer(pay)).body).toMatchObject({ code: "wrong_code" });
  expect((await client.answer(plain)).status).toBe(200);
});

test("a wrong code counts one attempt at each open challenge, and one failure (C205)", async () => {
  const counters = new DistantCounters();
  const s = await servePurposes({ counters });
  const client = await s.signedIn();
  const [plain = "", pay = "", close = ""] = await askFor(s, client, ["", "pay", "close"]);
  const guesses = wrongCodes(plain, 9).filter((code) => code !== pay && code !== close);
  const [first = "", second = ""] = guesses;
  expect((await client.answer(first)).body).toMatchObject({ attemptsLeft: 4 });
  expect([counters.countOf("attempts"), counters.countOf("failures")]).toEqual([3, 1]);
  expect((await client.answer(second)).body).toMatchObject({ attemptsLeft: 3 });
  expect([counters.countOf("attempts"), counters.countOf("failures")]).toEqual([6, 2]);
  expect((await client.answer(pay)).status).toBe(200);
});

test("four open purposes give no more than five comparisons, and a burst gets no more (C205, R18)", async () => {
  const s = await servePurposes();
  const client = await s.signedIn();
  const codes = await askFor(s, client, PURPOSES);
  const guesses = wrongCodes(String(codes[0]), 60).filter((code) => !codes.includes(code));
  const answers = await Promise.all(
    guesses.slice(0, 50).map((guess) => client.copy().answer(guess)),
  );
  const compared = answers.filter(({ body }) => (body as { code: string }).code === "wrong_code");
  expect(compared).toHaveLength(5);
  for (const code of codes) expect((await client.copy().answer(code)).status).not.toBe(200);
  expect(await visits(client, PURPOSES)).toEqual([403, 403, 403, 403]);
});

test("a challenge whose attempts are spent leaves the others theirs (C205)", async () => {
  const s = await servePurposes();
  const client = await s.signedIn();
  const [pay = ""] = await askFor(s, client, ["pay"]);
  await fail(client, pay, 4);
  const [close = ""] = await askFor(s, client, ["close"]);
  const [a = "", b = ""] = wrongCodes(close, 9).filter((code) => code !== pay);
  expect((await client.answer(a)).body).toMatchObject({ code: "wrong_code", attemptsLeft: 4 });
  expect((await client.answer(b)).body).toMatchObject({ code: "wrong_code", attemptsLeft: 3 });
  expect((await client.answer(pay)).status).not.toBe(200);
  expect((await client.answer(close)).status).toBe(200);
  expect(await visits(client, ["pay", "close"])).toEqual([403, 200]);
});

test("two numbers from the request, each for a purpose of its own, are answered by number and code in any order (C205)", async () => {
  const s = await serve({ user: "from-request", options: { purposes: ["pay"] } });
  const client = s.client();
  await client.ask({ number: ANN });
  const ann = s.lastCode();
  await client.ask({ number: BOB, purpose: "pay" });
  expect((await client.answer(ann, { number: BOB })).body).toMatchObject({ code: "wrong_code" });
  expect((await client.answer(ann, { number: ANN })).status).toBe(200);
  expect((await client.get("/verification")).body).toMatchObject({ verification: { phone: ANN } });
  expect((await client.answer(s.lastCode(), { number: BOB })).status).toBe(200);
});

test("log-out ends all that are open (C205)", async () => {
  const s = await servePurposes();
  const client = await s.signedIn();
  const codes = await askFor(s, client, ["", "pay", "close"]);
  const holder = client.copy();
  await client.post("/reset");
  for (const code of codes) {
    expect((await holder.answer(code)).body).toMatchObject({ code: "no_challenge" });
  }
});
