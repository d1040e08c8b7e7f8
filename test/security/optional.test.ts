/** A factor that not everybody needs: only the app's plain `false` lets a user pass without one, and nobody else. */

import { ANN, serve, type ServeOptions } from "../fakes/app";
import type { IsRequired } from "../../lib";
import { hurryDeadlines } from "../fakes/clock";

const serveWith = (isRequired: IsRequired, more: ServeOptions = {}) =>
  serve({ ...more, options: { isRequired, ...more.options } });

beforeEach(() => {
  jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
});

test("an isRequired that gives neither true nor false is told of once, whatever it gives", async () => {
  // The first here, for a process is told of it once.
  const warned = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const words: unknown[] = ["no", "ann", 0];
  const s = await serveWith(() => words.shift() as never);
  const client = await s.signedIn();
  for (let each = 0; each < 3; each += 1) expect(await client.visit()).toBe(403);
  const sentence = /^Expected `isRequired` to give true or false, got "no"\./;
  expect(warned.mock.calls.map(([told]) => told)).toEqual([expect.stringMatching(sentence)]);
});

test.each<[string, unknown, number]>([
  ["false", false, 200],
  ["a promise of false", Promise.resolve(false), 200],
  ["true", true, 403],
  ["a promise of true", Promise.resolve(true), 403],
  ["undefined", undefined, 403],
  ["null", null, 403],
  ["0", 0, 403],
  ["an empty text", "", 403],
  ['the text "false"', "false", 403],
  ["NaN", NaN, 403],
  ["a Boolean object of false", new Boolean(false), 403],
  ["a promise of a promise's result of nothing", Promise.resolve(), 403],
])("%s from isRequired is answered %i's way (R126)", async (_what, word, status) => {
  const s = await serveWith(() => word as boolean);
  expect(await (await s.signedIn()).visit()).toBe(status);
});

test.each<[string, () => never | Promise<never>]>([
  [
    "throws",
    () => {
      throw new Error("no connection to the table of users");
    },
  ],
  ["rejects", () => Promise.reject(new Error("no connection to the table of users"))],
])("an isRequired that %s closes with 503 (R126)", async (_how, fail) => {
  const s = await serveWith(fail);
  const client = await s.signedIn();
  expect(await client.visit()).toBe(503);
  expect(await client.visit()).toBe(503);
  expect((await client.status()).status).toBe(503);
  expect(s.events).toContainEqual(
    expect.objectContaining({ type: "guard_refused", reason: "is_required_threw" }),
  );
});

test("an isRequired that never answers closes with 503 once its time is over (R126)", async () => {
  hurryDeadlines();
  const s = await serveWith(() => new Promise<never>(() => undefined));
  expect(await (await s.signedIn()).visit()).toBe(503);
  expect(s.events.at(-1)).toMatchObject({ reason: "is_required_timeout" });
});

test("nobody signed in never passes, and isRequired is not asked about nobody (R126)", async () => {
  const asked = jest.fn(() => false);
  const s = await serveWith(asked, {
    before: (app, two) => {
      app.get("/pay", two.require2fa({ purpose: "pay", maxAge: 60 }), (_req, res) => res.json({}));
    },
    options: { purposes: ["pay"] },
  });
  const nobody = s.client();
  expect((await nobody.get("/private")).body).toMatchObject({ code: "not_signed_in" });
  expect(await nobody.visit("/pay")).toBe(403);
  expect(asked).not.toHaveBeenCalled();
});

test("who needs no factor passes every guard, also one with a purpose and an age, with or without a number", async () => {
  const s = await serveWith(() => false, {
    before: (app, two) => {
      app.get("/pay", two.require2fa({ purpose: "pay", maxAge: 60 }), (_req, res) => res.json({}));
    },
    options: { purposes: ["pay"] },
  });
  for (const phone of [ANN, null, "not a number"]) {
    const client = await s.signedIn("ann", phone);
    expect([await client.visit(), await client.visit("/pay")]).toEqual([200, 200]);
  }
  expect(s.sent).toEqual([]);
});

test("each request is asked about anew, with the user as the app knows them", async () => {
  const needing = new Set(["ann"]);
  const s = await serveWith((_req, user) => needing.has(String(user.id)));
  const [ann, joe] = [await s.signedIn("ann"), await s.signedIn("joe", "+12025550188")];
  expect([await ann.visit(), await joe.visit()]).toEqual([403, 200]);
  needing.add("joe");
  expect(await joe.visit()).toBe(403);
  await joe.signIn("ann");
  expect(await joe.visit()).toBe(403);
});

test("a session that is verified passes while isRequired fails, which is not asked then", async () => {
  let isBroken = false;
  const s = await serveWith(() => {
    if (isBroken) throw new Error("down");
    return true;
  });
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  isBroken = true;
  expect(await client.visit()).toBe(200);
});

test("status tells whether a factor is needed, and a user who needs none can ask for a code all the same", async () => {
  let isRequired = false;
  const s = await serveWith(() => isRequired);
  const client = await s.signedIn();
  const open = { verified: false, challenge: null };
  expect((await client.status()).body).toEqual({ ...open, isRequired: false });
  expect((await s.client().status()).body).toEqual({ ...open, isRequired: true });
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
  isRequired = true;
  await client.answer(s.lastCode());
  expect((await client.status()).body).toMatchObject({ verified: true, isRequired: true });
  expect(await client.visit()).toBe(200);
  const plain = await serve();
  expect((await (await plain.signedIn()).status()).body).toEqual(open);
});

test("a changed mind in another's session opens nothing: the guard asks about who is signed in now", async () => {
  const s = await serveWith((_req, { id }) => id !== "joe");
  const client = await s.signedIn("joe");
  expect(await client.visit()).toBe(200);
  await client.signIn("ann");
  expect(await client.visit()).toBe(403);
});
