/** Nobody, or somebody unclear: no user, no session or no cookie lets no request pass. */

import { ANN, serve } from "../fakes/app";

test("a user() that begins to throw closes the guard for a session that was verified (R56)", async () => {
  let isDown = false;
  const s = await serve({
    user: (req) => {
      if (isDown) throw new Error("down");
      return req.session.user;
    },
  });
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  expect(await client.visit()).toBe(200);
  isDown = true;
  expect(await client.visit()).toBe(503);
});

test("a forged, a deleted and an empty session cookie open nothing (B078)", async () => {
  const s = await serve();
  const client = await s.signedIn();
  await client.ask();
  await client.answer(s.lastCode());
  for (const cookie of [
    "connect.sid=s%3Aforged.signature",
    "connect.sid=",
    "other=1",
    client.cookie.slice(0, -4),
  ]) {
    expect((await s.client().get("/private").set("Cookie", cookie)).status).toBe(403);
  }
});

test("a user id of the store's own kinds is understood: numbers, 0 among them, and bigints", async () => {
  for (const id of [7, 0, 12345678901234567890n]) {
    const s = await serve({ user: () => ({ id, phone: ANN }) });
    const client = s.client();
    await client.ask();
    expect((await client.answer(s.lastCode())).status).toBe(200);
    expect(await client.visit()).toBe(200);
  }
});
