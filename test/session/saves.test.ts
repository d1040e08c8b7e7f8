/** Saves of a session: how often its store is asked, what a store's faults come to, and what a renewal carries on. */

import express, { type Request } from "express";
import session, { type SessionData, type SessionOptions } from "express-session";
import request from "supertest";
import { boundedStore } from "../../lib";
import { ownProperty } from "../../lib/std/own-property";
import { sessionOf, type Session } from "../../lib/session/session";
import { fakeDate, hurryDeadlines, pass } from "../fakes/clock";
import { dump, FaultyStore } from "../fakes/stores";
import { MARK, STATE } from "./kit";

declare module "express-session" {
  interface SessionData {
    cart?: string;
    twoFactor?: unknown;
  }
}

const KEPT = { marks: [MARK] };

/** Tells what it was asked for. */
class TellingStore extends FaultyStore {
  asked: string[] = [];

  override set(...given: Parameters<FaultyStore["set"]>): unknown {
    this.asked.push("set");
    return super.set(...given);
  }

  override touch(...given: Parameters<FaultyStore["touch"]>): void {
    this.asked.push("touch");
    super.touch(...given);
  }

  override destroy(...given: Parameters<FaultyStore["destroy"]>): unknown {
    this.asked.push("destroy");
    return super.destroy(...given);
  }

  async held(): Promise<Record<string, SessionData>> {
    return JSON.parse(await dump(this)) as Record<string, SessionData>;
  }
}

type Handle = (session: Session, req: Request) => unknown;

/** A browser at an app whose one route does with its session as `handle` says, and tells the reason where that throws. */
async function browser(handle: Handle, options: Partial<SessionOptions> = {}, isBegun = true) {
  const store = new TellingStore();
  const app = express();
  app.use(session({ secret: "app", resave: false, saveUninitialized: false, store, ...options }));
  app.get("/begin", (req, res) => {
    req.session.cart = "three apples";
    res.json({});
  });
  app.get("/", async (req, res) => {
    try {
      res.json({ told: await handle(sessionOf(req), req) });
    } catch (error) {
      res.json({ reason: (error as { reason?: string }).reason });
    }
  });
  const agent = request.agent(app);
  if (isBegun) await agent.get("/begin");
  store.asked = [];
  return { store, visit: () => agent.get("/").ok(() => true) };
}

const save: Handle = async (own) => {
  own.write(STATE);
  await own.save();
};

describe("a session that was saved", () => {
  test("is written once, and neither written nor touched at the end of the answer", async () => {
    const { store, visit } = await browser(save);
    await visit();
    expect(store.asked).toEqual(["set"]);
    expect(Object.values(await store.held())).toMatchObject([{ twoFactor: KEPT }]);
  });

  test("before the client has its cookie is written once, however late the answer is, and the cookie comes with it", async () => {
    fakeDate();
    const { store, visit } = await browser(
      async (own, req) => {
        await save(own, req);
        pass(60);
      },
      {},
      false,
    );
    const { headers } = await visit();
    expect(store.asked).toEqual(["set"]);
    expect(headers["set-cookie"]).toHaveLength(1);
  });

  test.each<[string, (req: Request) => void]>([
    ["data", (req) => (req.session.cart = "four pears")],
    ["cookie", (req) => (req.session.cookie.sameSite = "strict")],
  ])("is written again where the app has changed its %s since", async (_what, change) => {
    const { store, visit } = await browser(async (own, req) => {
      await save(own, req);
      change(req);
    });
    await visit();
    expect(store.asked).toEqual(["set", "set"]);
  });

  test("is not written again for its end, which moves with each request", async () => {
    fakeDate();
    const { store, visit } = await browser(
      async (own, req) => {
        await save(own, req);
        pass(0.5);
        req.session.touch();
      },
      { cookie: { maxAge: 60_000 } },
    );
    await visit();
    expect(store.asked).toEqual(["set"]);
  });

  test("twice is written twice, as another request may have written meanwhile", async () => {
    const { store, visit } = await browser(async (own, req) => {
      await save(own, req);
      await save(own, req);
    });
    await visit();
    expect(store.asked).toEqual(["set", "set"]);
  });

  test.each([
    [0.999, 1],
    [1, 2],
    [60, 2],
    [-0.999, 1],
    [-1, 2],
  ])(
    "counts as saved for less than a second, also where the clock steps back: %d",
    async (seconds, sets) => {
      fakeDate();
      const { store, visit } = await browser(async (own, req) => {
        await save(own, req);
        pass(seconds);
        await new Promise((resolve) => req.session.save(resolve));
      });
      await visit();
      expect(store.asked.filter((call) => call === "set")).toHaveLength(sets);
    },
  );

  test.each<[string, (req: Request) => unknown]>([
    ["with a callback", (req) => new Promise((resolve) => req.session.save(resolve))],
    ["without a callback", (req) => req.session.save()],
  ])("may be saved by the app once more, %s, and is not written for it", async (_how, again) => {
    const { store, visit } = await browser(async (own, req) => {
      await save(own, req);
      await again(req);
      return "done";
    });
    expect((await visit()).body).toMatchObject({ told: "done" });
    expect(store.asked).toEqual(["set"]);
  });

  test("may be changed and saved by the app, without a callback too", async () => {
    const { store, visit } = await browser(async (own, req) => {
      await save(own, req);
      req.session.cart = "four pears";
      req.session.save();
      return "done";
    });
    expect((await visit()).body).toMatchObject({ told: "done" });
    expect(Object.values(await store.held())).toMatchObject([{ cart: "four pears" }]);
  });

  test("lives on from then, in the store too", async () => {
    fakeDate();
    const { store, visit } = await browser(save, { cookie: { maxAge: 60_000 } });
    pass(50);
    await visit();
    const [kept] = Object.values(await store.held());
    expect(Date.parse(String(ownProperty(kept?.cookie, "expires"))) - Date.now()).toBe(60_000);
  });

  test.each<[string, (own: object, save: unknown) => void]>([
    ["assigns", (own, value) => Object.assign(own, { save: value })],
    ["defines", (own, value) => Object.defineProperty(own, "save", { value, enumerable: true })],
  ])("may get a save() of the app's, which %s it, also where it is watched", async (_how, lay) => {
    const { store, visit } = await browser(async (own, req) => {
      own.watch(() => undefined);
      await save(own, req);
      lay(req.session, req.session.save.bind(req.session));
      return "done";
    });
    expect((await visit()).body).toMatchObject({ told: "done" });
    expect(store.asked).toEqual(["set"]);
  });
});

