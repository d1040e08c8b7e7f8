/** Races with a slow request of the same session, whose late write would carry old data back. */

import { ANN, EXPRESSES, serve, type Client, type Served } from "../fakes/app";

/** A request that has read the session, and writes it once the gate opens. */
async function startSlow(s: Served, client: Client): Promise<() => Promise<void>> {
  const { held } = s.slow;
  const answer = client.copy().post("/slow").then();
  await held;
  return async () => {
    s.slow.open();
    await answer;
  };
}

async function verify(s: Served, client: Client, fields: object = {}): Promise<void> {
  await client.ask(fields);
  expect((await client.answer(s.lastCode())).status).toBe(200);
}

describe.each(EXPRESSES)("%s", (_name, express) => {
  test("a slow request from before the right answer does not erase the mark", async () => {
    const s = await serve({ express });
    const client = await s.signedIn();
    await client.ask();
    const finish = await startSlow(s, client);
    await client.answer(s.lastCode());
    await finish();
    expect(await client.visit()).toBe(200);
  });

  test("a slow request from before the right answer brings the old session back without a mark", async () => {
    const s = await serve({ express });
    const client = await s.signedIn();
    await client.ask();
    const old = client.copy();
    const finish = await startSlow(s, client);
    await client.answer(s.lastCode());
    await finish();
    expect(await old.visit()).toBe(403);
    expect((await old.answer(s.lastCode())).status).toBe(403);
    expect(await old.visit()).toBe(403);
  });

  test("a slow request from before a further proof brings the old session back without its marks", async () => {
    const s = await serve({ express, options: { purposes: ["pay"] } });
    const client = await s.signedIn();
    await verify(s, client);
    await client.ask({ purpose: "pay" });
    const old = client.copy();
    const finish = await startSlow(s, client.copy());
    expect((await client.answer(s.lastCode())).status).toBe(200);
    await finish();
    expect([await old.visit(), await client.visit()]).toEqual([403, 200]);
    // What was carried over is dropped by log-out as before.
    const verified = client.copy();
    const finishAgain = await startSlow(s, client.copy());
    await client.post("/reset");
    await finishAgain();
    expect(await verified.visit()).toBe(403);
  });

  test("a further proof does not revive the mark that reset() dropped and a slow request brought back", async () => {
    const s = await serve({ express, options: { purposes: ["pay"] } });
    const client = await s.signedIn();
    await verify(s, client);
    const finish = await startSlow(s, client.copy());
    await client.post("/reset");
    await finish();
    for (const purpose of ["pay", "pay"]) {
      await client.ask({ purpose, fresh: true });
      expect((await client.answer(s.lastCode())).status).toBe(200);
      expect(await client.visit()).toBe(403);
    }
  });

  test("a log-out in the moment of an answer drops its mark for good, whatever is proved after", async () => {
    const s = await serve({ express, user: "from-request", options: { purposes: ["pay"] } });
    const client = s.client();
    await client.ask({ number: ANN });
    const together = client.copy();
    const code = s.lastCode();
    await Promise.all([together.answer(code), client.post("/reset")]);
    for (const each of [client, together]) {
      expect(await each.visit()).toBe(403);
      await each.ask({ number: ANN, purpose: "pay", fresh: true });
      await each.answer(s.lastCode());
      expect(await each.visit()).toBe(403);
    }
  });

  test("a slow request from before log-out does not revive the mark that reset() dropped (R60)", async () => {
    const s = await serve({ express });
    const client = await s.signedIn();
    await verify(s, client);
    const verified = client.copy();
    const finish = await startSlow(s, client);
    await client.post("/reset");
    expect(await client.visit()).toBe(403);
    await finish();
    expect(await client.visit()).toBe(403);
    expect(await verified.visit()).toBe(403);
    expect((await verified.status()).body).toMatchObject({ verified: false });
  });

  test("a slow request from before log-out does not revive the session that log-out destroyed", async () => {
    const s = await serve({
      express,
      before: (app, two) => {
        app.post("/log-out", (req, res, next) => {
          void two.reset(req);
          req.session.destroy((error) => {
            if (error) next(error);
            else res.json({});
          });
        });
      },
    });
    const client = await s.signedIn();
    await verify(s, client);
    const verified = client.copy();
    const finish = await startSlow(s, client);
    await client.post("/log-out");
    await finish();
    expect(await verified.visit()).toBe(403);
  });
});

test("a slow request from before log-out does not revive the challenge either (R60)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  const finish = await startSlow(s, client);
  await client.post("/reset");
  await finish();
  expect((await client.answer(s.lastCode())).status).toBe(403);
  expect(await client.visit()).toBe(403);
});

test("a slow request that began after the right answer keeps the mark", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await verify(s, client);
  const finish = await startSlow(s, client);
  await finish();
  expect(await client.visit()).toBe(200);
});

test("log-out drops the marks of earlier session ids too, which a slow request may have revived", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await verify(s, client);
  const first = client.copy();
  const finish = await startSlow(s, client);
  await verify(s, client, { fresh: true });
  await finish();
  await client.post("/reset");
  expect(await client.visit()).toBe(403);
  expect(await first.visit()).toBe(403);
});

test("a step-up leaves nothing verified under the session id from before it (B014, R51)", async () => {
  const s = await serve({ options: { purposes: ["transfer"] } });
  const client = await s.signedIn();
  await verify(s, client);
  const before = client.copy();
  await verify(s, client, { purpose: "transfer" });
  expect(await client.visit()).toBe(200);
  expect(await before.visit()).toBe(403);
});

test("reset() twice, or in a session without a mark, is no fault", async () => {
  const s = await serve();
  const client = await s.signedIn();
  expect((await client.post("/reset")).status).toBe(200);
  await verify(s, client);
  expect((await client.post("/reset")).status).toBe(200);
  expect((await client.post("/reset")).status).toBe(200);
  expect((await client.get("/own")).body).toMatchObject({ cart: "three apples" });
});

test("after log-out by reset() the next log-in is asked again, and gets a new text (B073)", async () => {
  const s = await serve({ options: { limits: { cooldown: 1 } } });
  const client = await s.signedIn();
  await verify(s, client);
  await client.post("/reset");
  await client.post("/sign-out-first-factor-only");
  await client.signIn("ann");
  expect(await client.visit()).toBe(403);
  expect((await client.ask()).body).toMatchObject({ status: "sent" });
  expect(s.sent).toHaveLength(2);
  expect((await client.answer(s.lastCode())).status).toBe(200);
});
