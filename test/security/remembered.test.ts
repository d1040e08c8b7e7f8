/** Attacks on remembered browsers: what is stolen, replayed, planted, raced or worn out lets nobody in (R61). */

import type { ServerResponse } from "node:http";
import { memoryRecords, type BrowserStore, type RememberedBrowser, type Rotation } from "../../lib";
import { ANN, BOB, serve, wrongCodes, type Served } from "../fakes/app";
import { fakeDate, hurryDeadlines, pass } from "../fakes/clock";
import {
  again,
  cookieOf,
  count,
  remember,
  serveRemembering,
  signedInWith,
} from "../remembered/kit";

const DAY = 86_400;
const TEN_MINUTES = 600;
const GRACE = 120;

// As an upgrade of a WebSocket is guarded.
const NO_ANSWER = JSON.parse("{}") as ServerResponse;

/** A store that notes what is changed; reads wait until so many are there at once, where that is set. */
function watched(store: BrowserStore = memoryRecords()) {
  const parallel = { reads: 1 };
  const waiting: (() => void)[] = [];
  const rotations: Rotation[] = [];
  const browsers: RememberedBrowser[] = [];
  const watching: BrowserStore = {
    add: (browser) => {
      browsers.push(browser);
      return store.add(browser);
    },
    find: async (userId, id) => {
      const browser = await store.find(userId, id);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length >= parallel.reads) for (const go of waiting.splice(0)) go();
      });
      return browser;
    },
    touch: async (userId, id, change) => {
      const isDone = await store.touch(userId, id, change);
      if (isDone && change.to !== change.from) rotations.push(change);
      return isDone;
    },
    remove: (userId, id) => store.remove(userId, id),
    removeAll: (userId) => store.removeAll(userId),
    list: (userId) => store.list(userId),
  };
  return { store: watching, rotations, browsers, parallel };
}

describe("a stolen cookie", () => {
  test("that is replayed once it was rotated ends the remembering, for its thief and its owner (R61)", async () => {
    fakeDate();
    const s = await serveRemembering();
    const owner = await again(s, await remember(s));
    const thief = await again(s, owner);
    pass(TEN_MINUTES);
    await owner.visit("/easy");
    await owner.visit("/easy");
    pass(GRACE);
    // To be told of it is no use of it.
    expect((await thief.status()).body).toMatchObject({ remembered: false });
    expect(count(s, "browser_stolen")).toBe(0);
    expect(await thief.visit("/easy")).toBe(403);
    expect(await owner.visit("/easy")).toBe(403);
    expect(s.events.filter(({ type }) => type === "browser_stolen")).toEqual([
      expect.objectContaining({ subject: "ann", owasp: "authn_token_reuse", ip: "127.0.0.1" }),
    ]);
    expect(await s.two.remembered("ann")).toEqual([]);
  });

  test("that its thief has rotated gives itself away when its owner comes back", async () => {
    fakeDate();
    const s = await serveRemembering();
    const owner = await again(s, await remember(s));
    const thief = await again(s, owner);
    pass(TEN_MINUTES);
    await thief.visit("/easy");
    await thief.visit("/easy");
    pass(GRACE);
    expect(await owner.visit("/easy")).toBe(403);
    expect(await thief.visit("/easy")).toBe(403);
    expect(count(s, "browser_stolen")).toBe(1);
  });

  test("that its thief rotates before the owner's new one is seen gives itself away too", async () => {
    fakeDate();
    const s = await serveRemembering();
    const owner = await again(s, await remember(s));
    const thief = await again(s, owner);
    pass(TEN_MINUTES);
    await owner.visit("/easy");
    pass(TEN_MINUTES);
    expect(await thief.visit("/easy")).toBe(200);
    expect(await owner.visit("/easy")).toBe(403);
    expect(await thief.visit("/easy")).toBe(403);
    expect(count(s, "browser_stolen")).toBe(1);
  });

  test("is worth nothing without the password: it signs nobody in (R61)", async () => {
    const s = await serveRemembering();
    const thief = s.client(cookieOf(await remember(s)));
    const answered = await thief.get("/easy");
    expect([answered.status, answered.body]).toEqual([
      403,
      expect.objectContaining({ code: "not_signed_in" }),
    ]);
    expect((await thief.ask()).status).toBe(403);
  });

  test("with another token in it is no guess at the right one: it ends the remembering", async () => {
    const s = await serveRemembering();
    const client = await remember(s);
    const [name = "", id = ""] = cookieOf(client).split(/[=.]/);
    const guess = await signedInWith(s, `${name}=${id}.${"A".repeat(43)}`);
    expect(await guess.visit("/easy")).toBe(403);
    expect(await (await again(s, client)).visit("/easy")).toBe(403);
  });
});

