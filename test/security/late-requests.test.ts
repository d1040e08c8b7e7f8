/** Requests that are under way while something else happens: none brings back what has ended. */

import session from "express-session";
import { ANN, serve, type Client, type Served } from "../fakes/app";
import { until } from "../fakes/clock";
import { SlowStore } from "../fakes/stores";
import { formIn, land, submit } from "../pages/visitor";

/** Holds what it is asked to, until it is let go. */
function holding<T>(value: T) {
  let letGo: () => void = () => undefined;
  let noteHeld: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    noteHeld = resolve;
  });
  const act = () =>
    new Promise<T>((resolve) => {
      letGo = () => {
        resolve(value);
      };
      noteHeld();
    });
  return {
    act,
    held,
    letGo: () => {
      letGo();
    },
  };
}

/** An app whose log-out drops the proof and destroys the session. */
async function withLogOut(given: Parameters<typeof serve>[0] = {}): Promise<Served> {
  return serve({
    ...given,
    before: (app, two) => {
      app.post("/log-out", (req, res, next) => {
        two.reset(req).then(() => {
          req.session.destroy(() => res.json({}));
        }, next);
      });
    },
  });
}

test("a request for a code that beforeSend holds brings no session back after log-out (R60)", async () => {
  const hold = holding(true);
  const s = await withLogOut({ options: { beforeSend: hold.act } });
  const client = await s.signedIn();
  const old = client.copy();
  const asked = client.copy().ask();
  const answer = asked.then((response) => response);
  await hold.held;
  await client.post("/log-out");
  hold.letGo();
  expect((await answer).status).toBe(503);
  expect(s.sent).toHaveLength(0);
  expect((await old.get("/own")).body).not.toHaveProperty("user");
});

test("a request for a code that beforeSend holds brings no old session id back after an answer (R51)", async () => {
  const hold = holding(true);
  let isHolding = false;
  const beforeSend = () => (isHolding ? hold.act() : true);
  const s = await serve({ options: { beforeSend, limits: { cooldown: 1 }, purposes: ["pay"] } });
  const client = await s.signedIn();
  await client.ask();
  const old = client.copy();
  isHolding = true;
  const answer = client
    .copy()
    .ask({ purpose: "pay" })
    .then((response) => response);
  await hold.held;
  expect((await client.answer(s.lastCode())).status).toBe(200);
  hold.letGo();
  expect((await answer).status).toBe(503);
  expect((await old.get("/own")).body).not.toHaveProperty("user");
});

test("log-out while a code is being checked leaves nobody verified", async () => {
  const store = new SlowStore(25);
  const s = await withLogOut({ session: { store } });
  const client = await s.signedIn();
  await client.ask();
  const loser = client.copy();
  const [answer] = await Promise.all([loser.answer(s.lastCode()), client.copy().post("/log-out")]);
  // Whoever was first: a session that the answer may have made is not verified, for it was logged out of.
  if (answer.status === 200) expect(await loser.visit()).toBe(403);
  expect(await client.visit()).toBe(403);
});

test("a text that is refused late leaves a newer challenge alone", async () => {
  let failLate: () => void = () => undefined;
  const texts: string[] = [];
  const s = await serve({
    options: {
      purposes: ["pay"],
      sender: ({ text }) => {
        texts.push(text);
        if (texts.length > 1) return undefined;
        return new Promise((_resolve, reject) => {
          failLate = () => {
            reject(new Error("refused"));
          };
        });
      },
    },
    session: { store: new session.MemoryStore() },
  });
  const client = await s.signedIn("ann", ANN);
  const first = client
    .copy()
    .ask()
    .then((response) => response);
  await until(() => texts.length > 0);
  expect((await client.ask({ purpose: "pay" })).body).toMatchObject({ status: "sent" });
  failLate();
  expect((await first).status).toBe(502);
  const code = /^\d+/.exec(texts[1] ?? "")?.[0] ?? "";
  expect((await client.answer(code)).status).toBe(200);
});

test("a user() that never answers holds no request for ever, and lets none pass", async () => {
  const timer = globalThis.setTimeout;
  const hurried = (act: (...given: unknown[]) => void, ms = 0, ...rest: unknown[]) =>
    timer(act, ms === 5000 ? 20 : ms, ...rest);
  jest.spyOn(globalThis, "setTimeout").mockImplementation(hurried as typeof setTimeout);
  const s = await serve({ user: () => new Promise(() => undefined) });
  const client = s.client();
  expect(await client.visit()).toBe(503);
  expect((await client.ask()).status).toBe(503);
  expect((await client.answer("123456")).status).toBe(503);
});

describe("where the session is rolling, a second click on the right code", () => {
  test.each([false, true])(
    "sets no cookie of the dead session again (pages: %s)",
    async (pages) => {
      const s = await serve({ options: { pages }, session: { rolling: true } });
      const ann = await s.signedIn();
      await ann.ask();
      const code = s.lastCode();
      const form = pages ? formIn(await land(ann, "/2fa/"), "code") : undefined;
      const click = (client: Client) =>
        form ? submit(client, form, { auth_code: code }) : client.answer(code).then();
      const old = ann.cookie;
      const clicks = await Promise.all([ann.copy(), ann.copy()].map(click));
      const cookies = clicks.map(({ headers }) => headers["set-cookie"] ?? "");
      expect(cookies.filter((cookie) => cookie !== "")).toHaveLength(1);
      expect(cookies.join()).not.toContain(old);
      expect(clicks.every(({ status }) => status < 500)).toBe(true);
    },
  );
});
