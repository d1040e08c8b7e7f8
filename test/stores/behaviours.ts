/** The behaviours that every counter store must give, through HTTP and under real concurrency. */

import session from "express-session";
import type { CounterStore, LimitOptions, TwoFactorOptions } from "../../lib";
import {
  callBack,
  deliveriesIn,
  deliveryOf,
  PUBLIC_URL,
  SIGNING_KEY,
  told,
} from "../fakes/reporting";
import { ANN, BOB, codeIn, serve, wrongCodes, type Client, type Served } from "../fakes/app";

/** A counter store, opened for one suite. */
export interface OpenStore {
  /** Absent for the memory of the process. */
  counters?: CounterStore;
  /** Forgets all counters. */
  clear: () => Promise<void>;
  /** All that it keeps, as text; absent where nothing can look into it. */
  dump?: () => Promise<string>;
  close: () => Promise<void>;
}

/** Who asks, for which number, and from where. */
interface Errand {
  id: string;
  phone: string;
  ip: string;
}

interface Rung {
  narrow: "cooldown" | "user" | "number" | "network" | "country";
  broader: ("user" | "number" | "network" | "country" | "all")[];
  /** Takes all that `narrow` has. */
  first: Errand;
  /** Shares only the next broader budget with the first, and what is broader than that. */
  beside: Errand;
  /** Shares the same with both. */
  beyond: Errand;
}

const ROOMY = { max: 1000, window: 600 };
const FIRST: Errand = { id: "one", phone: ANN, ip: "192.0.2.1" };
const BY_NETWORK: Errand = { id: "two", phone: BOB, ip: "192.0.2.2" };

/** Each budget, from narrow to broad, with all that are broader. */
const RUNGS: Rung[] = [
  {
    narrow: "cooldown",
    broader: ["user", "number", "network", "country", "all"],
    first: FIRST,
    beside: FIRST,
    beyond: FIRST,
  },
  {
    narrow: "user",
    broader: ["number", "network", "country", "all"],
    first: FIRST,
    beside: { ...FIRST, id: "two" },
    beyond: { ...FIRST, id: "three" },
  },
  {
    narrow: "number",
    broader: ["network", "country", "all"],
    first: FIRST,
    beside: { ...FIRST, id: "two", phone: BOB },
    beyond: { ...FIRST, id: "three", phone: "+12025550177" },
  },
  {
    narrow: "network",
    broader: ["country", "all"],
    first: FIRST,
    beside: BY_NETWORK,
    beyond: { id: "three", phone: "+12025550177", ip: "192.0.2.3" },
  },
  {
    narrow: "country",
    broader: ["all"],
    first: FIRST,
    beside: { ...BY_NETWORK, phone: "+14165550123" },
    beyond: { id: "three", phone: "+447400123456", ip: "192.0.2.3" },
  },
];