describe("rotation", () => {
  test("is one for twenty parallel requests, and refuses none of them", async () => {
    fakeDate();
    const { store, rotations, parallel } = watched();
    const s = await serveRemembering({ store });
    let client = await again(s, await remember(s));
    for (let round = 1; round <= 3; round += 1) {
      pass(TEN_MINUTES);
      const tabs = Array.from({ length: 20 }, () => client.copy());
      parallel.reads = tabs.length;
      const answers = await Promise.all(tabs.map((tab) => tab.get("/easy")));
      parallel.reads = 1;
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
      expect(rotations).toHaveLength(round);
      const renewed = answers.flatMap(({ headers }) => headers["set-cookie"] ?? []);
      expect(renewed).toHaveLength(1);
      const [taken = ""] = String(renewed[0]).split(";");
      client = await signedInWith(s, taken);
      expect(await client.visit("/easy")).toBe(200);
    }
    expect(count(s, "browser_stolen")).toBe(0);
  });

  test("whose answers are all lost keeps the old token good", async () => {
    fakeDate();
    const { store, rotations } = watched();
    const s = await serveRemembering({ store });
    const cookie = cookieOf(await remember(s));
    for (let round = 1; round <= 4; round += 1) {
      pass(TEN_MINUTES);
      expect(await (await signedInWith(s, cookie)).visit("/easy")).toBe(200);
      expect(rotations).toHaveLength(round);
    }
    expect(count(s, "browser_stolen")).toBe(0);
  });

  test("does not come with each request, and does not prolong anything", async () => {
    fakeDate();
    const { store, rotations } = watched();
    const s = await serveRemembering({ store, maxAge: 3600 });
    const client = await again(s, await remember(s));
    const [{ expiresAt } = {}] = await s.two.remembered("ann");
    const lives: string[] = [];
    for (let minute = 1; minute < 60; minute += 1) {
      pass(60);
      const answer = await client.get("/easy");
      expect(answer.status).toBe(200);
      for (const cookie of (answer.headers["set-cookie"] ?? []) as unknown as string[]) {
        lives.push(/Max-Age=(\d+)/.exec(cookie)?.[1] ?? "");
      }
    }
    expect(rotations).toHaveLength(5);
    expect(lives).toEqual(["3000", "2340", "1680", "1020", "360"]);
    expect((await s.two.remembered("ann"))[0]?.expiresAt).toBe(expiresAt);
    pass(60);
    expect(await client.visit("/easy")).toBe(403);
    expect(count(s, "browser_stolen")).toBe(0);
  });

  test("is left out where an answer has begun, and where there is none", async () => {
    fakeDate();
    const { store, rotations } = watched();
    const s = await serveRemembering({
      store,
      before: (app, two) => {
        const guard = two.require2fa({ remembered: true });
        app.get("/begun", (req, res) => {
          res.writeHead(200);
          guard(req, res, () => undefined);
          setImmediate(() => res.end());
        });
        app.get("/upgrade", (req, res, next) => {
          guard(req, NO_ANSWER, (error) => {
            if (error !== undefined) next(error);
            else res.json({ passed: true });
          });
        });
      },
    });
    const client = await again(s, await remember(s));
    pass(TEN_MINUTES);
    expect((await client.get("/begun")).status).toBe(200);
    expect((await client.get("/upgrade")).body).toEqual({ passed: true });
    expect(rotations).toEqual([]);
    expect(await client.visit("/easy")).toBe(200);
    expect(rotations).toHaveLength(1);
  });

  test("survives an app that writes its own cookies over ours", async () => {
    fakeDate();
    const s = await serveRemembering({
      before: (app, two) =>
        app.get("/rude", two.require2fa({ remembered: true }), (_req, res) => {
          res.setHeader("Set-Cookie", "own=1");
          res.json({});
        }),
    });
    const client = await again(s, await remember(s));
    for (let round = 0; round < 3; round += 1) {
      pass(TEN_MINUTES);
      expect(await client.visit("/rude")).toBe(200);
    }
    expect(await client.visit("/easy")).toBe(200);
  });
});