const FAULTS = [
  ["fail", "session_store_error"],
  ["throw", "session_store_threw"],
  ["hang", "session_store_timeout"],
] as const;

describe.each(FAULTS)("a store whose calls %s", (fault, reason) => {
  beforeEach(hurryDeadlines);

  /** Only an answer that a store has given lets express-session ask it again. */
  const isAsked = fault === "fail";

  test("is named where it does not save, and express-session asks it again only if it has answered (B075, B080)", async () => {
    const { store, visit } = await browser(save);
    store.faults.set("set", fault);
    expect((await visit()).body).toEqual({ reason });
    expect(store.asked.length > 1).toBe(isAsked);
  });

  test("is named where it does not tell, and is as one whose session is gone to whoever only asks", async () => {
    const { store, visit } = await browser((own) => {
      store.faults.set("get", fault);
      return own.reload();
    });
    expect((await visit()).body).toEqual({ reason });
    store.faults.clear();
    const other = await browser(async (own, req) => {
      other.store.faults.set("get", fault);
      return [await own.refresh(), typeof req.sessionID];
    });
    expect((await other.visit()).body).toEqual({
      told: [false, isAsked ? "string" : "undefined"],
    });
  });

  test.each(["set", "destroy"] as const)(
    "is named where %s() fails a renewal, and the old session goes on alone (R51, R52)",
    async (call) => {
      const after: unknown[] = [];
      const { store, visit } = await browser(async (own, req) => {
        const { session: old, sessionID } = req;
        store.faults.set(call, fault);
        try {
          await own.renew(STATE);
        } finally {
          after.push(req.session === old, isAsked ? req.sessionID === sessionID : req.sessionID);
          store.faults.clear();
        }
      });
      const [id = ""] = Object.keys(await store.held());
      const answer = await visit();
      expect(answer.body).toEqual({ reason });
      expect(answer.headers["set-cookie"]).toBeUndefined();
      expect(after).toEqual([true, isAsked ? true : undefined]);
      expect((await store.held())[id]).not.toHaveProperty("twoFactor");
    },
  );
});

test("a store written with async, whose get() or destroy() rejects and calls nobody back, is named at once (B075)", async () => {
  const { store, visit } = await browser(async (own) => {
    const reasons: unknown[] = [];
    const told = (error: { reason: unknown }) => reasons.push(error.reason);
    store.faults.set("get", "reject").set("destroy", "reject");
    await own.reload().catch(told);
    await own.renew(STATE).catch(told);
    store.faults.clear();
    return reasons;
  });
  expect((await visit()).body).toEqual({ told: ["session_store_error", "session_store_error"] });
});

test("a fault that boundedStore() has named keeps its name", async () => {
  hurryDeadlines();
  const inner = new FaultyStore();
  const { visit } = await browser(
    async (own) => {
      inner.faults.set("get", "hang");
      await own.reload();
    },
    { store: boundedStore(inner, 1) },
    false,
  );
  expect((await visit()).body).toEqual({ reason: "session_store_timeout" });
});