/** Runs the shared suite over one store. */
export function behaveOver(name: string, open: () => Promise<OpenStore>): void {
  describe(name, () => {
    let store: OpenStore;
    beforeAll(async () => {
      store = await open();
    });
    beforeEach(() => store.clear());
    afterAll(() => store.close());

    const given = (options: Partial<TwoFactorOptions> = {}) => ({
      options: { ...options, ...(store.counters && { counters: store.counters }) },
    });
    const logIn = async (app: Served, id: string, phone: string): Promise<number> => {
      const client = await app.signedIn(id, phone);
      const asked = await client.ask();
      if (asked.status !== 200) return asked.status;
      return (await client.answer(app.lastCode())).status;
    };

    test("200 parallel guesses get 5 comparisons (R18, B038)", async () => {
      const app = await serve(given());
      const client = await app.signedIn();
      await client.ask();
      const guesses = wrongCodes(app.lastCode(), 200).map((code) => client.copy().answer(code));
      const answers = await Promise.all(guesses);
      expect(countOf(answers, "wrong_code")).toBe(5);
      expect(answers.every(({ status }) => status === 403 || status === 429)).toBe(true);
      expect((await client.answer(app.lastCode())).status).not.toBe(200);
    });

    test("40 parallel right answers give one success (R6, B060)", async () => {
      const app = await serve(given());
      const client = await app.signedIn();
      await client.ask();
      const code = app.lastCode();
      const holders = Array.from({ length: 40 }, () => client.copy());
      const answers = await Promise.all(holders.map((holder) => holder.answer(code)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    test("ten failures over two sessions refuse the right code too (R14, R15)", async () => {
      const app = await serve(given());
      const [one, two] = [await app.signedIn(), await app.signedIn()];
      for (const client of [one, two]) {
        await client.ask();
        await Promise.all(wrongCodes(app.lastCode(), 5).map((code) => client.copy().answer(code)));
      }
      const three = await app.signedIn();
      expect((await three.ask()).body).toMatchObject({ code: "too_many_attempts" });
    });

    test("ten parallel requests of one session cost one text (R36)", async () => {
      const app = await serve(given());
      const client = await app.signedIn();
      const asked = await Promise.all(Array.from({ length: 10 }, () => client.copy().ask()));
      expect(app.sent).toHaveLength(1);
      expect(asked.every(({ status }) => status === 200 || status === 429)).toBe(true);
      expect((await client.answer(app.lastCode())).status).toBe(200);
    });

    test("parallel sessions get no more texts than the number's budget (R30)", async () => {
      const app = await serve(given({ limits: { number: { max: 3, window: 600 } } }));
      const clients: Client[] = [];
      for (let each = 0; each < 12; each += 1) clients.push(await app.signedIn(`user-${each}`));
      await Promise.all(clients.map((client) => client.ask()));
      expect(app.sent.length).toBeLessThanOrEqual(3);
      expect(app.sent.length).toBeGreaterThan(0);
    });

    test("parallel sessions get three calls and no more, between as many texts, and an answer gives them back", async () => {
      const limits = { user: ROOMY, number: ROOMY, network: ROOMY };
      const app = await serve(given({ channels: ["sms", "call"], limits }));
      const clients: Client[] = [];
      for (let each = 0; each < 24; each += 1) clients.push(await app.signedIn());
      const asked = await Promise.all(
        clients.map((client, each) => client.ask({ channel: each % 2 === 0 ? "call" : "sms" })),
      );
      const sentBy = (channel: string) => app.sent.filter((each) => each.channel === channel);
      expect([sentBy("call").length, sentBy("sms").length]).toEqual([3, 12]);
      expect(countOf(asked, "too_many_requests")).toBe(9);
      const called = clients.filter((_, each) => each % 2 === 0 && asked[each]?.status === 200);
      const codes = sentBy("call").map(({ code }) => code);
      for (const client of called) {
        const told = [];
        for (const code of codes) told.push(await client.answer(code));
        expect(told.some(({ status }) => status === 200)).toBe(true);
      }
      expect((await (await app.signedIn()).ask({ channel: "call" })).status).toBe(200);
    });

    test("a right answer gives the budgets back, an unanswered text weighs", async () => {
      const app = await serve(given({ limits: { network: { max: 2, window: 600 } } }));
      for (let each = 0; each < 5; each += 1) {
        expect(await logIn(app, `user-${each}`, `+1202555010${each}`)).toBe(200);
        await app.two.close();
      }
      for (let each = 0; each < 2; each += 1) {
        const client = await app.signedIn(`idle-${each}`, `+1202555020${each}`);
        expect((await client.ask()).status).toBe(200);
      }
      expect(await logIn(app, "late", "+12025550300")).toBe(429);
    });

    test.each(RUNGS)(
      "a refusal by $narrow, at which five pull at once, spends nothing broader",
      async ({ narrow, broader, first, beside, beyond }) => {
        const limits: LimitOptions = { user: ROOMY, number: ROOMY, network: ROOMY };
        for (const budget of broader) limits[budget] = { max: 2, window: 600 };
        if (narrow !== "cooldown") limits[narrow] = { max: 1, window: 600 };
        const app = await serve({
          ...given({ limits, countries: ["US", "CA", "GB"] }),
          before: (host) => host.set("trust proxy", 1),
        });
        const asks = async ({ id, phone, ip }: Errand) => {
          const client = await app.signedIn(id, phone);
          return { client, ask: () => client.copy().ask().set("X-Forwarded-For", ip) };
        };
        const { client, ask } = await asks(first);
        expect((await client.ask().set("X-Forwarded-For", first.ip)).status).toBe(200);
        const more = narrow === "cooldown" ? ask : async () => (await asks(first)).ask();
        await Promise.all(Array.from({ length: 5 }, more));
        await app.two.close();
        expect(app.sent).toHaveLength(1);
        // The broader budgets have room for this one, and for no other.
        expect((await (await asks(beside)).ask()).status).toBe(200);
        expect((await (await asks(beyond)).ask()).status).toBe(429);
      },
    );

    test("a refused number spends nobody else's budget", async () => {
      const limits = { number: { max: 1, window: 600 }, all: { max: 2, window: 600 } };
      const app = await serve(given({ limits }));
      const asked = [await (await app.signedIn("ann", ANN)).ask()];
      for (let each = 0; each < 5; each += 1) {
        asked.push(await (await app.signedIn(`other-${each}`, ANN)).ask());
        await app.two.close();
      }
      expect(asked.map(({ status }) => status)).toEqual([200, 429, 429, 429, 429, 429]);
      expect(await logIn(app, "bob", BOB)).toBe(200);
    });

    test("failures in a row switch the factor off, until unlock() (R16)", async () => {
      const limits = { consecutiveFailures: 5, failures: { max: 1000, window: 900 } };
      const app = await serve(given({ limits }));
      const client = await app.signedIn();
      await client.ask();
      for (const code of wrongCodes(app.lastCode(), 5)) await client.answer(code);
      const again = await app.signedIn();
      expect((await again.ask()).body).toMatchObject({ code: "factor_disabled" });
      await app.two.unlock("ann");
      expect(await logIn(app, "ann", ANN)).toBe(200);
    });

    test("a refused text frees the session at once (B020)", async () => {
      let isDown = true;
      const app = await serve({
        ...given({
          sender: () => {
            if (isDown) throw Object.assign(new Error("refused"), { status: 400 });
          },
        }),
      });
      const client = await app.signedIn();
      expect((await client.ask()).status).toBe(502);
      await app.two.close();
      isDown = false;
      expect((await client.ask()).body).toMatchObject({ status: "sent" });
    });

    test("what a store keeps tells no number, user or address", async () => {
      const app = await serve(given({ purposes: ["transfer-funds"] }));
      expect(await logIn(app, "ann-the-user", ANN)).toBe(200);
      const client = await app.signedIn("ann-the-user", ANN);
      const asked = await client.ask({ purpose: "transfer-funds" });
      expect(asked.body).toMatchObject({ status: "sent" });
      const [wrong = ""] = wrongCodes(app.lastCode(), 1);
      expect((await client.answer(wrong)).body).toMatchObject({ code: "wrong_code" });
      await app.two.close();
      const kept = (await store.dump?.()) ?? "";
      const session = /s%3A([^.]+)\./.exec(client.cookie)?.[1] ?? client.cookie;
      const told = [ANN, "2025550123", "ann-the-user", "127.0.0.1", "transfer-funds"];
      for (const secret of [...told, session, app.lastCode(), wrong]) {
        expect(kept).not.toContain(secret);
      }
      if (store.dump) expect(kept).toContain("attempts");
    });

    test("what a gateway tells either process, in any order, both know, and one tells of it (R118)", async () => {
      const deliveryStatus = { publicUrl: PUBLIC_URL, signingKey: SIGNING_KEY };
      const shared = { session: { store: new session.MemoryStore() } };
      const [a, b] = [
        await serve({ ...given({ deliveryStatus }), ...shared }),
        await serve({ ...given({ deliveryStatus }), ...shared }),
      ];
      const client = await a.signedIn();
      await client.ask();
      const url = a.sent[0]?.statusCallback;
      const statuses = ["delivered", "sent", "undelivered", "delivered", "queued", "failed"];
      const reports = statuses.flatMap((status) =>
        [a, b].map((app) => callBack(app, told(status), url)),
      );
      expect((await Promise.all(reports)).map(({ status }) => status)).toEqual(
        reports.map(() => 204),
      );
      const known = [await deliveryOf(client), await deliveryOf(b.client(client.cookie))];
      const news = [...deliveriesIn(a), ...deliveriesIn(b)].map(({ state }) => state);
      expect(known[0]).toBe("delivered");
      // With counters of its own, a process knows what it was told itself, and no other's challenge.
      if (store.counters === undefined) return;
      expect(known[1]).toBe("delivered");
      expect(news.filter((state) => state === "delivered")).toHaveLength(1);
      expect(news.filter((state) => state === "undelivered").length).toBeLessThan(2);
    });

    test("a code that one process sent is answered at another (B082)", async () => {
      const shared = { session: { store: new session.MemoryStore() } };
      const [a, b] = [
        await serve({ ...given(), ...shared }),
        await serve({ ...given(), ...shared }),
      ];
      const client = await a.signedIn();
      await client.ask();
      const code = codeIn(a.sent[0]);
      const answer = await b.client(client.cookie).answer(code);
      // With counters of its own, a process must not take another's code: its guesses aren't counted.
      expect(answer.status).toBe(store.counters === undefined ? 403 : 200);
    });
  });
}

function countOf(answers: { body: { code?: string } }[], code: string): number {
  return answers.filter(({ body }) => body.code === code).length;
}