describe("a cookie of somebody else's", () => {
  test("lets another user in nowhere, and takes nothing from its owner", async () => {
    const s = await serveRemembering();
    const client = await remember(s);
    const cookie = cookieOf(client);
    const eve = await signedInWith(s, cookie, "eve", BOB);
    expect(await eve.visit("/easy")).toBe(403);
    // Under the name that her own would have.
    const own = cookieOf(await remember(s, "eve", BOB));
    const [name = ""] = own.split("=");
    const renamed = await signedInWith(s, `${name}=${cookie.replace(/^.*?=/, "")}`, "eve", BOB);
    expect(await renamed.visit("/easy")).toBe(403);
    // With the same number on record.
    const double = await signedInWith(s, cookie, "eve", ANN);
    expect(await double.visit("/easy")).toBe(403);
    expect(await (await again(s, client)).visit("/easy")).toBe(200);
    expect(count(s, "browser_stolen")).toBe(0);
  });

  test.each([
    ["another app's secret", { secret: "f0e1d2c3b4a5968778695a4b3c2d1e0f" }],
    ["another namespace", { namespace: "other" }],
    ["another name", { appName: "Other" }],
  ])("under %s, in the same store, is unknown", async (_what, options) => {
    const store = memoryRecords();
    const s = await serveRemembering({ store });
    const cookie = cookieOf(await remember(s));
    const other = await serveRemembering({ store, options });
    const theirs = cookieOf(await remember(other));
    expect(theirs.split("=", 1)).not.toEqual(cookie.split("=", 1));
    expect(await (await signedInWith(other, cookie)).visit("/easy")).toBe(403);
    const [name = ""] = theirs.split("=");
    const renamed = await signedInWith(other, `${name}=${cookie.replace(/^.*?=/, "")}`);
    expect(await renamed.visit("/easy")).toBe(403);
    expect(await (await signedInWith(s, cookie)).visit("/easy")).toBe(200);
  });
});

test("a session that was planted in a browser gains nothing by its cookie", async () => {
  const s = await serveRemembering();
  const victim = await remember(s);
  // The attacker's own log-in, in the victim's browser.
  const planted = await again(s, victim, "eve", BOB);
  expect(await planted.visit("/easy")).toBe(403);
  // The victim logs in within a session whose id the attacker knows, and is let in by the cookie.
  const fixed = s.client();
  await fixed.signIn("nobody", BOB);
  const attacker = fixed.copy();
  await fixed.signIn("ann", ANN);
  const both = await fixed.get("/easy").set("Cookie", `${fixed.cookie}; ${cookieOf(victim)}`);
  expect(both.status).toBe(200);
  expect(await attacker.visit("/easy")).toBe(403);
});

describe("a number that has changed", () => {
  test("voids every remembered browser, from the next request on (R61)", async () => {
    const s = await serveRemembering();
    const client = await remember(s);
    expect(await (await again(s, client, "ann", BOB)).visit("/easy")).toBe(403);
    expect((await (await again(s, client, "ann", BOB)).status()).body).toMatchObject({
      remembered: false,
    });
    const none = s.client(cookieOf(client));
    await none.signIn("ann", null);
    expect(await none.visit("/easy")).toBe(403);
  });

  test("and changes back revives none, once a browser is remembered with the new one", async () => {
    const s = await serveRemembering();
    const client = await remember(s);
    await remember(s, "ann", BOB);
    expect(await s.two.remembered("ann")).toHaveLength(1);
    expect(await (await again(s, client)).visit("/easy")).toBe(403);
  });
});

describe("time", () => {
  test("ends it thirty days after the code, to the second (R61)", async () => {
    fakeDate();
    const s = await serveRemembering();
    const client = await remember(s);
    pass(30 * DAY - 1);
    expect(await (await again(s, client)).visit("/easy")).toBe(200);
    pass(1);
    expect(await (await again(s, client)).visit("/easy")).toBe(403);
    expect(await s.two.remembered("ann")).toEqual([]);
    expect(count(s, "browser_stolen")).toBe(0);
  });

  test("that is made shorter is so for those that are remembered already", async () => {
    fakeDate();
    const store = memoryRecords();
    const cookie = cookieOf(await remember(await serveRemembering({ store })));
    const shorter = await serveRemembering({ store, maxAge: DAY });
    pass(DAY - 1);
    expect(await (await signedInWith(shorter, cookie)).visit("/easy")).toBe(200);
    pass(1);
    expect(await (await signedInWith(shorter, cookie)).visit("/easy")).toBe(403);
  });
});