describe("a session that is read anew", () => {
  test("has what the store holds of ours, and the app's own data as this request has it", async () => {
    const { store, visit } = await browser(async (own, req) => {
      const stored: unknown = { cookie: req.session.cookie, cart: "other", twoFactor: KEPT };
      store.set(own.id, stored as SessionData);
      req.session.cart = "four pears";
      return [await own.reload(), own.read(), req.session.cart];
    });
    expect((await visit()).body).toEqual({ told: [true, STATE, "four pears"] });
  });

  test("has nothing of ours where the store holds nothing", async () => {
    const { visit } = await browser(async (own, req) => {
      own.write(STATE);
      return [await own.refresh(), Object.keys(req.session).includes("twoFactor")];
    });
    expect((await visit()).body).toEqual({ told: [true, false] });
  });

  test.each([[undefined], [null], ["a text"]])(
    "is gone where the store tells %j",
    async (value) => {
      const { store, visit } = await browser(async (own) => {
        own.write(STATE);
        jest.spyOn(store, "get").mockImplementation((_sid, done) => {
          done(null, value as never);
        });
        return [await own.reload(), own.read().marks.length];
      });
      expect((await visit()).body).toEqual({ told: [false, 1] });
    },
  );
});

describe("a session that is renewed", () => {
  test("has another id and the new state, and the store has dropped the old one and is asked once (R51)", async () => {
    const { store, visit } = await browser(async (own) => {
      const before = own.id;
      await own.renew(STATE);
      return own.id === before;
    });
    const [before = ""] = Object.keys(await store.held());
    const answer = await visit();
    expect(answer.body).toEqual({ told: false });
    expect(answer.headers["set-cookie"]).toHaveLength(1);
    expect(store.asked).toEqual(["set", "destroy"]);
    const held = await store.held();
    expect(Object.keys(held)).toHaveLength(1);
    expect(held).not.toHaveProperty(before);
    expect(Object.values(held)).toMatchObject([{ cart: "three apples", twoFactor: KEPT }]);
  });

  test.each<[string, Partial<SessionOptions>, (req: Request) => void, object]>([
    ["no life of its own", {}, () => undefined, { originalMaxAge: null, expires: null }],
    [
      "a life that the app has given it",
      { cookie: { maxAge: 60_000 } },
      (req) => (req.session.cookie.maxAge = 7_200_000),
      { originalMaxAge: 7_200_000 },
    ],
    [
      "no life, where others have one",
      { cookie: { maxAge: 60_000 } },
      (req) => (req.session.cookie.maxAge = null as never),
      { originalMaxAge: null, expires: null },
    ],
    [
      "a site and path",
      {},
      (req) =>
        Object.assign(req.session.cookie, { sameSite: "strict", path: "/", domain: "a.example" }),
      { sameSite: "strict", path: "/", domain: "a.example" },
    ],
  ])("keeps what its cookie had: %s (B015)", async (_what, options, set, cookie) => {
    fakeDate();
    const { store, visit } = await browser(async (own, req) => {
      set(req);
      await own.renew(STATE);
    }, options);
    await visit();
    expect(Object.values(await store.held())).toMatchObject([{ cookie }]);
  });

  test("carries on nothing that would change what an object is, and none of our old state", async () => {
    const { store, visit } = await browser(async (own, req) => {
      own.write({ challenges: [], marks: [MARK, { ...MARK, purpose: "pay" }] });
      Object.defineProperty(req.session, "__proto__", {
        value: { isAdmin: true },
        enumerable: true,
      });
      await own.renew({ challenges: [], marks: [] });
      return (req.session as unknown as { isAdmin?: boolean }).isAdmin ?? null;
    });
    expect((await visit()).body).toEqual({ told: null });
    expect(Object.values(await store.held()).map((each) => Object.keys(each).sort())).toEqual([
      ["cart", "cookie"],
    ]);
  });

  test("in vain leaves nothing behind under the id that nobody learns (R51)", async () => {
    const { store, visit } = await browser(async (own) => {
      store.faults.set("destroy", "fail");
      const destroy = jest.spyOn(store, "destroy");
      // What failed was the old one's end; that of the new one comes after.
      destroy.mockImplementationOnce((_sid, done) => done?.(new Error("down")));
      store.faults.clear();
      await own.renew(STATE);
    });
    const before = Object.keys(await store.held());
    expect((await visit()).body).toEqual({ reason: "session_store_error" });
    expect(Object.keys(await store.held())).toEqual(before);
  });

  test("goes on as it was where no new one can be made", async () => {
    const { store, visit } = await browser(async (own) => {
      (store as unknown as { generate: () => void }).generate = () => {
        throw new Error("no entropy");
      };
      await own.renew(STATE);
    });
    const before = Object.keys(await store.held());
    await visit();
    expect(store.asked).not.toContain("destroy");
    expect(Object.keys(await store.held())).toEqual(before);
  });
});
