/** Secrets in rotation, and several processes: what one made, the other takes, and a used code stays used. */

import type { Message } from "../../lib/index";
import { ANN, BOB, codeIn, serve, type Served } from "../fakes/app";
import { fakeDate, pass, until } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";
import session from "express-session";

describe("secrets in rotation", () => {
  const OLD = "the-old-secret-of-the-app-0123456789";
  const NEW = "the-new-secret-of-the-app-0123456789";
  const store = () => new session.MemoryStore();
  const shared = (
    secret: string | string[],
    parts: { store: session.Store; engine: DistantCounters },
  ) => serve({ session: { store: parts.store }, options: { secret, counters: parts.engine } });
  const engine = () => new DistantCounters();
  // Both apps sign their cookies with the same key, so that a client may go from one to the other.
  const goOn = (cookie: string, to: Served, path: string, body: object) =>
    to.client().post(path, body).set("Cookie", cookie);

  test("a challenge from before is checked under the secret that made it", async () => {
    const parts = { store: store(), engine: engine() };
    const before = await shared(OLD, parts);
    const after = await shared([NEW, OLD], parts);
    const client = await before.signedIn();
    await client.ask();
    const answer = await goOn(client.cookie, after, "/2fa/validate-auth", {
      code: before.lastCode(),
    });
    expect(answer.status).toBe(200);
  });

  test("a mark from before holds, and one of a secret that is out does not", async () => {
    const parts = { store: store(), engine: engine() };
    const before = await shared(OLD, parts);
    const client = await before.signedIn();
    await client.ask();
    await client.answer(before.lastCode());
    const visit = async (to: Served) =>
      (await to.client().get("/private").set("Cookie", client.cookie)).status;
    expect(await visit(await shared([NEW, OLD], parts))).toBe(200);
    expect(await visit(await shared(NEW, parts))).toBe(403);
  });

  test("a challenge of a secret that is out is dead", async () => {
    const parts = { store: store(), engine: engine() };
    const before = await shared(OLD, parts);
    const client = await before.signedIn();
    await client.ask();
    const after = await shared(NEW, parts);
    const answer = await goOn(client.cookie, after, "/2fa/validate-auth", {
      code: before.lastCode(),
    });
    expect(answer.body).toMatchObject({ code: "no_challenge" });
  });

  test("a factor that was switched off stays so", async () => {
    const parts = { store: store(), engine: engine() };
    const limits = { consecutiveFailures: 2 };
    const before = await serve({
      session: { store: parts.store },
      options: { secret: OLD, counters: parts.engine, limits },
    });
    const client = await before.signedIn();
    await client.ask();
    await client.answer("000000");
    await client.answer("000001");
    expect((await client.ask({ fresh: true })).body).toMatchObject({ code: "factor_disabled" });
    const other = await before.signedIn();
    expect((await other.ask()).body).toMatchObject({ code: "factor_disabled" });
    const after = await serve({
      session: { store: parts.store },
      options: { secret: [NEW, OLD], counters: parts.engine, limits },
    });
    const again = await goOn(other.cookie, after, "/2fa/request-auth", {});
    expect(again.body).toMatchObject({ code: "factor_disabled" });
  });

  test("whom support has switched off is refused by name, another factor of the app's too (R123)", async () => {
    const parts = { store: store(), engine: engine() };
    const before = await shared(OLD, parts);
    const client = await before.signedIn();
    await before.two.disable("ann");
    const after = await serve({
      session: { store: parts.store },
      options: { secret: [NEW, OLD], counters: parts.engine },
      before: (app, two) =>
        app.post("/passkey", (req, res, next) => {
          two.confirm(req, { amr: ["hwk"] }).then(() => res.json({}), next);
        }),
    });
    expect((await goOn(client.cookie, after, "/passkey", {})).status).toBe(403);
    expect(after.errors).toMatchObject([{ code: "factor_disabled" }]);
    await after.two.unlock("ann");
    expect((await goOn(client.cookie, after, "/passkey", {})).status).toBe(200);
  });

  test("a number that was proved before stays known where the day's last texts are for such, in a day counted anew (R33)", async () => {
    const counters = engine();
    const limits = { user: { max: 1000, window: 600 }, number: { max: 1000, window: 600 } };
    const start = (secret: string | string[]) =>
      serve({ options: { secret, counters, limits, maxPerDay: 5 } });
    const before = await start(OLD);
    const ann = await before.signedIn();
    await ann.ask();
    await ann.answer(before.lastCode());
    await before.two.close();
    const after = await start([NEW, OLD]);
    const ask = async (id: string, phone: string) =>
      (await (await after.signedIn(id, phone)).ask()).status;
    for (const status of [200, 200, 200, 200, 429]) expect(await ask("bob", BOB)).toBe(status);
    await after.two.close();
    expect(await ask("ann", ANN)).toBe(200);
  });
});

test("two processes with one session store and one counter store serve one flow (B082)", async () => {
  const store = new session.MemoryStore();
  const counters = new DistantCounters();
  const make = () => serve({ session: { store }, options: { counters } });
  const [a, b] = [await make(), await make()];
  const client = await a.signedIn();
  await client.ask();
  const answer = await b
    .client()
    .post("/2fa/validate-auth", { code: a.lastCode() })
    .set("Cookie", client.cookie);
  expect(answer.status).toBe(200);
  const [cookie = ""] = answer.headers["set-cookie"] as unknown as string[];
  expect((await a.client().get("/private").set("Cookie", cookie)).status).toBe(200);
  const twice = await a
    .client()
    .post("/2fa/validate-auth", { code: a.lastCode() })
    .set("Cookie", client.cookie);
  expect(twice.status).toBe(403);
});

test("a process that dies between saving and sending costs one wait: the next one texts the code that stands", async () => {
  fakeDate();
  const store = new session.MemoryStore();
  const engine = new DistantCounters();
  const unsent: Message[] = [];
  let end: () => void = () => undefined;
  const sender = (message: Message) => {
    unsent.push(message);
    return new Promise<void>((resolve) => (end = resolve));
  };
  const before = await serve({ session: { store }, options: { counters: engine, sender } });
  const client = await before.signedIn();
  const asking = client.copy().ask().then();
  await until(() => unsent.length > 0);
  before.server.closeAllConnections();
  await expect(asking).rejects.toThrow();

  const after = await serve({ session: { store }, options: { counters: engine } });
  const next = after.client(client.cookie);
  expect((await next.ask()).body).toMatchObject({ status: "pending", resendIn: 30 });
  expect(after.sent).toEqual([]);
  pass(30);
  expect((await next.ask()).body).toMatchObject({ status: "sent", expiresIn: 570 });
  expect(after.lastCode()).toBe(codeIn(unsent[0]));
  expect((await next.answer(after.lastCode())).status).toBe(200);
  end();
});

test("with counters in memory alone, a code dies at a restart, with the counters that bounded it", async () => {
  const store = new session.MemoryStore();
  const [before, after] = [
    await serve({ session: { store } }),
    await serve({ session: { store } }),
  ];
  const client = await before.signedIn();
  await client.ask();
  const answer = await after
    .client()
    .post("/2fa/validate-auth", { code: before.lastCode() })
    .set("Cookie", client.cookie);
  expect(answer.body).toMatchObject({ code: "no_challenge" });
});