describe("a secret that is rotated", () => {
  const NEW = "f0e1d2c3b4a5968778695a4b3c2d1e0f";
  const OLD = "0123456789abcdef0123456789abcdef0123456789abcdef";

  test("keeps browsers remembered, listed and forgettable while the old one is named", async () => {
    fakeDate();
    const store = memoryRecords();
    const cookie = cookieOf(await remember(await serveRemembering({ store })));
    const both = await serveRemembering({ store, options: { secret: [NEW, OLD] } });
    pass(TEN_MINUTES);
    const client = await signedInWith(both, cookie);
    expect(await client.visit("/easy")).toBe(200);
    expect(await client.visit("/easy")).toBe(200);
    expect((await both.two.remembered("ann")).length).toBe(1);
    const gone = await serveRemembering({ store, options: { secret: NEW } });
    expect(await (await again(gone, client)).visit("/easy")).toBe(403);
    expect(await both.two.forget("ann")).toBe(true);
    expect(await client.visit("/easy")).toBe(403);
  });
});

describe("the answer", () => {
  test.each([true, "on"])("that is wrong remembers nothing (%j)", async (value) => {
    const { store, browsers } = watched();
    const s = await serveRemembering({ store });
    const client = await s.signedIn();
    await client.ask();
    for (const code of wrongCodes(s.lastCode(), 2)) {
      expect((await client.answer(code, { remember: value })).status).toBe(403);
    }
    expect([browsers, client.cookie.includes("__Host-")]).toEqual([[], false]);
  });

  test("that is for a purpose remembers nothing: its code was asked for that alone", async () => {
    const { store, browsers } = watched();
    const s = await serveRemembering({ store });
    const client = await s.signedIn();
    await client.ask({ purpose: "pay" });
    const answered = await client.answer(s.lastCode(), { remember: true });
    expect([answered.status, answered.body]).toEqual([
      200,
      expect.objectContaining({ remembered: false }),
    ]);
    expect([browsers, client.cookie.includes("__Host-")]).toEqual([[], false]);
  });

  test("that another site makes a browser send remembers nothing", async () => {
    const { store, browsers } = watched();
    const s = await serveRemembering({ store });
    const client = await s.signedIn();
    await client.ask();
    const answered = await client
      .answer(s.lastCode(), { remember: true })
      .set("Sec-Fetch-Site", "cross-site");
    expect([answered.status, browsers]).toEqual([403, []]);
  });

  test("that is given twenty times at once has one browser remembered", async () => {
    const { store, browsers } = watched();
    const s = await serveRemembering({ store });
    const client = await s.signedIn();
    await client.ask();
    const code = s.lastCode();
    const tabs = Array.from({ length: 20 }, () => client.copy());
    const all = await Promise.all(tabs.map((tab) => tab.answer(code, { remember: true })));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(browsers).toHaveLength(1);
  });
});

test("what is revoked in one process is so at once in every other (R61)", async () => {
  const store = memoryRecords();
  const [one, other] = [await serveRemembering({ store }), await serveRemembering({ store })];
  const client = await remember(one);
  const there = await again(other, client);
  expect(await there.visit("/easy")).toBe(200);
  await one.two.forget("ann");
  expect(await there.visit("/easy")).toBe(403);
});

test("a store that is read tells no user, number or token (R61)", async () => {
  const { store, browsers } = watched();
  const s = await serveRemembering({ store });
  const client = await remember(s);
  const kept = JSON.stringify(browsers);
  const [, token = ""] = /\.(.*)$/.exec(cookieOf(client)) ?? [];
  for (const secret of [token, ANN, ANN.slice(2), '"ann"']) expect(kept).not.toContain(secret);
  // What stands in the store is no cookie.
  const { id, digest } = browsers[0] as RememberedBrowser;
  const [name = ""] = cookieOf(client).split("=");
  expect(await (await signedInWith(s, `${name}=${id}.${digest}`)).visit("/easy")).toBe(403);
});

