/** Attacks with a code or a mark that belongs elsewhere: each is bound to what it was made for. */

import { ANN, BOB, EXPRESSES, serve, type Client, type Served } from "../fakes/app";
import { fakeDate, pass } from "../fakes/clock";
import { dump, FaultyStore } from "../fakes/stores";
import type { SessionData } from "express-session";

async function verify(s: Served, client: Client, fields: object = {}): Promise<void> {
  await client.ask(fields);
  const { status } = await client.answer(s.lastCode());
  expect(status).toBe(200);
}

describe.each(EXPRESSES)("%s", (_name, express) => {
  test("the session id from before the second factor is dead, and a new one was issued (B014, R51)", async () => {
    const store = new FaultyStore();
    const s = await serve({ express, session: { store } });
    const client = await s.signedIn();
    const planted = client.copy();
    await verify(s, client);
    expect(client.cookie).not.toBe(planted.cookie);
    expect(await client.visit()).toBe(200);
    expect(await planted.visit()).toBe(403);
    expect((await planted.answer(s.lastCode())).status).toBe(403);
    expect(Object.keys(JSON.parse(await dump(store)) as object)).toHaveLength(1);
  });

  test("another user in the same session is not verified by the mark of the first (B072, R53)", async () => {
    const s = await serve({ express });
    const client = await s.signedIn("bob", BOB);
    await verify(s, client);
    await client.post("/sign-out-first-factor-only");
    expect(await client.visit()).toBe(403);
    await client.signIn("joe", BOB);
    expect(await client.visit()).toBe(403);
    expect((await client.status()).body).toMatchObject({ verified: false });
  });
});

test("a used code is refused in the same session's older copy and in any other session (B059, R5)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  const code = s.lastCode();
  const older = client.copy();
  await client.answer(code);
  expect((await older.answer(code)).status).toBe(403);
  const other = await s.signedIn();
  expect((await other.answer(code)).status).toBe(403);
  await other.ask();
  expect(s.lastCode()).not.toBe(code);
  expect((await other.answer(code)).body).toMatchObject({ code: "wrong_code" });
  expect(await other.visit()).toBe(403);
});

test("a used code is refused even when its challenge comes back from an older session (R5)", async () => {
  const store = new FaultyStore();
  const s = await serve({ session: { store } });
  const client = await s.signedIn();
  await client.ask();
  const older = client.copy();
  const before = await dump(store);
  await client.answer(s.lastCode());
  for (const [sid, data] of Object.entries(JSON.parse(before) as Record<string, SessionData>)) {
    store.set(sid, data);
  }
  expect((await older.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });
  expect(await older.visit()).toBe(403);
});

test("a code is refused without the cookie of the session that asked, and is not used up by it (B026, R8)", async () => {
  const s = await serve({ user: "from-request" });
  const client = s.client();
  await client.ask({ number: ANN });
  const stray = await s.client().answer(s.lastCode(), { number: ANN });
  expect(stray.status).toBe(403);
  expect(stray.body).toMatchObject({ code: "no_challenge" });
  expect((await client.answer(s.lastCode(), { number: ANN })).status).toBe(200);
});

test("a changed number voids the code and the mark at the next request (R8, R59, B079)", async () => {
  fakeDate();
  const s = await serve();
  const client = await s.signedIn("ann", ANN);
  await client.ask();
  await client.signIn("ann", BOB);
  expect((await client.answer(s.lastCode())).body).toMatchObject({ code: "no_challenge" });

  pass(30);
  await client.ask();
  await client.answer(s.lastCode());
  expect(await client.visit()).toBe(200);
  await client.signIn("ann", ANN);
  expect(await client.visit()).toBe(403);
});

test("a code dies with another user, even one with the same number (R8, R31)", async () => {
  const s = await serve();
  const client = await s.signedIn("ann", ANN);
  await client.ask();
  const code = s.lastCode();
  await client.signIn("joe", ANN);
  expect((await client.answer(code)).status).toBe(403);
  await client.ask();
  expect((await client.answer(code)).body).toMatchObject({ code: "wrong_code" });
  expect((await client.answer(s.lastCode())).status).toBe(200);
});

test("an attacker's own code opens nothing together with a victim's number (B058)", async () => {
  const s = await serve({ user: "from-request" });
  const attacker = s.client();
  await attacker.ask({ number: BOB });
  const own = s.lastCode();
  expect((await attacker.answer(own, { number: ANN })).body).toMatchObject({ code: "wrong_code" });
  expect(await attacker.visit()).toBe(403);

  await attacker.ask({ number: ANN });
  expect((await attacker.answer(own, { number: ANN })).body).toMatchObject({ code: "wrong_code" });
  expect((await attacker.answer(own, { number: BOB })).body).toMatchObject({ code: "wrong_code" });
  expect(await attacker.visit()).toBe(403);
});

test("a signed-in attacker can't have a victim's code sent to his own number (R25)", async () => {
  const s = await serve();
  const client = await s.signedIn("ann", ANN);
  const asked = await client.ask({ number: BOB });
  expect(asked.status).toBe(403);
  expect(asked.body).toMatchObject({ code: "number_mismatch" });
  expect(s.sent).toEqual([]);
  await client.ask();
  const answer = await client.answer(s.lastCode(), { number: BOB });
  expect(answer.body).toMatchObject({ code: "wrong_code" });
  expect(await client.visit()).toBe(403);
});

test("the number that was proved is told until another has been, whatever was asked for since (B079)", async () => {
  const s = await serve({ user: "from-request" });
  const client = s.client();
  await client.ask({ number: ANN });
  await client.answer(s.lastCode());
  await client.ask({ number: BOB });
  const told = await client.get("/verification");
  expect(told.body).toMatchObject({ verification: { phone: ANN, subject: ANN } });
  await client.answer(s.lastCode());
  expect((await client.get("/verification")).body).toMatchObject({ verification: { phone: BOB } });
});

test("two users who share a phone both get in (R31)", async () => {
  const s = await serve();
  const ann = await s.signedIn("ann", ANN);
  const joe = await s.signedIn("joe", ANN);
  await verify(s, ann);
  await verify(s, joe);
  expect([await ann.visit(), await joe.visit()]).toEqual([200, 200]);
});

test("skipping the second factor and going on as if it had passed opens nothing (B099)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  expect(await client.visit()).toBe(403);
  await client.ask();
  await client.answer("000000");
  expect(await client.visit()).toBe(403);
  expect((await client.status()).body).toMatchObject({ verified: false });
});
