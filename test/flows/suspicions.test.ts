/** Whom to warn: a right password, then codes that failed, and no right one after them (R86). */

import session from "express-session";
import { memoryRecords, type TwoFactorEvent } from "../../lib";
import { ANN, BOB, fail, serve, type Served } from "../fakes/app";
import { fakeDate, pass, until } from "../fakes/clock";
import { DistantCounters } from "../fakes/stores";
import { codesOf, recover, serveRecovering, wrongOnes } from "../recovery/kit";

const told = (...served: Served[]): TwoFactorEvent[] =>
  served.flatMap(({ events }) => events.filter(({ type }) => type === "suspicious"));

test("five wrong codes name the user to warn, once (R86)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  await fail(client, s.lastCode(), 4);
  expect(told(s)).toEqual([]);
  await fail(client, s.lastCode(), 3);
  expect(told(s)).toEqual([
    expect.objectContaining({
      reason: "attempts_exhausted",
      subject: "ann",
      phone: "••••23",
      ip: "127.0.0.1",
    }),
  ]);
});

test("a block and a switched-off factor name the user, each once (R86)", async () => {
  fakeDate();
  const failures = { max: 2, window: 100 };
  const s = await serve({ options: { limits: { failures, consecutiveFailures: 4, cooldown: 1 } } });
  for (const reason of ["blocked", "factor_disabled"]) {
    const client = await s.signedIn();
    await client.ask();
    await fail(client, s.lastCode(), 3);
    expect(told(s).at(-1)).toMatchObject({ reason, subject: "ann" });
    pass(100);
  }
  expect(told(s)).toHaveLength(2);
});

test("a challenge that is left after a wrong code names the user when it ends, once over two processes (R86)", async () => {
  const shared = { session: { store: new session.MemoryStore() } };
  const options = { counters: new DistantCounters(), codeTtl: 1 };
  const [here, there] = [await serve({ ...shared, options }), await serve({ ...shared, options })];
  const client = await here.signedIn();
  await client.ask();
  await fail(client, here.lastCode(), 1);
  await there
    .client()
    .post("/2fa/validate-auth", { auth_code: "000000" })
    .set("Cookie", client.cookie);
  await until(() => told(here, there).length > 0);
  await Promise.all([here.two.close(), there.two.close()]);
  expect(told(here, there)).toEqual([
    expect.objectContaining({ reason: "abandoned", subject: "ann", phone: "••••23" }),
  ]);
});

test("a challenge that is left keeps no process alive: no timer of it is waited for (B083)", async () => {
  const timers = () =>
    process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  const before = timers();
  await fail(client, s.lastCode(), 1);
  expect(timers()).toBeLessThanOrEqual(before);
});

test("a right code after wrong ones warns nobody, whichever process takes it", async () => {
  const shared = { session: { store: new session.MemoryStore() } };
  const options = { counters: new DistantCounters(), codeTtl: 1 };
  const [here, there] = [await serve({ ...shared, options }), await serve({ ...shared, options })];
  const client = await here.signedIn();
  await client.ask();
  const code = here.lastCode();
  await fail(client, code, 1);
  const answer = await there
    .client()
    .post("/2fa/validate-auth", { auth_code: code })
    .set("Cookie", client.cookie);
  expect(answer.status).toBe(200);
  // Another one that is left ends after it.
  const other = await here.signedIn("bob", "+12025550188");
  await other.ask();
  await fail(other, here.lastCode(), 1);
  await until(() => told(here, there).length > 0);
  expect(told(here, there).map(({ subject }) => subject)).toEqual(["bob"]);
});

test("where the number itself is the subject there is no account, and nobody to warn", async () => {
  const s = await serve({ user: "from-request" });
  const client = s.client();
  await client.ask({ number: ANN });
  await fail(client, s.lastCode(), 5);
  expect(s.events.map(({ type }) => type)).toContain("attempts_exhausted");
  expect(told(s)).toEqual([]);
});

test("wrong recovery codes that are left name the user too, once over two processes, and a right one nobody (R86)", async () => {
  const store = memoryRecords();
  const options = { counters: new DistantCounters(), codeTtl: 1, recovery: { store } };
  const shared = { session: { store: new session.MemoryStore() }, store, options };
  const [here, there] = [await serveRecovering(shared), await serveRecovering(shared)];
  const [code] = await codesOf(here, "bob", BOB);
  const [wrong, other] = wrongOnes(2);
  const bob = await here.signedIn("bob", BOB);
  await recover(bob, wrong);
  expect((await recover(bob, code)).status).toBe(200);
  const client = await here.signedIn();
  await recover(client, wrong);
  await there
    .client()
    .post("/2fa/validate-auth", { recovery_code: other })
    .set("Cookie", client.cookie);
  await until(() => told(here, there).length > 0);
  await Promise.all([here.two.close(), there.two.close()]);
  expect(told(here, there)).toEqual([
    expect.objectContaining({ reason: "abandoned", subject: "ann", phone: "••••23" }),
  ]);
});