describe("a store in bad times", () => {
  const ANSWERS: [string, (userId?: string, id?: string) => unknown][] = [
    [
      "throws",
      () => {
        throw new Error("store down +12025550123");
      },
    ],
    ["rejects", () => Promise.reject(new Error("store down +12025550123"))],
    ["hangs", () => new Promise(() => undefined)],
    ["answers true", () => true],
    ["answers a list", () => []],
    ["answers a record without a digest", (userId, id) => ({ userId, id })],
  ];

  test.each(ANSWERS)("that %s lets nobody in, and tells nothing", async (_how, answer) => {
    const inner = memoryRecords();
    let isDown = false;
    const find: BrowserStore["find"] = (userId, id) =>
      isDown ? (answer(userId, id) as undefined) : inner.find(userId, id);
    const s = await serveRemembering({ store: { ...watched(inner).store, find } });
    const client = await again(s, await remember(s));
    isDown = true;
    hurryDeadlines();
    const answered = await client.get("/easy");
    expect([answered.status, answered.body]).toEqual([
      503,
      expect.objectContaining({ code: "unavailable" }),
    ]);
    expect(answered.headers["retry-after"]).toMatch(/^\d+$/);
    expect((await client.status()).status).toBe(503);
    expect(JSON.stringify([answered.body, s.events])).not.toMatch(/2025550123|store down/);
    // A proof needs no such store.
    await client.ask();
    await client.answer(s.lastCode());
    expect(await client.visit("/easy")).toBe(200);
  });

  test.each(ANSWERS.slice(0, 3))(
    "that %s keeps nobody out whose code is right, and remembers nothing",
    async (_how, answer) => {
      const add = () => answer();
      const s = await serveRemembering({ store: { ...watched().store, add } });
      hurryDeadlines();
      const client = await s.signedIn();
      await client.ask();
      const answered = await client.answer(s.lastCode(), { remember: true });
      expect([answered.status, answered.body]).toEqual([
        200,
        expect.objectContaining({ remembered: false }),
      ]);
      expect(client.cookie).not.toContain("__Host-");
      expect(s.events).toContainEqual(
        expect.objectContaining({ type: "remember_failed", subject: "ann" }),
      );
      expect(await client.visit("/private")).toBe(200);
    },
  );

  test.each(ANSWERS.slice(0, 4))(
    "that %s makes lists and forgetting reject, as nothing is sure then",
    async (_how, answer) => {
      const store = { ...watched().store, list: answer, remove: answer, removeAll: answer };
      if (_how === "answers true") store.remove = store.removeAll = () => "yes";
      const s = await serveRemembering({ store: store as BrowserStore });
      hurryDeadlines();
      const unavailable = expect.objectContaining({ code: "unavailable" }) as Error;
      await expect(s.two.remembered("ann")).rejects.toEqual(unavailable);
      await expect(s.two.forget("ann")).rejects.toEqual(unavailable);
      await expect(s.two.forget("ann", "x")).rejects.toEqual(unavailable);
    },
  );

  test("that can't remove a stolen one refuses it all the same", async () => {
    fakeDate();
    const remove = () => Promise.reject(new Error("down"));
    const s = await serveRemembering({ store: { ...watched().store, remove } });
    const owner = await again(s, await remember(s));
    const thief = await again(s, owner);
    pass(TEN_MINUTES);
    await owner.visit("/easy");
    await owner.visit("/easy");
    pass(GRACE);
    expect(await thief.visit("/easy")).toBe(503);
    expect(await owner.visit("/easy")).toBe(200);
  });
});

test.each([
  ["very long", "x".repeat(8000)],
  ["twice there", "@; @"],
  ["of another shape", "x.y"],
  ["of an object's own names", "__proto__"],
])("a cookie that is %s is passed over", async (_what, value) => {
  const { store } = watched();
  const s = await serveRemembering({ store });
  const cookie = cookieOf(await remember(s));
  const [name = "", good = ""] = cookie.split("=");
  const header = `${name}=${value}`.replaceAll("@", good).replace("; ", `; ${name}=`);
  const client = await s.signedIn();
  const { status } = await client.get("/easy").set("Cookie", `${client.cookie}; ${header}`);
  expect(status).toBe(403);
  expect(await (await signedInWith(s, cookie)).visit("/easy")).toBe(200);
});

test("a guard that takes no remembered browser never asks the store", async () => {
  const find = jest.fn(() => undefined);
  const s: Served = await serveRemembering({ store: { ...watched().store, find } });
  const client = await again(s, await remember(s));
  for (const path of ["/private", "/fresh", "/pay"]) await client.visit(path);
  expect(find).not.toHaveBeenCalled();
});

test("a code that came by call remembers as one by text, and a proof of the app's own does not", async () => {
  const s = await serveRemembering({
    options: { channels: ["sms", "call"] },
    before: (app, two) =>
      app.post("/passkey", (req, res, next) => {
        two.confirm(req, { amr: ["hwk"] }).then((proof) => res.json(proof), next);
      }),
  });
  const client = await s.signedIn();
  await client.post("/passkey", { remember: true });
  expect([await client.visit(), client.cookie.includes("__Host-")]).toEqual([200, false]);
  await client.ask({ channel: "call", fresh: true });
  const answered = await client.answer(s.lastCode(), { remember: true });
  expect(answered.body).toMatchObject({ amr: ["tel"], remembered: true });
  expect(await (await again(s, client)).visit("/easy")).toBe(200);
});

test("with numbers in place of users there is nothing to remember", async () => {
  const options = { remember: { store: memoryRecords() } };
  await expect(serve({ user: "from-request", options })).rejects.toThrow(
    /^Expected `remember` to be absent with `user: "from-request"`/,
  );
});
